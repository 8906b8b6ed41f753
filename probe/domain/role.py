"""What a process is for, where several share the work."""

from enum import StrEnum


class Role(StrEnum):
    """
    Who probes, and who knows of all.

    A prober downloads from its regions. What is one for all of them, as facts of the catalog, gates
    and the register of incidents, is for control, which probes nothing.
    """

    BOTH = "both"
    PROBER = "prober"
    CONTROL = "control"

    @property
    def probes(self) -> bool:
        """Tell whether such a process downloads."""
        return self is not Role.CONTROL

    @property
    def controls(self) -> bool:
        """Tell whether such a process speaks for all."""
        return self is not Role.PROBER
