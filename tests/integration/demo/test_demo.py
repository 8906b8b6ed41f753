"""The script, played against the engine and the transport: every fault found for what it is."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.console import Console

from probe.clock import SystemClock
from probe.demo.configuration import configuration
from probe.demo.play import Tempo
from probe.demo.screen import plain_lines
from probe.demo.script import SCRIPT
from probe.demo.show import Show
from probe.demo.stage import Stage
from probe.demo.world import World, open_world
from probe.domain.failure import FailureReason
from probe.engine.assignment import Assignment, Seams
from probe.engine.engine import Engine
from probe.engine.refresh import Feed
from probe.engine.ticker import ApschedulerTicker
from probe.settings import Settings, parse
from probe.transport import open_documents, open_transport
from tests.fakes.metrics import FakeMetrics

SPEED = 8.0


@asynccontextmanager
async def probing(world: World, stage: Stage, clock: SystemClock) -> AsyncIterator[None]:
    text = configuration(world.urls, world.manifest_url, world.control_url, SPEED)
    settings = parse(text.encode(), "demo.yaml")
    assert isinstance(settings, Settings), settings
    metrics = FakeMetrics()
    async with open_transport(clock) as transport, open_documents() as documents:
        ticker = ApschedulerTicker(clock, metrics)
        seams = Seams(transport.fetcher, transport.resolver, clock, metrics, ticker, (stage,))
        feeds = tuple(
            Feed(
                each.product,
                each.source.build(
                    each.product.name,
                    each.product.channel,
                    documents=documents,
                    metrics=metrics,
                    clock=clock,
                ),
                each.source.kind,
                each.refresh_seconds,
            )
            for each in settings.products
        )
        assignment = Assignment(feeds, settings.regions, controls=settings.control_targets)
        engine = Engine(seams, assignment)
        engine.start()
        try:
            yield
        finally:
            await engine.drain(5)


@pytest.mark.timeout(240)
async def test_every_scripted_fault_is_found_with_its_reason_and_seen_to_recover():
    clock, stream = SystemClock(), io.StringIO()
    console = Console(file=stream, width=300)
    stage = Stage(clock, plain_lines(console, clock))
    async with open_world(clock) as world, probing(world, stage, clock):
        code = await Show(world, stage, Tempo(clock, SPEED), console, {}).run(stay=False)
    assert (code, stage.missed) == (0, ()), stream.getvalue()
    reasons = {course.fault.name: course.fault.reason for course in stage.courses}
    assert reasons == {fault.name: fault.reason for act in SCRIPT for fault in act.faults}
    # A busy machine may be slow, but it makes up no other fault.
    assert set(stage.unexpected) <= {FailureReason.TIMEOUT}, stream.getvalue()
