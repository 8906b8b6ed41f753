"""What may be told to the service, as JSON; every fault of a body is named with its place."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from probe.domain.failure import DELIVERY_REASONS
from probe.domain.outage import UNKNOWN, Cause
from probe.domain.override import Word
from probe.domain.schema import MOMENT, choice
from probe.domain.text import clean
from probe.domain.told import Alert, Approval, PostMortem, Report

_MOST_FAULTS = 20
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$"
_REASONS = (*DELIVERY_REASONS, UNKNOWN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
UNSEEN = "must say something that can be seen"
_OLDEST, _LATEST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class Malformed(Exception):
    """A body that is not what it should be; ``faults`` says what and where, all of it."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def _line(text: str) -> str:
    return clean(text, 2000)


def _visible(text: str) -> str:
    if not text:
        raise ValueError(UNSEEN)
    return text


def _reason(text: str) -> str:
    if text and text not in _REASONS:
        raise ValueError(f"must be one of {', '.join(_REASONS)}")
    return text


def _written(given: object) -> object:
    # Digits alone would be taken for seconds.
    if (isinstance(given, str) and not _DAY.match(given)) or isinstance(given, int | float):
        raise ValueError("must be a moment, as in 2026-08-20T12:00:00Z")
    return given


def _possible(moment: datetime) -> datetime:
    if not _OLDEST <= moment < _LATEST:
        raise ValueError("must be a moment between 1995 and 2200")
    return moment.astimezone(UTC)


def _end(given: object) -> object:
    if given is None:
        raise ValueError("must be a moment, or now to take an override back")
    return None if given == "now" else given


_VISIBLE = AfterValidator(_visible)
Name = Annotated[str, Field(pattern=_NAME)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_line)]
Said = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_line), _VISIBLE]
Who = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line), _VISIBLE]
Reason = Annotated[str, AfterValidator(_reason), WithJsonSchema(choice(("", *_REASONS)))]
Instant = Annotated[AwareDatetime, BeforeValidator(_written)]
Moment = Annotated[Instant, AfterValidator(_possible)]
End = Annotated[
    Moment | None,
    BeforeValidator(_end),
    WithJsonSchema({"anyOf": [MOMENT, {"const": "now"}]}),
]
Label = Annotated[str, Field(max_length=1000)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ApprovalBody(_Body):
    """A release was approved; ``at`` is now if it is left out."""

    product: Name
    channel: Name = "stable"
    version: Name
    at: Moment | None = None
    actor: Who
    detail: Line = ""

    def told(self, now: datetime) -> Approval:
        """Return what is told."""
        at = self.at or now
        return Approval(self.product, self.channel, self.version, at, self.actor, self.detail)


class OverrideBody(_Body):
    """A gate of a release is overridden; ``until`` is ``now`` to take that back."""

    kpi: Name
    who: Who
    why: Said
    until: End

    def told(self, product: str, channel: str, version: str, now: datetime) -> Word:
        """Return what is told of that release."""
        return Word(product, channel, version, self.kpi, self.who, self.why, now, self.until)


class ReviewBody(_Body):
    """The KPIs of a product were reviewed."""

    product: Name
    channel: Name | Literal[""] = ""
    who: Who
    note: Line = ""


class ReportBody(_Body):
    """A user could not download."""

    kind: Literal["report"]
    product: Name
    channel: Name = "stable"
    endpoint: Name | Literal[""] = ""
    region: Name | Literal[""] = ""
    version: Name | Literal[""] = ""
    reason: Reason = ""
    at: Moment | None = None
    since: Moment | None = None
    until: Moment | None = None
    report: Said

    def told(self, now: datetime) -> Report:
        """Return what is told."""
        return Report(
            product=self.product,
            channel=self.channel,
            endpoint=self.endpoint,
            region=self.region,
            version=self.version,
            reason=self.reason,
            at=self.at or now,
            text=self.report,
            since=self.since,
            until=self.until,
        )


class PostMortemBody(_Body):
    """What was found about an incident; it cannot be told without the metric that matched."""

    kind: Literal["post_mortem"]
    incident: Name
    cause: Cause
    metric_matched: Who
    report: Said
    onset_at: Moment | None = None
    restored_at: Moment | None = None

    def told(self) -> PostMortem:
        """Return what is told."""
        return PostMortem(
            self.incident,
            self.cause,
            self.metric_matched,
            self.report,
            self.onset_at,
            self.restored_at,
        )


class AlertLabels(BaseModel):
    """The labels of an alert that are read."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    alertname: Label = ""
    product: Label = ""
    channel: Label = "stable"
    endpoint: Label = ""
    probe_region: Label = ""
    reason: Label = ""


class AlertBody(BaseModel):
    """One alert, of which only what is used is read."""

    # Alertmanager may add keys; the version of the webhook says which are there.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    status: Literal["firing", "resolved"]
    labels: AlertLabels
    starts_at: Moment = Field(alias="startsAt")
    ends_at: Instant | None = Field(None, alias="endsAt")
    fingerprint: str = Field(pattern="^[0-9a-f]{1,64}$")

    def told(self, now: datetime) -> Alert:
        """Return what is told; an alert that is over ended no later than *now*."""
        labels = self.labels
        ended_at = None
        if self.status == "resolved":
            ended_at = min(max(self.ends_at or now, self.starts_at), max(now, self.starts_at))
        return Alert(
            fingerprint=self.fingerprint,
            name=clean(labels.alertname, 200),
            product=labels.product,
            channel=labels.channel,
            endpoint=clean(labels.endpoint, 100),
            region=clean(labels.probe_region, 100),
            reason=labels.reason if labels.reason in DELIVERY_REASONS else "",
            started_at=self.starts_at,
            ended_at=ended_at.astimezone(UTC) if ended_at else None,
        )


class WebhookBody(BaseModel):
    """Alertmanager's webhook, version 4."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    version: Literal["4"]
    alerts: tuple[AlertBody, ...] = Field(max_length=1000)


IncidentBody = Annotated[ReportBody | PostMortemBody, Discriminator("kind")]

APPROVAL: TypeAdapter[ApprovalBody] = TypeAdapter(ApprovalBody)
OVERRIDE: TypeAdapter[OverrideBody] = TypeAdapter(OverrideBody)
REVIEW: TypeAdapter[ReviewBody] = TypeAdapter(ReviewBody)
INCIDENT: TypeAdapter[ReportBody | PostMortemBody] = TypeAdapter(IncidentBody)
WEBHOOK: TypeAdapter[WebhookBody] = TypeAdapter(WebhookBody)


def read_body(adapter: TypeAdapter[T], body: bytes) -> T:
    """
    Return what *body* tells.

    Raises:
        Malformed: not JSON, or not what it should be.
    """
    try:
        return adapter.validate_json(body)
    except ValidationError as fault:
        raise Malformed(list(_faults(fault))) from None


def _faults(fault: ValidationError) -> Iterator[dict[str, str]]:
    for each in fault.errors(include_url=False, include_context=False, include_input=False)[
        :_MOST_FAULTS
    ]:
        place = ".".join(clean(str(part), 40) for part in each["loc"])
        yield {"where": place or "body", "fault": clean(each["msg"], 300)}
