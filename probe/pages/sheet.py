"""A page that stands alone: nothing of it comes from elsewhere, so that it can be sent or kept."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from probe import __version__
from probe.pages.assets import assets
from probe.pages.rendering import Record, environment

_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, and the Content-Security-Policy under which nothing but the page itself is shown."""

    html: str
    policy: str


def scorecard_sheet(record: Record, twin: str = "") -> Sheet:
    """
    Draw a scorecard, of a record as ``scorecard_record`` gives it; whatever is in it is escaped.

    *twin* is the address of the same as JSON, where there is one. Takes milliseconds.
    """
    style, policy = _style()
    template = environment().get_template("scorecard.html")
    html = template.render(it=record, style=style, policy=policy, twin=twin, version=__version__)
    return Sheet(html.lstrip() + "\n", policy)


@cache
def _style() -> tuple[Markup, str]:
    body = assets()["style.css"].body
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
    # Our own text, and the browser compares it byte by byte with what the policy names.
    return Markup(body.decode("utf-8")), _POLICY.format(digest)  # noqa: S704 - our own style sheet
