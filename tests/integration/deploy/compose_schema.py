"""As much of the Compose Specification as the project's file uses; nothing else may be in it."""

from typing import Any


def _closed(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_NAMED_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_DURATION = {"type": "string", "pattern": "^[0-9]+(s|m|h)$"}

_SERVICE = _closed(
    ("image", "restart", "read_only", "cap_drop", "security_opt", "volumes", "ports"),
    image=_TEXT,
    build=_closed(("context",), context=_TEXT),
    command={"anyOf": [_TEXT, _TEXTS]},
    environment=_NAMED_TEXTS,
    volumes=_TEXTS,
    ports=_TEXTS,
    tmpfs=_TEXTS,
    restart={"enum": ["unless-stopped"]},
    read_only={"const": True},
    cap_drop={"const": ["ALL"]},
    security_opt={"const": ["no-new-privileges:true"]},
    logging=_closed(("driver",), driver=_TEXT, options=_NAMED_TEXTS),
    stop_grace_period=_DURATION,
    depends_on={
        "type": "object",
        "additionalProperties": _closed(
            ("condition",), condition={"enum": ["service_started", "service_healthy"]}
        ),
    },
    healthcheck=_closed(
        ("test",),
        test={"type": "array", "items": _TEXT, "prefixItems": [{"const": "CMD"}], "minItems": 2},
        interval=_DURATION,
        start_period=_DURATION,
    ),
)

COMPOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services", "volumes"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": _SERVICE},
        "volumes": {"type": "object", "additionalProperties": _closed()},
    },
}
