"""How configuration files become values, or end a command with every fault of theirs."""

from probe.commands.leaving import give_up
from probe.domain.fault import Fault
from probe.process import Process
from probe.settings import Settings, WebConfig, load_web_config


def settings_of(found: Settings | tuple[Fault, ...]) -> Settings:
    """Return the settings that were *found*, or end with every fault of the configuration."""
    return found if isinstance(found, Settings) else give_up(found)


def web_config_of(process: Process) -> WebConfig:
    """Return what the file for the server says, if there is one, or end with every fault of it."""
    if process.web_config_file is None:
        return WebConfig()
    found = load_web_config(process.web_config_file)
    return found if isinstance(found, WebConfig) else give_up(found)
