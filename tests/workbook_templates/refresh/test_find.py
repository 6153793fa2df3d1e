"""Finding what is ours: renamed, moved, deleted columns, Tables, sheets; others' workbooks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from scoring.errors import WorkbookError
from tests.workbook_templates.books import cells, draw
from tests.workbook_templates.refresh.small import (
    ACCOUNTS,
    ADA,
    BEA,
    CYD,
    OWN,
    SPECS,
    WHEN,
    Head,
    grid,
    refresh,
    refreshed,
    today,
    workbook,
)
from workbook_templates.fill import Template
from workbook_templates.package import Package
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec
from workbook_templates.refresh.find import Chosen
from workbook_templates.refresh.workbook import Refresh, Refreshed, refresh_workbook

FELL = [*ADA[:2], 50.0, "■ Red", 1200.0, "call"]
RENAMED: list[Head] = [("account_id", "Kunde"), ("account_name", "Name"), ("score", "Health"),
                       ("tier", "Ampel"), ("arr", "Umsatz"), ("next_action", "To do")]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "sheet", "heads"),
    [
        ("Accounts", "Accounts", RENAMED),
        ("tblKunden", "Kunden, it's ours", OWN),
        ("tblKunden", "Kunden", RENAMED),
    ],
)
def test_renamed_things_are_found_by_our_names(table: str, sheet: str, heads: list[Head]) -> None:
    """Headers, Table and sheet in any words: the names on the header cells tell."""
    data = workbook(heads=heads, table=table, sheet=sheet)
    found = refresh(data, today(FELL, BEA, CYD))
    assert found.data is not None
    assert grid(found.data, sheet)[0] == FELL
    assert cells(found.data, sheet)["D3"] == heads[2][1]
    assert found.diff.notes == []


def test_moved_columns_are_found() -> None:
    """Columns in another order, some of people's between them, get their own values."""
    order = [4, 0, 2, 3, 1, 5]
    heads: list[Head] = [OWN[i] for i in order[:3]] + [("", "Mine")] + [OWN[i] for i in order[3:]]
    rows = [[*(r[i] for i in order[:3]), "m", *(r[i] for i in order[3:])] for r in (ADA, BEA, CYD)]
    out = refreshed(workbook(rows, heads), today(FELL, BEA, CYD))
    assert grid(out)[0] == [1200.0, "A-1", 50.0, "m", "■ Red", "Ada Ltd", "call"]


def test_without_names_headers_tell() -> None:
    """A program that drops names leaves headers, in any case and punctuation."""
    heads: list[Head] = [("", "account id"), ("", "ACCOUNT"), ("", "Score:"), ("", "Tier"),
                         ("", "A.R.R."), ("", "Next action")]  # fmt: skip
    out = refreshed(workbook(heads=heads, names=False), today(FELL, BEA, CYD))
    assert grid(out)[0] == FELL


def test_headers_that_were_copied_about_win_over_names_left_behind() -> None:
    """Two columns whose headers and values changed places, not their names."""
    heads = [OWN[0], OWN[1], ("score", "Tier"), ("tier", "Score"), OWN[4], OWN[5]]
    rows = [[r[0], r[1], r[3], r[2], *r[4:]] for r in (ADA, BEA, CYD)]
    out = refreshed(workbook(rows, heads), today(FELL, BEA, CYD))
    assert grid(out)[0][2:4] == ["■ Red", 50.0]


def test_a_deleted_column_stays_deleted() -> None:
    """It is told, the others are filled, and a column of people's under its header is theirs."""
    heads: list[Head] = [OWN[0], OWN[1], OWN[2], OWN[4], ("", "Tier")]

    def dead(book: Any) -> None:
        book.define_name("hs_accounts_tier", "=Accounts!#REF!")

    rows = [[r[0], r[1], r[2], r[4], "own tier"] for r in (ADA, BEA, CYD)]
    found = refresh(workbook(rows, heads, more=dead), today(FELL, BEA, CYD))
    assert found.data is not None
    assert grid(found.data)[0] == ["A-1", "Ada Ltd", 50.0, 1200.0, "own tier"]
    assert found.diff.notes == [
        "Accounts has no columns Tier, Next action; deleted ones stay deleted."
    ]


def test_deleted_sheets_stay_deleted() -> None:
    """Without Changes, Archive and Movers the accounts are refreshed all the same."""
    found = refresh(workbook(lists=False), today(FELL, BEA, CYD))
    assert found.data is not None
    assert grid(found.data)[0] == FELL
    assert found.diff.notes == [
        f"Table {name} is not there; it stays away." for name in ("Movers", "Changes", "Archive")
    ]


