"""The checklist for a person with Excel promises what the functions really give."""

from __future__ import annotations

import re

import pytest

from tests.modules import ROOT
from tests.office.client import Error, Office, Value

PAGE = (ROOT / "docs" / "excel-checklist.md").read_text(encoding="utf-8")

_SHOWN: dict[str, Value | Error] = {
    "H2": 65.25, "I2": "Amber", "H3": 92.25, "H4": Error("#N/A"), "H5": Error("#VALUE!"),
    "I4": "none", "I5": 65.25, "H7": 30.0, "I7": 80.0, "H14": "Total", "I14": 65.25,
    "J14": 1.0, "K14": 65.25, "H16": 7.0, "I16": 72.0, "J16": "No score, could be Amber or Red",
}  # fmt: skip


def _cells() -> dict[str, Value]:
    """The block that a person pastes, and the error cell that they type."""
    block = re.findall(r"```\n(Account.*?)```", PAGE, re.DOTALL)[0]
    cells: dict[str, Value] = {"C4": "=NA()"}
    for y, line in enumerate(block.splitlines(), 1):
        for x, text in enumerate(line.split("\t")):
            if text:
                cells[f"{'ABCDE'[x]}{y}"] = float(text) if text.isdigit() else text
    return cells


def _steps() -> list[tuple[str, str, str]]:
    """Cell, formula and what it shows, of each numbered step."""
    return re.findall(r"(?m)^\| \d+ \| (\w+) \| `([^`]+)` \| (.*) \|$", PAGE)


@pytest.mark.office
def test_the_sheet_shows_what_the_page_says(office: Office) -> None:
    """Every formula of the page, typed into a spreadsheet, shows what stands beside it."""
    steps = _steps()
    assert len(steps) == 9
    areas = {"H3": "H3:H5", "H9": "H9:L14", "H16": "H16:J16"}
    # LibreOffice takes no array that is typed as values, and what is left out between two
    # arguments must be a cell there.
    formulas = {
        areas.get(cell, cell): formula.replace("{4,5,3,4,4}", "N2:R2").replace(", ,", ",N9,")
        for cell, formula, _ in steps
    }
    ratings = dict(zip(("N2", "O2", "P2", "Q2", "R2"), (4.0, 5.0, 3.0, 4.0, 4.0), strict=True))
    cells = {**_cells(), **ratings}
    shown = office.evaluate(formulas, cells)
    assert {cell: _rounded(shown[cell]) for cell in _SHOWN} == _SHOWN
    assert office.evaluate(formulas, {**cells, "B2": 60.0})["H2"] == 67.0


def _rounded(value: Value | Error) -> Value | Error:
    return round(value, 9) if isinstance(value, float) else value


def test_the_page_names_what_is_shown() -> None:
    """The values that the test above finds are those that the page prints."""
    told = {cell: shows for cell, _, shows in _steps()}
    assert told["H3"] == "92.25, below it `#N/A` and `#VALUE!`"
    assert told["H16"] == "7, 72, No score, could be Amber or Red"
    assert told["H9"].endswith("Total, 65.25, 1, 65.25")
    assert [told[c] for c in ("H2", "I2", "I4", "I5", "H7", "I7")] == [
        "65.25", "Amber", "none", "65.25", "30", "80",
    ]  # fmt: skip
