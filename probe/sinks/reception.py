"""Takes what is told: into the ledger first, then into rollouts and the incident register."""

import asyncio
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import replace

from probe.domain.evidence import DetectedBy, Event, IncidentRecord
from probe.domain.outage import UNKNOWN, class_of, noticed, reopened, resolved, with_cause
from probe.domain.remembered import APPROVAL
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product
from probe.domain.told import ALERT, Alert, Approval, PostMortem, Report, Told, Unfit
from probe.ports import Ledger
from probe.sinks.register import Register
from probe.sinks.rollouts import RolloutSink


class Reception:
    """
    Where approvals, alerts, reports and post-mortems come in; ``products`` are those known.

    Each method comes back when what it took in is on the disk, or waits for a ledger that is down.
    """

    def __init__(self, ledger: Ledger, register: Register, rollouts: RolloutSink) -> None:
        self.products: Mapping[ProductKey, Product] = {}
        self._ledger = ledger
        self._register = register
        self._rollouts = rollouts

    async def approve(self, approval: Approval) -> Told:
        """
        Take an approval: the release was let out then. The first one of a release counts.

        Raises:
            Unfit: no such product.
        """
        self._known(approval.product, approval.channel)
        event = Event(
            approval.id,
            APPROVAL,
            approval.product,
            approval.channel,
            approval.version,
            approval.at,
            approval.actor,
            approval.detail,
        )
        if self._rollouts.is_approved(event):
            return Told.KNOWN
        await self._ledger.keep(event)
        self._rollouts.approve(event)
        return Told.OPENED

    async def alert(self, alert: Alert) -> Told:
        """Take an alert; one about no known product is ignored, one sent again is known."""
        if (alert.product, alert.channel) not in self.products:
            return Told.IGNORED
        before = self._register.find(alert.id) or self._flapped(alert)
        if before is not None:
            return await self._again(before, alert)
        incident = self._register.place(
            IncidentRecord(
                id=alert.id,
                product=alert.product,
                channel=alert.channel,
                endpoint=alert.endpoint,
                region=alert.region,
                onset_at=alert.started_at,
                detected_at=alert.started_at,
                detected_by=DetectedBy.ALERT,
                reason=alert.reason or UNKNOWN,
                incident_class=self._class(alert),
                fingerprint=alert.fingerprint,
                report=alert.name,
            )
        )
        if alert.ended_at is not None:
            incident = resolved(incident, alert.ended_at)
        self._ledger.submit(_fired(alert))
        return await self._open(incident)

    async def report(self, report: Report) -> IncidentRecord:
        """
        Take the report of a user; return its incident, which may be part of one that is known.

        Raises:
            Unfit: no such product or endpoint, or an end before its beginning.
        """
        self._known(report.product, report.channel, report.endpoint)
        before = self._register.find(report.id)
        if before is not None:
            return before
        onset = min(report.since or report.at, report.at)
        incident = self._register.place(
            IncidentRecord(
                id=report.id,
                product=report.product,
                channel=report.channel,
                endpoint=report.endpoint,
                region=report.region,
                onset_at=onset,
                detected_at=report.at,
                detected_by=DetectedBy.USER,
                reason=report.reason or UNKNOWN,
                incident_class=self._class(report),
                version=report.version,
                report=report.text,
            )
        )
        if report.until is not None:
            if report.until < onset:
                raise Unfit("until is before the beginning")
            incident = resolved(incident, report.until)
        await self._open(incident)
        return incident

    async def post_mortem(self, found: PostMortem) -> IncidentRecord:
        """
        Take what was found about an incident; return the incident as it is then.

        Raises:
            Unfit: no such incident, or moments that the probe has seen to be others.
        """
        incident = self._register.find(found.incident)
        if incident is None:
            raise Unfit(f"no incident {found.incident} of the last 90 days")
        seen = incident.first_failure_at is not None
        if seen and (found.onset_at or found.restored_at):
            raise Unfit("the probe saw this incident begin and end: it cannot be told otherwise")
        incident = with_cause(incident, found.cause)
        incident = replace(incident, report=found.text, metric_matched=found.metric_matched)
        if found.onset_at is not None:
            if found.onset_at > incident.detected_at:
                raise Unfit("onset_at is after the detection")
            incident = replace(incident, onset_at=found.onset_at)
        end = found.restored_at or incident.restored_at
        if end is not None and not seen:
            if end < incident.onset_at:
                raise Unfit("restored_at is before the onset")
            incident = resolved(incident, end)
        await _kept(self._register.keep(incident))
        return incident

    async def _open(self, incident: IncidentRecord) -> Told:
        head = self._register.find(incident.joined) if incident.joined else None
        if head is not None:
            earlier = noticed(head, incident.detected_at, incident.detected_by)
            if earlier != head:
                self._register.keep(earlier)
        await _kept(self._register.keep(incident))
        return Told.JOINED if incident.joined else Told.OPENED

    async def _again(self, before: IncidentRecord, alert: Alert) -> Told:
        if alert.ended_at is not None and before.restored_at is None:
            await _kept(self._register.keep(resolved(before, alert.ended_at)))
            return Told.RESOLVED
        if alert.ended_at is None and before.id != alert.id and before.restored_at is not None:
            await _kept(self._register.keep(reopened(before)))
            return Told.UPDATED
        return Told.KNOWN

    def _flapped(self, alert: Alert) -> IncidentRecord | None:
        """Return the incident of the same alert that was over so lately that it goes on."""
        merge = self._register.merge
        same = self._register.select(
            lambda each: (
                each.fingerprint == alert.fingerprint
                and each.onset_at <= alert.started_at
                and (each.restored_at is None or alert.started_at - each.restored_at < merge)
            )
        )
        return same[-1] if same else None

    def _known(self, product: str, channel: str, endpoint: str = "") -> None:
        found = self.products.get((product, channel))
        if found is None:
            raise Unfit(f"no product {product} on channel {channel}")
        if endpoint and endpoint not in _names(found):
            raise Unfit(f"no endpoint {endpoint} of {product}; there are {_listed(_names(found))}")

    def _class(self, told: Alert | Report) -> str:
        product = self.products[told.product, told.channel]
        kinds = [each.kind for each in product.endpoints if each.name == told.endpoint]
        return class_of(told.reason or UNKNOWN, kinds[0] if kinds else UNKNOWN)


def _fired(alert: Alert) -> Event:
    return Event(
        id=alert.id,
        kind=ALERT,
        product=alert.product,
        channel=alert.channel,
        version="",
        at=alert.started_at,
        actor="alertmanager",
        detail=alert.name,
    )


def _names(product: Product) -> Collection[str]:
    return [each.name for each in product.endpoints]


def _listed(names: Collection[str]) -> str:
    return ", ".join(list(names)[:20])


async def _kept(answer: "Future[bool]") -> None:
    await asyncio.wrap_future(answer)
