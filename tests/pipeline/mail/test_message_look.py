"""The message in a real browser: narrow and wide, light and dark, contrast and reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.addin.officejs.excel import DIST
from tests.pipeline.mail.pages import shown_page, with_chart

AXE = DIST.parents[2] / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield found
        found.close()


def opened(browser: Browser, kind: str, width: int, *, dark: bool = False, html: str = "") -> Page:
    """The message in a window of a width."""
    scheme = "dark" if dark else "light"
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(html or with_chart(shown_page(kind)))
    page.wait_for_function("[...document.images].every((i) => i.complete && i.naturalWidth > 0)")
    return page


@pytest.mark.parametrize("kind", ["loud", "quiet", "hostile"])
def test_nothing_scrolls_sideways(browser: Browser, kind: str) -> None:
    """The message fits phones and reading panes, however long names are."""
    page = opened(browser, kind, 600)
    try:
        for width in (600, 360, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    finally:
        page.close()


@pytest.mark.parametrize("kind", ["loud", "quiet"])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(browser: Browser, kind: str, *, dark: bool) -> None:
    """No rule of accessibility is broken, contrast included, in light and in dark."""
    page = opened(browser, kind, 600, dark=dark)
    try:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], rules: {region: {enabled: false},"
            "'landmark-one-main': {enabled: false}}})"
        )
        assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found["violations"]] == []
    finally:
        page.close()


def test_light_needs_no_style_sheet(browser: Browser) -> None:
    """Where a mail program strips the style sheet, the light message looks the same."""
    plain = re.sub(r"<style>.*?</style>", "", with_chart(shown_page("loud")), flags=re.S)
    assert "<style" not in plain
    shots = []
    for html in ("", plain):
        page = opened(browser, "loud", 640, html=html)
        shots.append(page.screenshot(full_page=True))
        page.close()
    assert shots[0] == shots[1]


def test_dark_is_dark(browser: Browser) -> None:
    """In dark mode no light ground is left, and the chart's bars stay visible."""
    page = opened(browser, "loud", 360, dark=True)
    try:
        grounds = page.evaluate(
            "[...document.querySelectorAll('body, table, td')]"
            ".filter((e) => !/\\bf[gar m]\\b|fm/.test(e.className))"
            ".map((e) => getComputedStyle(e).backgroundColor)"
        )
        bright = [g for g in set(grounds) if "rgba" not in g
                  and sum(map(int, re.findall(r"\d+", g))) > 380]  # fmt: skip
        assert bright == []
    finally:
        page.close()
