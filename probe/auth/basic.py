"""The Basic scheme (RFC 7617)."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from probe.domain.request import Request
from probe.ports import Auth, AuthFlow
from probe.secret import SecretRef


def _username(name: str) -> str:
    if not name or ":" in name or not name.isprintable():
        raise ValueError("a user name is printable text without a colon (RFC 7617)")
    return name


Username = Annotated[str, AfterValidator(_username)]


class BasicOptions(BaseModel):
    """Sends a user name and a password."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["basic"]
    username: Username = Field(description="The user's name.")
    password: SecretRef = Field(description="Where the password is: {env: NAME} or {file: PATH}.")

    def build(self) -> Auth:
        """Return the flow."""
        return BasicAuth(self.username, self.password)


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """Sends one request with an ``Authorization`` header, without waiting to be asked."""

    username: str
    password: SecretRef

    def flow(self, request: Request) -> AuthFlow:
        """
        Yield the request with credentials.

        Raises:
            SecretUnavailable: the password cannot be read.
        """
        yield request.with_header("Authorization", self.header())

    def header(self) -> str:
        """
        Return the header's value, with the password as it is now; both parts in UTF-8.

        Raises:
            SecretUnavailable: the password cannot be read.
        """
        pair = f"{self.username}:{self.password.read()}"
        return f"Basic {b64encode(pair.encode()).decode('ascii')}"
