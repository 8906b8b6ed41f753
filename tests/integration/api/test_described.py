"""The service is as its OpenAPI document says: whatever is sent, the answer is described."""

import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import missing_required_header, positive_data_acceptance

from probe import __version__
from probe.web.bodies import UNSEEN
from probe.web.openapi.document import document
from probe.web.routes import Pages, described
from tests.daemon import until
from tests.integration.api.world import (
    A_TARGET,
    A_VERSION,
    AN_INCIDENT,
    AN_OBSERVATION,
    CHANNEL,
    PRODUCT,
    TOKEN,
    World,
    closed_to_writers,
    open_to_writers,
)
from tests.integration.real.demo import Demo

# It never ends.
STREAM = "/api/v1/live"
NAMED = {"product": PRODUCT, "channel": CHANNEL, "version": A_VERSION, "key": A_TARGET}
WHO = {"who": "ada", "why": "mirrors move"}
ALERT = {
    "status": "firing",
    "labels": {"alertname": "Outage", "product": PRODUCT},
    "startsAt": "2026-08-20T12:00:00Z",
    "fingerprint": "c0ffee",
}
BODIES: Mapping[str, object] = {
    "post_gate_product_version_override": {
        **WHO,
        "kpi": "artifact_availability",
        "until": "now",
    },
    "post_reviews": {"product": PRODUCT, "who": "ada"},
    "post_incidents": {"kind": "report", "product": PRODUCT, "report": "it does not come"},
    "post_events_approval": {"product": PRODUCT, "version": "1.0.0", "actor": "ada"},
    "post_alertmanager": {"version": "4", "alerts": [ALERT]},
}

# Which years there are is nothing that a schema says.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(datetime(1996, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - the zone is beside them
        datetime.isoformat
    ),
)

bounded = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def with_examples() -> dict[str, Any]:
    """Return the document with names of what there is."""
    told = document(described(Pages.ALL), __version__)
    for path, methods in told["paths"].items():
        one = AN_OBSERVATION if "observations" in path else AN_INCIDENT
        known = {**NAMED, "id": one, "target": A_TARGET}
        for operation in methods.values():
            for each in operation["parameters"]:
                if each["required"]:
                    each["example"] = known[each["name"]]
    return told


KNOWN = {
    **{name: [value] for name, value in NAMED.items()},
    "id": [AN_INCIDENT, AN_OBSERVATION],
    "incident": [AN_INCIDENT],
    "target": [A_TARGET],
    "endpoint": ["cdn", "mirror-us"],
    "region": ["local"],
    "kpi": ["artifact_availability"],
}
EXAMPLES = with_examples()
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 1,
        "dictionaries": {name: {"values": values} for name, values in KNOWN.items()},
        "parameters": {
            f"{place}.{name}": {"dictionary": name, "probability": 0.6}
            for place in ("path", "query", "body")
            for name in KNOWN
        },
    }
)
WHOLE = schemathesis.openapi.from_dict(EXAMPLES, config=CONFIG).exclude(path=STREAM)
WRITING = WHOLE.include(method="POST", path_regex="^/api/")


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Play the demo, and give the configuration with which a service probes it."""
    with Demo(tmp_path_factory.mktemp("demo")) as demo:
        url = f"http://127.0.0.1:{demo.port}/config"
        with urllib.request.urlopen(url, timeout=10) as answer:
            yield answer.read().decode()


@pytest.fixture(scope="module")
def open_world(tmp_path_factory: pytest.TempPathFactory, configuration: str) -> Iterator[World]:
    with open_to_writers(tmp_path_factory.mktemp("open"), configuration) as world:
        yield world


@pytest.fixture(scope="module")
def closed_world(tmp_path_factory: pytest.TempPathFactory, configuration: str) -> Iterator[World]:
    with closed_to_writers(tmp_path_factory.mktemp("closed"), configuration) as world:
        yield world


def send(
    case: schemathesis.Case, to: World, without: Sequence[Callable[..., Any]] = ()
) -> schemathesis.Response:
    """Send *case*, and hold the answer to everything that is said of it, but for *without*."""
    for name, value in (case.path_parameters or {}).items():
        meant = to.meant(value)
        case.path_parameters[name] = quote(meant, safe="") if meant != value else value
    for name, value in (case.query or {}).items():
        case.query[name] = to.meant(value)
    if isinstance(case.body, dict):
        case.body = {name: to.meant(value) for name, value in case.body.items()}
    label = case.operation.label
    headers = {"Authorization": f"Bearer {TOKEN}"} if "POST /api" in label else {}
    client = {"base_url": to.base, "session": to.session_for(label)}
    answer = case.call(**client, headers=headers)
    # That a text has to be visible is nothing that a schema says.
    unsaid = [positive_data_acceptance] if UNSEEN in answer.text else []
    case.validate_response(
        answer, excluded_checks=[*without, *unsaid], headers=headers, transport_kwargs=client
    )
    assert answer.status_code != 429
    return answer


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for path, each in EXAMPLES["paths"].items()
        for method in each
        if path != STREAM
    ],
)
def test_what_there_is_is_answered_as_described(open_world, method, path):
    told = EXAMPLES["paths"][path][method]
    examples = {
        place: {
            each["name"]: each["example"]
            for each in told["parameters"]
            if each["in"] == place and each["required"]
        }
        for place in ("path", "query")
    }
    body = {"body": BODIES[told["operationId"]]} if "requestBody" in told else {}
    case = WHOLE[path][method].Case(
        path_parameters=examples["path"],
        query=examples["query"],
        media_type="application/json" if body else None,
        **body,
    )
    assert send(case, open_world).status_code == 200


def test_a_twin_that_is_still_so_is_answered_as_described(open_world):
    operation = WHOLE["/api/v1/pages/kpis"]["get"]

    def again() -> bool:
        [tag] = send(operation.Case(), open_world).headers["etag"]
        known = operation.Case(headers={"If-None-Match": tag})
        return send(known, open_world).status_code == 304

    until(again)


def test_the_stream_is_as_described(open_world):
    told = EXAMPLES["paths"][STREAM]["get"]["responses"]["200"]["content"]
    url = f"{open_world.base}{STREAM}"
    with open_world.session_for(STREAM).get(url, stream=True, timeout=10) as answer:
        assert answer.status_code == 200
        assert [answer.headers["Content-Type"].partition(";")[0]] == list(told)
        assert next(answer.iter_lines()) == b": listening"


@WHOLE.parametrize()
@bounded
def test_whatever_is_sent_the_answer_is_described(case, open_world):
    send(case, open_world)


@WRITING.parametrize()
@bounded
def test_without_a_token_in_the_configuration_nobody_writes(case, closed_world):
    answer = send(case, closed_world, without=[missing_required_header])
    assert answer.status_code in {403, 405}
