"""The contract through Microsoft's runtime, our client and our server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from addin.cells import Fault, Results
from tests.addin.contract import CALLS, Call
from tests.addin.officejs.excel import Excel
from tests.addin.officejs.serving import Server
from tests.addin.test_functions import same

pytestmark = pytest.mark.browser

Answers = dict[str, Results]


@pytest.fixture(scope="module", params=[None, "", 0], ids=["null", "text", "zero"])
def answers(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Answers]:
    """All calls of the contract in one recalculation."""
    excel = Excel(browser, server, blank=request.param)
    found = excel.recalculate([(call.function, call.given) for call in CALLS])
    yield dict(zip((call.name for call in CALLS), found, strict=True))
    excel.close()


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_contract(call: Call, answers: Answers) -> None:
    """Every call of the table shows what it must, errors as Excel's own."""
    assert same(answers[call.name], call.expected)


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_faults_keep_their_messages(call: Call, answers: Answers) -> None:
    """Errors with which Excel shows a message come with one."""
    got = answers[call.name]
    if isinstance(got, Fault) and got.code in {"#VALUE!", "#N/A"}:
        assert got.message.endswith(".")
