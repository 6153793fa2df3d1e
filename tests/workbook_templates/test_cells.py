"""Values of cells: what Excel, openpyxl and calamine read back is what was given."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from itertools import count

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from tests.workbook_templates.books import SHEET1, card, cell, cells, draw
from workbook_templates.fill import CellError, Template, Value
from workbook_templates.ooxml import remembered
from workbook_templates.ooxml.cells import day_of, serial
from workbook_templates.ooxml.problems import DoesNotFit

TEMPLATE = Template(draw(card))
T1904 = Template(draw(card, date_1904=True))


def _xml(value: Value, name: str = "missing", ref: str = "H30") -> str:
    return cell(TEMPLATE.fill({name: value}), SHEET1, ref)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_text_round_trips_through_openpyxl_and_calamine(text: str) -> None:
    """Text round trips through openpyxl and calamine."""
    data = TEMPLATE.fill({"account": text})
    read = openpyxl.load_workbook(io.BytesIO(data))["Card"]["B1"]
    assert unescape(read.value or "") == text
    assert read.data_type in ("s", "n" if not text else "s", "inlineStr")
    row = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Card").to_python()[0]
    if text.isprintable() and "_x" not in text:
        assert row[1] == text


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("=cmd|'/c calc'!A1", "<t>=cmd|'/c calc'!A1</t>"),
        (" a", '<t xml:space="preserve"> a</t>'),
        ("a\nb", '<t xml:space="preserve">a\nb</t>'),
        ("a & <b>", "<t>a &amp; &lt;b&gt;</t>"),
        ("_x0041_", "<t>_x005F_x0041_</t>"),
        ("bell\x07 cr\r", "bell_x0007_ cr_x000D_"),
        ("lone \ud800!", "<t>lone �!</t>"),
        ("\ufffe", "<t>_xFFFE_</t>"),
    ],
)
def test_text_is_escaped_as_excel_does_and_never_a_formula(text: str, inside: str) -> None:
    """Text is escaped as excel does and never a formula."""
    xml = _xml(text)
    assert inside in xml
    assert 't="inlineStr"' in xml
    assert "<f>" not in xml


def test_text_beyond_a_cells_length_is_cut_where_it_can_be_seen() -> None:
    """Text beyond a cells length is cut where it can be seen."""
    read = cells(TEMPLATE.fill({"account": "x" * 40_000}), "Card")["B1"]
    assert len(read) == 32_767
    assert read.endswith("x…")
    emoji = cells(TEMPLATE.fill({"account": "😀" * 20_000}), "Card")["B1"]
    assert len(emoji.encode("utf-16-le")) <= 2 * 32_767
    assert emoji.endswith("😀…")
    assert cells(TEMPLATE.fill({"account": "x" * 32_767}), "Card")["B1"] == "x" * 32_767


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))
def test_numbers_keep_every_digit(number: float) -> None:
    """Numbers keep every digit."""
    xml = _xml(number)
    assert float(xml[xml.index("<v>") + 3 : xml.index("</v>")]) == number


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), np.float64("nan")])
def test_what_is_no_number_is_na_and_never_blank(number: float) -> None:
    """What is no number is na and never blank."""
    assert _xml(number) == '<c r="H30" t="e"><v>#N/A</v></c>'


@pytest.mark.parametrize(
    ("value", "xml"),
    [
        (True, '<c r="H30" t="b"><v>1</v></c>'),
        (CellError("#DIV/0!"), '<c r="H30" t="e"><v>#DIV/0!</v></c>'),
        (None, '<c r="H30"/>'),
        (np.int64(7), '<c r="H30"><v>7</v></c>'),
        (np.float64(7.25), '<c r="H30"><v>7.25</v></c>'),
        (np.str_("a"), '<c r="H30" t="inlineStr"><is><t>a</t></is></c>'),
        (np.bool_(False), '<c r="H30" t="b"><v>0</v></c>'),
        (date(1900, 1, 1), '<c r="H30"><v>1</v></c>'),
        (date(1900, 2, 28), '<c r="H30"><v>59</v></c>'),
        (date(1900, 3, 1), '<c r="H30"><v>61</v></c>'),
        (datetime(2024, 1, 1, 12), '<c r="H30"><v>45292.5</v></c>'),  # noqa: DTZ001
    ],
)
def test_each_kind_of_value_has_its_own_xml(value: Value, xml: str) -> None:
    """Each kind of value has its own xml."""
    assert _xml(value) == xml


@given(st.dates(date(1904, 1, 2), date(9999, 12, 31)))
def test_dates_are_read_back_in_both_date_systems(day: date) -> None:
    """Dates are read back in both date systems."""
    for template in (TEMPLATE, T1904):
        assert cells(template.fill({"day": day}), "Card")["B4"].date() == day


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (2**53 + 1, "as text"),
        (date(1899, 12, 31), "before 1900"),
        (datetime(2024, 1, 1, tzinfo=UTC), "time zone"),
        (object(), "cannot stand in a cell"),
        (b"bytes", "cannot stand in a cell"),
    ],
)
def test_values_that_no_cell_holds_are_refused(value: Value, why: str) -> None:
    """Values that no cell holds are refused."""
    with pytest.raises(DoesNotFit, match=why):
        TEMPLATE.fill({"missing": value})
    with pytest.raises(DoesNotFit, match="before 1904"):
        T1904.fill({"missing": date(1903, 12, 31)})


def test_an_unknown_error_code_is_refused() -> None:
    """An unknown error code is refused."""
    with pytest.raises(DoesNotFit, match="#OOPS"):
        CellError("#OOPS")


def test_equal_values_of_different_kinds_are_not_mixed_up() -> None:
    """Equal values of different kinds are not mixed up."""
    given: list[Value] = [1, 1.0, True, 0.0, -0.0, False, float("nan"), float("nan"), "1"]
    once = [_xml(value) for value in given]
    assert [_xml(value) for value in given] == once
    assert [xml.partition("<v>")[2].partition("</v>")[0] for xml in once] == [
        *("1", "1.0", "1", "0.0", "0.0", "0", "#N/A", "#N/A", "")
    ]


def test_values_are_remembered_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are remembered within limits."""
    monkeypatch.setattr(remembered, "_LIMIT", 3)
    numbers = count(1)
    known = remembered.Remembered(frozenset({str}), lambda _: next(numbers))
    assert [known[str][text] for text in ("a", "b", "a", "c", "d", "a")] == [1, 2, 1, 3, 4, 5]
    assert known[list][[]] == 6  # a list is no key


@pytest.mark.parametrize("date1904", [False, True])
def test_a_day_comes_back_from_its_number(date1904: bool) -> None:
    """A number is the day it was written as; what no calendar has is none, not a crash."""
    for day in (date(1960, 2, 29), date(2026, 11, 23), date(9999, 12, 31)):
        assert day_of(serial(day, date1904=date1904) + 0.75, date1904=date1904) == day
    for number in (-1.0, 0.0, 1e7, 1e300, float("nan"), float("inf")):
        assert day_of(number, date1904=date1904) is None
