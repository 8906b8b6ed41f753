"""What each label means, and which values it can have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from probe.domain.artifact import SizeTier
from probe.domain.evidence import DetectedBy, SightedKind, TimeSource
from probe.domain.failure import DELIVERY_REASONS, OWN_REASONS, Phase
from probe.domain.gate import Mode
from probe.domain.observation import Cache, Origin
from probe.domain.schedule import SkipReason
from probe.domain.target import Depth, EndpointKind
from probe.domain.whole import Aspect
from probe.kpi.coverage import Control
from probe.kpi.lacking import Lack
from probe.kpi.publication import Outcome


@dataclass(frozen=True, slots=True)
class Label:
    """A label's meaning, and its values or where they come from."""

    meaning: str
    values: str


def _listed(values: Iterable[str]) -> str:
    return " ".join(f"`{value}`" for value in values)


LABELS: Mapping[str, Label] = {
    "aspect": Label(
        "What was restored: the service, if only by another endpoint, or the endpoint itself.",
        _listed(Aspect),
    ),
    "artifact": Label("File name of the artifact.", "files of the kept releases"),
    "auth_mode": Label("How the endpoint authenticates.", "kinds of the configuration, `none`"),
    "cache": Label("What a cache on the way said of itself.", _listed(Cache)),
    "cadence": Label("Time between two reviews of a target.", "the configuration, as `31d`"),
    "channel": Label("Channel of the release train.", "the configuration"),
    "class": Label(
        "What incidents recur by: reason and kind of endpoint, `unknown` where nobody said.",
        "`timeout:cdn`, `stale:mirror` and so on",
    ),
    "control": Label("What covers a file.", _listed(Control)),
    "depth": Label("How much was read; only `full` proves the content.", _listed(Depth)),
    "detected_by": Label("Who noticed an incident first.", _listed(DetectedBy)),
    "endpoint": Label("Name of the endpoint.", "the configuration"),
    "endpoint_kind": Label("What stands behind the endpoint.", _listed(EndpointKind)),
    "event": Label("What became of periodic work.", _listed(["missed", "overlap", "error"])),
    "fault": Label("Where a failure at a copy comes from.", _listed(Origin)),
    "gate": Label("Name of the KPI that a release is held against.", "the KPIs with a target"),
    "kind": Label("What is missing.", _listed(Lack)),
    "kpi": Label("Name of a KPI.", "the KPIs of which something is asked"),
    "mode": Label("Whether a target stops a release.", _listed(Mode)),
    "object": Label("What came to be there.", _listed(SightedKind)),
    "outcome": Label("What a failed publication meant for users.", _listed(Outcome)),
    "owner": Label("Who answers for a target.", "the configuration"),
    "phase": Label("Step of an attempt.", _listed(Phase)),
    "platform": Label(
        "Operating system and architecture in Go's spelling.",
        "platforms of the kept releases, `any`; `none` for a file that is not for one platform",
    ),
    "probe_region": Label("Where the probe leaves from.", "the configuration"),
    "product": Label("Name of the product.", "the configuration"),
    "python_version": Label("Version of the interpreter.", "one"),
    "reason": Label(
        "Why. Of failures: one of the first list. Of the prober's own errors: the second. Of "
        "probes that were not made: the third.",
        "; ".join([_listed(DELIVERY_REASONS), _listed(OWN_REASONS), _listed(SkipReason)]),
    ),
    "recurrence": Label(
        "Whether an incident of its class was over within the 90 days before.",
        _listed(["true", "false"]),
    ),
    "size_tier": Label(
        "Size by the catalog: below 1 MiB, 10 MiB, 100 MiB, 1 GiB, above, not published.",
        _listed(SizeTier),
    ),
    "source": Label(
        "Where releases are listed; or where a KPI is read, `none` if nothing observes it.",
        "kinds of catalog sources; `ledger` `prometheus` `none`",
    ),
    "t0_source": Label("What the start of a release was taken from.", _listed(TimeSource)),
    "verdict": Label("What an attempt says.", _listed(["failed", "inconclusive"])),
    "version": Label(
        "Version of the release, or of this service.", "the kept releases of the catalog"
    ),
}
