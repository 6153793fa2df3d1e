"""The task pane's Account tab in Chromium: what it shows, says and does in each state."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.addin.officejs.pane_page import TODAY, PanePage, accounts_sheet, serial
from tests.addin.officejs.serving import Server

pytestmark = pytest.mark.browser

Opener = Callable[..., PanePage]


def explained(pane: PanePage) -> list[dict[str, Any]]:
    """Bodies of the requests for explanations so far."""
    asked = [r for r in pane.requests if r.url.endswith("/v1/explain")]
    return [json.loads(r.post_data or "") for r in asked]


def test_selected_account_is_explained(open_pane: Opener) -> None:
    """Name, row, score, badge, change, bounds, coverage, missing, velocity, drivers, steps."""
    pane = open_pane().show()
    text = pane.panel("Account").inner_text()
    for said in (
        "Row 14 of Accounts",
        "Sample Account 12",
        "Red, could be Amber: 51 to 63 once the 2 missing metrics arrive.",
        "88%, 14 of 16 metrics",
        "Advocacy in 12 months",
        "a day, declining fast",
        "points lost",
        "CSAT (1–5) 2.9 of 5",
        "Change: 71 to 58 in 7 days",
        "went stale data",
        "Amber",
    ):
        assert said in text
    expect(pane.panel("Account").locator(".score")).to_have_text("58")
    expect(pane.page.locator("#model-label")).to_have_text("four-dimension 1.0")
    assert pane.errors == []


def test_same_row_asks_once(open_pane: Opener) -> None:
    """Moving along a row asks nothing again; an edit in it does."""
    pane = open_pane().show()
    pane.select("Accounts", "H14")
    pane.page.wait_for_timeout(500)
    assert len(explained(pane)) == 1
    pane.type("Accounts", "D14", 0.9)
    expect(pane.panel("Account").locator(".score")).to_have_text("64")
    assert len(explained(pane)) == 2


def test_only_the_account_is_sent(open_pane: Opener) -> None:
    """Headers, the row and earlier rows of the same account leave the workbook, nothing else."""
    pane = open_pane().show()
    (body,) = explained(pane)
    assert body["at"] == "A14"
    assert {body["row"][0], *(row[0] for row in body["earlier"]["rows"])} == {"Sample Account 12"}
    assert body["earlier"]["at"] == [15]


def test_arrow_keys_through_rows_ask_for_the_last(open_pane: Opener) -> None:
    """A selection that rests for a moment counts; those it ran over do not."""
    pane = open_pane().ready()
    for row in range(4, 12):
        pane.select("Accounts", f"D{row}")
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 9")
    expect(pane.panel("Account").locator(".score")).to_be_visible()
    assert [body["at"] for body in explained(pane)] == ["A11"]


def test_late_answer_of_an_earlier_row_is_ignored(open_pane: Opener) -> None:
    """An answer that comes after the next selection never shows under the wrong name."""
    pane = open_pane().ready()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "A14" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    pane.page.route("**/v1/explain", hold)
    pane.select("Accounts", "D14")
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 12")
    pane.select("Accounts", "D4")
    expect(pane.panel("Account").locator(".score")).to_be_visible()
    shown = pane.panel("Account").inner_text()
    for route in held:
        route.continue_()
    pane.page.wait_for_timeout(400)
    assert pane.panel("Account").inner_text() == shown
    assert "Sample Account 2" in shown


def test_answer_shows_although_the_selection_was_read_again(open_pane: Opener) -> None:
    """A move along the row while the server computes neither asks again nor drops the answer."""
    pane = open_pane().ready()
    held: list[Route] = []
    pane.page.route("**/v1/explain", lambda route: held.append(route))
    pane.select("Accounts", "D14")
    expect(pane.page.locator(".bone").first).to_be_visible()
    pane.select("Accounts", "H14")
    pane.page.wait_for_timeout(400)
    assert len(held) == 1
    held[0].continue_()
    expect(pane.panel("Account").locator(".score")).to_have_text("58")


def test_name_stands_at_once_and_a_skeleton_after_a_while(open_pane: Opener) -> None:
    """While the server computes, the account's name stands; the skeleton waits 300 ms."""
    pane = open_pane().ready()
    held: list[Route] = []
    pane.page.route("**/v1/explain", lambda route: held.append(route))
    pane.select("Accounts", "D14")
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 12")
    expect(pane.page.locator(".bone")).to_have_count(0)
    expect(pane.page.locator(".bone").first).to_be_visible()
    expect(pane.page.locator("#connection")).to_have_text("Scoring")
    expect(pane.panel("Account")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(pane.panel("Account").locator(".score")).to_be_visible()
    expect(pane.panel("Account")).to_have_attribute("aria-busy", "false")


def test_nothing_selected_says_what_to_do(open_pane: Opener) -> None:
    """On the header row, beside the table and on an empty sheet the pane says what to click."""
    pane = open_pane(book={"Accounts": accounts_sheet(TODAY), "Empty": {"rows": []}}).show()
    for sheet, address in (("Accounts", "B1"), ("Accounts", "C40"), ("Empty", "B2")):
        pane.select(sheet, address)
        expect(pane.panel("Account").locator("h1")).to_have_text("Select an account")
    pane.select("Accounts", "Z14")
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 12")


def test_wrong_value_is_an_alert_with_the_way_to_it(open_pane: Opener) -> None:
    """Cell, column, value and fix stand there; the button goes to the cell; fixing it heals."""
    pane = open_pane().show()
    pane.type("Accounts", "S14", 48)
    alert = pane.page.get_by_role("alert")
    expect(alert).to_contain_text("No score: S14, Contract utilisation, is 48")
    expect(alert).to_contain_text("Type 48% or 0.48.")
    expect(pane.panel("Account")).to_contain_text("Last score: 58, Red, at ")
    pane.page.get_by_role("button", name="Go to S14").click()
    assert pane.page.evaluate("excelHost.book.active.Address") == "Accounts!S14"
    pane.type("Accounts", "S14", 0.48)
    expect(pane.panel("Account").locator(".score")).to_be_visible()


def test_last_score_comes_from_the_history_where_none_was_shown(open_pane: Opener) -> None:
    """An account that was wrong from the start tells its earlier row's score."""
    book = {"Accounts": accounts_sheet(TODAY)}
    pane = open_pane(book=book).ready()
    pane.type("Accounts", "S14", 48)
    pane.select("Accounts", "D14")
    expect(pane.panel("Account")).to_contain_text("Last score: 71, Amber, ")


def test_offline_shows_the_last_result_and_recovers(open_pane: Opener) -> None:
    """Without the server the time and the last result stand; it comes back by itself."""
    pane = open_pane().show()
    pane.page.route("**/v1/*", lambda route: route.abort())
    pane.select("Accounts", "D13")
    panel = pane.panel("Account")
    expect(panel).to_contain_text(re.compile(r"Offline since \d\d:\d\d"))
    expect(panel).to_contain_text("No earlier result of this account.")
    expect(pane.page.locator("#connection")).to_have_text("Offline")
    pane.select("Accounts", "D14")
    expect(panel).to_contain_text(re.compile(r"Shown: the score of \d\d:\d\d\."))
    expect(panel.locator(".score")).to_have_text("58")
    pane.page.unroute("**/v1/*")
    panel.get_by_role("button", name="Try again").click()
    expect(pane.page.locator("#connection")).to_have_text("Connected", timeout=15_000)
    expect(panel).not_to_contain_text("Offline")


def test_signed_out_asks_for_the_token(open_pane: Opener) -> None:
    """Where a token is asked for, a wrong one says so, and the right one scores."""
    server = Server(sign_in="token", tokens="sample-token-of-the-tests").start()
    try:
        pane = open_pane(server=server)
        panel = pane.panel("Account")
        expect(panel).to_contain_text("Sign in to score")
        expect(pane.page.locator("#connection")).to_have_text("Signed out")
        pane.select("Accounts", "D14")
        panel.get_by_label("Token").fill("not this one")
        panel.get_by_role("button", name="Sign in").click()
        expect(panel.get_by_role("alert")).not_to_be_empty()
        panel.get_by_label("Token").fill("sample-token-of-the-tests")
        pane.page.keyboard.press("Enter")
        expect(panel.locator(".score")).to_have_text("58")
    finally:
        server.kill()


def test_sheet_that_only_looks_like_a_model(open_pane: Opener) -> None:
    """A sheet named Model that holds none is passed over, and refused in words when chosen."""
    book = {"Accounts": accounts_sheet(TODAY), "Model": {"rows": [["Price", "Growth"]]}}
    pane = open_pane(book=book).show()
    expect(pane.page.locator("#model-label")).to_have_text("four-dimension 1.0")
    panel = pane.tab("Model")
    panel.get_by_label("Model", exact=True).select_option("sheet:Model")
    expect(panel.get_by_role("alert")).to_contain_text("This model cannot be used")
    alert = pane.tab("Account").get_by_role("alert")
    expect(alert).to_contain_text("No score")
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()


def test_same_row_on_two_sheets(open_pane: Opener) -> None:
    """The same row at the same place of another sheet is explained too."""
    book = {"May": accounts_sheet(TODAY), "June": accounts_sheet(TODAY)}
    pane = open_pane(book=book).ready()
    for sheet in ("May", "June"):
        pane.select(sheet, "D14")
        expect(pane.panel("Account")).to_contain_text(f"Row 14 of {sheet}")
        expect(pane.panel("Account").locator(".score")).to_be_visible()


def test_calculated_cells_are_followed(open_pane: Opener) -> None:
    """A value that a formula changes is scored as one that is typed."""
    pane = open_pane().show()
    pane.page.evaluate("excelHost.calculate('Accounts', 'D14', 0.9)")
    expect(pane.panel("Account").locator(".score")).to_have_text("64")


def test_names_are_never_markup(open_pane: Opener) -> None:
    """What people type is text, whatever it looks like."""
    sheet = accounts_sheet(TODAY)
    rows: Any = sheet["rows"]
    rows[13][0] = '<img src=x onerror="window.hit = 1">'
    rows[0][20] = "<b onclick=alert(1)>Temp"
    rows[13][20] = "<script>window.hit = 1</script>"
    pane = open_pane(book={"<svg onload=hit()>": sheet})
    pane.ready()
    pane.select("<svg onload=hit()>", "D14")
    expect(pane.panel("Account").locator("h1")).to_have_text(rows[13][0])
    expect(pane.panel("Account").locator(".score")).to_be_visible()
    columns = pane.tab("Columns")
    expect(columns).to_contain_text("<b onclick=alert(1)>Temp")
    assert pane.page.evaluate("window.hit") is None
    assert pane.page.locator("main img, main script, main b").count() == 0


def test_policy_of_the_page_is_kept(open_pane: Opener) -> None:
    """No inline script or style is refused, and nothing is asked of others than Microsoft."""
    pane = open_pane().show()
    for name in ("Columns", "Model", "Functions"):
        pane.tab(name)
    hosts = {r.url.split("/")[2] for r in pane.requests if not r.url.startswith("data:")}
    assert {h.split(":")[0] for h in hosts} == {"127.0.0.1", "appsforoffice.microsoft.com"}
    assert pane.errors == []


def test_outside_excel_it_says_so(open_pane: Opener) -> None:
    """In a plain browser the pane says where it belongs."""
    pane = open_pane(host=False, book=None)
    expect(pane.panel("Account").locator("h1")).to_have_text("Open this in Excel")


def test_history_sheet_tells_the_change(open_pane: Opener) -> None:
    """Without a date column the Score history sheet tells earlier scores, by name or id."""
    rows: Any = accounts_sheet(TODAY)["rows"]
    undated = [["ID", *row[:2], *row[3:]] for row in rows[:1]]
    undated += [[f"a-{n}", *row[:2], *row[3:]] for n, row in enumerate(rows[1:])]
    day = serial(TODAY - timedelta(days=33))
    history = {"rows": [["Account ID", "Date", "Score"], ["A-12", day, 80], ["a-1", day, 20]]}
    pane = open_pane(book={"Accounts": {"rows": undated}, "Score history": history}).ready()
    pane.select("Accounts", "C14")
    panel = pane.panel("Account")
    expect(panel).to_contain_text("Change: 80 to 58 in 33 days")
    assert explained(pane)[0]["earlier"] == {
        "headers": ["Account ID", "Date", "Score"], "rows": [["A-12", day, 80]], "at": None,
    }  # fmt: skip


def test_override_is_shown(open_pane: Opener) -> None:
    """An Overrides sheet is told beside the model's score."""
    overrides = {"rows": [["Account", "Tier", "Author"], ["Sample Account 12", "Green", "S. CSM"]]}
    book = {"Accounts": accounts_sheet(TODAY), "Overrides": overrides}
    pane = open_pane(book=book).show()
    expect(pane.panel("Account")).to_contain_text("Green, by S. CSM")


def test_tables_and_titles_above_the_header(open_pane: Opener) -> None:
    """An Excel table has its own header row; without one, titles above it are passed over."""
    rows: Any = accounts_sheet(TODAY)["rows"]
    titled = [["Accounts of the team"], ["As of today", "Draft"], [], *rows]
    table = [["Notes", "More", "Still more", *["x"] * 30], [], *rows]
    book = {
        "Titled": {"rows": titled},
        "Table": {"rows": table, "table": "A3:U20"},
    }
    pane = open_pane(book=book).ready()
    for sheet, address in (("Titled", "D17"), ("Table", "D16")):
        pane.select(sheet, address)
        expect(pane.panel("Account").locator(".small").first).to_have_text(
            f"Row {address[1:]} of {sheet}"
        )
        expect(pane.panel("Account").locator(".score")).to_have_text("58")


def test_header_row_can_be_chosen(open_pane: Opener) -> None:
    """Where numbers stand among the headers, a person says which row holds them; it is kept."""
    rows: Any = accounts_sheet(TODAY)["rows"]
    rows[0][20] = 2026
    pane = open_pane().ready()
    pane.page.evaluate("excelHost.book.sheet('Accounts').set(0, 20, 2026)")
    pane.select("Accounts", "D14")
    expect(pane.panel("Account").locator("h1")).to_have_text("Select an account")
    pane.select("Accounts", "D1")
    pane.panel("Account").get_by_role("button", name="Choose a header row").click()
    expect(pane.panel("Account")).to_contain_text("Row 1 of Accounts is its header row now.")
    pane.show()
    kept = pane.page.evaluate("excelHost.book.settings.map((s) => [s.Key, s.Value])")
    assert ["healthsheet.headerRows", {"Accounts": 1}] in kept


def press(page: Page, *keys: str) -> str:
    """Press keys; gives the id of what has the focus then."""
    for key in keys:
        page.keyboard.press(key)
    return str(page.evaluate("document.activeElement.id"))


def test_tabs_by_keyboard(open_pane: Opener) -> None:
    """One stop for all tabs; arrows, Home and End switch; then the content in reading order."""
    page = open_pane().show().page
    page.locator("#tab-account").focus()
    assert press(page, "ArrowRight") == "tab-columns"
    assert press(page, "End") == "tab-functions"
    assert press(page, "ArrowRight") == "tab-account"
    assert press(page, "ArrowLeft") == "tab-functions"
    assert press(page, "Home") == "tab-account"
    stops = page.locator("[role=tab]").evaluate_all("(tabs) => tabs.map((t) => t.tabIndex)")
    assert stops == [0, -1, -1, -1]
    assert press(page, "Tab") == "panel-account"
    assert press(page, "Tab") == "insert-explanation"
    assert press(page, "Tab") == "copy-explanation"


def test_f6_is_left_to_excel(open_pane: Opener) -> None:
    """The pane takes no key that Excel needs to give the sheet the focus back."""
    page = open_pane().show().page
    page.evaluate("addEventListener('keydown', (e) => { window.taken = e.defaultPrevented; })")
    page.locator("#tab-account").focus()
    page.keyboard.press("F6")
    assert page.evaluate("window.taken") is False


def test_selections_never_move_the_focus(open_pane: Opener) -> None:
    """Whoever works in the pane keeps the focus while the sheet's selection changes."""
    pane = open_pane().show()
    pane.page.locator("#copy-explanation").focus()
    pane.select("Accounts", "D4")
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 2")
    expect(pane.page.locator("#copy-explanation")).to_be_focused()
    pane.page.evaluate("document.activeElement.blur()")
    pane.select("Accounts", "D5")
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 3")
    assert pane.page.evaluate("document.activeElement.tagName") == "BODY"


def test_score_is_said_once_the_selection_rests(open_pane: Opener) -> None:
    """A polite live region says name, score, tier and change after 600 ms."""
    pane = open_pane().show()
    live = pane.page.locator("#live")
    expect(live).to_have_attribute("aria-live", "polite")
    assert live.text_content() == ""
    expect(live).to_have_text("Sample Account 12: 58, Red, down 13.")
