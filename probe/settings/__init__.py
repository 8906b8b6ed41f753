"""The configuration: read, held against its rules with every fault at once, turned into values."""

from probe.settings.build import ConfiguredProduct, Promise, Settings
from probe.settings.environment import Process, environment
from probe.settings.fault import Fault
from probe.settings.load import load, parse
from probe.settings.schema import schema
from probe.settings.web_config import WebConfig, load_web_config
from probe.settings.workflow import step_summary

__all__ = [
    "ConfiguredProduct",
    "Fault",
    "Process",
    "Promise",
    "Settings",
    "WebConfig",
    "environment",
    "load",
    "load_web_config",
    "parse",
    "schema",
    "step_summary",
]
