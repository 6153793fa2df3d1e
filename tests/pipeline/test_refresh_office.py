"""A workbook in which people worked with LibreOffice, refreshed: nothing of theirs is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from pipeline.cli import DONE
from tests.office.client import Office
from tests.pipeline.portfolio_folder import ADA, BEA, CYD, accounts, fresh_folder, refresh, source
from tests.validity import assert_valid

DAN = "A-4,Dan AG,Bo,65,62,71,55,700,USD,2027-04-01\n"
_COLOUR = 0xFFEE88


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the portfolio of four accounts and its source."""
    fresh_folder(tmp_path)
    source(tmp_path, ADA, BEA, CYD, DAN)
    assert refresh(tmp_path) == DONE
    return tmp_path


def heads(sheet: Any) -> dict[str, int]:
    """Header of *Accounts* → number of its column, counted from 0."""
    return {c.value: c.column - 1 for c in sheet[4] if c.value}


def work_in(office: Office, path: Path) -> None:
    """Columns put in and moved, notes, colours, rows sorted, sheets renamed, hidden and deleted."""
    book = openpyxl.load_workbook(path)
    at = heads(book["Accounts"])
    note, last = at["Tier"] + 1, len(at)
    row = next(r for r in range(5, 9) if book["Accounts"].cell(r, 1).value == "A-1")
    letter = get_column_letter(note + 1)
    edits: list[list[Any]] = [
        ["insert column", "Accounts", note],
        ["put", "Accounts", f"{letter}4", "My note"],
        *(["put", "Accounts", f"{letter}{row}", f"note of {row}"] for row in range(5, 9)),
        ["put", "Accounts", f"{letter}7", "=E7*2"],
        # CSM goes from the third column to the end of the Table's first half.
        ["insert column", "Accounts", note + 1],
        ["move", "Accounts", "C4:C8", f"{get_column_letter(note + 2)}4"],
        ["remove column", "Accounts", 2],
        ["note", "Accounts", f"B{row}", "ask them"],
        ["colour", "Accounts", f"A{row}:F{row}", _COLOUR],
        ["sort", "Accounts", f"A5:{get_column_letter(last + 1)}8", 3],
        ["filter", "Accounts"],
        ["rename", "Accounts", "Kunden"],
        ["hide", "Movers"],
        ["delete", "CSM load"],
        ["add", "Mine"],
        ["put", "Mine", "A1", "=SUM($Kunden.$D$5:$D$8)"],
        ["put", "Mine", "A2", '=INDEX($Kunden.$D$5:$D$8;MATCH("A-2";$Kunden.$A$5:$A$8;0))'],
    ]
    office.edit(path, path, edits)


@pytest.mark.office
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_people_did_in_libreoffice_stays(
    folder: Path, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Notes, colours and comments stay with their accounts, and go and return with them."""
    path = folder / "portfolio.xlsx"
    made = {row[0]: row for row in _rows(path, "Accounts")}
    ids = [row[0] for row in _rows(path, "Accounts")]
    notes = {account: f"note of {row}" for row, account in enumerate(ids, 5)} | {ids[2]: "=D0*2"}
    work_in(office, path)
    sorted_ids = ["A-2", "A-1", "A-4", "A-3"]
    assert [row[0] for row in _rows(path, "Kunden")] == sorted_ids
    source(folder, ADA, CYD, "A-5,Eve AB,Bo,65,62,71,55,700,USD,2027-04-01\n", DAN)
    assert refresh(folder) == DONE
    out = capsys.readouterr().out
    assert "1 added, 1 removed" in out
    assert "typed over" not in out
    assert_valid(path)
    assert _notes(path) == {i: notes[i] for i in ("A-1", "A-4", "A-3")} | {"A-5": None}
    source(folder, ADA, BEA, CYD, DAN)
    assert refresh(folder) == DONE
    assert _notes(path) == {i: notes[i] for i in ("A-1", "A-4", "A-3", "A-2")}
    book: Any = openpyxl.load_workbook(path)
    sheet = book["Kunden"]
    assert book["Movers"].sheet_state == "hidden"
    assert "CSM load" not in book.sheetnames
    assert book["Mine"]["A1"].value == "=SUM(Kunden!$D$5:$D$8)"
    marked = {
        sheet.cell(row, 1).value
        for row in range(5, 9)
        if sheet.cell(row, 1).fill.fgColor.rgb == "FFFFEE88"
    }
    told = {sheet.cell(r, 1).value: sheet.cell(r, 2).comment for r in range(5, 9)}
    assert "A-1" in marked
    assert {i: note.text for i, note in told.items() if note} == {"A-1": "ask them"}
    csm = heads(sheet)["CSM"]
    assert {sheet.cell(r, 1).value: sheet.cell(r, csm + 1).value for r in range(5, 9)} == {
        account: row[2] for account, row in made.items()
    }
    shown = office.recalculate(path)["Mine"]
    assert [shown["A1"], shown["A2"]] == [4200.0, 2000.0]


def _rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book: Any = openpyxl.load_workbook(path, data_only=True)
    return [r for r in book[sheet].iter_rows(min_row=5, values_only=True) if r[0]]


def _notes(path: Path) -> dict[str, Any]:
    """Account → its note; the row of a formula as 0."""
    sheet: Any = openpyxl.load_workbook(path)["Kunden"]
    column = heads(sheet)["My note"]
    rows = [(sheet.cell(r, 1).value, sheet.cell(r, column + 1).value) for r in range(5, 9)]
    return {i: "=D0*2" if str(note).startswith("=D") else note for i, note in rows if i}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_deleted_columns_stay_deleted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column of ours that people deleted is named once a refresh; formulas that read it break."""
    path = folder / "portfolio.xlsx"
    book: Any = openpyxl.load_workbook(path)
    sheet = book["Accounts"]
    table = sheet.tables["Accounts"]
    last = heads(sheet)
    # The last column, so that openpyxl, which moves no references, tells no lies.
    assert max(last, key=lambda h: last[h]) == "As written"
    table.ref = f"A4:{get_column_letter(last['As written'])}8"
    table.autoFilter.ref = table.ref
    table.tableColumns.pop()
    sheet.delete_cols(last["As written"] + 1)
    # As Excel leaves the name of a deleted cell behind.
    book.defined_names["hs_accounts_written"].attr_text = "Accounts!#REF!"
    book.save(path)
    source(folder, ADA, BEA)
    assert refresh(folder) == DONE
    out = capsys.readouterr().out
    assert out.count("Accounts has no column As written; deleted ones stay deleted.") == 1
    assert accounts(folder) == ["A-1", "A-2"]
    assert "As written" not in heads(openpyxl.load_workbook(path)["Accounts"])
