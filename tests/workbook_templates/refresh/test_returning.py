"""What people wrote comes back from *Archive* with its row: of accounts, and of lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.workbook_templates.refresh.small import (
    ADA,
    BEA,
    CYD,
    OWN,
    SPECS,
    WHEN,
    Row,
    grid,
    refreshed,
    today,
    workbook,
)
from workbook_templates.portfolio.tables import TableColumn, TableSpec
from workbook_templates.refresh.workbook import Refresh, Refreshed, refresh_workbook

NOTES = [*OWN, ("", "Notes")]
FIRED = TableSpec(
    "Movers",
    "Movers",
    ("account_id", "trigger", "day"),
    (
        TableColumn("account_id", "Account ID"),
        TableColumn("trigger", "Trigger"),
        TableColumn("day", "Fired on", "date"),
        TableColumn("status", "Status", kept=True, words=("Open", "Done")),
    ),
)
HEADS = [*((c.key, c.header) for c in FIRED.columns), ("", "Remark")]
USAGE, DROP = ["A-1", "Usage below 40", 46300.0], ["A-1", "Score fell", 46310.0]


def fired(data: bytes, *lines: Row) -> Refreshed:
    """A refresh of a workbook whose second list has several rows an account."""
    rows = [dict(zip(("account_id", "trigger", "day", "status"), [*x, "Open"])) for x in lines]  # noqa: B905
    given = Refresh(SPECS | {"Movers": FIRED}, today(movers=rows), when=WHEN, who="ann")
    return refresh_workbook(data, given)


def listed(*rows: Sequence[Any]) -> bytes:
    """A workbook with these rows in that list."""
    return workbook(movers=rows, mover_heads=HEADS)


def test_one_formula_among_notes_keeps_no_note_back() -> None:
    """A column of notes in which somebody calculated once is still a column of notes."""
    rows = [[*ADA, "=F4*2"], [*BEA, "keep me"], [*CYD, "mine"]]
    gone = refreshed(workbook(rows, NOTES), today(ADA, CYD))
    back = refreshed(gone, today(ADA, CYD, BEA))
    assert [row[6] for row in grid(back, values=False)] == ["=F4*2", "mine", "keep me"]


def test_a_note_in_a_column_of_formulas_stays_on_archive() -> None:
    """Where most rows calculate, the new row calculates too; what was typed is kept aside."""
    rows = [[*row, f"=F{n}*2"] for n, row in enumerate((ADA, BEA, CYD), 4)]
    rows[1][6] = "by hand"
    gone = refreshed(workbook(rows, NOTES), today(ADA, CYD))
    back = refreshed(gone, today(ADA, CYD, BEA))
    assert [row[6] for row in grid(back, values=False)] == ["=F4*2", "=F5*2", "=F6*2"]
    (line,) = grid(back, "Archive")
    assert line[5] == "by hand"
    assert len(line) == 9  # no day of return


def test_a_line_of_a_list_gets_its_notes_back() -> None:
    """Status and remark return to the alert they were written at, not to the account's other."""
    data = listed([*USAGE, "Done", "called"], [*DROP, "Open", "why?"])
    gone = fired(data, DROP).data
    assert gone is not None
    kept = [(row[0], row[2], row[3], row[5], row[10]) for row in grid(gone, "Archive")]
    assert kept == [
        ("A-1", "Movers", "Status", "Done", "Usage below 40 · 5 Oct 2026"),
        ("A-1", "Movers", "Remark", "called", "Usage below 40 · 5 Oct 2026"),
    ]
    found = fired(gone, USAGE, DROP)
    assert found.data is not None
    assert [row[1:] for row in grid(found.data, "Movers")] == [
        [*USAGE[1:], "Done", "called"], [*DROP[1:], "Open", "why?"],
    ]  # fmt: skip
    assert [x.what for x in found.diff.lines] == ["Returned: Status", "Returned: Remark"]


@pytest.mark.parametrize("other", [["A-1", "Usage below 40", 46331.0], ["A-2", *USAGE[1:]]])
def test_another_line_gets_nothing(other: Row) -> None:
    """The same trigger on another day, or at another account, begins anew."""
    gone = fired(listed([*USAGE, "Done", "called"], [*DROP, "Open"]), DROP).data
    assert gone is not None
    after = fired(gone, other, DROP).data
    assert after is not None
    assert grid(after, "Movers")[0] == [*other, "Open"]
    assert [row[9] for row in grid(after, "Archive")] == [None, None]
