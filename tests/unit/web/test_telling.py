"""Writing over HTTP: who may, what is taken, and what is wrong with the rest."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest

from probe.domain.override import Word
from probe.domain.role import Role
from probe.domain.told import Told, Unfit
from probe.ports import EvidenceUnavailable, NoSuchProduct, SecretUnavailable
from probe.web import Writing
from probe.web.telling import MAX_BYTES
from tests.builders import NOON
from tests.fakes.clock import FakeClock
from tests.unit.domain.test_outage import an_incident

TOKEN = "correct horse"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
GATE = "gate/widget/1.4.2/override"
PATHS = ["events/approval", "alertmanager", "incidents", GATE, "reviews"]
APPROVAL = {"product": "widget", "version": "1.4.2", "actor": "ci"}
REPORT = {"kind": "report", "product": "widget", "report": "no download"}
OVERRIDE = {
    "kpi": "signature_coverage", "who": "ada", "why": "keys rotate",
    "until": "2026-08-22T14:00:00+02:00",
}  # fmt: skip
MORTEM = {
    "kind": "post_mortem", "incident": "one", "cause": "sync", "metric_matched": "A4",
    "report": "rsync stopped",
}  # fmt: skip


def an_alert(status="firing", **fields):
    return {
        "status": status,
        "labels": {"alertname": "Outage", "product": "widget", "severity": "page"},
        "annotations": {"summary": "it is down"},
        "startsAt": "2026-08-20T12:00:00.123Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus/graph",
        "fingerprint": "c0ffee",
        **fields,
    }


def a_webhook(*alerts, **fields):
    return {
        "version": "4",
        "groupKey": "{}:{}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "probe",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager",
        "alerts": list(alerts),
        **fields,
    }


@dataclass
class FakeReception:
    """Keeps what it is told; raises *unfit* if there is one."""

    told: list[object] = field(default_factory=list)
    unfit: Unfit | None = None

    async def approve(self, approval):
        return self._take(approval, Told.OPENED)

    async def alert(self, alert):
        return self._take(alert, Told.OPENED if alert.ended_at is None else Told.RESOLVED)

    async def report(self, report):
        return self._take(report, an_incident())

    async def post_mortem(self, found):
        return self._take(found, an_incident())

    def _take(self, told, answer):
        if self.unfit:
            raise self.unfit
        self.told.append(told)
        return answer


@dataclass
class FakeDecisions:
    """Keeps the words it is told; raises *fault* if there is one."""

    words: list[Word] = field(default_factory=list)
    reviews: list[tuple[str, ...]] = field(default_factory=list)
    fault: Exception | None = None

    async def override(self, word):
        if self.fault:
            raise self.fault
        self.words.append(word)
        return {"outcome": "opened"}

    async def review(self, *told):
        if self.fault:
            raise self.fault
        self.reviews.append(told)
        return {"due": False}


@pytest.fixture
def reception():
    return FakeReception()


@pytest.fixture
def decisions():
    return FakeDecisions()


@pytest.fixture
async def post(start, reception, decisions):
    """Post to a server whose token is TOKEN."""
    writing = Writing(reception, decisions, FakeClock(), lambda: TOKEN)
    serving = await start(writing=writing)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}/api/v1/") as session:

        async def post(path, body, headers=BEARER, **fields):
            given = {"data": body} if isinstance(body, bytes) else {"json": body}
            async with session.post(path, headers=headers, **given, **fields) as answer:
                return answer.status, await answer.json()

        yield post


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_token_in_the_configuration_nobody_may_write(client, path):
    async with client.post(f"/api/v1/{path}", json={}, headers=BEARER) as answer:
        assert answer.status == 403
        assert "no token is configured" in (await answer.json())["error"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer caf\u00e9", TOKEN]
)
async def test_without_the_token_nothing_is_taken(post, reception, path, authorization):
    status, body = await post(path, {}, headers={"Authorization": authorization})
    assert (status, body) == (401, {"error": "a bearer token is needed, and this is not it"})
    assert reception.told == []


async def test_a_token_that_cannot_be_read_is_our_fault(start, reception):
    def unreadable():
        raise SecretUnavailable("environment variable T is not set")

    serving = await start(writing=Writing(reception, FakeDecisions(), FakeClock(), unreadable))
    url = f"http://127.0.0.1:{serving.port}/api/v1/incidents"
    async with aiohttp.ClientSession() as session, session.post(url, json={}) as answer:
        assert answer.status == 503


async def test_an_approval_is_of_now_unless_it_says_when(post, reception):
    status, body = await post("events/approval", APPROVAL)
    assert (status, body["outcome"], body["at"]) == (200, "opened", NOON.isoformat())
    await post("events/approval", {**APPROVAL, "at": "2026-08-20T13:30:00+02:00"})
    assert [each.at.isoformat() for each in reception.told] == [
        "2026-08-20T12:00:00+00:00",
        "2026-08-20T11:30:00+00:00",
    ]


async def test_every_fault_of_a_body_is_named(post, reception):
    wrong = {"product": "a b", "at": "noon", "extra": 1, "actor": ""}
    status, body = await post("events/approval", wrong)
    assert status == 400
    places = sorted(each["where"] for each in body["faults"])
    assert places == ["actor", "at", "extra", "product", "version"]
    assert reception.told == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"])
async def test_what_is_no_such_json_is_refused(post, body):
    headers = {**BEARER, "Content-Type": "application/json"}
    status, told = await post("events/approval", body, headers=headers)
    assert (status, bool(told["faults"])) == (400, True)


async def test_a_form_is_refused(post):
    headers = {**BEARER, "Content-Type": "text/plain"}
    status, body = await post("events/approval", json.dumps(APPROVAL).encode(), headers=headers)
    assert (status, body) == (415, {"error": "the body is application/json"})


async def test_a_body_that_is_too_long_is_refused(post, reception):
    status, body = await post("incidents", {**REPORT, "report": "x" * MAX_BYTES})
    assert (status, body) == (413, {"error": f"the body is longer than {MAX_BYTES} bytes"})
    assert reception.told == []


async def test_what_does_not_fit_is_refused_with_the_reason(post, reception):
    reception.unfit = Unfit("no product gadget on channel stable")
    for path, body in (("events/approval", APPROVAL), ("incidents", REPORT)):
        assert await post(path, body) == (409, {"error": "no product gadget on channel stable"})


async def test_a_webhook_is_taken_alert_by_alert(post, reception):
    over = an_alert("resolved", endsAt="2026-08-20T12:00:30Z")
    status, body = await post("alertmanager", a_webhook(an_alert(), an_alert(), over))
    assert (status, body) == (200, {"opened": 2, "resolved": 1})
    firing, _, resolved = reception.told
    assert (firing.name, firing.product, firing.channel) == ("Outage", "widget", "stable")
    assert firing.ended_at is None
    assert firing.id == resolved.id
    # The clock of the test stands at noon: an end in the future is not believed.
    assert resolved.ended_at == resolved.started_at


async def test_a_large_webhook_is_taken(post, reception):
    alerts = [an_alert(annotations={"description": "x" * 500}) for _ in range(900)]
    status, body = await post("alertmanager", a_webhook(*alerts))
    assert (status, body) == (200, {"opened": 900})


async def test_another_version_of_the_webhook_is_refused(post):
    status, body = await post("alertmanager", a_webhook(version="5"))
    assert (status, [each["where"] for each in body["faults"]]) == (400, ["version"])


async def test_an_alert_with_faults_is_named_by_its_number(post, reception):
    status, body = await post("alertmanager", a_webhook(an_alert(), an_alert(startsAt="?")))
    assert status == 400
    assert [each["where"] for each in body["faults"]] == ["alerts.1.startsAt"]
    assert reception.told == []


async def test_a_label_that_is_no_reason_is_none(post, reception):
    labels = {"product": "widget", "reason": "stale"}
    other = {"product": "widget", "reason": "<b>"}
    await post("alertmanager", a_webhook(an_alert(labels=labels), an_alert(labels=other)))
    assert [each.reason for each in reception.told] == ["stale", ""]


async def test_a_report_is_taken(post, reception):
    status, body = await post("incidents", {**REPORT, "reason": "stale", "report": "no\x1bway"})
    assert (status, body["id"], body["detected_by"]) == (200, "one", "probe")
    [report] = reception.told
    assert (report.text, report.at, report.reason) == ("noway", NOON, "stale")


async def test_a_post_mortem_is_taken(post, reception):
    assert (await post("incidents", MORTEM))[0] == 200
    [found] = reception.told
    assert (found.incident, found.cause, found.metric_matched) == ("one", "sync", "A4")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({**MORTEM, "metric_matched": ""}, "post_mortem.metric_matched"),
        ({**MORTEM, "cause": "gremlins"}, "post_mortem.cause"),
        ({**REPORT, "reason": "gremlins"}, "report.reason"),
        ({**REPORT, "at": "2026-08-20T12:00:00"}, "report.at"),
        ({**REPORT, "since": "0001-01-01T00:00:00+23:00"}, "report.since"),
        ({**REPORT, "kind": "rumour"}, "body"),
    ],
)
async def test_what_cannot_be_is_named(post, body, where):
    status, told = await post("incidents", body)
    assert (status, [each["where"] for each in told["faults"]]) == (400, [where])


async def test_faults_do_not_repeat_what_was_sent(post):
    _, told = await post("events/approval", {**APPROVAL, "at": "s3cret-value"})
    assert "s3cret" not in json.dumps(told)


async def test_a_gate_is_overridden_until_a_moment(post, decisions):
    assert await post(f"{GATE}?channel=beta", OVERRIDE) == (200, {"outcome": "opened"})
    until = NOON + timedelta(days=2)
    assert decisions.words == [
        Word("widget", "beta", "1.4.2", "signature_coverage", "ada", "keys rotate", NOON, until)
    ]


async def test_an_override_that_ends_now_is_taken_back(post, decisions):
    assert (await post(GATE, {**OVERRIDE, "until": "now"}))[0] == 200
    [word] = decisions.words
    assert (word.channel, word.until) == ("", None)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"who": ""}, "who"),
        ({"why": "\u200b"}, "why"),
        ({"kpi": "a b"}, "kpi"),
        ({"until": None}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"until": "2026-08-22T14:00:00"}, "until"),
        ({"until": "9999-12-31T23:59:59Z"}, "until"),
        ({"extra": 1}, "extra"),
    ],
)
async def test_an_override_without_name_reason_or_end_is_refused(post, decisions, changed, where):
    status, told = await post(GATE, {**OVERRIDE, **changed})
    assert (status, [each["where"] for each in told["faults"]]) == (400, [where])
    assert decisions.words == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Unfit("until is over"), 409),
        (NoSuchProduct("no product is named widgt"), 404),
        (EvidenceUnavailable("there is no ledger"), 503),
    ],
)
async def test_an_override_that_cannot_be_taken_is_refused(post, decisions, fault, status):
    decisions.fault = fault
    assert await post(GATE, OVERRIDE) == (status, {"error": str(fault)})


async def test_a_parameter_that_is_not_known_is_refused(post):
    status, told = await post(f"{GATE}?chanel=beta", OVERRIDE)
    assert (status, told["error"]) == (400, "chanel is no parameter here; there are channel")


async def test_a_version_that_cannot_be_is_refused(post):
    path = f"gate/widget/{'9' * 101}/override"
    assert await post(path, OVERRIDE) == (404, {"error": "no release has such a version"})


async def test_a_review_is_accepted_by_somebody(post, decisions):
    told = {"product": "widget", "who": "ada", "note": "loosen P2"}
    assert await post("reviews", told) == (200, {"due": False})
    assert decisions.reviews == [("widget", "", "ada", "loosen P2")]


@pytest.mark.parametrize("changed", [{"who": ""}, {"product": ""}, {"channel": "a b"}])
async def test_a_review_that_names_nobody_is_refused(post, decisions, changed):
    status, told = await post("reviews", {"product": "widget", "who": "ada", **changed})
    assert (status, told["faults"][0]["where"].partition(".")[0]) == (400, next(iter(changed)))
    assert decisions.reviews == []


async def test_a_review_of_nothing_known_is_refused(post, decisions):
    decisions.fault = NoSuchProduct("no product is named widgt")
    status, told = await post("reviews", {"product": "widgt", "who": "ada"})
    assert (status, told) == (404, {"error": "no product is named widgt"})


@pytest.mark.parametrize("path", [each for each in PATHS if each != "events/approval"])
async def test_a_prober_leaves_to_control_what_is_of_no_one_region(start, reception, path):
    writing = Writing(reception, FakeDecisions(), FakeClock(), lambda: TOKEN)
    serving = await start(writing=writing, role=Role.PROBER)
    url = f"http://127.0.0.1:{serving.port}/api/v1"
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/{path}", json={}, headers=BEARER) as answer:
            told = await answer.json()
        assert (answer.status, told) == (
            403, {"error": "this process has the role prober: tell it to the one in control"},
        )  # fmt: skip
        async with session.post(f"{url}/events/approval", json=APPROVAL, headers=BEARER) as answer:
            assert answer.status == 200
    assert len(reception.told) == 1


@pytest.mark.parametrize("at", [1_789_000_000, "1789000000", 1.5, True, "2026-08-20"])
async def test_a_number_is_no_moment(post, reception, at):
    status, told = await post("events/approval", {**APPROVAL, "at": at})
    assert (status, [each["where"] for each in told["faults"]]) == (400, ["at"])
    assert reception.told == []


@pytest.mark.parametrize("who", ["\u200b", "\U000e4f9e", " \x07"])
async def test_a_name_that_nobody_can_see_is_none(post, decisions, who):
    status, told = await post("reviews", {"product": "widget", "who": who})
    assert status == 400
    assert told["faults"] == [
        {"where": "who", "fault": "Value error, must say something that can be seen"}
    ]
