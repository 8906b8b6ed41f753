"""Take pictures of every page, light and dark, while the demo plays: ``make screenshots``."""

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
PORT = 29563
BASE = f"http://127.0.0.1:{PORT}"
PRODUCT = "/products/delivery-probe/stable"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> int:
    """Play the demo until an incident is over, and write the pictures into docs/screenshots."""
    command = [sys.executable, "-m", "probe", "demo", f"--listen=127.0.0.1:{PORT}"]
    FOLDER.mkdir(exist_ok=True)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as demo:
        try:
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
                page = browser.new_page(viewport={"width": 1200, "height": 800})
                wait_for_incidents(page)
                for name, path in addresses(page).items():
                    for scheme in ("light", "dark"):
                        take(page, path, scheme, FOLDER / f"{name}-{scheme}.png")
                browser.close()
        finally:
            demo.terminate()
    return 0


def wait_for_incidents(page: Page) -> None:
    """Come back when the story of the flipped byte has been told."""
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{BASE}/-/ready", timeout=1).close()
            page.goto(f"{BASE}/incidents")
            if (
                page.get_by_text("checksum_mismatch").count()
                and page.get_by_text("timeout").count()
            ):
                return
        except (urllib.error.URLError, OSError):
            pass
        page.wait_for_timeout(500)
    raise SystemExit("screenshots: the demo came to no incident")


def addresses(page: Page) -> dict[str, str]:
    """Return the address of one page of each kind."""
    page.goto(f"{BASE}/")
    release = page.locator("ul.cards p a").first.get_attribute("href") or ""
    page.goto(f"{BASE}/incidents")
    row = page.locator("tbody tr", has_text="checksum_mismatch").first
    incident = row.locator("a").first.get_attribute("href") or ""
    page.goto(BASE + incident)
    target = page.locator("h2#observations ~ div tbody a").first.get_attribute("href") or ""
    return {
        "overview": "/",
        "product": PRODUCT,
        "release": release,
        "incidents": "/incidents",
        "incident": incident,
        "targets": "/targets",
        "target": target,
        "kpis": "/kpis",
    }


def take(page: Page, path: str, scheme: str, file: Path) -> None:
    """Write a picture of what is seen first of a page."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(BASE + path)
    page.locator("main h1").wait_for()
    page.screenshot(path=file)


if __name__ == "__main__":
    sys.exit(main())
