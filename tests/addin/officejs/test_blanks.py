"""Old Excel hands over 0 for a blank cell: the sheet is asked, and only where it must be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from addin.cells import Fault
from tests.addin.officejs.excel import Excel, Formula
from tests.addin.officejs.serving import Server

pytestmark = pytest.mark.browser

BLANK: Formula = ("HEALTH_SCORE", (((4.0, 5.0, None, 4.0, 4.0),),))
ZERO: Formula = ("HEALTH_SCORE", (((4.0, 5.0, 0.0, 4.0, 4.0),),))
FULL: Formula = ("HEALTH_SCORE", (((4.0, 5.0, 3.0, 4.0, 4.0),),))


@pytest.fixture
def old(browser: Browser, server: Server) -> Iterator[Excel]:
    """Excel that hands over 0 for a blank cell."""
    opened = Excel(browser, server, blank=0)
    yield opened
    opened.close()


def reads(excel: Excel) -> list[list[object]]:
    """Pieces of sheets that were asked for so far: sheet, top, left, rows, columns."""
    return list(excel.page.evaluate("() => workbook.reads"))


def test_blank_and_zero(old: Excel) -> None:
    """A blank cell is missing, a zero is a zero, and ranges below each other are read at once."""
    shown = old.recalculate([BLANK, ZERO, FULL])
    assert shown[0] == 85.0
    assert isinstance(shown[1], Fault)
    assert shown[1].code == "#NUM!"
    assert shown[2] == 80.0
    assert reads(old) == [["Sheet1", 0, 0, 2, 5]]


def test_without_zeros_nothing_is_read(old: Excel) -> None:
    """Where no cell came as 0 there is nothing to ask."""
    assert old.recalculate([FULL]) == [80.0]
    assert reads(old) == []


def test_new_excel_is_believed(excel: Excel) -> None:
    """Who handed over null tells blanks apart, and is not asked again."""
    shown = excel.recalculate([BLANK, ZERO])
    assert shown[0] == 85.0
    assert isinstance(shown[1], Fault)
    assert reads(excel) == []


def test_ranges_far_apart_are_read_alone(old: Excel) -> None:
    """What lies between two ranges is not read when it is much."""
    old.recalculate([BLANK, *[FULL] * 100, BLANK])
    assert reads(old) == [["Sheet1", 0, 0, 1, 5], ["Sheet1", 101, 0, 1, 5]]


def test_another_workbook(old: Excel) -> None:
    """Cells that Excel cannot be asked about stay as they came."""
    old.page.evaluate("() => { workbook.sheets = ['Accounts']; }")
    (shown,) = old.recalculate([ZERO])
    assert isinstance(shown, Fault)
    assert reads(old) == []


def test_editing(old: Excel) -> None:
    """While a cell is edited Excel cannot be asked, so the cells wait for the end."""
    old.page.clock.install()
    old.page.evaluate("() => { workbook.isEditing = true; }")
    old.start([BLANK])
    old.page.clock.run_for(2_000)
    old.page.evaluate("() => { workbook.isEditing = false; }")
    old.page.clock.run_for(1_000)
    assert old.finish() == [85.0]


def test_excel_that_does_not_answer(old: Excel) -> None:
    """Cells do not wait for ever for what Excel does not tell."""
    old.page.clock.install()
    old.page.evaluate("() => { Excel.run = () => new Promise(() => {}); }")
    old.start([FULL, ZERO])
    old.page.clock.run_for(21_000)
    shown = old.finish()
    assert shown[0] == 80.0
    assert isinstance(shown[1], Fault)


def test_no_wrong_number(old: Excel) -> None:
    """An Excel known to mix blanks and zeros up gives an error where it cannot be asked."""
    assert old.recalculate([BLANK]) == [85.0]
    old.page.clock.install()
    old.page.evaluate("() => { workbook.isEditing = true; }")
    old.start([BLANK])
    old.page.clock.run_for(10_000)
    text = "Excel did not tell which cells are blank. Recalculate."
    assert old.finish() == [Fault("#N/A", text)]
