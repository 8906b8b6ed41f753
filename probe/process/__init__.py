"""What this process is told from outside its configuration file: by environment and arguments."""

from probe.process.environment import DEFAULT_LISTEN, Process, environment
from probe.process.workflow import step_summary

__all__ = ["DEFAULT_LISTEN", "Process", "environment", "step_summary"]
