"""How the task pane looks: colours and their contrast, themes, narrow panes, accessibility."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.addin.officejs.excel import DIST
from tests.addin.officejs.pane_page import TODAY, PanePage, accounts_sheet
from tests.addin.officejs.serving import Server
from tests.modules import ROOT
from tests.workbook_templates.test_theme import contrast, difference
from workbook_templates.drawing import theme

STYLES = ROOT / "addin" / "hosts" / "officejs" / "static" / "pane"
AXE = DIST.parents[2] / "axe-core" / "axe.min.js"
TIERS = ("green", "amber", "red")
# Text on what it stands on, at 4.5; then edges and marks against what they lie on, at 3.
TEXTS = [
    ("ink", "page"), ("ink", "raised"), ("muted", "page"), ("muted", "raised"),
    ("on-accent", "accent"), ("on-accent", "accent-hover"),
    *((f"on-{t}", f"{t}-solid") for t in TIERS), *((f"{t}-text", "page") for t in TIERS),
    *(("ink", f"{t}-tint") for t in TIERS),
]  # fmt: skip
MARKS = [
    ("edge", "page"), ("accent", "page"), ("accent", "track"), ("focus", "page"),
    ("gain", "page"), ("loss", "page"), ("muted", "page"),
    *((f"{t}-text", f"{t}-tint") for t in TIERS),
]  # fmt: skip

Opener = Callable[..., PanePage]


def tokens(mode: str) -> Mapping[str, str]:
    """Colours of a mode by name."""
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split(':root[data-theme="dark"]')
    return dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", light if mode == "light" else dark))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_contrast(mode: str) -> None:
    """Every text has 4.5 to 1 on its ground, every mark and edge 3 to 1."""
    colours = tokens(mode)
    for pairs, least in ((TEXTS, 4.5), (MARKS, 3.0)):
        ratios = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}
        assert {pair: ratio for pair, ratio in ratios.items() if ratio < least} == {}


@pytest.mark.parametrize("vision", ["deuteranopia", "protanopia"])
@pytest.mark.parametrize(("mode", "least"), [("light", 17.0), ("dark", 20.0)])
def test_colours_stay_apart_for_everybody(mode: str, least: float, vision: str) -> None:
    """Tiers, and gains and losses, differ for readers who do not tell red from green."""
    colours = tokens(mode)
    pairs = [*combinations([f"{t}-solid" for t in TIERS], 2), ("gain", "loss")]
    found = {(a, b): difference(colours[a], colours[b], vision) for a, b in pairs}
    assert {pair: apart for pair, apart in found.items() if apart < least} == {}


def test_light_colours_are_those_of_the_workbooks() -> None:
    """One palette: a tier looks the same in a workbook and in the pane."""
    colours = tokens("light")
    assert colours["ink"] == theme.INK
    assert colours["muted"] == theme.MUTED
    assert colours["line"] == theme.HAIRLINE
    assert colours["edge"] == theme.RULE
    assert colours["raised"] == theme.PANEL
    assert colours["accent"] == theme.ACCENT
    assert colours["track"] == theme.WASH
    assert (colours["gain"], colours["loss"]) == (theme.GAIN, theme.LOSS)
    for tier in TIERS:
        assert colours[f"{tier}-text"] == theme.TEXT[tier]
        assert colours[f"{tier}-solid"] == theme.SOLID[tier]
        assert colours[f"{tier}-tint"] == theme.TINT[tier]


def test_both_modes_have_the_same_colours() -> None:
    """No token is missing in either mode, and styles use tokens alone."""
    assert set(tokens("light")) == set(tokens("dark"))
    for name in ("pane.css", "parts.css"):
        text = (STYLES / name).read_text(encoding="utf-8")
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb", text) == []
        used = set(re.findall(r"var\(--([a-z-]+)\)", text))
        assert used <= set(tokens("light"))


def test_nothing_is_inline() -> None:
    """The page has no inline script, style or handler, which its policy would refuse."""
    page = (STYLES / "pane.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page) == []
    for path in STYLES.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert (
            re.findall(r"innerHTML\s*=[^=]|insertAdjacentHTML|document\.write|eval\(", text) == []
        )


def test_files_are_short() -> None:
    """Scripts and styles keep to the measures of the house."""
    sizes = [len(path.read_text(encoding="utf-8").splitlines()) for path in STYLES.iterdir()]
    assert max(sizes) <= 400
    assert sorted(sizes)[len(sizes) // 2] <= 200


def background(pane: PanePage) -> str:
    """Colour of the page as it is painted."""
    return str(pane.page.evaluate("getComputedStyle(document.body).backgroundColor"))


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(27, 34, 44)"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("dark", "office", "shown"),
    [
        (False, None, LIGHT), (True, None, DARK), (True, 0xFFFFFF, LIGHT), (False, 0x262626, DARK),
    ],
)  # fmt: skip
def test_theme(open_pane: Opener, *, dark: bool, office: int | None, shown: str) -> None:
    """Office's theme wins; where it tells none, the system's counts."""
    pane = open_pane(dark=dark, theme=office).ready()
    assert background(pane) == shown


@pytest.mark.browser
def test_theme_of_the_system_is_followed(open_pane: Opener) -> None:
    """A system that turns dark in the evening turns the pane dark."""
    pane = open_pane().ready()
    pane.page.emulate_media(color_scheme="dark")
    pane.until("(dark) => getComputedStyle(document.body).backgroundColor === dark", DARK)


@pytest.mark.browser
def test_motion_can_be_reduced(open_pane: Opener) -> None:
    """Skeletons stand still for those who asked for it."""
    pane = open_pane(reduced_motion="reduce").ready()
    pane.page.route("**/v1/explain", lambda _: None)
    pane.select("Accounts", "D14")
    bone = pane.page.locator(".bone").first
    expect(bone).to_be_visible()
    assert bone.evaluate("(b) => getComputedStyle(b).animationName") == "none"


def long_names() -> dict[str, Any]:
    """Accounts with names and texts that are as long as they get, and without a space."""
    sheet = accounts_sheet(TODAY)
    rows: Any = sheet["rows"]
    rows[13][0] = "Samplehealthcaretechnologiesincorporated" * 3
    rows[0][20] = "Averyverylongheaderwithoutanyspaceinitatall" * 2
    rows[13][20] = "warm" * 40
    return sheet


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 400, 800])
def test_no_tab_scrolls_sideways(open_pane: Opener, width: int) -> None:
    """From 320 px on all fits the width, however long names and headers are."""
    pane = open_pane(book={"Accounts": long_names()}, width=width).show()
    for name in ("Account", "Columns", "Model", "Functions"):
        panel = pane.tab(name)
        expect(panel.locator("h2").first).to_be_visible()
        over = pane.page.evaluate(
            "[...document.querySelectorAll('html, main, [role=tabpanel]')]"
            ".map((e) => e.scrollWidth - e.clientWidth)"
        )
        assert max(over) <= 0, name


@pytest.mark.browser
def test_targets_are_large_enough(open_pane: Opener) -> None:
    """Whatever can be clicked is at least 24 px high and wide."""
    pane = open_pane().show()
    for name in ("Account", "Columns", "Model", "Functions"):
        panel = pane.tab(name)
        expect(panel.locator("h2").first).to_be_visible()
        sizes = pane.page.evaluate(
            "[...document.querySelectorAll('button, select, input, summary')]"
            ".filter((e) => e.offsetParent).map((e) => [e.id, e.getBoundingClientRect()])"
            ".map(([id, r]) => [id, r.width, r.height])"
        )
        assert [s for s in sizes if min(s[1], s[2]) < 24] == []


def violations(pane: PanePage) -> list[str]:
    """What axe finds on the page as it stands."""
    # Its own policy would refuse the tool, which comes from outside of the page here.
    found = pane.page.evaluate(
        f"{AXE.read_text(encoding='utf-8')}; axe.run(document, {{resultTypes: ['violations']}})"
    )
    return [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_tabs_are_accessible(open_pane: Opener, *, dark: bool) -> None:
    """No rule of axe is broken in any tab, with details open."""
    pane = open_pane(dark=dark).show()
    for name in ("Account", "Columns", "Model", "Functions"):
        panel = pane.tab(name)
        expect(panel.locator("h2").first).to_be_visible()
        if name == "Functions":
            panel.get_by_role("button", name="HEALTH_SCORE", exact=True).click()
        for summary in panel.locator("summary").all():
            summary.click()
        assert violations(pane) == [], name


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_states_are_accessible(open_pane: Opener, *, dark: bool) -> None:
    """No rule of axe is broken with nothing selected, while loading, in error and offline."""
    pane = open_pane(dark=dark).ready()
    assert violations(pane) == [], "nothing selected"
    pane.page.route("**/v1/explain", lambda _: None)
    pane.select("Accounts", "D14")
    expect(pane.page.locator(".bone").first).to_be_visible()
    assert violations(pane) == [], "loading"
    pane.page.unroute("**/v1/explain")
    pane.type("Accounts", "S14", 48)
    expect(pane.page.get_by_role("alert")).to_be_visible()
    assert violations(pane) == [], "error"
    pane.page.route("**/v1/*", lambda route: route.abort())
    pane.select("Accounts", "D4")
    expect(pane.page.locator("#connection")).to_have_text("Offline")
    assert violations(pane) == [], "offline"


@pytest.mark.browser
def test_sign_in_is_accessible(open_pane: Opener) -> None:
    """No rule of axe is broken by the form that asks for a token, nor by its refusal."""
    server = Server(sign_in="token", tokens="sample-token-of-the-tests").start()
    try:
        pane = open_pane(server=server)
        field = pane.panel("Account").get_by_label("Token")
        expect(field).to_be_visible()
        assert violations(pane) == [], "sign-in"
        field.fill("not this one")
        pane.page.keyboard.press("Enter")
        expect(pane.page.get_by_role("alert")).to_be_visible()
        expect(field).to_be_focused()
        assert violations(pane) == [], "refused"
    finally:
        server.kill()


def test_axe_is_there() -> None:
    """The tool that looks for faults of accessibility is installed."""
    assert Path(AXE).is_file(), "Run ./check once: it installs the tools of the tests."