def test_a_list_that_is_no_table_any_more_is_named_with_its_cell() -> None:
    """Converted to a range, its cells would show old values for ever: said, with the way back."""
    package = Package(workbook())
    rels = "xl/worksheets/_rels/sheet2.xml.rels"
    package.replace(rels, re.sub(rb"<Relationship [^>]*table[^>]*/>", b"", package.read(rels)))
    sheet = "xl/worksheets/sheet2.xml"
    parts = re.sub(rb"<tableParts.*</tableParts>", b"", package.read(sheet))
    package.replace(sheet, parts)
    found = refresh(package.to_bytes(), today(FELL, BEA, CYD))
    (note,) = found.diff.notes
    assert note == (
        "Table Movers is no Table any more, and what stands there is not refreshed. Mark it from "
        "its headers at Movers!B3 on, press Ctrl+T, and refresh again."
    )


def test_without_archive_nothing_that_people_wrote_leaves() -> None:
    """A row that the source no longer has goes only when nothing of theirs stands in it."""
    data = workbook([[*ADA, "mine"], [*BEA[:5], None, None], CYD], [*OWN, ("", "Notes")],
                    lists=False)  # fmt: skip
    found = refresh(data, today(CYD))
    assert found.data is not None
    assert [row[0] for row in grid(found.data)] == ["A-1", "A-3"]
    assert found.diff.stayed == ["A-1 Ada Ltd"]


def foreign(
    heads: list[str], rows: list[list[Any]], name: str = "tblScores", sheet: str = "Scores"
) -> bytes:
    """A workbook that somebody else made."""

    def build(book: Any) -> None:
        ws = book.add_worksheet(sheet)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row):
                ws.write(r, c, value)
        columns = [{"header": h} for h in heads]
        ws.add_table(0, 0, len(rows), len(heads) - 1, {"name": name, "columns": columns})

    return draw(build)


def test_somebody_elses_workbook() -> None:
    """Recognised columns are refreshed by header; formulas, other columns and rows stay."""
    heads = ["Customer", "Owner", "Health", "ARR", "Comment"]
    rows = [["Ada Ltd", "Bo", "=1+1", 5.0, "x"], ["Old Co", "Bo", 3.0, 6.0, "y"]]
    aliases = {"account_name": ("customer",), "score": ("health",)}
    found = refresh(foreign(heads, rows), today(ADA, BEA), aliases=aliases)
    assert found.data is not None
    after = cells(found.data, "Scores", values=False)
    assert [after[f"{c}2"] for c in "ABCDE"] == ["Ada Ltd", "Bo", "=1+1", 1200.0, "x"]
    assert [after[f"{c}3"] for c in "ABCDE"] == ["Old Co", "Bo", 3.0, 6.0, "y"]
    assert [after.get(f"{c}4") for c in "ABCDE"] == ["Bea Inc", None, 91.0, 3400.0, None]
    assert found.diff.stayed == ["Old Co"]
    assert found.diff.notes[0] == (
        "tblScores is not a Table of ours: only Customer, Health, ARR are refreshed, by header."
    )


def test_a_column_of_formulas_in_it_is_left_alone() -> None:
    """A score that people compute is never overwritten, and is named."""
    heads = ["Account", "Score", "ARR"]
    rows = [["Ada Ltd", "=1+1", 5.0], ["Bea Inc", "=2+2", 6.0]]
    found = refresh(foreign(heads, rows), today(ADA, BEA))
    assert found.data is not None
    after = cells(found.data, "Scores", values=False)
    assert [after[at] for at in ("B2", "B3", "C2", "C3")] == ["=1+1", "=2+2", 1200.0, 3400.0]
    assert "tblScores: formulas of yours stand in Score; they stay." in found.diff.notes


def test_an_input_is_not_taken_for_a_dimension() -> None:
    """Somebody else's Usage is a number that scores are made of, unless people say otherwise."""
    usage = TableColumn("dim_usage", "Usage", "score")
    spec = replace(ACCOUNTS, columns=(*ACCOUNTS.columns, usage))
    rows: Any = [{"account_id": "A-1", "account_name": "Ada Ltd", "arr": 7.0, "dim_usage": 55.0}]
    filling = Filling({}, {"Accounts": rows})
    data = foreign(["Account", "Usage", "ARR"], [["Ada Ltd", 0.3, 5.0]])
    for columns, after in (({}, 0.3), ({"Usage": "Usage"}, 55.0)):
        given = Refresh({"Accounts": spec}, filling, chosen=Chosen({}, columns), when=WHEN)
        found = refresh_workbook(data, given)
        assert found.data is not None
        assert [cells(found.data, "Scores")[at] for at in ("B2", "C2")] == [after, 7.0]


