"""A secret in a header of its own, as ``PRIVATE-TOKEN`` or ``X-JFrog-Art-Api``."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from probe.domain.request import Request
from probe.ports import Auth, AuthFlow
from probe.secret import SecretRef

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")  # RFC 9110, section 5.6.2

# Headers by which a download is measured or framed; to set them would change what is measured.
_RESERVED = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-range",
        "proxy-authorization",
        "range",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)


def _header_name(name: str) -> str:
    if not _TOKEN.fullmatch(name):
        raise ValueError("is not the name of a header (RFC 9110, section 5.6.2)")
    if name.lower() in _RESERVED:
        raise ValueError("is a header that the probe itself sets")
    return name


class HeaderOptions(BaseModel):
    """Sends a secret as the value of a header."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["header"]
    name: Annotated[str, AfterValidator(_header_name)] = Field(description="The header's name.")
    value: SecretRef = Field(description="Where its value is: {env: NAME} or {file: PATH}.")

    def build(self) -> Auth:
        """Return the flow."""
        return HeaderAuth(self.name, self.value)


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """Sends one request with the header, its value as it is at that moment."""

    name: str
    value: SecretRef

    def flow(self, request: Request) -> AuthFlow:
        """
        Yield the request with the header.

        Raises:
            SecretUnavailable: the value cannot be read or cannot stand in a header.
        """
        yield request.with_header(self.name, self.value.read_visible())
