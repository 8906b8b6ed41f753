import io

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Inconclusive, Observation
from probe.domain.target import Depth, Region
from probe.terminal.console import console_for
from probe.terminal.table import print_table, totals
from tests.builders import a_download, a_probe, an_artifact, an_endpoint, an_observation

MISSING = Failed(Failure(FailureReason.NOT_FOUND, Phase.WAIT, "status 404"))
OFFLINE = Inconclusive(Failure(FailureReason.UPLINK, Phase.CONNECT, "no control target answers"))


def printed(*observations: Observation) -> str:
    stream = io.StringIO()
    print_table(console_for(stream), observations)
    return stream.getvalue()


def lines(*observations: Observation) -> list[str]:
    return [line.strip() for line in printed(*observations).splitlines() if line.strip()]


def at(endpoint: str, verdict=None, **fields: object) -> Observation:
    probe = a_probe(endpoint=an_endpoint(endpoint), **fields)
    return an_observation(verdict, probe=probe) if verdict else an_observation(probe=probe)


def test_failures_come_first_then_what_is_not_known_then_what_passed():
    shown = lines(at("fine"), at("offline", OFFLINE), at("missing", MISSING))
    rows = [line.split() for line in shown if "1.4.2" in line and "linux" in line]
    assert [row[2] for row in rows] == ["missing", "offline", "fine"]


def test_a_row_says_everything_about_a_failure():
    row = next(line for line in lines(at("cdn", MISSING)) if "cdn" in line)
    assert " ".join(row.split()) == (
        "1.4.2 widget_1.4.2_linux_amd64.tar.gz cdn ✗ failed "
        "not_found (wait): status 404 200 18 B 33 ms"
    )


def test_what_all_rows_share_is_said_once_above():
    assert lines(at("cdn"))[0] == "product widget, region eu-west-1, depth full"


def test_what_differs_between_rows_has_a_column():
    other = at("cdn", region=Region("us-east-1"))
    shown = lines(at("cdn"), other)
    assert shown[0] == "product widget, depth full"
    assert "region" in shown[1].split()


def test_the_totals_count_verdicts_bytes_and_reasons():
    observations = [at("a", MISSING), at("b", MISSING), at("c", OFFLINE), at("d")]
    assert totals(observations) == [
        "4 probes: 1 passed, 2 failed, 1 inconclusive; 72 B received",
        "not_found 2, uplink 1",
    ]


def test_without_failures_there_is_one_line_of_totals():
    assert totals([at("a")]) == ["1 probe: 1 passed, 0 failed, 0 inconclusive; 18 B received"]


def test_nothing_probed_is_an_empty_table_with_totals():
    assert lines()[-1] == "0 probes: 0 passed, 0 failed, 0 inconclusive; 0 B received"


def test_a_pipe_gets_no_control_codes_and_no_cut_lines():
    long_name = "widget-" + "x" * 100 + "_1.4.2.tar.gz"
    shown = printed(at("cdn", MISSING, artifact=an_artifact(long_name)))
    assert "\x1b" not in shown
    assert long_name in shown


def test_nothing_from_outside_reaches_the_terminal_as_code_or_markup():
    nasty = Failed(
        Failure(FailureReason.WRONG_CONTENT, Phase.TRANSFER, "[red]\x1b[2Jpage[/red]\u202e")
    )
    shown = printed(at("cdn", nasty))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[red][2Jpage[/red]" in shown


def test_an_answer_that_never_came_has_no_status():
    dead = Failed(Failure(FailureReason.CONNECT, Phase.CONNECT, "refused"))
    observation = an_observation(
        dead, probe=a_probe(Depth.HEAD), download=a_download(b"", status=None)
    )
    row = next(line for line in lines(observation) if "refused" in line)
    assert row.split()[-5:] == ["-", "0", "B", "33", "ms"]


def test_an_ascii_stream_gets_ascii_signs():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    print_table(console_for(stream), [at("cdn", MISSING), at("origin")])
    stream.flush()
    shown = raw.getvalue().decode("ascii")
    assert "x failed" in shown
    assert "+ passed" in shown
