"""One release: each file at each place, what is missing, what is proven, may it go on, and when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from probe.answers.pages.rows import (
    gate_now,
    moment,
    month,
    rollout_row,
    str_pair,
    text,
)
from probe.answers.pages.wide import Wide
from probe.answers.question import Question
from probe.domain.artifact import Artifact
from probe.domain.evidence import Event, IncidentRecord, LastHeard
from probe.domain.gate_record import Record, gate_record
from probe.domain.republished import REPUBLISHED
from probe.evidence import Reading
from probe.kpi.evidence import Asset, Released
from probe.kpi.gathering import Gathering
from probe.kpi.scorecard import scorecard
from probe.kpi.scorecard_record import scorecard_record
from probe.settings import ConfiguredProduct

# A page of a release with thousands of files is read in parts.
PAGE = 100


def release(
    kept: Reading, question: Question, offset: int = 0, wide: Wide | None = None
) -> Record | None:
    """
    Return what is known of a release, by *wide* if that is known; ``None`` where nothing is.

    Files come in parts.
    """
    product, version, now = question.product, question.version, question.now
    key = product.product.key
    published = kept.release(*key, version)
    if published is None:
        return None
    gathering = Gathering(kept, product.product, product.weights, product.regions)
    evidence = gathering.evidence(month(now), version)
    heard = evidence.heard
    if wide is None:
        gate, drawn = gate_now(kept, product, version, now), scorecard(evidence)
    else:
        gate, drawn = wide.view.card.gate, wide.view.card.scorecard
        heard = wide.heard(heard)
        evidence = wide.view.central.evidence
    known = next(iter(evidence.releases), None)
    assets = known.assets if known is not None else ()
    places = _places(product, heard)
    return {
        "product": key[0],
        "channel": key[1],
        "version": version,
        "tag": text(published.release.tag) or None,
        "yanked": published.release.yanked,
        "published_at": moment(published.release.published_at),
        "scorecard": scorecard_record(drawn, gate),
        "gate": gate_record(gate, *key, version),
        "places": [str_pair(*place) for place in places],
        "files": {
            "total": len(assets),
            "offset": offset,
            "limit": PAGE,
            "rows": _files(assets[offset : offset + PAGE], heard, places),
        },
        "rollout": rollout_row(known.rollout, now) if known and known.rollout else None,
        "timeline": _timeline(kept, product, known, evidence.incidents, now),
    }


def _places(product: ConfiguredProduct, heard: Iterable[LastHeard]) -> list[tuple[str, str]]:
    order = [each.name for each in product.product.endpoints]
    found = {(each.segment.endpoint, each.segment.region) for each in heard}
    return sorted(
        found, key=lambda place: (order.index(place[0]) if place[0] in order else 999, place)
    )


def _files(
    assets: Sequence[Asset], heard: Iterable[LastHeard], places: Sequence[tuple[str, str]]
) -> list[Record]:
    known: defaultdict[str, dict[tuple[str, str], LastHeard]] = defaultdict(dict)
    for each in heard:
        place = (each.segment.endpoint, each.segment.region)
        before = known[each.artifact].get(place)
        # Of several addresses the one that is down is what matters.
        if before is None or each.up is False:
            known[each.artifact][place] = each
    return [_file(each, known.get(each.artifact.name, {}), places) for each in assets]


def _file(
    asset: Asset, heard: dict[tuple[str, str], LastHeard], places: Sequence[tuple[str, str]]
) -> Record:
    artifact: Artifact = asset.artifact
    return {
        "name": text(artifact.name),
        "class": artifact.asset_class.value,
        "platform": None if artifact.platform is None else str(artifact.platform),
        "size_bytes": artifact.size_bytes,
        "digests": [str(each) for each in artifact.digests],
        "proven": asset.proven,
        "signed": None if asset.signed is None else asset.signed.value,
        "first_at": moment(asset.first_at),
        "cells": [_cell(heard.get(place)) for place in places],
    }


def _cell(heard: LastHeard | None) -> Record | None:
    if heard is None:
        return None
    return {
        "state": "unknown" if heard.up is None else "up" if heard.up else "down",
        "reason": heard.reason or None,
        "target": heard.key or None,
        "heard_at": moment(heard.heard_at),
        "full_at": moment(heard.full_at),
    }


def _timeline(
    kept: Reading,
    product: ConfiguredProduct,
    known: Released | None,
    incidents: Iterable[IncidentRecord],
    now: datetime,
) -> list[Record]:
    if known is None:
        return []
    rollout = known.rollout
    moments: list[tuple[datetime, str, str]] = [(known.published_at, "published", "")]
    if rollout is not None:
        if rollout.started_at != known.published_at:
            moments.append((rollout.started_at, "let out", rollout.start_source.value))
        moments += [
            (each.at, "first had", str_pair(each.pair.endpoint, each.pair.region))
            for each in rollout.reached
        ]
    moments += [
        _told(each)
        for each in kept.events(*product.product.key, month(now))
        if each.version == known.version
    ]
    for each in incidents:
        if each.version == known.version and not each.joined:
            moments.append((each.onset_at, "incident began", f"{each.endpoint}: {each.reason}"))
            if each.restored_at is not None:
                moments.append((each.restored_at, "incident ended", each.endpoint))
    return [
        {"at": moment(at), "what": what, "detail": text(detail)}
        for at, what, detail in sorted(moments)
    ]


def _told(event: Event) -> tuple[datetime, str, str]:
    about_a_file = event.kind == REPUBLISHED
    return (event.at, event.kind, event.detail if about_a_file else event.actor)
