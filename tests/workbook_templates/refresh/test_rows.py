"""Rows of accounts and lists: which stay, which come, which go, and what travels with them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from scoring.errors import WorkbookError
from tests.workbook_templates.books import cells, changed
from tests.workbook_templates.refresh.small import (
    ADA,
    BEA,
    CYD,
    OWN,
    grid,
    refresh,
    refreshed,
    today,
    workbook,
)

DAN = ["A-4", "Dan AG", 65.0, "▲ Amber", 10.0, "visit"]
NOTES = [*OWN, ("", "Notes")]
DAY = 46348.0
"""22 November 2026 as a serial."""


def noted(*notes: Any) -> list[list[Any]]:
    """The three accounts with a column of people's."""
    return [[*row, note] for row, note in zip((ADA, BEA, CYD), notes, strict=False)]


def test_nothing_changed_gives_no_file() -> None:
    """The same values again leave the file alone, and no line is told."""
    found = refresh(workbook(), today())
    assert found.data is None
    assert (found.diff.lines, found.diff.cells, found.diff.notes) == ([], {}, [])
    assert found.diff.accounts == 3


def test_a_second_refresh_changes_nothing() -> None:
    """What a refresh wrote is what the next one finds."""
    now = today([*ADA[:2], 60.0, "▲ Amber", 1200.0, ""], BEA, CYD, DAN, movers=[["A-4", 3.0]])
    once = refreshed(workbook(), now)
    assert refresh(once, now).data is None


def test_accounts_stay_where_people_sorted_them() -> None:
    """Values follow the account, not the place; a column of people's stays with it."""
    data = workbook([[*CYD, "c"], [*ADA, "a"], [*BEA, "b"]], NOTES)
    out = refreshed(data, today([*ADA[:2], 50.0, "■ Red", 1200.0, None], BEA, CYD))
    assert [row[0] for row in grid(out)] == ["A-3", "A-1", "A-2"]
    assert [row[6] for row in grid(out)] == ["c", "a", "b"]
    assert grid(out)[1][2:5] == [50.0, "■ Red", 1200.0]


def test_new_accounts_go_below() -> None:
    """A new account gets the last row, with what the source says of people's own columns."""
    out = refreshed(workbook(noted("x", "y", "z"), NOTES), today(DAN, ADA, BEA, CYD))
    assert grid(out)[3] == DAN
    assert [row[6] for row in grid(out)[:3]] == ["x", "y", "z"]
    assert cells(out, "Accounts", values=False)["B3"] == "Account ID"


def test_what_people_wrote_over_a_kept_column_stays() -> None:
    """Next action is theirs in a row that was there, whatever the source says."""
    found = refresh(workbook(), today([*ADA[:5], "other"], BEA, CYD))
    assert found.data is None


def test_a_removed_account_leaves_and_its_notes_are_archived() -> None:
    """The row goes; what people wrote in it stands on Archive with day and name."""
    data = workbook(noted("x", "keep me", 7), NOTES)
    found = refresh(data, today(ADA, CYD))
    assert found.data is not None
    assert [row[0] for row in grid(found.data)] == ["A-1", "A-3"]
    assert grid(found.data)[1][6] == 7
    (line,) = grid(found.data, "Archive")
    assert line[:6] == ["A-2", "Bea Inc", "Accounts", "Notes", "text", "keep me"]
    assert line[7] == DAY
    assert line[8] == "ann"
    assert [(x.what, x.account_id) for x in found.diff.lines] == [
        ("Removed", "A-2"), ("Archived: Notes", "A-2"),
    ]  # fmt: skip


def test_an_account_that_comes_back_gets_its_notes_back() -> None:
    """Texts, numbers and what stood beside the Table return once, to the new row."""

    def beside(book: Any) -> None:
        book.get_worksheet_by_name("Accounts").write("K5", 42)

    data = workbook(noted("x", "keep me", "z"), NOTES, more=beside)
    gone = refreshed(data, today(ADA, CYD))
    assert "K5" not in cells(gone, "Accounts")
    found = refresh(gone, today(ADA, CYD, BEA))
    assert found.data is not None
    assert grid(found.data)[2] == [*BEA[:5], None, "keep me", None, None, 42]
    told = [(x.what, x.after) for x in found.diff.lines]
    assert told == [
        ("Returned", "● Green 91"), ("Returned: Notes", "keep me"), ("Returned: column K", "42"),
    ]  # fmt: skip
    assert [row[9] for row in grid(found.data, "Archive")] == [DAY] * 2
    again = refreshed(found.data, today(ADA, CYD))
    assert len(grid(again, "Archive")) == 4


