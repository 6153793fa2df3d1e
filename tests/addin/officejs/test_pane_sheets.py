"""Sheets as people have them: two tables side by side, notes, wide ones; and what is said then."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.addin.officejs.pane_page import PanePage

pytestmark = pytest.mark.browser

Opener = Callable[..., PanePage]

LEFT = ["Account", "CSAT", "NPS", "DAU %", "Logins", "Support points", "Touchpoints"]
RIGHT = ["Customer", "Product adoption", "Engagement", "Outcomes", "Support health"]
SIDES: list[list[Any]] = [
    [*LEFT, "", *RIGHT],
    ["Sample Account 1", 4.1, 30, 0.5, 2, 70, 1, "", "Sample Account 9", 4, 5, 3, 4],
    ["Sample Account 2", 2.1, -30, 0.2, 1, 20, 0, "", "Sample Account 8", 1, 2, 1, 2],
]


def test_tables_side_by_side(open_pane: Opener) -> None:
    """Of two tables beside each other the one that was clicked is explained, and sent alone."""
    pane = open_pane(book={"Sides": {"rows": SIDES}}).ready()
    account = pane.panel("Account")
    for address, name, row in (
        ("J3", "Sample Account 8", SIDES[2][8:]),
        ("B2", "Sample Account 1", SIDES[1][:8]),
    ):
        with pane.page.expect_request("**/v1/explain") as asked:
            pane.select("Sides", address)
        expect(account.locator("h1")).to_have_text(name)
        sent: Any = asked.value.post_data_json
        assert sent["row"] == row


@pytest.mark.parametrize(
    ("headers", "column", "found"),
    [
        ("['Account', 'CSAT', '', 'Account', 'NPS']", 1, [0, 3]),
        ("['Account', 'CSAT', '', 'Account', 'NPS']", 2, [0, 3]),
        ("['Account', 'CSAT', '', 'Account', 'NPS']", 4, [3, 5]),
        ("['Owner', '', 'Account', '', 'CSAT', '', 'Account']", 0, [0, 6]),
        ("['Owner', '', 'Account', '', 'CSAT', '', 'Account']", 9, [6, 7]),
        ("['Account', 'CSAT', '', 'NPS']", 3, [0, 4]),
        ("['Id', 'Account', 'CSAT']", 2, [0, 3]),
        ("['CSAT', '', 'NPS']", 0, [0, 3]),
    ],
)
def test_columns_of_one_table(
    open_pane: Opener, headers: str, column: int, found: list[int]
) -> None:
    """Only where both sides have a column of accounts does a blank header part two tables."""
    pane = open_pane(book=None, host=False)
    run = f"c.ownTable({headers}, {column}, ['account', 'id'])"
    assert pane.page.evaluate(f"import('/static/pane/cells.js').then((c) => {run})") == found


def test_a_sheet_about_something_else_does_not_cry_out(open_pane: Opener) -> None:
    """Where no header is known there is no alert; what to do is choosing another header row."""
    notes = [["Topic", "Note"], ["Call", "on Monday"], ["CSAT", "NPS"], [4.1, 30]]
    pane = open_pane(book={"Notes": {"rows": notes}}).ready()
    pane.select("Notes", "A2")
    account = pane.panel("Account")
    expect(account).to_contain_text("the headers are Topic, Note.")
    expect(pane.page.get_by_role("alert")).to_have_count(0)
    pane.select("Notes", "A3")
    account.get_by_role("button", name="Choose a header row").click()
    expect(account).to_contain_text("Row 3 of Notes is its header row now.")
    pane.select("Notes", "A4")
    expect(account.locator(".hero")).to_contain_text("No score")


def test_who_comes_back_to_an_account_hears_it_again(open_pane: Opener) -> None:
    """Nothing stale stays in the live region, and what was left is not said any more."""
    pane = open_pane().show()
    live = pane.page.locator("#live")
    said = "Sample Account 12: 58, Red, down 13."
    expect(live).to_have_text(said)
    pane.select("Accounts", "D1")
    expect(live).to_have_text("")
    pane.select("Accounts", "D14")
    expect(live).to_have_text(said)
    pane.select("Accounts", "C40")
    expect(live).to_have_text("")


def test_waiting_comes_to_an_end(open_pane: Opener) -> None:
    """A server that takes the question and never answers is given up, and can be asked again."""
    pane = open_pane().show()
    pane.page.clock.install()
    held: list[Any] = []
    pane.page.route("**/v1/explain", lambda route: held.append(route))
    with pane.page.expect_request("**/v1/explain"):
        pane.select("Accounts", "D5")
        pane.page.clock.run_for(500)
    expect(pane.page.locator(".bone").first).to_be_visible()
    pane.page.clock.run_for(30_000)
    alert = pane.page.get_by_role("alert")
    expect(alert).to_contain_text("The server did not answer within 30 seconds. Try again.")
    pane.page.unroute("**/v1/explain")
    pane.page.get_by_role("button", name="Try again").click()
    pane.page.clock.run_for(500)
    expect(pane.panel("Account").locator("h1")).to_have_text("Sample Account 3")
    expect(pane.panel("Account").locator(".score")).to_be_visible()


def test_a_wide_table_is_read_to_its_end(open_pane: Opener) -> None:
    """Of many unknown columns those with a guess come first; what was opened stays open."""
    fields = [f"Field {number}" for number in range(30)]
    rows = [["Account", "CSAT", *fields, "Ticket trnd"], ["Sample Account 1", 4.1, *range(30), 1]]
    pane = open_pane(book={"Wide": {"rows": rows}}).ready()
    pane.select("Wide", "B2")
    columns = pane.tab("Columns")
    unknown = columns.get_by_role("region", name="31 columns not recognised")
    expect(unknown.get_by_role("combobox")).to_have_count(10)
    expect(unknown.get_by_role("combobox").first).to_have_accessible_name("Ticket trnd")
    unknown.get_by_text("21 more").click()
    expect(unknown.get_by_role("combobox")).to_have_count(31)
    pane.type("Wide", "B2", "great")
    expect(columns.get_by_role("region", name="1 value to fix")).to_be_visible()
    expect(unknown.get_by_role("combobox")).to_have_count(31)


_RULER = """([low, high]) => import('/static/pane/ruler.js').then(({ ruler }) => {
    const tiers = [["green", 80], ["amber", 60], ["red", 0]]
        .map(([key, from]) => ({ key, from, label: key }));
    const verdict = { total: null, tier: "", label: "", bounds: { low, high, sentence: "" } };
    document.querySelector("#panel-account").replaceChildren(ruler({ verdict, tiers, words: {} }));
})"""


def test_ruler_stays_within_the_pane(open_pane: Opener) -> None:
    """However wide the bounds are, their figures are whole at 320 px, or the sentence has them."""
    pane = open_pane(book=None, host=False)
    expect(pane.panel("Account").locator("h1")).to_have_text("Open this in Excel")
    for low, high in itertools.product((0, 7, 8, 12, 15, 16, 40), (60, 84, 85, 88, 92, 93, 100)):
        pane.page.evaluate(_RULER, [low, high])
        labels = pane.panel("Account").locator(".ruler .end").all()
        is_edge = low < 8 or high > 92
        assert len(labels) == (0 if is_edge and low < 16 and high > 84 else 1 if is_edge else 2)
        for label in labels:
            box = label.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 320, (low, high)
