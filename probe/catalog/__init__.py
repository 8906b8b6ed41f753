"""Sources of releases, one file each. The union is the registry: a new kind adds its name here."""

from typing import Annotated

from pydantic import Field

from probe.catalog.checksums import ChecksumsOptions
from probe.catalog.github import GithubOptions
from probe.catalog.goreleaser import GoreleaserOptions
from probe.catalog.manifest import ManifestOptions

SourceOptions = Annotated[
    ManifestOptions | GithubOptions | ChecksumsOptions | GoreleaserOptions,
    Field(discriminator="kind"),
]

__all__ = ["SourceOptions"]
