"""Which page is where."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from aiohttp import hdrs, web

from probe.web.api import Api
from probe.web.configuration import ConfigurationPage
from probe.web.lifecycle import Lifecycle
from probe.web.lists import Lists
from probe.web.live import LiveStream
from probe.web.on_demand import ProbePage
from probe.web.pages import TWINS, PageShow
from probe.web.scrape import Scrape
from probe.web.site import Site
from probe.web.static import Static
from probe.web.telling import Telling
from probe.web.verdicts import Verdicts

# These read the bearer token themselves; there is but one header for it and for a password.
_WITH_TOKEN = (
    "/api/v1/events/approval",
    "/api/v1/alertmanager",
    "/api/v1/incidents",
    "/api/v1/gate/{product}/{version}/override",
    "/api/v1/reviews",
)


# Twenty-five scrapes a second are more than anybody needs, and the measuring loop can bear them.
_SCRAPE_COST = 4.0


class Pages(StrEnum):
    """Which pages an entrance has: all, those that a scraper needs, or the others and health."""

    ALL = "all"
    SCRAPED = "scraped"
    OTHERS = "others"


def routes_of(site: Site, pages: Pages, prefix: str) -> Sequence[web.RouteDef]:
    """Return the routes to *pages*, under *prefix*."""
    wanted = list(_health(site))
    if pages is not Pages.OTHERS:
        wanted.append(web.get("/metrics", Scrape(site).show))
    if pages is not Pages.SCRAPED:
        wanted += [*_for_people(site), *_others(site)]
    return [
        web.RouteDef(each.method, prefix + each.path, each.handler, each.kwargs) for each in wanted
    ]


def _for_people(site: Site) -> Iterable[web.RouteDef]:
    show = PageShow(site)
    pages = {
        "/products/{product}/{channel}": show.product,
        "/products/{product}/{channel}/{version}": show.release,
        "/incidents": show.incidents,
        "/incidents/{id}": show.incident,
        "/targets": show.targets,
        "/targets/{key}": show.target,
        "/kpis": show.kpis,
    }
    yield web.get("/", show.overview)
    yield web.get(f"{TWINS}/overview", show.overview)
    for path, page in pages.items():
        yield web.get(path, page)
        yield web.get(TWINS + path, page)
    yield web.get("/observations/{id}", show.observation)
    yield web.get("/static/{name}", Static(site.gallery).show)
    yield web.get("/api/v1/live", LiveStream(site).show)


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


def _health(site: Site) -> Iterable[web.RouteDef]:
    lifecycle = Lifecycle(site)
    yield web.get("/-/healthy", lifecycle.healthy)
    yield web.get("/-/ready", lifecycle.ready)


def _others(site: Site) -> Iterable[web.RouteDef]:
    api, telling, verdicts, lists = Api(site), Telling(site), Verdicts(site), Lists(site)
    yield web.route("*", "/-/reload", Lifecycle(site).reload)
    yield web.get("/config", ConfigurationPage(site).show)
    yield web.get("/probe", ProbePage(site).show, allow_head=False)
    yield web.get("/api/v1/targets", api.targets)
    yield web.get("/api/v1/observations", api.observations)
    yield web.get("/api/v1/observations/{id}", api.observation)
    yield web.get("/api/v1/scorecard/{product}", verdicts.scorecard)
    yield web.get("/api/v1/scorecard/{product}/{version}", verdicts.scorecard)
    yield web.get("/scorecard/{product}", verdicts.sheet)
    yield web.get("/scorecard/{product}/{version}", verdicts.sheet)
    yield web.get("/api/v1/gate/{product}/{version}", verdicts.gate)
    yield web.get("/api/v1/reviews/{product}", verdicts.review)
    approval, alertmanager, incidents, override, reviews = _WITH_TOKEN
    yield web.get(incidents, lists.incidents)
    yield web.get(f"{incidents}/{{id}}", lists.incident)
    yield web.get("/api/v1/rollouts", lists.rollouts)
    yield web.post(approval, telling.approval)
    yield web.post(alertmanager, telling.alertmanager)
    yield web.post(incidents, telling.incident)
    yield web.post(override, telling.override)
    yield web.post(reviews, telling.review)
