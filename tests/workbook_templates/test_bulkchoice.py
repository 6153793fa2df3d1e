"""Which Tables are written many rows at once, and which row by row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workbook_templates.bulkbooks import both, people, some
from workbook_templates.fill import Template
from workbook_templates.ooxml.bulk import Bulk
from workbook_templates.ooxml.columns import Columns


def _other_sheet(book: Any, _sheet: Any) -> None:
    """Two Tables side by side and a named cell in the rows of a third, each on its sheet."""
    more, places = book.add_worksheet("More"), book.add_worksheet("Places")
    for at, name in (("A1:A6", "U"), ("C1:C3", "V")):
        more.add_table(at, {"name": name, "columns": [{"header": "K"}]})
    places.add_table("A1:A6", {"name": "W", "columns": [{"header": "K"}]})
    book.define_name("beside", "=Places!$D$3")


MORE = {
    "U": Columns.of({"K": [1.0, 2.0, 3.0, 4.0, 5.0]}),
    "V": Columns.of({"K": ["a", "b"]}),
    "W": Columns.of({"K": ["x", None, "z", 1, True]}),
}


def _in_bulk(book: bytes, tables: dict[str, Any], values: dict[str, Any]) -> list[list[str]]:
    """Names of the Tables that each filling by columns took."""
    seen: list[list[str]] = []
    of = Bulk.of

    def spy(workbook: Any, columns: Any, sizes: Any) -> Bulk:
        seen.append(sorted(columns))
        return of(workbook, columns, sizes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bulk, "of", spy)
        Template(book).fill(values, tables)
    return seen


def test_one_crowded_sheet_does_not_slow_the_others() -> None:
    """Tables that share their rows are written row by row, those of other sheets at once."""
    book = people(9, _other_sheet)
    assert _in_bulk(book, {"T": some(9), **MORE}, {"beside": 1}) == [["T"]]
    assert _in_bulk(book, {"T": some(9), "U": MORE["U"]}, {"zero": 1}) == [["T", "U"]]
    assert _in_bulk(book, {"T": some(9), "W": MORE["W"]}, {}) == [["T", "W"]]
    assert _in_bulk(book, {"U": MORE["U"], "V": MORE["V"]}, {}) == []
    assert _in_bulk(book, {"W": MORE["W"]}, {"beside": 1}) == []


@pytest.mark.parametrize("rows", [4, 9, 12])
def test_crowded_sheets_are_filled_as_row_by_row(rows: int) -> None:
    """Whatever is written at once, the workbook says the same."""
    book = people(9, _other_sheet)
    new, old = both(book, some(rows), tables=MORE, values={"zero": 1, "beside": "b"})
    assert new == old
    assert "<v>5.0</v>" in new["xl/worksheets/sheet3.xml"]
    assert "<t>b</t>" in new["xl/worksheets/sheet4.xml"]
