"""The prober's boundary: every attempt ends as a record, and our own faults as Inconclusive."""

import asyncio

import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download, Failed, Inconclusive, Passed, Proof
from probe.domain.request import Request
from probe.engine.prober import Prober
from probe.ports import AuthFlow, SecretUnavailable
from tests.builders import NOON, a_download, a_probe
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher, refused, served

TOKEN_URL = "https://idp.example.com/token"


class Uplink:
    def __init__(self, ours=None) -> None:
        self.ours = ours

    async def excuse(self, region, failure, since):
        return self.ours


class Loop:
    def __init__(self, late=False) -> None:
        self.late = late

    def overloaded(self, since):
        return self.late


class TokenAuth:
    def __init__(self, accept=True) -> None:
        self.accept = accept

    def flow(self, request):
        answer = yield Request(TOKEN_URL, request.endpoint)
        if answer.status == 200:
            yield request.with_header("Authorization", "Bearer t")


class BrokenSecret:
    def flow(self, request):
        raise SecretUnavailable("env WIDGET_TOKEN is not set")
        yield


def prober(answer=served, auth=None, ours=None, late=False, clock=None):
    made = Prober(
        fetcher=FakeFetcher(answer),
        clock=clock or FakeClock(),
        uplink=Uplink(ours),
        overload=Loop(late),
    )
    made.auths = {("widget", "stable", "origin"): auth} if auth else {}
    return made


def failure_of(observation, kind):
    assert isinstance(observation.verdict, kind)
    return observation.verdict.failure


async def test_the_right_bytes_pass():
    observation = await prober().attempt(a_probe())
    assert observation.verdict == Passed(Proof.DIGEST)
    assert observation.started_at == NOON


async def test_a_bug_in_the_fetcher_says_nothing_about_the_target():
    observation = await prober(lambda _: RuntimeError("boom")).attempt(a_probe())
    failure = failure_of(observation, Inconclusive)
    assert (failure.reason, failure.detail) == (FailureReason.INTERNAL, "RuntimeError")


async def test_a_missing_secret_is_our_fault_and_named():
    observation = await prober(auth=BrokenSecret()).attempt(a_probe())
    failure = failure_of(observation, Inconclusive)
    assert failure == Failure(FailureReason.INTERNAL, Phase.AUTH, "env WIDGET_TOKEN is not set")


async def test_a_refused_connection_is_the_targets_fault():
    failure = failure_of(await prober(lambda _: refused()).attempt(a_probe()), Failed)
    assert (failure.reason, failure.phase) == (FailureReason.CONNECT, Phase.CONNECT)


async def test_what_the_uplink_explains_is_not_held_against_the_target():
    ours = Failure(FailureReason.UPLINK, Phase.CONNECT, "connect: refused")
    observation = await prober(lambda _: refused(), ours=ours).attempt(a_probe())
    assert observation.verdict == Inconclusive(ours)


@pytest.mark.parametrize("answer", [served, lambda _: refused()])
async def test_nothing_is_believed_that_was_seen_while_the_loop_was_late(answer):
    observation = await prober(answer, late=True).attempt(a_probe())
    assert failure_of(observation, Inconclusive).reason is FailureReason.OVERLOAD


async def test_a_cancelled_attempt_is_raised_and_can_be_recorded():
    made = prober(lambda _: asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await made.attempt(a_probe())
    observation = made.cancelled(a_probe(), NOON)
    assert failure_of(observation, Inconclusive).reason is FailureReason.CANCELLED


async def test_ids_are_short_unique_and_in_order():
    made = prober()
    ids = [(await made.attempt(a_probe())).id for _ in range(50)]
    assert len(set(ids)) == 50
    assert ids == sorted(ids)
    assert {len(each) for each in ids} == {21}


async def test_authentication_is_timed_apart():
    clock = FakeClock()

    def answer(request) -> Download:
        clock.stall(0.25)
        return served(request)

    observation = await prober(answer, TokenAuth(), clock=clock).attempt(a_probe())
    assert observation.verdict == Passed(Proof.DIGEST)
    assert observation.download.timings.auth == 0.25
    assert observation.download.timings.transfer == 0.02


async def test_a_single_request_has_no_phase_of_authentication():
    class Header:
        def flow(self, request) -> AuthFlow:
            yield request.with_header("X-Token", "t")

    observation = await prober(auth=Header()).attempt(a_probe())
    assert observation.download.timings.auth is None


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (a_download(b"", status=503), "idp.example.com: status 503"),
        (refused("no route"), "idp.example.com: connect no route"),
    ],
)
async def test_an_identity_provider_that_fails_is_auth_idp(answer, detail):
    def by_url(request) -> Download:
        return answer if request.url == TOKEN_URL else served(request)

    failure = failure_of(await prober(by_url, TokenAuth()).attempt(a_probe()), Failed)
    assert failure == Failure(FailureReason.AUTH_IDP, Phase.AUTH, detail)


async def test_a_signature_in_the_query_is_still_the_same_resource():
    class Signed:
        def flow(self, request) -> AuthFlow:
            yield Request(request.url + "?sig=1", request.endpoint, algorithms=request.algorithms)

    observation = await prober(auth=Signed()).attempt(a_probe())
    assert observation.verdict == Passed(Proof.DIGEST)


async def test_what_the_fetcher_calls_our_own_fault_stays_so():
    ours = Failure(FailureReason.INTERNAL, Phase.TRANSFER, "no descriptor left")
    observation = await prober(lambda _: a_download(b"", failure=ours), late=True).attempt(
        a_probe()
    )
    assert observation.verdict == Inconclusive(ours)


async def test_an_identity_provider_whose_answer_is_of_no_use_is_auth_idp():
    class NoToken:
        def flow(self, request) -> AuthFlow:
            yield Request(TOKEN_URL, request.endpoint)

    failure = failure_of(await prober(auth=NoToken()).attempt(a_probe()), Failed)
    assert failure.detail == "idp.example.com: an answer without a usable token"


class PrivateToken:
    def flow(self, request):
        yield request.with_header("PRIVATE-TOKEN", "glpat-5e5e5e")


async def test_a_secret_that_the_server_repeats_is_not_in_the_record():
    page = b"<html><title>No access for glpat-5e5e5e</title>"
    echo = {"content-type": "text/html", "server": "x glpat-5e5e5e"}
    seen = await prober(lambda _: a_download(page, headers=echo), PrivateToken()).attempt(a_probe())
    assert seen.failure.detail == "an HTML page titled 'No access for ************'"
    assert seen.download.headers["server"] == "x ************"
