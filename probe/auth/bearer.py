"""The Bearer scheme with a token that somebody else issued (RFC 6750, section 2.1)."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from probe.domain.request import Request
from probe.ports import Auth, AuthFlow
from probe.secret import SecretRef


class BearerOptions(BaseModel):
    """Sends a token."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["bearer"]
    token: SecretRef = Field(description="Where the token is: {env: NAME} or {file: PATH}.")

    def build(self) -> Auth:
        """Return the flow."""
        return BearerAuth(self.token)


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """Sends one request with the token as it is at that moment."""

    token: SecretRef

    def flow(self, request: Request) -> AuthFlow:
        """
        Yield the request with the token.

        Raises:
            SecretUnavailable: the token cannot be read or cannot stand in a header.
        """
        yield request.with_header("Authorization", f"Bearer {self.token.read_visible()}")
