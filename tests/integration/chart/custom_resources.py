"""What the operators of Prometheus, Grafana and others take: as much of it as the chart uses."""

from typing import Any


def _closed(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


_TEXT = {"type": "string", "minLength": 1}
_DURATION = {"type": "string", "pattern": r"^(0|([0-9]+(y|w|d|h|m|s|ms))+)$"}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_FREE = {"type": "object"}
_LIST = {"type": "array", "items": _FREE}
_KEY = _closed(("name", "key"), name=_TEXT, key=_TEXT)

_ENDPOINT = _closed(
    ("port",),
    port=_TEXT,
    path={"type": "string", "pattern": "^/"},
    scheme={"enum": ["http", "https"]},
    honorLabels={"type": "boolean"},
    interval=_DURATION,
    scrapeTimeout=_DURATION,
    tlsConfig=_FREE,
    basicAuth=_closed(("username", "password"), username=_KEY, password=_KEY),
    relabelings=_LIST,
    metricRelabelings=_LIST,
)
_SELECTOR = _closed(
    matchLabels=_TEXTS,
    matchExpressions={
        "type": "array",
        "items": _closed(
            ("key", "operator"),
            key=_TEXT,
            operator={"enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
            values={"type": "array", "items": _TEXT},
        ),
    },
)


def _monitor(endpoints: str) -> dict[str, Any]:
    fields = {
        "jobLabel": _TEXT,
        "podTargetLabels": {"type": "array", "items": _TEXT},
        "sampleLimit": {"type": "integer"},
        "namespaceSelector": _closed(matchNames={"type": "array", "items": _TEXT}),
        "selector": _SELECTOR,
        endpoints: {"type": "array", "items": _ENDPOINT, "minItems": 1},
    }
    return _closed(("selector", endpoints), **fields)


_RULE = {
    **_closed(
        ("expr",),
        record={"type": "string", "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*$"},
        alert=_TEXT,
        expr=_TEXT,
        **{"for": _DURATION},
        keep_firing_for=_DURATION,
        labels=_TEXTS,
        annotations=_TEXTS,
    ),
    "oneOf": [{"required": ["record"]}, {"required": ["alert"]}],
}
_GROUP = _closed(
    ("name", "rules"), name=_TEXT, interval=_DURATION, rules={"type": "array", "items": _RULE}
)

SPECS = {
    "monitoring.coreos.com/v1/ServiceMonitor": _monitor("endpoints"),
    "monitoring.coreos.com/v1/PodMonitor": _monitor("podMetricsEndpoints"),
    "monitoring.coreos.com/v1/PrometheusRule": _closed(
        ("groups",), groups={"type": "array", "items": _GROUP, "minItems": 1}
    ),
    "grafana.integreatly.org/v1beta1/GrafanaDashboard": _closed(
        ("instanceSelector", "configMapRef"),
        folder=_TEXT,
        instanceSelector=_SELECTOR,
        configMapRef=_KEY,
    ),
    "autoscaling.k8s.io/v1/VerticalPodAutoscaler": _closed(
        ("targetRef",),
        targetRef=_closed(("kind", "name"), apiVersion=_TEXT, kind=_TEXT, name=_TEXT),
        updatePolicy=_closed(
            updateMode={"enum": ["Off", "Initial", "Recreate", "InPlaceOrRecreate", "Auto"]}
        ),
        resourcePolicy=_FREE,
    ),
    "gateway.networking.k8s.io/v1/HTTPRoute": _closed(
        ("parentRefs", "rules"),
        parentRefs={"type": "array", "items": _FREE, "minItems": 1},
        hostnames={"type": "array", "items": _TEXT},
        rules={
            "type": "array",
            "items": _closed(
                ("backendRefs",),
                matches=_LIST,
                filters=_LIST,
                backendRefs={
                    "type": "array",
                    "items": _closed(("name", "port"), name=_TEXT, port={"type": "integer"}),
                },
            ),
        },
    ),
}
