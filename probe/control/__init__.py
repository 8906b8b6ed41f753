"""What one process works out for all: the facts of a catalog wherever its releases are served."""

from probe.control.facts import CatalogFacts, Known, Means
from probe.control.papers import Papers

__all__ = ["CatalogFacts", "Known", "Means", "Papers"]
