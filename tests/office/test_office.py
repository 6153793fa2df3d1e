"""The shared LibreOffice does what its fixture promises."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
import xlsxwriter

from tests.office.client import Error, Office, OfficeError, Value, shut_down

pytestmark = pytest.mark.office


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "a [b].xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("In put")
        sheet.write_row("A1", [3, "text", True])
        sheet.write_formula("A2", "=A1*2", value=99)
        sheet.write_formula("B2", "=1/0", value="#DIV/0!")
        sheet.write_formula("C2", "=A1>1", book.add_format({"num_format": "BOOLEAN"}), value=True)
        sheet.write_formula("D2", '=IF(A1>1,"","x")', value="")
        book.add_worksheet("Other").write_formula("E5", "='In put'!A2+1", value=0)
    return path


def test_read_shows_the_cached_values(office: Office, workbook: Path) -> None:
    """Reading does not recalculate."""
    assert office.read(workbook)["In put"]["A2"] == 99


def test_recalculate(office: Office, workbook: Path) -> None:
    """A hard recalculation replaces every cached value, with its own type."""
    sheets = office.recalculate(workbook)
    assert sheets["In put"] == {
        "A1": 3.0,
        "B1": "text",
        "C1": True,
        "A2": 6.0,
        "B2": Error("#DIV/0!"),
        "C2": True,
        "D2": "",
    }
    assert sheets["In put"]["C1"] is True
    assert sheets["In put"]["Z99"] is None
    assert sheets["In put"].area == "A1:D2"
    assert sheets["In put"].errors() == {"B2": Error("#DIV/0!")}
    assert sheets["Other"]["E5"] == 7.0


def test_trials_start_from_the_file(office: Office, workbook: Path) -> None:
    """Each trial changes the file as it is: what an earlier one typed is gone again."""
    trials: list[dict[tuple[str, str], Value]]
    trials = [{("In put", "A1"): 10}, {("In put", "C1"): False}, {("In put", "A2"): "=7*7"}, {}]
    cells = [("In put", "A2"), ("In put", "C2"), ("In put", "C1"), ("In put", "B2")]
    error = Error("#DIV/0!")
    assert office.trials(workbook, trials, cells) == [
        [20.0, True, True, error],
        [6.0, True, False, error],
        [49.0, True, True, error],
        [6.0, True, True, error],
    ]


def test_recalculate_with_changes(office: Office, workbook: Path) -> None:
    """Cells are set before the recalculation and the file stays as it is."""
    before = workbook.read_bytes()
    sheets = office.recalculate(
        workbook, changes={("In put", "A1"): 10, ("Other", "A1"): "=E5*2", ("In put", "B1"): None}
    )
    assert sheets["Other"] == {"E5": 21.0, "A1": 42.0}
    assert sheets["In put"]["B1"] is None
    assert workbook.read_bytes() == before
    assert [p.name for p in workbook.parent.iterdir()] == [workbook.name]


def test_evaluate(office: Office) -> None:
    """Typed formulas see numbers, texts, truth values, blanks and error cells."""
    shown = office.evaluate(
        {
            "E1": "=SUM(A1:B1)",
            "E2": "=ISBLANK(D1)",
            "E3": "=A2+1",
            "E4": "=A3",
            "E5": "=C1&IF(A4;1;2)",
            "F1:G2": "=A1:B1*{1;10}",
        },
        cells={"A1": 1.5, "B1": 2, "C1": "t", "D1": None, "A2": "=1/0", "A3": "=NA()", "A4": True},
    )
    assert shown["E1"] == 3.5
    assert shown["E2"] is True
    assert shown["E3"] == Error("#DIV/0!")
    assert shown["E4"] == Error("#N/A")
    assert shown["E5"] == "t1"
    assert [shown[at] for at in ("F1", "G1", "F2", "G2")] == [1.5, 2.0, 15.0, 20.0]


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "ods", "xls", "csv"])
def test_convert(office: Office, workbook: Path, tmp_path: Path, kind: str) -> None:
    """Every format is written, and those that hold a workbook read back."""
    made = office.convert(workbook, tmp_path / "out", kind, recalculate=True)
    assert made.suffix == f".{kind}"
    assert made.stat().st_size > 10
    if kind in ("xlsx", "ods", "xls"):
        assert office.read(made)["Other"]["E5"] == 7.0


def test_pictures(office: Office, workbook: Path, tmp_path: Path) -> None:
    """Each printed page becomes a PNG."""
    pages = office.pictures(workbook, tmp_path / "pages")
    assert len(pages) == 2
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


def test_unreadable_file(office: Office, tmp_path: Path) -> None:
    """A file that is missing is an error here, not a hang."""
    with pytest.raises(FileNotFoundError):
        office.read(tmp_path / "none.xlsx")


def test_unknown_sheet(office: Office, workbook: Path) -> None:
    """A change on a sheet that does not exist is LibreOffice's error."""
    with pytest.raises(OfficeError, match="NoSuchElement"):
        office.recalculate(workbook, changes={("Nowhere", "A1"): 1})


def test_starts_again_after_a_crash(tmp_path: Path) -> None:
    """When LibreOffice dies, the next request starts it again."""
    own = Office(tmp_path, lambda: None)
    try:
        own.evaluate({"A1": "=1+1"})
        _, group = json.loads((tmp_path / "server.json").read_text())
        os.killpg(group, signal.SIGKILL)
        assert own.evaluate({"A1": "=1+1"})["A1"] == 2.0
    finally:
        own.close()
        shut_down(tmp_path)
