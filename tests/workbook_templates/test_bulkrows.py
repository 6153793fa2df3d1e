"""Rows read many at once are read as they are read one by one; formulas are copied as in Excel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_templates.ooxml import bulkrows
from workbook_templates.ooxml.bulkcells import joined
from workbook_templates.ooxml.bulkformulas import RowNumbers, copied_down
from workbook_templates.ooxml.bulkrows import RowBlock, has_formulas, read_rows, slices
from workbook_templates.ooxml.refs import cell_name, shift_formula
from workbook_templates.ooxml.xml import escape

_BODIES = st.sampled_from(
    [
        "/>",
        "></c>",
        "><v>1.5</v></c>",
        ' t="s"><v>7</v></c>',
        ' t="inlineStr"><is><t xml:space="preserve"> a &lt; </t></is></c>',
        ' t="inlineStr"><is><r><rPr><b/><charset val="1"/></rPr><t>r</t></r></is></c>',
        "><f>A1+1</f><v>2</v></c>",
        ' t="str"><f t="shared" si="0"/><v>x</v></c>',
        "><f>IF(A1&gt;1,2,3)</f></c>",
        ' s="12" cm="1"><f t="array" ref="B2">B1</f><v/></c>',
    ]
)
_ROWS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["", ' spans="1:3"', ' ht="20" customHeight="1"', ' s="3"']),
        st.dictionaries(st.sampled_from([1, 2, 3, 26, 27, 703, 16_384]), _BODIES, max_size=5),
    ),
    min_size=1,
    max_size=6,
)


def _xml(rows: list[tuple[int, str, dict[int, str]]], first: int) -> bytes:
    out, number = "", first
    for step, attrs, cells in rows:
        number += step
        inner = "".join(f'<c r="{cell_name(number, col)}"{cells[col]}' for col in sorted(cells))
        short = not inner and step == 1
        out += f'<row r="{number}"{attrs}' + ("/>" if short else f">{inner}</row>")
    return out.encode()


@settings(max_examples=150, deadline=None)
@given(_ROWS, st.sampled_from([0, 8, 98, 99_990, 1_048_500]))
def test_rows_at_once_are_rows_one_by_one(
    rows: list[tuple[int, str, dict[int, str]]], first: int
) -> None:
    """Offsets, columns, attributes and formulas agree with a reader that takes cell by cell."""
    data = _xml(rows, first)
    quick, slow = bulkrows.at_once(data), bulkrows._one_by_one(data, b"")
    assert quick is not None
    for name in ("number", "start", "inner", "close", "end", "row", "col", "cell", "stop"):
        assert getattr(quick, name).tolist() == getattr(slow, name).tolist(), name
    assert quick.formula.tolist() == slow.formula.tolist()
    assert quick.formula_end.tolist() == slow.formula_end.tolist()
    for col in (1, 2, 4, 27, 16_384):
        assert [x.tolist() for x in quick.span(col)] == [x.tolist() for x in slow.span(col)]
        at, hit = quick.cells(col)
        if hit.any():
            assert _attributes(quick, at[hit]) == _attributes(slow, at[hit])


def _attributes(block: RowBlock, cells: bulkrows.Ints) -> list[bytes]:
    known, codes = block.attributes(cells)
    return [known[k] for k in codes.tolist()]


def test_more_kinds_of_attributes_than_usual_are_told_apart() -> None:
    """A column in which every cell has another style keeps each."""
    data = b"".join(b'<row r="%d"><c r="A%d" s="%d"/></row>' % (k, k, k) for k in range(1, 40))
    block = read_rows(data)
    at, _ = block.cells(1)
    assert _attributes(block, at) == [b' s="%d"' % k for k in range(1, 40)]


@pytest.mark.parametrize(
    "data",
    [
        b'<row r="2"><c r="A2"/> <c r="B2"/></row>',
        b'<row spans="1:2" r="2"><c r="A2"/></row>',
        b'<row r="2"><c s="1" r="A2"/></row>',
        b"<row r='2'><c r='A2'/></row>",
        b'<row r="2"><c r="A2"/><extLst><ext uri="x"/></extLst></row>',
        b'<row r="2"><c r="A2"/></row>\n<row r="3"/>',
    ],
)
def test_unusual_rows_are_left_to_the_careful_reader(data: bytes) -> None:
    """What is written otherwise than usual is not read at once, but read."""
    assert bulkrows.at_once(data) is None
    block = read_rows(data)
    assert block.number.tolist()[0] == 2
    assert block.col.tolist()[0] == 1


def test_formulas_are_seen_across_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula that starts where one step ends is found, and none where there is none."""
    monkeypatch.setattr(bulkrows, "_STEP", 5)
    for shift in range(7):
        data = b"x" * shift + b"<c><f>1</f>"
        assert has_formulas(data, 0, len(data))
        assert not has_formulas(data, 0, shift + 3)
    assert not has_formulas(b"<c>of</c>", 0, 9)


def test_slices_are_the_bytes_between() -> None:
    """Pieces of a text, some of them empty."""
    start, end = np.array([0, 2, 6], np.int32), np.array([2, 2, 8], np.int32)
    assert slices("abcdéfg".encode(), start, end).to_pylist() == ["ab", "", "fg"]


_FORMULAS = (
    "A5*2", "$A$5+$A5+A$5", "SUM(B$5:B5)", "SUM(B5:B$9)", "Sum!C5&\"<A5>\"", "5:5", "A:A+B5",
    "'My ''sheet'''!B5:C6", "Table[[#This Row],[x]]", "B1", "TAX2024+LOG10(A5)", "b5", "A5:$C$9",
)  # fmt: skip


@pytest.mark.parametrize("formula", _FORMULAS)
@pytest.mark.parametrize("rows", [[6, 7, 40], [5], [1, 2], [1_048_575, 1_048_576]])
def test_formulas_are_copied_down_as_one_by_one(formula: str, rows: list[int]) -> None:
    """Relative rows shift, fixed ones stay, and what leaves the sheet is #REF!."""
    made = joined(copied_down(formula, 5, RowNumbers(rows)), len(rows)).to_pylist()
    if rows == [5]:
        assert [text.upper() for text in made] == [escape(formula).decode().upper()]
        return
    assert made == [escape(shift_formula(formula, row - 5, 0)).decode() for row in rows]
