import json

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed
from probe.terminal.json_lines import json_line
from tests.builders import an_observation

KEYS = (
    "product version artifact endpoint region depth verdict reason phase detail status bytes "
    "duration_seconds timings started_at"
)


def test_an_observation_is_one_line_with_exactly_the_documented_keys():
    line = json_line(an_observation())
    assert "\n" not in line
    assert " ".join(json.loads(line)) == KEYS


def test_whatever_a_detail_holds_stays_on_the_line_and_in_ascii():
    verdict = Failed(Failure(FailureReason.WRONG_CONTENT, Phase.TRANSFER, "Anmel\ndung €\x1b[0m"))
    line = json_line(an_observation(verdict))
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["detail"] == "Anmel dung €[0m"
