"""Every call of the contract, and the ribbon's commands, through the Windows half of xlwings.

Its decorators, converters and `CallUDF` are unmodified; what stands for Windows is in `windows`.
"""

from __future__ import annotations

import pytest

from addin.hosts.xlwings import functions
from addin.hosts.xlwings.vba import COMMANDS_MODULE
from addin.registry import FUNCTIONS
from tests.addin.contract import CALLS, Call
from tests.addin.test_functions import same
from tests.addin.xlwings.conftest import Answers
from tests.addin.xlwings.variants import area, as_object, result


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_contract(call: Call, answers: Answers) -> None:
    """The add-in's VBA hands a range over as its values, and gets what the cell must show."""
    given = [area(g) if isinstance(g, tuple) else g for g in call.given]
    assert same(result(answers.call(call.function, *given)), call.expected)


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_contract_with_ranges(call: Call, answers: Answers) -> None:
    """A person's own VBA may hand ranges over as objects, dates as dates: they are read alike."""
    given = [as_object(g) if isinstance(g, tuple) else g for g in call.given]
    assert same(result(answers.call(call.function, *given)), call.expected)


def test_commands_answer(answers: Answers) -> None:
    """A button's command gets the workbook and gives a text."""
    rows = [["Account", "Usage", "NPS"], ["Sample Account 1", 55.0, None]]
    text = answers.call("refresh_portfolio", {"workbook": rows}, module=COMMANDS_MODULE)
    assert text.startswith("Scored ")
    text = answers.call("show_help", {"workbook": rows}, module=COMMANDS_MODULE)
    assert text.startswith(f"{len(FUNCTIONS)} functions")


def test_one_row_of_a_range_is_not_cut(answers: Answers) -> None:
    """A result of one row arrives whole: pywin32 would keep only the first cell of a tuple."""
    rows = result(answers.call("HEALTH_BOUNDS", [[3.0, 3.0, 3.0, 3.0, 3.0]]))
    assert isinstance(rows, tuple)
    assert len(rows[0]) == 3


def test_xlwings_imports_none_of_them() -> None:
    """Its own wrapper would show an error as a number, so it must not find the functions."""
    assert dir(functions) == []
    assert callable(functions.HEALTH_SCORE)
    with pytest.raises(AttributeError, match="NO_SUCH"):
        functions.NO_SUCH  # noqa: B018
