"""`healthsheet refresh`: made, refreshed, compared; what is printed and what is left alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from pipeline import refresh as refreshing
from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE
from pipeline.store import History
from pipeline.store.address import read_address
from pipeline.workbook_file import BACKUPS, WorkbookFile
from tests.office.client import Office
from tests.pipeline.portfolio_folder import (
    ADA,
    BEA,
    CYD,
    accounts,
    fresh_folder,
    new_portfolio,
    refresh,
    source,
)
from tests.validity import assert_valid
from workbook_templates.package import Package
from workbook_templates.portfolio import report
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.sheets import fill_sheets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with that workbook and its source."""
    return fresh_folder(tmp_path)


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_new_portfolio_opens_in_excel(tmp_path: Path) -> None:
    """What the command makes has no fault that would make Excel ask for repair."""
    path = tmp_path / "made.xlsx"
    path.write_bytes(new_portfolio())
    assert_valid(path)


def test_the_sheets_are_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new workbook and a refreshed one cost the filling of the sheets once each."""
    filled: list[str] = []
    for module in (refreshing, report):

        def counted(portfolio: Portfolio, by: str = module.__name__) -> Filling:
            filled.append(by)
            return fill_sheets(portfolio)

        monkeypatch.setattr(module, "fill_sheets", counted)
    source(tmp_path, ADA, BEA)
    options = ("--from", str(tmp_path / "accounts.csv"), "-m", "four-dimension")
    assert refresh(tmp_path, *options) == DONE
    assert filled == ["workbook_templates.portfolio.report"]
    source(tmp_path, ADA)
    assert refresh(tmp_path, *options) == DONE
    assert filled[1:] == ["pipeline.refresh"]


def test_twice_is_the_same_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changed is said, and not one byte or file is written."""
    before = state(folder)
    assert refresh(folder) == DONE
    assert state(folder) == before | {f"{BACKUPS}/portfolio.xlsx.lock": b""}
    out = capsys.readouterr().out
    assert "Compared 2 accounts  accounts.csv, four-dimension 1.0, 22 Nov 2026" in out
    assert f"Nothing changed: {folder / 'portfolio.xlsx'} is as it was." in out


def test_changes_are_told_and_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers first, then whose score changed; the file before lies among the backups."""
    before = (folder / "portfolio.xlsx").read_bytes()
    source(folder, ADA.replace("55,72,61,85", "15,22,31,45"), CYD)
    assert refresh(folder) == DONE
    out = capsys.readouterr().out
    assert "Refreshed 2 accounts" in out
    assert "Accounts       1 added, 1 removed" in out
    assert "Tiers          1 changed: 1 ▲ Amber → ■ Red" in out
    assert re.search(r"\nAda Ltd +▲ Amber +65 → ■ Red +25 +−40\n", out)
    assert "Added          Cyd plc" in out
    assert "Removed        Bea Inc" in out
    (backup,) = (folder / BACKUPS).glob("portfolio-*.xlsx")
    assert backup.read_bytes() == before
    assert accounts(folder) == ["A-1", "A-3"]
    assert_valid(folder / "portfolio.xlsx")
    sheet = openpyxl.load_workbook(folder / "portfolio.xlsx")["Changes"]
    assert sheet["B1"].value == "1 account added, 1 removed, 1 tier changed, 1 score changed"


def test_a_dry_run_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same is told; no file, folder or history appears."""
    source(folder, ADA, BEA, CYD)
    before = state(folder)
    assert refresh(folder, "--dry-run", "--history", str(folder / "history.db")) == DONE
    assert state(folder) == before
    out = capsys.readouterr().out
    assert "1 added" in out
    assert "Dry run: " in out


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that is printed, for programs; what was typed over a formula among it."""
    book = openpyxl.load_workbook(folder / "portfolio.xlsx")
    sheet = book["Accounts"]
    column = next(c.column for c in sheet[4] if c.value == "Score")
    sheet.cell(5, column).value = 99
    book.save(folder / "portfolio.xlsx")
    assert refresh(folder, "--json") == DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["changed"], told["written"], told["made"]) == (True, True, False)
    letter = get_column_letter(column)
    assert told["typed_over"] == [
        {"place": f"Accounts!{letter}5", "header": "Score", "value": "99", "now": "65"}
    ]
    after = openpyxl.load_workbook(folder / "portfolio.xlsx")["Accounts"].cell(5, column).value
    assert str(after).startswith("=")


def test_the_history_is_recorded_after_the_workbook(folder: Path) -> None:
    """A workbook that is open stops the snapshot, too; the next refresh records it."""
    source(folder, ADA, BEA, CYD)
    history = folder / "history.db"
    lock = folder / ".~lock.portfolio.xlsx#"
    lock.touch()
    assert refresh(folder, "--history", str(history)) == IMPOSSIBLE
    assert days(history) == []
    lock.unlink()
    assert refresh(folder, "--history", str(history)) == DONE
    assert days(history) == [("2026-11-22", 3)]


def days(history: Path) -> list[tuple[str, int]]:
    """Day and number of accounts of each recorded snapshot."""
    return [(d.day.isoformat(), d.accounts) for d in History(read_address(str(history))).days()]


def test_the_models_own_sheet_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Weights that people changed in the workbook score the accounts; -m cannot be another."""
    path = folder / "portfolio.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Model"]
    header = next(c for row in sheet.iter_rows() for c in row if c.value == "Usage")
    weights = [c for c in sheet[header.row] if c.value == 35]
    weights[0].value = 95
    book.save(path)
    assert refresh(folder, "--json") == DONE
    assert json.loads(capsys.readouterr().out)["scores"] != []
    assert refresh(folder, "-m", "four-dimension") == IMPOSSIBLE
    assert "Add --replace-model to score with it from now on" in capsys.readouterr().err


