"""What a workflow of GitHub Actions says to its steps."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class _Workflow(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GITHUB_", env_ignore_empty=True, frozen=True)

    step_summary: Path | None = None


def step_summary() -> Path | None:
    """Return the file to which a step adds its summary as Markdown; ``None`` outside of one."""
    return _Workflow().step_summary
