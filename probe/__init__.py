"""A synthetic probe for release-artifact delivery: the right bytes, everywhere, on time."""

__version__ = "0.1.0"