def test_archived_dates_formulas_and_notes() -> None:
    """Each kind is kept as what it is; a comment with its author."""

    def extra(book: Any) -> None:
        sheet = book.get_worksheet_by_name("Accounts")
        day = book.add_format({"num_format": "d mmm yyyy"})
        sheet.write("H5", 46000, day)
        sheet.write_formula("I5", "=F5*2", None, 6800)
        sheet.write_comment("D5", "too high", {"author": "Bo"})

    heads = [*OWN, ("", "Met on"), ("", "Twice")]
    gone = refreshed(workbook([ADA, BEA, CYD], heads, more=extra), today(ADA, CYD))
    kept = [(row[3], row[4], row[5], row[6]) for row in grid(gone, "Archive")]
    assert kept == [
        ("Met on", "date", "2025-12-09", None), ("Twice", "formula", "=F5*2", None),
        ("Score", "note", "too high", "Bo"),
    ]  # fmt: skip
    found = refresh(gone, today(ADA, CYD, BEA))
    assert found.data is not None
    assert found.diff.notes == ["Bea Inc is back; 2 entries of it kept on sheet Archive only."]
    back = found.data
    assert str(cells(back, "Accounts")["H6"])[:10] in ("2025-12-09", "46000")


def test_formulas_that_fill_their_column_are_no_notes() -> None:
    """A calculated column of people's fills down for new rows and is not archived."""
    rows = [[*row, f"=F{n}*2"] for n, row in enumerate((ADA, BEA, CYD), 4)]
    out = refreshed(workbook(rows, [*OWN, ("", "Twice")]), today(ADA, CYD, DAN))
    formulas = [row[6] for row in grid(out, values=False)]
    assert formulas == ["=F4*2", "=F5*2", "=F6*2"]
    assert grid(out, "Archive") == []


def test_what_stands_beside_and_below_a_table_is_left_alone() -> None:
    """A list that grows past formulas and values of people's beside it loses none of them."""

    def beside(book: Any) -> None:
        sheet = book.get_worksheet_by_name("Movers")
        for row in range(3, 9):
            sheet.write_formula(row, 7, f"=ROW()+{row}", None, 1)
            sheet.write(row, 9, row)

    out = refreshed(workbook(more=beside), today(movers=[["A-3", 1.0], ["A-2", 2.0], ["A-1", 3.0]]))
    found = cells(out, "Movers", values=False)
    beside_a1 = [found["B6"], found["H6"], found["J6"]]
    assert beside_a1 == ["A-1", "=ROW()+3", 3]
    assert sorted(found[f"H{row}"] for row in range(4, 10)) == [f"=ROW()+{r}" for r in range(3, 9)]
    assert sorted(found[f"J{row}"] for row in range(4, 10)) == [*range(3, 9)]


def test_formulas_of_people_follow_the_account() -> None:
    """A formula on another sheet reads the same account before and after, or is lost with it."""

    def links(book: Any) -> None:
        sheet = book.add_worksheet("Mine")
        for row, at in enumerate(("D4", "D5", "D6")):
            sheet.write_formula(row, 0, f"=Accounts!{at}")
        sheet.write_formula("A4", "=SUM(Accounts!D4:D6)")
        sheet.write_formula("A5", "=SUM(Accounts[ARR])")

    out = refreshed(workbook(more=links), today(ADA, CYD))
    mine = [cells(out, "Mine", values=False)[f"A{n}"] for n in range(1, 6)]
    assert mine.pop(1).endswith("#REF!")
    assert mine == [
        "=Accounts!D4", "=Accounts!D5", "=SUM(Accounts!D4:D5)", "=SUM(Accounts[ARR])",
    ]  # fmt: skip


def test_lists_are_made_anew_and_notes_travel() -> None:
    """A mover that moves up keeps its remark; one that falls out leaves it on Archive."""
    heads = [("account_id", "Account ID"), ("change", "Change"), ("", "Remark")]
    data = workbook(movers=[["A-1", -9.0, "one"], ["A-2", 4.0, "two"]], mover_heads=heads)
    out = refreshed(data, today(movers=[["A-3", -20.0], ["A-1", -9.5]]))
    assert grid(out, "Movers") == [["A-3", -20.0], ["A-1", -9.5, "one"]]
    (line,) = grid(out, "Archive")
    assert [line[0], line[2], line[3], line[5]] == ["A-2", "Movers", "Remark", "two"]


def test_a_list_that_becomes_empty_keeps_one_blank_row() -> None:
    """An Excel Table always has a row; the next list fills it."""
    none = refreshed(workbook(), today(movers=[]))
    assert grid(none, "Movers") == []
    assert refresh(none, today(movers=[])).data is None
    assert grid(refreshed(none, today(movers=[["A-2", 1.0]])), "Movers") == [["A-2", 1.0]]


