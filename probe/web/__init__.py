"""The HTTP server: metrics, health, reload, one probe on demand, the API and a page."""

from probe.web.server import CannotListen, Serving, serve
from probe.web.site import History, OnDemand, Outside, Reception, RenderOne, Site, Status, Writing

__all__ = [
    "CannotListen",
    "History",
    "OnDemand",
    "Outside",
    "Reception",
    "RenderOne",
    "Serving",
    "Site",
    "Status",
    "Writing",
    "serve",
]
