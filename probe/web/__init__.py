"""The HTTP server: metrics, health, reload, one probe on demand, the API and a page."""

from probe.web.admission import OPEN, Admission, Terms
from probe.web.routes import Pages
from probe.web.server import CannotListen, Entrance, Serving, serve
from probe.web.site import (
    Gallery,
    History,
    OnDemand,
    Outside,
    Reception,
    RenderOne,
    Site,
    Status,
    Views,
    Writing,
)

__all__ = [
    "OPEN",
    "Admission",
    "CannotListen",
    "Entrance",
    "Gallery",
    "History",
    "OnDemand",
    "Outside",
    "Pages",
    "Reception",
    "RenderOne",
    "Serving",
    "Site",
    "Status",
    "Terms",
    "Views",
    "Writing",
    "serve",
]
