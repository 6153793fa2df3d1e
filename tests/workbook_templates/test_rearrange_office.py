"""Rows that leave, against LibreOffice deleting the same rows of the same workbook."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.office.client import Office
from tests.workbook_templates.books import draw
from tests.workbook_templates.moving import moved

FIRST, COUNT = 4, 12
LAST = FIRST + COUNT - 1


def _reference(rnd: random.Random, prefix: str, *, fixed: bool = False) -> str:
    """A random reference to cells in and round the Table."""
    rows = sorted(rnd.choices(range(1, LAST + 4), k=2))
    left, right = sorted(rnd.choices("BCDF", k=2))
    a, b, c, d = ("$",) * 4 if fixed else rnd.choices(["", "$"], k=4)
    first = f"{prefix}{a}{left}{b}{rows[0]}"
    return first if rnd.random() < 0.4 else f"{first}:{c}{right}{d}{rows[1]}"


def _formula(rnd: random.Random, prefix: str = "") -> str:
    count = rnd.choice([1, 1, 2])
    return "=" + "+".join(f"SUM({_reference(rnd, prefix)})" for _ in range(count))


def _book(seed: int) -> bytes:
    """A Table with numbers; formulas in its rows, below it and on another sheet, and names."""
    rnd = random.Random(seed)

    def build(book: Any) -> None:
        sheet, other = book.add_worksheet("S"), book.add_worksheet("O")
        columns = [{"header": h} for h in ("Key", "One", "Two", "Own")]
        sheet.add_table(FIRST - 2, 0, LAST - 1, 3, {"name": "T", "columns": columns})
        for row in range(FIRST, LAST + 1):
            sheet.write(row - 1, 0, f"key {row}")
            sheet.write(row - 1, 1, rnd.randrange(100))
            sheet.write(row - 1, 2, rnd.randrange(100))
            sheet.write_formula(row - 1, 3, f"=B{row}*C{row}+SUM(B${FIRST}:B{row})")
            sheet.write(row - 1, 5, rnd.randrange(100))
        for row in range(LAST + 3, LAST + 9):
            sheet.write_formula(row - 1, 7, _formula(rnd))
        for row in range(20):
            other.write_formula(row, 0, _formula(rnd, "S!"))
            book.define_name(f"area_{row}", "=" + _reference(rnd, "S!", fixed=True))
            other.write_formula(row, 1, f"=SUM(area_{row})")
        other.write_formula("C1", "=SUM(T[One])+SUMPRODUCT(T[One],T[Two])")

    return draw(build)


@pytest.mark.parametrize("seed", range(4))
def test_libreoffice_deletes_the_same_rows(seed: int, office: Office, tmp_path: Path) -> None:
    """Every value is what LibreOffice shows after it deleted these sheet rows itself."""
    rnd = random.Random(100 + seed)
    leave = sorted(rnd.sample(range(COUNT), k=2 + seed))
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    before.write_bytes(_book(seed))
    after.write_bytes(moved(before.read_bytes(), T=[k for k in range(COUNT) if k not in leave]))
    theirs = office.without_rows(before, "S", [FIRST + k for k in leave])
    ours = office.recalculate(after)
    for name in ("S", "O"):
        assert dict(ours[name]) == dict(theirs[name])
    assert any(value != 0 for value in theirs["O"].values())
