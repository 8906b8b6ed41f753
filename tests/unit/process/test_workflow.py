"""What a workflow tells its steps."""

import subprocess
import sys

import pytest

ASK = "from probe.process import step_summary; print(step_summary())"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"GITHUB_STEP_SUMMARY": "/tmp/summary.md"}, "/tmp/summary.md"),  # noqa: S108 - only named
        ({"GITHUB_STEP_SUMMARY": ""}, "None"),
        ({}, "None"),
    ],
)
def test_the_summary_of_a_step_is_where_the_workflow_says(environment, told):
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == told
