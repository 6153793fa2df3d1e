"""Formulas in the notation of files, and the limits of Excel that they keep."""

from __future__ import annotations

import re

import pytest

from tests.validity.formulas import faults
from workbook_templates.lambdas.notation import NEWER, in_file, variables
from workbook_templates.lambdas.program import FUNCTIONS, HELPERS

ALL = {**HELPERS, **FUNCTIONS}
# What Excel 365 knows besides the newer ones; every one of them is in Excel 2010 too.
OLDER = frozenset(
    """ABS AND COLUMNS DATE DAY IF IFERROR INDEX INT ISERROR ISLOGICAL ISNA ISNUMBER ISTEXT LEFT LEN
    LOWER MAX MID MIN MONTH NA NOT OR RIGHT ROWS SUBSTITUTE SUM TODAY TRIM VALUE""".split()
)

each = pytest.mark.parametrize("name", ALL)


def test_prefixes() -> None:
    """Functions and variables get their prefixes; texts, names and sheets stay as they are."""
    plain = """
        LAMBDA(rows,[other_way],
          LET(number,SUM(rows)+1,IF(ISOMITTED(other_way),"LET(x,1) of rows",Sheet!$A$1&_HS_X)))
    """
    assert in_file(plain) == (
        "_xlfn.LAMBDA(_xlpm.rows,_xlop.other_way,_xlfn.LET(_xlpm.number,SUM(_xlpm.rows)+1,"
        'IF(_xlfn.ISOMITTED(_xlpm.other_way),"LET(x,1) of rows",Sheet!$A$1&_HS_X)))'
    )
    assert variables(plain) == {"rows", "other_way", "number"}


@each
def test_excel_takes_the_formula(name: str) -> None:
    """Every name's formula keeps Excel's limits: length, nesting, brackets, prefixes."""
    assert list(faults(in_file(ALL[name]), ())) == []
    assert len(in_file(ALL[name])) < 2048


@each
def test_functions_are_known(name: str) -> None:
    """Only functions are called that Excel 365 has, or names that the workbook defines."""
    text = re.sub(r'"(?:[^"]|"")*"', '""', ALL[name])
    called = set(re.findall(r"([A-Z_][A-Z0-9_.]*)\(", text))
    assert called - OLDER - NEWER - set(ALL) == set()


@each
def test_variables_are_no_cells(name: str) -> None:
    """Excel refuses a variable that reads like a cell or a row, such as A1, R or C."""
    assert all(re.fullmatch(r"[a-z]{2,}(_[a-z]+)*", v) for v in variables(ALL[name]))
    assert "rc" not in variables(ALL[name])


def test_no_number_of_a_model_is_typed_into_a_formula() -> None:
    """Weights and thresholds stand in cells: the formulas hold only 0, 1, 100, 20 and slack."""
    allowed = {"0", "1", "2", "4", "5", "6", "8", "10", "20", "100", "160", "0.04"}
    allowed |= {"0.500000001", "0.000000001", "100.000000001"}
    for formula in ALL.values():
        text = re.sub(r'"(?:[^"]|"")*"', '""', formula)
        assert set(re.findall(r"(?<![A-Z_\d.])\d[\d.]*", text)) <= allowed
