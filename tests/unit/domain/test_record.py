"""An observation as a line of JSON."""

import json
from dataclasses import replace

import jsonschema
import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Hop, Inconclusive, Timings
from probe.domain.record import OBSERVATION_SCHEMA, as_page, as_record, verdict_word
from tests.builders import BODY, a_download, an_observation


def test_a_record_has_the_promised_keys_in_order():
    keys = "product version artifact endpoint region depth verdict reason phase detail status"
    more = "bytes duration_seconds timings started_at"
    assert list(as_record(an_observation())) == f"{keys} {more}".split()


def test_a_pass_has_no_reason_and_only_the_phases_it_reached():
    download = a_download(timings=Timings(connect=0.25, wait=0.5, verify=4.0))
    assert as_record(an_observation(download=download)) == {
        "product": "widget",
        "version": "1.4.2",
        "artifact": "widget_1.4.2_linux_amd64.tar.gz",
        "endpoint": "origin",
        "region": "eu-west-1",
        "depth": "full",
        "verdict": "passed",
        "reason": None,
        "phase": None,
        "detail": None,
        "status": 200,
        "bytes": len(BODY),
        "duration_seconds": 0.75,
        "timings": {"connect": 0.25, "wait": 0.5, "verify": 4.0},
        "started_at": "2026-08-20T12:00:00.000+00:00",
    }


def test_a_failure_says_why_on_one_clean_line():
    failure = Failure(FailureReason.WRONG_CONTENT, Phase.VERIFY, "Log in\n\x1b[31mnow")
    record = as_record(an_observation(Failed(failure)))
    assert (record["verdict"], record["reason"], record["phase"], record["detail"]) == (
        "failed",
        "wrong_content",
        "verify",
        "Log in [31mnow",
    )


def test_an_attempt_without_an_answer_has_no_status():
    failure = Failure(FailureReason.UPLINK, Phase.CONNECT)
    record = as_record(an_observation(Inconclusive(failure), download=a_download(status=None)))
    assert (record["verdict"], record["reason"], record["status"]) == (
        "inconclusive",
        "uplink",
        None,
    )


@pytest.mark.parametrize(
    "observation",
    [
        an_observation(),
        an_observation(
            Failed(Failure(FailureReason.WRONG_CONTENT, Phase.VERIFY)),
            download=replace(a_download(), hops=(Hop("cdn", 302, 0.1),), peer_address="::1"),
        ),
        an_observation(
            Inconclusive(Failure(FailureReason.UPLINK, Phase.CONNECT)),
            download=a_download(status=None),
        ),
    ],
    ids=verdict_word,
)
def test_a_page_fits_its_schema(observation):
    jsonschema.validate(as_page(observation), OBSERVATION_SCHEMA)


def test_a_page_is_json_and_says_how_the_bytes_came():
    download = replace(a_download(), hops=(Hop("github.com", 302, 0.125),), edge="fra1\n")
    page = as_page(an_observation(download=download))
    assert json.loads(json.dumps(page)) == page
    assert page["id"] == "01JPROBE"
    assert page["target"] == (
        "widget/stable/1.4.2/widget_1.4.2_linux_amd64.tar.gz@origin/eu-west-1"
    )
    assert page["hops"] == [{"host": "github.com", "status": 302, "seconds": 0.125}]
    assert (page["edge"], page["proof"]) == ("fra1", "digest")
