"""What a release team sees while the demo goes wrong, in headless Chromium, as it plays."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.integration.browser.conftest import Visitor

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(240)]

PRODUCT = "/products/delivery-probe/stable"
MIRROR = "td[data-place='mirror-eu@local']"


def test_a_cell_turns_bad_and_good_again_and_a_curve_climbs_without_a_reload(visitor: Visitor):
    page = visitor.go(PRODUCT)
    page.evaluate("window.loadedOnce = true")
    expect(page.locator(f"{MIRROR}[data-state=up]")).to_be_visible()
    expect(page.locator("h2#rollout")).to_have_text("How 1.2.0 came to be everywhere")
    expect(page.locator("h2#rollout ~ p").first).to_contain_text("4 of 4 required places serve it")
    bad = page.locator(f"{MIRROR}[data-state=down]")
    expect(bad).to_contain_text("checksum_mismatch")
    expect(page.locator(f"{MIRROR}[data-state=up]")).to_be_visible()
    assert page.evaluate("window.loadedOnce")
    assert visitor.troubles == []


def test_an_incident_names_its_reason_and_closes(visitor: Visitor):
    page = visitor.go("/incidents")
    row = page.locator("tbody tr", has_text="checksum_mismatch").first
    expect(row).to_contain_text("restored")
    row.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text("checksum_mismatch at mirror-eu")
    steps = page.locator("h2#timeline + ol li")
    expect(steps.first).to_contain_text("last success")
    expect(steps.last).to_contain_text("restored")
    expect(page.locator("h2#observations ~ div tbody tr").first).to_be_visible()
    assert visitor.troubles == []


def every_page(visitor: Visitor) -> list[str]:
    page = visitor.go("/")
    release = page.locator("ul.cards p a").first.get_attribute("href") or ""
    incident = visitor.go("/incidents").locator("tbody th a").first.get_attribute("href") or ""
    target = visitor.go("/targets").locator("tbody th a").first.get_attribute("href") or ""
    return ["/", PRODUCT, release, "/incidents", incident, "/targets", target, "/kpis"]


def test_no_page_has_an_error_and_none_a_serious_violation_of_wcag(visitor: Visitor):
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        for path in every_page(visitor):
            seen = Axe().run(visitor.go(path), options=rules).response["violations"]
            bad = [each for each in seen if each["impact"] in {"serious", "critical"}]
            if bad:
                nodes = [node["html"][:200] for each in bad for node in each["nodes"][:2]]
                found[f"{path} {scheme}"] = [*(each["id"] for each in bad), *nodes]
    assert found == {}
    assert visitor.troubles == []


def test_one_walks_from_the_overview_to_a_target_by_keyboard_alone(visitor: Visitor):
    page = visitor.go("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the page")
    walk(page, "delivery-probe", "h2 a")
    expect(page).to_have_url(re.compile(PRODUCT))
    walk(page, "heard", "td.cell a")
    expect(page.locator("h2#reproduce")).to_be_visible()
    assert visitor.troubles == []


def walk(page: Page, text: str, selector: str) -> None:
    """Press Tab until the link of that text is in focus, and Enter then."""
    page.wait_for_selector(selector)
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.evaluate(f"each => each.matches({selector!r})"):
            assert text in (focused.text_content() or "")
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"no way by keyboard to {text!r}")


def test_focus_stays_where_it_is_when_the_page_changes(visitor: Visitor):
    page = visitor.go("/")
    page.locator("#product-1").focus()
    with page.expect_response(lambda answer: answer.url.rstrip("/") == visitor.base):
        pass
    expect(page.locator("#product-1")).to_be_focused()


def test_without_javascript_every_page_says_the_same(browser: Browser, demo: str):
    context = browser.new_context(java_script_enabled=False)
    visitor = Visitor(context.new_page(), demo)
    for path in ["/", PRODUCT, "/incidents", "/targets", "/kpis"]:
        page = visitor.go(path)
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("#times")).to_be_hidden()
    page = visitor.go(PRODUCT)
    expect(page.locator("table").first).to_be_visible()
    expect(page.locator("svg.chart").first).to_be_visible()
    expect(page.locator("time .at").first).to_contain_text("UTC")
    assert visitor.troubles == []
    context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, demo: str):
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True)
    visitor = Visitor(context.new_page(), demo)
    wide = {
        path: width
        for path in every_page(visitor)
        if (width := visitor.go(path).evaluate("document.documentElement.scrollWidth")) > 360
    }
    assert wide == {}
    context.close()


def test_times_are_shown_as_of_here_if_asked_for(browser: Browser, demo: str):
    context = browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB")
    page = Visitor(context.new_page(), demo).go("/targets")
    moment = page.locator("time .at").first
    expect(moment).to_contain_text("UTC")
    page.get_by_role("button", name="Show local time").click()
    expect(moment).to_contain_text("GMT+9")
    page.reload()
    expect(page.locator("time .at").first).to_contain_text("GMT+9")
    context.close()


def test_what_is_not_there_is_told_on_a_page(visitor: Visitor):
    page = visitor.go("/products/nothing/stable")
    expect(page.locator("h1")).to_have_text("No such product")
    expect(page.locator(".notice")).to_contain_text("no product is named nothing")
