"""A service on the world of the demo, which knows something of everything."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from requests import Session
from requests.adapters import HTTPAdapter

from probe.clock import SystemClock
from tests.daemon import until
from tests.integration.real.delivery_probe import DeliveryProbe

PRODUCT, CHANNEL, TOKEN = "delivery-probe", "stable", "sesame"
# Stand for what has another name in each run.
AN_INCIDENT, AN_OBSERVATION, A_TARGET, A_VERSION = "incident", "observation", "target", "version"


@dataclass
class World:
    """A service, and what there is for each name that stands for something."""

    service: DeliveryProbe
    named: Mapping[str, str] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"

    def meant(self, value: Any) -> Any:
        """Return what there is, if *value* stands for it."""
        return self.named.get(value, value) if isinstance(value, str) else value

    def session_for(self, label: str) -> Session:
        """Return a client with an address of its own: the service counts by address."""
        if label not in self._sessions:
            session = Session()
            session.mount("http://", _From(f"127.0.1.{len(self._sessions) + 1}"))
            self._sessions[label] = session
        return self._sessions[label]

    def close(self) -> None:
        for each in self._sessions.values():
            each.close()


class _From(HTTPAdapter):
    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **more: Any) -> None:
        super().init_poolmanager(*sizes, source_address=(self._address, 0), **more)


@contextmanager
def closed_to_writers(folder: Path, configuration: str) -> Iterator[World]:
    """Run a service in which nothing can be written."""
    with _running(folder, configuration) as service:
        world = World(service)
        yield world
        world.close()


@contextmanager
def open_to_writers(folder: Path, configuration: str) -> Iterator[World]:
    """Run a service that takes what comes with the token, once each of its lists has rows."""
    (folder / "token").write_text(TOKEN)
    token = f"api: {{token: {{file: {folder / 'token'}}}}}\n"
    with _running(folder, configuration + token) as service:
        incident = _reported(service)
        until(lambda: _has_content(service))
        failed = _read(service, "/api/v1/observations?verdict=failed&limit=1")["observations"][0]
        named = {
            AN_INCIDENT: incident,
            AN_OBSERVATION: failed["id"],
            A_TARGET: failed["target"],
            A_VERSION: failed["version"],
        }
        world = World(service, named)
        yield world
        world.close()


def _running(folder: Path, configuration: str) -> DeliveryProbe:
    path = folder / "probe.yaml"
    path.write_text(configuration)
    return DeliveryProbe(folder, path)


def _reported(service: DeliveryProbe) -> str:
    report = {
        "kind": "report",
        "product": PRODUCT,
        "endpoint": "cdn",
        "region": "local",
        "reason": "timeout",
        "at": SystemClock().now().isoformat(),
        "report": "the archive does not come",
    }
    status, text = service.post("/api/v1/incidents", report, TOKEN)
    assert status == 200, text
    return str(json.loads(text)["id"])


def _has_content(service: DeliveryProbe) -> bool:
    lists = (
        f"/api/v1/rollouts?product={PRODUCT}",
        "/api/v1/observations?verdict=failed",
        "/api/v1/incidents",
        "/api/v1/targets",
    )
    return all(_read(service, path)["total"] for path in lists)


def _read(service: DeliveryProbe, path: str) -> Any:
    return json.loads(service.get(path))
