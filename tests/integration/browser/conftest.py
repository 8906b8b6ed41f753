"""The demo's world, played in front of a real browser."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import real
from tests.daemon import Daemon, free_port, listens

expect.set_options(timeout=60_000)

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The stream of changes ends when its page does, and that is no failure of a request.
_ENDS_WITH_ITS_PAGE = "/api/v1/live"


@dataclass
class Visitor:
    """A page in the browser, and whatever went wrong on it."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self.troubles.append(f"pageerror {error}"))
        self.page.on("requestfailed", lambda request: self._note_failed(request.url))
        self.page.set_default_timeout(60_000)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.troubles.append(f"{kind} {text}")

    def _note_failed(self, url: str) -> None:
        if not url.endswith(_ENDS_WITH_ITS_PAGE):
            self.troubles.append(f"failed {url}")


# While it is open, playwright's own loop runs in this thread, and no other test can have one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    real.need("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=real.program("chromium"), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Play the demo from its beginning; give the address of its pages."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    command = [sys.executable, "-m", "probe", "demo", f"--listen=127.0.0.1:{port}"]
    with Daemon(command, Path(folder) / "log", lambda: listens(port)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def visitor(context: BrowserContext, demo: str) -> Visitor:
    return Visitor(context.new_page(), demo)
