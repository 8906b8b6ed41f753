"""The configuration: read, held against its rules with every fault at once, turned into values."""

from probe.settings.build import ConfiguredProduct, Promise, Settings
from probe.settings.load import load, parse
from probe.settings.schema import schema
from probe.settings.web_config import WebConfig, load_web_config

__all__ = [
    "ConfiguredProduct",
    "Promise",
    "Settings",
    "WebConfig",
    "load",
    "load_web_config",
    "parse",
    "schema",
]
