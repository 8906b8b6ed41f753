"""What is to be known of a route by those who ask: what may be sent, and what is answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Literal, TypeVar

from aiohttp import hdrs, web
from pydantic import TypeAdapter

from probe.domain.schema import COUNT, TEXT, Schema
from probe.web.answer import Handler
from probe.web.site import Site

JSON = "application/json"
PLAIN = "text/plain"

_Part = TypeVar("_Part")


class Tag(StrEnum):
    """What an operation is about."""

    PROBES = "probes"
    RELEASES = "releases"
    INCIDENTS = "incidents"
    PAGES = "pages"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: in words, its body by media type, and what is in its headers."""

    says: str
    body: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, Schema] = field(default_factory=dict)

    def __or__(self, other: "Reply") -> "Reply":
        """Return what is either of two answers of one status."""
        return Reply(
            " Or: ".join(dict.fromkeys((self.says, other.says))),
            {**self.body, **other.body},
            {name: each for name, each in self.headers.items() if name in other.headers},
        )


Replies = Mapping[int, Reply]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be sent beside the body: one of ``words`` if there are any, else by ``schema``."""

    name: str
    says: str
    schema: Schema = field(default_factory=lambda: TEXT)
    words: tuple[str, ...] = ()
    place: Literal["query", "header"] = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """
    What a route does, as its callers see it.

    ``takes`` reads the body, where one is needed. With ``token`` nothing is told without the bearer
    token of the configuration.
    """

    tag: Tag
    replies: Replies
    parameters: tuple[Parameter, ...] = ()
    takes: TypeAdapter[Any] | None = None
    token: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Where something is for programs, what answers there, and what it does: none without all."""

    method: str
    path: str
    answering: Callable[[Site], Handler]
    summary: str
    operation: Operation
    has_head: bool = True

    def definition(self, site: Site) -> web.RouteDef:
        """Return it as aiohttp wants it."""
        head = {"allow_head": self.has_head} if self.method == hdrs.METH_GET else {}
        return web.RouteDef(self.method, self.path, self.answering(site), head)


def route(
    at: str,
    part: Callable[[Site], _Part],
    show: Callable[[_Part, web.Request], Awaitable[web.StreamResponse]],
    operation: Operation,
    *,
    has_head: bool = True,
) -> Route:
    """Return the route *at* a method and a path, where *show* of *part* answers; as it says."""
    method, _, path = at.partition(" ")

    def answering(site: Site) -> Handler:
        return partial(show, part(site))

    summary = (show.__doc__ or "").partition("\n")[0]
    return Route(method, path, answering, summary, operation, has_head)


RETRY_AFTER: Mapping[str, Schema] = {hdrs.RETRY_AFTER: COUNT}


def line(says: str, headers: Mapping[str, Schema] | None = None) -> Reply:
    """Return an answer of one line for people."""
    return Reply(says, {PLAIN: TEXT}, headers or {})


def json_of(schema: Schema, says: str = "What was asked for.") -> Reply:
    """Return an answer that is JSON."""
    return Reply(says, {JSON: schema})


def faults(by_status: Mapping[int, str]) -> Replies:
    """Return answers that say for programs what was wrong, by status."""
    return {status: Reply(says, {JSON: FAULT}) for status, says in by_status.items()}


FAULT: Schema = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": TEXT,
        "faults": {
            "description": "What is wrong with a body, and where.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "fault"],
                "additionalProperties": False,
                "properties": {"where": TEXT, "fault": TEXT},
            },
        },
    },
}
