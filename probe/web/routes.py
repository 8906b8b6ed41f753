"""Which page is where."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial

from aiohttp import hdrs, web

from probe.web.api import OBSERVATION, OBSERVATIONS, TARGETS, Api
from probe.web.configuration import CONFIGURATION, ConfigurationPage
from probe.web.lifecycle import HEALTHY, READY, RELOAD, Lifecycle
from probe.web.lists import INCIDENT, INCIDENTS, ROLLOUTS, Lists
from probe.web.live import LIVE, LiveStream
from probe.web.on_demand import PROBE, ProbePage
from probe.web.openapi.operation import Route, route
from probe.web.openapi.page import DESCRIPTION, OpenApiPage
from probe.web.pages import TWIN, TWINS, PageShow
from probe.web.scrape import METRICS, Scrape
from probe.web.site import Site
from probe.web.static import Static
from probe.web.telling import ALERTS, APPROVALS, OVERRIDES, REPORTS, REVIEWS, Telling
from probe.web.verdicts import GATE, REVIEW, SCORECARD, Verdicts

# Twenty-five scrapes a second are more than anybody needs, and the measuring loop can bear them.
_SCRAPE_COST = 4.0


class Pages(StrEnum):
    """Which pages an entrance has: all, those that a scraper needs, or the others and health."""

    ALL = "all"
    SCRAPED = "scraped"
    OTHERS = "others"


_PageShown = Callable[[PageShow, web.Request], Awaitable[web.StreamResponse]]

# Each page for people has a twin for programs.
_PAGES: Mapping[str, tuple[_PageShown, str]] = {
    "/": (PageShow.overview, "overview"),
    "/products/{product}/{channel}": (PageShow.product, "product"),
    "/products/{product}/{channel}/{version}": (PageShow.release, "release"),
    "/incidents": (PageShow.incidents, "incidents"),
    "/incidents/{id}": (PageShow.incident, "incident"),
    "/targets": (PageShow.targets, "targets"),
    "/targets/{key}": (PageShow.target, "target"),
    "/kpis": (PageShow.kpis, "kpis"),
}

_HEALTH = (
    route("GET /-/healthy", Lifecycle, Lifecycle.healthy, HEALTHY),
    route("GET /-/ready", Lifecycle, Lifecycle.ready, READY),
)
_SCRAPED = (route("GET /metrics", Scrape, Scrape.show, METRICS),)
_OTHERS = (
    route("POST /-/reload", Lifecycle, Lifecycle.reload, RELOAD),
    route("GET /config", ConfigurationPage, ConfigurationPage.show, CONFIGURATION),
    route("GET /probe", ProbePage, ProbePage.show, PROBE, has_head=False),
    route("GET /api/v1/openapi.json", OpenApiPage, OpenApiPage.show, DESCRIPTION),
    route("GET /api/v1/targets", Api, Api.targets, TARGETS),
    route("GET /api/v1/observations", Api, Api.observations, OBSERVATIONS),
    route("GET /api/v1/observations/{id}", Api, Api.observation, OBSERVATION),
    route("GET /api/v1/scorecard/{product}", Verdicts, Verdicts.scorecard, SCORECARD),
    route("GET /api/v1/scorecard/{product}/{version}", Verdicts, Verdicts.scorecard, SCORECARD),
    route("GET /api/v1/gate/{product}/{version}", Verdicts, Verdicts.gate, GATE),
    route("POST /api/v1/gate/{product}/{version}/override", Telling, Telling.override, OVERRIDES),
    route("GET /api/v1/reviews/{product}", Verdicts, Verdicts.review, REVIEW),
    route("POST /api/v1/reviews", Telling, Telling.review, REVIEWS),
    route("GET /api/v1/incidents", Lists, Lists.incidents, INCIDENTS),
    route("POST /api/v1/incidents", Telling, Telling.incident, REPORTS),
    route("GET /api/v1/incidents/{id}", Lists, Lists.incident, INCIDENT),
    route("GET /api/v1/rollouts", Lists, Lists.rollouts, ROLLOUTS),
    route("POST /api/v1/events/approval", Telling, Telling.approval, APPROVALS),
    route("POST /api/v1/alertmanager", Telling, Telling.alertmanager, ALERTS),
    route("GET /api/v1/live", LiveStream, LiveStream.show, LIVE),
    *(
        route(f"GET {TWINS}{'/overview' if path == '/' else path}", PageShow, show, TWIN[name])
        for path, (show, name) in _PAGES.items()
    ),
)

# These read the bearer token themselves; there is but one header for it and for a password.
_WITH_TOKEN = tuple(each.path for each in _OTHERS if each.operation.token)


def described(pages: Pages) -> tuple[Route, ...]:
    """Return the routes to *pages* that are for programs."""
    scraped = () if pages is Pages.OTHERS else _SCRAPED
    return (*_HEALTH, *scraped, *(() if pages is Pages.SCRAPED else _OTHERS))


def routes_of(site: Site, pages: Pages, prefix: str) -> Sequence[web.RouteDef]:
    """Return the routes to *pages*, under *prefix*."""
    wanted = [each.definition(site) for each in described(pages)]
    if pages is not Pages.SCRAPED:
        wanted += _for_people(site)
    return [
        web.RouteDef(each.method, prefix + each.path, each.handler, each.kwargs) for each in wanted
    ]


def _for_people(site: Site) -> Iterable[web.RouteDef]:
    verdicts = Verdicts(site)
    for path, (show, _) in _PAGES.items():
        yield web.get(path, partial(show, PageShow(site)))
    yield web.get("/observations/{id}", PageShow(site).observation)
    yield web.get("/scorecard/{product}", verdicts.sheet)
    yield web.get("/scorecard/{product}/{version}", verdicts.sheet)
    yield web.get("/static/{name}", Static(site.gallery).show)


def cost_of(request: web.Request) -> float:
    """Return what *request* costs, beside one for a small page."""
    return _SCRAPE_COST if _path(request).endswith("/metrics") else 1.0


def trusts_itself(request: web.Request) -> bool:
    """Tell whether the page that *request* is for looks at a bearer token that came along."""
    scheme = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")[0]
    is_writing = request.method == hdrs.METH_POST and _path(request).endswith(_WITH_TOKEN)
    return is_writing and scheme.lower() == "bearer"


def _path(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""
