"""Releases as rows: what is looked up in columns, the whole of it in JSON."""

import sqlite3
from typing import Final

from pydantic import TypeAdapter

from probe.domain.artifact import Release
from probe.domain.evidence import SETTLED_WITHIN, Pair, Published
from probe.domain.moment import MILLISECOND, from_ms, to_ms
from probe.evidence.record_row import storable
from probe.evidence.trouble import Damaged

SELECT = "SELECT product, document, required, first_listed_at, elsewhere, files FROM release"

_RELEASE: Final = TypeAdapter(Release)
_PAIRS: Final = TypeAdapter(tuple[Pair, ...])
_NAMES: Final = TypeAdapter(tuple[str, ...])

# The pairs are not among what changes: they are those of the first time. Files change for a while.
_KEEP = f"""INSERT INTO release (product, channel, version, published_at, listed_at, document,
required, first_listed_at, elsewhere, files) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (product, channel, version) DO UPDATE SET
published_at = excluded.published_at, document = excluded.document,
listed_at = max(listed_at, excluded.listed_at),
files = CASE WHEN excluded.listed_at - excluded.published_at <= {SETTLED_WITHIN // MILLISECOND}
    THEN excluded.files ELSE files END"""


def keep_published(connection: sqlite3.Connection, entry: Published) -> None:
    """Write a release; of one that is there, all is replaced but the required pairs."""
    release = entry.release
    row = (
        storable(entry.product),
        storable(release.channel),
        storable(release.version),
        to_ms(release.published_at),
        to_ms(entry.listed_at),
        _RELEASE.dump_json(release).decode(),
        _PAIRS.dump_json(entry.required).decode(),
        to_ms(entry.listed_at),
        _PAIRS.dump_json(entry.elsewhere).decode(),
        _NAMES.dump_json(entry.files).decode(),
    )
    connection.execute(_KEEP, row)


def published_of(row: tuple[str, str, str, int, str, str]) -> Published:
    """
    Return the release of a row of ``SELECT``.

    Raises:
        Damaged: the JSON in it is no release.
    """
    product, document, required, listed_at, elsewhere, files = row
    try:
        return Published(
            product,
            _RELEASE.validate_json(document),
            _PAIRS.validate_json(required),
            from_ms(listed_at),
            _PAIRS.validate_json(elsewhere),
            _NAMES.validate_json(files),
        )
    except ValueError as fault:
        raise Damaged(f"a release cannot be read: {fault}") from fault