def test_a_sentence_in_place_of_a_list() -> None:
    """A row that gives some columns only leaves the others blank, and is found again."""
    heads = [("account_id", "Account ID"), ("change", "Change"), ("", "Remark")]
    data = workbook(movers=[["A-1", -9.0, "one"]], mover_heads=heads)
    nothing = today(movers=[{"change": "No account moved."}])
    out = refreshed(data, nothing)
    assert grid(out, "Movers") == [[None, "No account moved."]]
    assert refresh(out, nothing).data is None


@pytest.mark.parametrize(
    ("there", "source"),
    [("00123", "00123"), (123, "00123"), (123, "123"), (" A/1 ", "A/1"), ("Ä&<'\"é", "Ä&<'\"é")],
)
def test_ids_are_texts(there: Any, source: str) -> None:
    """An id that Excel made a number of is the same account, and gets its zeros back."""
    data = workbook([[there, *ADA[1:]], BEA, CYD])
    out = refresh(data, today([source, "Ada Ltd", 10.0, "■ Red", 1200.0, None], BEA, CYD))
    assert out.data is not None
    assert grid(out.data)[0][:3] == [source, "Ada Ltd", 10.0]
    assert out.diff.of("Added") == []


def test_ids_that_differ_by_zeros_are_two_accounts() -> None:
    """00123 is not 0123 where both are in the source; a number then means neither."""
    rows = [["00123", *ADA[1:]], ["0123", *BEA[1:]], CYD]
    assert refresh(workbook(rows), today(*rows)).data is None
    found = refresh(workbook([[123, *ADA[1:]], CYD]), today(*rows))
    assert len(found.diff.of("Added")) == 2
    assert len(found.diff.of("Removed")) == 1


def test_an_account_twice_is_refused_with_its_rows() -> None:
    """The message names account, rows, sheet and the way out."""
    with pytest.raises(WorkbookError) as caught:
        refresh(workbook([ADA, BEA, ADA]), today())
    assert str(caught.value) == (
        "Accounts stand twice in Table Accounts on sheet Accounts: A-1 in rows 4, 6. "
        "Delete one row of each and refresh again."
    )


def test_a_row_without_id_is_found_by_its_name() -> None:
    """People typed a name only: the account gets its id; two of one name are refused."""
    data = workbook([[None, "bea inc", None, None, None, "mine"], ADA])
    out = refreshed(data, today(ADA, BEA))
    assert grid(out)[0] == [*BEA[:5], "mine"]
    with pytest.raises(WorkbookError, match="Several accounts of the source are named bea inc"):
        refresh(data, today(ADA, BEA, ["A-9", *BEA[1:]]))


def test_a_row_that_is_no_account_stays() -> None:
    """A remark that somebody put into the Table is left where and as it is, and told."""
    data = workbook([ADA, [None, None, None, None, None, "— EMEA —"], BEA])
    found = refresh(data, today(ADA, BEA, CYD))
    assert found.data is not None
    assert grid(found.data) == [ADA, [None] * 5 + ["— EMEA —"], [*BEA[:5]], CYD]
    assert found.diff.notes == ["Rows without an account stay as they are: 5."]


def test_one_account() -> None:
    """A portfolio of one grows to two and shrinks back."""
    one = workbook([ADA])
    two = refreshed(one, today(ADA, BEA))
    assert len(grid(two)) == 2
    assert [row[0] for row in grid(refreshed(two, today(BEA)))] == ["A-2"]


def test_only_parts_with_our_cells_change() -> None:
    """A changed score touches the sheet it stands on, and Changes; no style, no other sheet."""

    def other(book: Any) -> None:
        book.add_worksheet("Mine").write("A1", "as it was")

    data = workbook(more=other)
    out = refreshed(data, today([*ADA[:2], 71.0, *ADA[3:]], BEA, CYD))
    sheets = {p for p in changed(data, out) if "worksheets/sheet" in p}
    assert sheets == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"}
    assert not {p for p in changed(data, out) if "style" in p or "theme" in p or "rels" in p}


def test_notes_follow_their_accounts_through_many_refreshes() -> None:
    """Accounts come, go and return at random: each has its own note, whenever it is there."""
    chance = random.Random(2)
    ids = [f"A-{n}" for n in range(9)]
    rows = [[i, f"Name {i}", 1.0, "x", 2.0, None, f"note of {i}"] for i in ids]
    data = workbook(rows, NOTES)
    for _ in range(12):
        there = chance.sample(ids, chance.randint(1, len(ids)))
        scores = [[i, f"Name {i}", float(chance.randint(0, 99)), "x", 2.0, None] for i in there]
        data = refresh(data, today(*scores)).data or data
        found = {row[0]: row[2:] for row in grid(data)}
        assert {i: [found[i][0], found[i][4]] for i in found} == {
            row[0]: [row[2], f"note of {row[0]}"] for row in scores
        }
