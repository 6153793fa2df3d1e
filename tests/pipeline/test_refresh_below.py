"""Rows typed right below *Actions* and *Overrides*, where the Table did not grow with them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import DONE, FINDINGS
from tests.office.client import Office
from tests.pipeline.portfolio_folder import refresh
from tests.pipeline.test_refresh_actions import made, table

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def below(path: Path, name: str) -> int:
    """Number of the row right below a Table."""
    sheet = next(s for s in openpyxl.load_workbook(path) if name in s.tables)
    return int(sheet[sheet.tables[name].ref][-1][0].row) + 1


def test_rows_typed_below_in_libreoffice_are_taken_in(tmp_path: Path, office: Office) -> None:
    """Calc leaves the Table as it is; own actions and overrides count all the same."""
    path = made(tmp_path)
    at = below(path, "Actions")
    edits: list[list[object]] = [
        ["put", "Actions", f"B{at}", "A-1"],
        ["put", "Actions", f"H{at}", "Send the sample deck"],
        ["put", "Actions", f"C{at + 1}", "Bea Inc"],
        ["put", "Actions", f"H{at + 1}", "Ask for a reference"],
    ]
    for row, (account, author) in enumerate((("A-2", "Bo"), ("A-1", "Bo"), ("A-3", "")), start=6):
        typed = {"B": account, "D": "Amber", "F": "merger", "G": author, "I": 46400}
        edits += [["put", "Overrides", f"{c}{row}", v] for c, v in typed.items()]
    office.edit(path, path, edits)  # type: ignore[arg-type]
    assert refresh(tmp_path) == FINDINGS
    own = {r["Action"]: r for r in table(path, "Actions")}
    assert own["Send the sample deck"]["Account"] == "Ada Ltd"
    assert own["Ask for a reference"]["Account ID"] == "A-2"
    said = [r["What became of it"] for r in table(path, "Overrides")]
    assert said[:2] == ["Counts until 13 Jan 2027"] * 2
    assert said[2].startswith("Not applied: it lacks an author")
    # They look as the other rows do: a date is no number.
    page = openpyxl.load_workbook(path)["Overrides"]
    assert [page[f"L{row}"].number_format for row in (7, 8)] == [page["L6"].number_format] * 2
    assert page["L7"].is_date
    before = path.read_bytes()
    assert refresh(tmp_path) == FINDINGS
    assert path.read_bytes() == before


def test_what_stands_apart_is_left_alone(tmp_path: Path) -> None:
    """A blank row ends what was typed: a remark further down stays where it is."""
    path = made(tmp_path)
    at = below(path, "Actions")
    book = openpyxl.load_workbook(path)
    book["Actions"][f"H{at}"] = "Mine"
    book["Actions"][f"B{at}"] = "A-1"
    book["Actions"][f"H{at + 2}"] = "A remark"
    book.save(path)
    assert refresh(tmp_path) == DONE
    texts = [r["Action"] for r in table(path, "Actions")]
    assert "Mine" in texts
    assert "A remark" not in texts
    told = [c.value for row in openpyxl.load_workbook(path)["Actions"].iter_rows() for c in row]
    assert told.count("A remark") == 1
