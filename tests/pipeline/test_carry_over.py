"""What people wrote in a scorecard goes into the next one, and the old one is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.carry_over import read_before
from pipeline.cli import DONE, main
from pipeline.workbook_file import BACKUPS
from tests.office.client import Office
from tests.pipeline.portfolio_folder import ADA, BEA, source

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

SHEET = "Risks & actions"
TOP = 6


def report(folder: Path, day: str = "2026-11-22") -> Path:
    """Write scorecards for a day; gives that of the amber account."""
    source(folder, ADA, BEA)
    found = main(["report", str(folder / "accounts.csv"), "-o", str(folder / "r"), "-m",
                  "four-dimension", "--as-of", day, "--no-history"])  # fmt: skip
    assert found == DONE
    (path,) = (folder / "r").glob("Ada*.xlsx")
    return path


def listed(path: Path) -> tuple[list[list[Any]], list[list[Any]]]:
    """Rows of risks (severity … mitigation) and of actions (horizon … status) that say anything."""
    sheet = openpyxl.load_workbook(path)[SHEET]
    rows = [[c.value for c in row[1:11]] for row in sheet.iter_rows(min_row=TOP)]
    return [r[:4] for r in rows if r[2]], [r[5:] for r in rows if r[6]]


def test_edits_in_libreoffice_are_carried_over(tmp_path: Path, office: Office) -> None:
    """Texts, owners, closed and added rows, and an added risk; also into the one after next."""
    path = report(tmp_path)
    risks, actions = listed(path)
    below, risk = TOP + len(actions), TOP + len(risks)
    edits = [
        ["put", SHEET, f"H{TOP}", "Call them myself"],
        ["put", SHEET, f"K{TOP + 1}", "Done"],
        ["put", SHEET, f"I{TOP + 2}", "Sample other"],
        ["put", SHEET, f"G{below}", "This week"],
        ["put", SHEET, f"H{below}", "Send the cake"],
        ["put", SHEET, f"B{risk}", "High"],
        ["put", SHEET, f"D{risk}", "They talk to a rival"],
        ["put", SHEET, f"E{risk}", "Call the CEO"],
    ]
    office.edit(path, path, edits)
    saved = path.read_bytes()
    for day in ("2026-11-25", "2026-12-02"):
        assert report(tmp_path, day) == path
        now, then = listed(path)
        assert ["High", None, "They talk to a rival", "Call the CEO"] in now
        texts = {row[1]: row for row in then}
        assert texts["Call them myself"][3] == actions[0][3]
        assert texts[actions[1][1]][4] == "Done"
        assert texts[actions[2][1]][2] == "Sample other"
        assert texts["Send the cake"][0] == "This week"
        assert len(texts) == len(then)
    (backup,) = (path.parent / BACKUPS).glob("*.xlsx")
    assert backup.read_bytes() == saved


def test_what_cannot_be_carried_over_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column of one's own in the Table, and a file that is no workbook, are in the backup."""
    path = report(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    table = sheet.tables["Actions"]
    sheet.cell(TOP, 12 + 1).value = "mine"
    table.tableColumns[-1].name = sheet.cell(TOP - 1, 13).value = "My column"
    book.save(path)
    capsys.readouterr()
    report(tmp_path)
    told = capsys.readouterr().out
    assert "1 scorecard had changes of yours: carried over." in told
    assert "Ada Ltd: only in the backup: column My column of Actions" in told
    path.write_bytes(b"no workbook")
    report(tmp_path)
    assert "all of it, as it cannot be read" in capsys.readouterr().out
    assert len(list((path.parent / BACKUPS).glob("*.xlsx"))) == 2


def test_nothing_is_kept_of_what_nobody_saved(tmp_path: Path) -> None:
    """Our own file is replaced without a backup, and none is where there is no file."""
    path = report(tmp_path)
    found = read_before(path)
    assert found is not None
    assert not found.saved
    report(tmp_path, "2026-11-25")
    assert not (path.parent / BACKUPS).exists()
    assert read_before(tmp_path / "none.xlsx") is None
