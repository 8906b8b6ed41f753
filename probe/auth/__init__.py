"""Ways to authenticate, one file each. The union is the registry: a new kind adds its name here."""

from typing import Annotated

from pydantic import Field

from probe.auth.basic import BasicOptions
from probe.auth.bearer import BearerOptions
from probe.auth.header import HeaderOptions
from probe.auth.none import NoneOptions

AuthOptions = Annotated[
    NoneOptions | BasicOptions | BearerOptions | HeaderOptions, Field(discriminator="kind")
]

__all__ = ["AuthOptions", "NoneOptions"]