def test_values_to_fix_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The status is 1, as of other commands; every good row is refreshed."""
    source(folder, ADA, BEA.replace(",90,", ",900,"))
    assert refresh(folder) == FINDINGS
    assert "1 value to fix" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from", "none.csv"), "none.csv does not exist"),
        (("--table", "Accounts=Nope"), "no such Table"),
        (("--column", "Score=Nope"), "has no column Nope"),
    ],
)
def test_what_cannot_be(
    folder: Path, options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence on standard error, status 2, and nothing is written."""
    before = (folder / "portfolio.xlsx").read_bytes()
    assert refresh(folder, *options) == IMPOSSIBLE
    assert message in capsys.readouterr().err
    assert (folder / "portfolio.xlsx").read_bytes() == before


def test_nobody_says_where_the_accounts_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new workbook without a source, and settings that name one in a wrong way."""
    assert refresh(tmp_path) == IMPOSSIBLE
    assert "Add --from accounts.xlsx" in capsys.readouterr().err
    (tmp_path / "healthsheet.toml").write_text("[refresh]\nfrom = 3\n")
    assert refresh(tmp_path) == IMPOSSIBLE
    assert 'Write from = "accounts.xlsx"' in capsys.readouterr().err


def saved_by_somebody(monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> list[bytes]:
    """After each of the first *times* readings somebody else saves the workbook."""
    read = WorkbookFile.read
    theirs: list[bytes] = []

    def interrupted(self: WorkbookFile) -> bytes:
        data = read(self)
        if len(theirs) < times:
            package = Package(path.read_bytes())
            package.add(f"customXml/item{len(theirs)}.xml", b"<theirs/>")
            theirs.append(package.to_bytes())
            path.write_bytes(theirs[-1])
        return data

    monkeypatch.setattr(WorkbookFile, "read", interrupted)
    return theirs


def test_what_somebody_saved_meanwhile_is_refreshed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read anew: their change and ours stand in it."""
    source(folder, ADA, BEA, CYD)
    saved_by_somebody(monkeypatch, folder / "portfolio.xlsx", 1)
    assert refresh(folder) == DONE
    assert accounts(folder) == ["A-1", "A-2", "A-3"]
    assert "customXml/item0.xml" in Package.open(folder / "portfolio.xlsx")


def test_who_keeps_saving_gets_a_conflict_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Theirs is never written over; ours lies beside it, and the message says where."""
    source(folder, ADA, BEA, CYD)
    theirs = saved_by_somebody(monkeypatch, folder / "portfolio.xlsx", 9)
    assert refresh(folder) == IMPOSSIBLE
    assert (folder / "portfolio.xlsx").read_bytes() == theirs[-1]
    (beside,) = folder.glob("portfolio.conflict-*.xlsx")
    assert f"What was refreshed lies in {beside}." in capsys.readouterr().err
    assert_valid(beside)


@pytest.mark.office
def test_other_programs_may_save_it(folder: Path, office: Office) -> None:
    """Saved by LibreOffice or openpyxl, nothing has changed; a new account is still refreshed."""
    path = folder / "portfolio.xlsx"
    (folder / "lo").mkdir()
    resaved = office.convert(path, folder / "lo", "xlsx")
    for program in ("LibreOffice", "openpyxl"):
        if program == "openpyxl":
            openpyxl.load_workbook(resaved).save(resaved)
        path.write_bytes(resaved.read_bytes())
        source(folder, ADA, BEA)
        assert refresh(folder) == DONE
        assert path.read_bytes() == resaved.read_bytes()
        source(folder, CYD, ADA)
        assert refresh(folder) == DONE
        assert accounts(folder) == ["A-1", "A-3"]