def test_people_say_which_column_and_table_it_is() -> None:
    """What cannot be guessed is given by --table and --column."""
    data = foreign(["Debitor", "Punkte"], [["A-1", 1.0], ["A-2", 2.0]], name="tblX")
    with pytest.raises(WorkbookError) as caught:
        refresh(data, today(ADA, BEA))
    told = str(caught.value)
    assert "small.xlsx has no Table of accounts" in told
    assert "tblX on Scores (Debitor, Punkte)" in told
    assert '--table Accounts=Table1 and --column "Score=Health"' in told
    chosen = {"tables": {"Accounts": "tblX"},
              "columns": {"Account ID": "Debitor", "score": "Punkte"}}  # fmt: skip
    out = refreshed(data, today(ADA, BEA), **chosen)
    assert [cells(out, "Scores")[at] for at in ("B2", "B3")] == [72.0, 91.0]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"tables": {"Accounts": "tblY"}}, "--table Accounts=tblY: no such Table"),
        ({"tables": {"Konten": "tblX"}}, "we have no Table Konten"),
        ({"columns": {"Score": "Points"}}, "has no column Points. It has: Account, Score"),
        ({"columns": {"Points": "Score"}}, "we have no column Points"),
    ],
)
def test_a_wrong_choice_is_told(chosen: dict[str, Any], message: str) -> None:
    """The message lists what there is."""
    data = foreign(["Account", "Score"], [["A-1", 1.0]], name="tblX")
    with pytest.raises(WorkbookError, match=message):
        refresh(data, today(ADA, BEA), **chosen)


def test_what_the_source_does_not_know_stays_in_somebody_elses_table() -> None:
    """No amount comes from the source at all: theirs stay, and are not said to be refreshed."""
    data = foreign(["Account ID", "Score", "ARR"], [["A-1", 1.0, 500.0], ["A-2", 2.0, 600.0]])
    unknown = [[*row[:4], None, None] for row in (ADA, BEA)]
    found = refresh(data, today(*unknown))
    assert found.data is not None
    assert [cells(found.data, "Scores")[at] for at in ("B2", "C2", "C3")] == [72.0, 500.0, 600.0]
    assert any("only Account ID, Score are refreshed" in note for note in found.diff.notes)
    some = refresh(data, today(unknown[0], BEA))
    assert some.data is not None
    assert [cells(some.data, "Scores").get(at) for at in ("C2", "C3")] == [None, 3400.0]


def test_a_table_without_its_key_is_told() -> None:
    """The column of ids was deleted, and no name tells the accounts apart."""
    heads: list[Head] = [OWN[2], OWN[3]]
    data = workbook([r[2:4] for r in (ADA, BEA)], heads)
    with pytest.raises(WorkbookError, match=r'has no column Account ID.*--column "Account ID='):
        refresh(data, today())


def test_no_table_at_all() -> None:
    """A sheet of plain cells is told to be made a Table."""
    data = draw(lambda book: book.add_worksheet("S").write("A1", "Account"))
    with pytest.raises(WorkbookError, match=r"It has no Table \(Insert > Table in Excel\)"):
        refresh(data, today())


def test_a_namesake_of_our_table_is_not_touched() -> None:
    """Somebody's own Table called Movers without our columns stays as it is."""
    heads: list[Head] = [("", "Van"), ("", "Driver")]
    data = workbook(movers=[["V1", "Bo"]], mover_heads=heads, names=True)
    out = refreshed(data, today(FELL, BEA, CYD, movers=[["A-1", 3.0]]))
    assert grid(out, "Movers") == [["V1", "Bo"]]


def test_one_named_cell_is_gone_and_several_are() -> None:
    """The note on places that are not there has the verb of their number."""
    data = workbook(more=lambda book: book.define_name("hs_note", "=Accounts!$A$1"))
    for gone, told in (({"x": 1}, "1 named cell is gone: hs_x."),
                       ({"x": 1, "y": 2}, "2 named cells are gone: hs_x, hs_y.")):  # fmt: skip
        assert told in refresh(data, today(values={"note": "today", **gone})).diff.notes


def test_what_newer_workbooks_have_is_told_once() -> None:
    """A sheet, a column and a cell that never were: one sentence, and a word on *Changes*."""

    def sign(book: Any) -> None:
        book.define_name("hs_changes_note", "=Changes!$B$2")

    heads = [head for head in OWN if head[0] != "arr"]
    rows = [[*r[:4], r[5]] for r in (ADA, BEA, CYD)]
    extra = TableSpec("Risks", "Risks", ("risk",), (TableColumn("risk", "Risk"),))
    specs = {**SPECS, "Risks": extra}
    new = Template(workbook(more=lambda book: book.define_name("hs_sum", "=Accounts!$A$1")))

    def again(data: bytes, score: float) -> Refreshed:
        filling = today([*ADA[:2], score, *ADA[3:]], BEA, CYD, values={"sum": 1})
        given = Refresh(specs, filling, new, when=WHEN, who="ann")
        return refresh_workbook(data, given, "small.xlsx")

    first = again(workbook(rows, heads, more=sign), 50.0)
    assert len(first.diff.notes) == 1
    assert (
        "new ones also have the sheet Risks; ARR in Accounts; figures on Accounts."
        in (first.diff.notes[0])
    )
    assert first.data is not None
    said = cells(first.data, "Changes")["B2"]
    assert str(said).endswith("lacks 1 sheet, 1 column and 1 figure of newer workbooks")
    second = again(first.data, 51.0)
    assert second.diff.notes == []
    assert second.data is not None
    assert cells(second.data, "Changes")["B2"] == said
