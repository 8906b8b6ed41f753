"""The page for people: what this is, how it stands, where the rest is."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from aiohttp import hdrs, web

from probe.domain.observation import Failed, Observation
from probe.domain.record import as_page
from probe.web.site import Site

_FAILURES = 20
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d0d7de;"
    "vertical-align:top;overflow-wrap:anywhere}code{font-size:.9em}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#58a6ff}"
    "th,td{border-color:#30363d}}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_HEADERS = {hdrs.CONTENT_TYPE: "text/html; charset=utf-8", "Content-Security-Policy": _POLICY}

_LINKS = (
    ("/metrics", "metrics for Prometheus"),
    ("/api/v1/targets", "what is probed"),
    ("/api/v1/observations", "the last observations"),
    ("/api/v1/observations?verdict=failed", "the last failures"),
    ("/config", "the configuration in force, without secrets"),
    ("/-/healthy", "whether the process answers"),
    ("/-/ready", "whether a catalog was read"),
)
_COLUMNS = ("started_at", "reason", "phase", "target", "detail")


class Landing:
    """Shows the page; whatever it holds is escaped."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, _request: web.Request) -> web.Response:
        """Answer with a page that needs nothing from elsewhere."""
        failures = self._site.history.latest(
            _FAILURES, lambda observation: isinstance(observation.verdict, Failed)
        )
        return web.Response(body=page(self._site, failures).encode(), headers=_HEADERS)


def page(site: Site, failures: Iterable[Observation]) -> str:
    """Return the page as HTML."""
    regions = ", ".join(site.status.regions()) or "nowhere"
    ready = "ready" if site.status.ready() else "waiting for its first catalog"
    links = "".join(
        f'<li><a href="{escape(site.base + link)}">{link}</a> {escape(what)}'
        for link, what in _LINKS
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>delivery-probe</title><style>{_STYLE}</style>"
        "<h1>delivery-probe</h1>"
        "<p>Downloads every release artifact as a consumer would, and proves the bytes."
        f"<p>Version {escape(site.version)}, probing {len(site.status.targets())} targets "
        f"from {escape(regions)}, {ready}.<ul>{links}</ul>"
        "<p>Probe one target now: <code>/probe?target=KEY&amp;debug=true</code>"
        f"<h2>Last failures</h2>{_table(failures)}</html>\n"
    )


def _table(failures: Iterable[Observation]) -> str:
    rows = [_row(as_page(observation)) for observation in failures]
    if not rows:
        return "<p>None that is remembered."
    head = "".join(f"<th>{column.replace('_', ' ')}" for column in _COLUMNS)
    return f"<table><tr>{head}{''.join(rows)}</table>"


def _row(record: dict[str, object]) -> str:
    cells = "".join(f"<td>{escape(str(record[column]))}" for column in _COLUMNS)
    return f"<tr>{cells}"
