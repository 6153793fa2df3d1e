"""Every call of the contract through the Windows half of xlwings."""

from __future__ import annotations

import pytest

from tests.addin.contract import CALLS, Call
from tests.addin.test_functions import same
from tests.addin.xlwings.conftest import Answers
from tests.addin.xlwings.variants import area, result


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_contract(call: Call, answers: Answers) -> None:
    """The add-in's VBA hands a range over as its values, and gets what the cell must show."""
    given = [area(g) if isinstance(g, tuple) else g for g in call.given]
    assert same(result(answers.call(call.function, *given)), call.expected)
