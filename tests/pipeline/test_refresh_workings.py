"""A refresh and what nobody wrote: the sheet of workings, blank cells, notes on missing places."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

from pipeline.cli import DONE, main
from workbook_templates.package import Package
from workbook_templates.portfolio.names import WORKINGS

_HEAD = "Account ID,Account,CSM,Usage,Engagement,Sentiment,Financial,ARR,Currency,Renewal date\n"


def refresh(folder: Path, csms: int, day: str, *options: str) -> None:
    """Refresh the folder's workbook with 24 accounts of some CSMs, the score history kept."""
    rows = (
        f"{i:05d},Acct {i},CSM {i % csms:02d},{i},{3 * i},{100 - i},50,"
        f"{100 * i},USD,2027-0{1 + i % 9}-15\n"
        for i in range(1, 25)
    )
    (folder / "accounts.csv").write_text(_HEAD + "".join(rows))
    more = ("--from", str(folder / "accounts.csv"), "--history", str(folder / "h.db"))
    model = () if (folder / "p.xlsx").exists() else ("-m", "four-dimension")
    assert (
        main(["refresh", str(folder / "p.xlsx"), *more, "--as-of", day, *model, *options]) == DONE
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the workbook of twelve CSMs at the end of a month."""
    folder = tmp_path_factory.mktemp("made")
    refresh(folder, 12, "2026-10-26")
    return folder


def sheet(data: bytes, name: str) -> Any:
    """One sheet of a workbook, with formulas."""
    return openpyxl.load_workbook(io.BytesIO(data))[name]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_texts_that_are_empty_are_blank_cells(made: Path) -> None:
    """No cell of a new workbook holds an empty text, which ISBLANK and COUNTA take for one."""
    package = Package((made / "p.xlsx").read_bytes())
    sheets = [n for n in package if n.startswith("xl/worksheets/") and n.endswith(".xml")]
    assert len(sheets) > 10
    assert [n for n in sheets if b"<is><t></t></is>" in package.read(n)] == []
    accounts = sheet((made / "p.xlsx").read_bytes(), "Accounts")
    heads = {c.value: c.column for c in accounts[4]}
    assert accounts.cell(5, heads["Override"]).value is None
    assert accounts.cell(5, heads["Account ID"]).value is not None


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_workings_of_other_charts_stay_when_a_list_shrinks(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five CSMs fewer and a month more: no other block moves, and nothing of ours is archived."""
    before = sheet((made / "p.xlsx").read_bytes(), WORKINGS)
    capsys.readouterr()
    refresh(made, 7, "2026-11-02", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["archived"] == 0
    data = (made / "p.xlsx").read_bytes()
    after = sheet(data, WORKINGS)
    assert (before.tables["CsmChart"].ref, after.tables["CsmChart"].ref) == ("DA2:DE14", "DA2:DE9")
    # From GA on: the movers' spread, beside the months of the history.
    first = column_index_from_string("GA")
    for row in range(1, 16):
        cells = [(s.cell(row, first).value, s.cell(row, first + 1).value) for s in (before, after)]
        assert cells[0] == cells[1], row
    assert {c.value for c in after["GA"] if c.value} >= {"No change", "First score"}
    assert sheet(data, "Archive")["B1"].value == "Nothing archived"
