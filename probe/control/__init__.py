"""What one process works out for all: the facts of a catalog wherever its releases are served."""

from probe.control.facts import CatalogFacts

__all__ = ["CatalogFacts"]
