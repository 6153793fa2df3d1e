"""Long sheets, which are read as arrays, give what short ones give."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipeline.sources import read_source
from pipeline.sources.blocks import as_cells, gather
from pipeline.sources.sheet_bounds import bound
from scoring.presets import load_preset
from tests.pipeline.tables import Cell, write_xlsx

MODEL = load_preset("four-dimension")
COUNT = 2500


def test_values_and_places_below_the_first_thousand_rows(tmp_path: Path) -> None:
    """Values, errors and their addresses are right far down, with empty columns in front."""
    rows: list[list[Cell]] = [[None, "ID", "ARR", "Renewal", "Certification Rate", "Owner"]]
    for i in range(COUNT):
        arr = None if i % 7 == 0 else float(i)
        day = date(2026, 12, 31) if i % 2 else None
        owner = "Sample" if i < 900 else None
        rows.append([None, f"A{i}", arr, day, i % 100 / 100, owner])
    rows[2001][4] = 48.0
    rows[2002][4] = "#DIV/0!"
    rows[2003][2] = "€2K"
    inputs = read_source(write_xlsx(tmp_path / "long.xlsx", {"Accounts": rows}), MODEL)
    frame = inputs.accounts
    assert frame["account_id"].tolist() == [f"A{i}" for i in range(COUNT)]
    assert np.isnan(frame["arr"][2100])
    assert frame["arr"][[2101, 2002]].tolist() == [2101.0, 2000.0]
    assert frame["currency"][2002] == "EUR"
    assert frame["renewal_date"].notna().sum() == COUNT // 2
    assert frame["csm"].notna().sum() == 900
    assert [(p.address, p.value) for p in inputs.problems] == [("E2002", "48"),
                                                               ("E2003", "#DIV/0!")]  # fmt: skip


def test_columns_of_rows() -> None:
    """Numbers with blanks become arrays whatever the block, other columns stay cells."""
    rows: list[list[object]] = [["", 1.5, "x", i] for i in range(450)]
    rows[210][1] = ""
    rows[430][0] = "late"
    late, number, text, whole = gather(rows, 4)
    assert isinstance(number, np.ndarray)
    assert list(as_cells(number)) == [row[1] for row in rows]
    assert list(as_cells(late)) == [row[0] for row in rows]
    assert list(text) == ["x"] * 450
    assert list(whole) == list(range(450))
    assert gather([], 2) == [[], []]


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (b'<row r="7"><c r="B7"><v>1</v></c><c r="AB7" t="s"/></row>', (9, 28, 7, False)),
        (b'<row r="12"><c r="ABC12"><v>1</v></c></row><row r="3"/>', (13, 731, 3, False)),
        (b'<row r="5"><c r="A90210" t="e"><v>#N/A</v></c></row>', (91000, 26, 5, True)),
        (b"<cols><col min='1'/></cols>", (9, 26, 0, False)),
        (b'<row r="1"><c s="1" r="XFD1"/></row>', None),
        (b"<row><c><v>1</v></c></row>", None),
        (b'<row r="1"><x:c r="B1"/></row>', None),
    ],
)
def test_bounds(piece: bytes, expected: tuple[int, int, int, bool] | None) -> None:
    """Bounds enclose every cell; unusual tags are left to the walk."""
    found = bound(piece)
    shown = (found.rows, found.columns, found.last_row, found.errors) if found else None
    assert shown == expected
