"""No authentication: what anybody can download."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from probe.domain.request import Request
from probe.ports import Auth, AuthFlow


class NoneOptions(BaseModel):
    """Asks without credentials."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["none"] = "none"

    def build(self) -> Auth:
        """Return the flow."""
        return NoAuth()


@dataclass(frozen=True, slots=True)
class NoAuth:
    """Sends each request as it is."""

    def flow(self, request: Request) -> AuthFlow:
        """Yield the request itself."""
        yield request
