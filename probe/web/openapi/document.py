"""The OpenAPI 3.1 document of some routes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from aiohttp import hdrs
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from probe.domain.gate_record import GATE_SCHEMA, JUDGED
from probe.domain.incident_record import INCIDENT_SCHEMA, WHOLE_SCHEMA
from probe.domain.record import OBSERVATION_SCHEMA
from probe.domain.rollout_record import PAIR, REACHED, ROLLOUT_SCHEMA
from probe.domain.schema import TEXT, Schema, choice
from probe.kpi.review_record import REVIEW_SCHEMA
from probe.kpi.scorecard_record import SCORECARD_SCHEMA
from probe.web.openapi import twins
from probe.web.openapi.operation import (
    FAULT,
    JSON,
    RETRY_AFTER,
    Operation,
    Parameter,
    Replies,
    Reply,
    Route,
    line,
)

# Whatever equals one of these is a reference to it.
_NAMED: Mapping[str, Schema] = {
    "Fault": FAULT,
    "Gate": GATE_SCHEMA,
    "Incident": INCIDENT_SCHEMA,
    "IncidentRow": twins.INCIDENT_ROW,
    "IncidentWithParts": WHOLE_SCHEMA,
    "Objective": JUDGED,
    "Observation": OBSERVATION_SCHEMA,
    "Pair": PAIR,
    "Reached": REACHED,
    "Review": REVIEW_SCHEMA,
    "Rollout": ROLLOUT_SCHEMA,
    "RolloutRow": twins.ROLLOUT_ROW,
    "Scorecard": SCORECARD_SCHEMA,
}

_PATH: Mapping[str, str] = {
    "product": "The name of a product.",
    "channel": "A channel of the product.",
    "version": "The version of a release.",
    "id": "An id, as lists have it.",
    "key": "The key of a target, as `/api/v1/targets` has it.",
}

_CHALLENGE: Mapping[str, Schema] = {hdrs.WWW_AUTHENTICATE: TEXT}
# Whoever listens may know the users, the names of clients, and how often each of them asks.
_SHARED: Mapping[str, tuple[int, Reply]] = {
    "Unauthorized": (
        401,
        line("A user and a password are needed, and these are not it.", _CHALLENGE),
    ),
    "Forbidden": (403, line("The certificate of this client names nobody who is expected.")),
    "TooManyRequests": (429, line("Asked too often.", RETRY_AFTER)),
    "Busy": (503, line("Too many passwords wait to be compared.", RETRY_AFTER)),
}
_AT_THE_DOOR: Replies = dict(_SHARED.values())

_SCHEMES = {
    "password": {"type": "http", "scheme": "basic", "description": "Where users are configured."},
    "token": {"type": "http", "scheme": "bearer", "description": "`api: {token: ...}`"},
}
_REFERENCE = "#/components/schemas/{model}"


def document(routes: Sequence[Route], version: str, base: str = "") -> dict[str, Any]:
    """Return the document of *routes*, which users find under *base*, of this *version*."""
    parts, bodies = _bodies(routes)
    paths: dict[str, dict[str, object]] = {}
    for each in routes:
        body = bodies.get(each.path) if each.operation.takes is not None else None
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, body)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "delivery-probe",
            "version": version,
            "summary": "What was seen of release artifacts, for programs.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base or "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": _SCHEMES,
            "responses": {name: _described(reply) for name, (_, reply) in _SHARED.items()},
            "schemas": {
                **{name: _parts_referred(schema) for name, schema in _NAMED.items()},
                **parts,
            },
        },
    }


def _bodies(routes: Iterable[Route]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """Return the schemas that bodies are made of, and by path that of a body."""
    taken: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (each.path, "validation", each.operation.takes) for each in routes if each.operation.takes
    ]
    by_path, shared = TypeAdapter.json_schemas(taken, ref_template=_REFERENCE)
    return shared.get("$defs", {}), {path: schema for (path, _), schema in by_path.items()}


def _operation(route: Route, body: object) -> dict[str, object]:
    operation = route.operation
    said: dict[str, object] = {
        "tags": [operation.tag.value],
        "summary": route.summary.rstrip("."),
        "operationId": _id(route),
        "security": [{"token": []}] if operation.token else [{}, {"password": []}],
        "parameters": list(_parameters(route.path, operation)),
        "responses": {
            str(status): _reply(reply) for status, reply in sorted(_all(operation).items())
        },
    }
    if body is not None:
        said["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
    return said


def _id(route: Route) -> str:
    words = re.findall(r"\w+", route.path.removeprefix("/api/v1"))
    return "_".join([route.method.lower(), *words])


def _parameters(path: str, operation: Operation) -> Iterator[dict[str, object]]:
    for name in re.findall(r"{(\w+)}", path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH[name],
            "schema": {**TEXT, "minLength": 1},
        }
    yield from map(_parameter, operation.parameters)


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "name": str(parameter.name),
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.says,
        "schema": choice(parameter.words) if parameter.words else parameter.schema,
    }


def _all(operation: Operation) -> Replies:
    found = dict(_AT_THE_DOOR)
    for status, reply in operation.replies.items():
        found[status] = reply | found[status] if status in found else reply
    return found


def _reply(reply: Reply) -> dict[str, object]:
    for name, (_, shared) in _SHARED.items():
        if reply is shared:
            return {"$ref": f"#/components/responses/{name}"}
    return _described(reply)


def _described(reply: Reply) -> dict[str, object]:
    said: dict[str, object] = {"description": reply.says}
    if reply.headers:
        said["headers"] = {str(name): {"schema": schema} for name, schema in reply.headers.items()}
    if reply.body:
        said["content"] = {
            media: {"schema": _referred(schema)} for media, schema in reply.body.items()
        }
    return said


def _referred(schema: object) -> object:
    """Return *schema* with a reference in place of each that has a name."""
    for name, each in _NAMED.items():
        if schema == each:
            return {"$ref": _REFERENCE.format(model=name)}
    return _parts_referred(schema)


def _parts_referred(schema: object) -> object:
    match schema:
        case dict():
            return {word: _referred(each) for word, each in schema.items()}
        case list():
            return [_referred(each) for each in schema]
        case _:
            return schema
