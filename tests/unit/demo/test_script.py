from probe.demo.release import artifact_names
from probe.demo.script import ENDPOINTS, SCRIPT, older

FAULTS = [fault for act in SCRIPT for fault in act.faults]


def test_names_of_faults_are_unique():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_every_fault_is_at_an_endpoint_with_artifacts_of_its_release():
    for fault in FAULTS:
        assert fault.endpoint in ENDPOINTS
        assert set(fault.artifacts) <= set(artifact_names(fault.version))


def test_faults_of_one_act_are_told_apart_by_their_place():
    for act in SCRIPT:
        assert len({fault.endpoint for fault in act.faults}) == len(act.faults)


def test_the_script_shows_the_reasons_that_a_status_alone_would_not():
    assert {fault.reason.value for fault in FAULTS} == {
        "not_found",
        "checksum_mismatch",
        "timeout",
        "truncated",
        "stale",
        "wrong_content",
        "http_5xx",
    }


def test_the_script_is_over_in_a_minute_and_a_half():
    assert 60 <= sum(act.hold_seconds + act.calm_seconds for act in SCRIPT) <= 90


def test_an_older_name_is_that_of_the_release_before():
    assert older("/1.2.0/delivery_probe-1.2.0.tar.gz") == "/1.1.0/delivery_probe-1.1.0.tar.gz"
