"""Who is asked about a gate: what is at hand here, or a service that runs elsewhere."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import typer

from probe.answers import await_pass
from probe.answers.remote import Service
from probe.clock import SystemClock
from probe.commands.leaving import complain
from probe.domain.gate import Gate
from probe.domain.link import Link
from probe.ports import Clock, EvidenceUnavailable, NoSuchProduct, SecretUnavailable
from probe.secret import SecretRef
from probe.terminal.ruling import Subject
from probe.transport import open_documents


@dataclass(slots=True)
class Asked:
    """What is asked about, and how; ``complaints`` are what is to be said beside the answer."""

    subject: Subject
    judge: Callable[[], Awaitable[Gate]]
    complaints: list[str] = field(default_factory=list)

    async def await_pass(
        self, clock: Clock, patience: timedelta, tell: Callable[[Gate, timedelta], None]
    ) -> Gate:
        """Judge until it passes or *patience* ends."""
        return await await_pass(self.judge, clock, patience, tell)


def remote_gate(url: str, credentials: Path | None, subject: Subject, regions: int) -> Asked:
    """Return how the service at *url* is asked, or end with what is wrong with that."""
    try:
        link = Link.parse(url)
    except ValueError as fault:
        raise typer.BadParameter(str(fault), param_hint="--url") from None
    if link.query:
        raise typer.BadParameter("must be the URL of a service, without query", param_hint="--url")
    authorization = _authorization(credentials) if credentials else ""
    clock = SystemClock()

    async def judge() -> Gate:
        async with open_documents() as documents:
            service = Service(url, documents, authorization)
            try:
                gate, asked.subject = await _answer(service, subject, regions)
            except EvidenceUnavailable as fault:
                # A service that starts again in a minute is worth waiting for.
                asked.complaints[:] = [str(fault)]
                return Gate(clock.now(), ())
            except NoSuchProduct as fault:
                raise typer.Exit(complain(str(fault))) from None
        asked.complaints.clear()
        return gate

    asked = Asked(subject, judge)
    return asked


async def _answer(service: Service, subject: Subject, regions: int) -> tuple[Gate, Subject]:
    gate, channel = await service.gate(subject.product, subject.channel, subject.version, regions)
    return gate, Subject(subject.product, channel, subject.version)


def _authorization(file: Path) -> str:
    reference = SecretRef(file=str(file))
    try:
        pair = reference.read()
    except SecretUnavailable as fault:
        raise typer.Exit(complain(str(fault))) from None
    if ":" not in pair:
        raise typer.Exit(complain(f"{reference} holds no user:password"))
    return f"Basic {b64encode(pair.encode()).decode()}"
