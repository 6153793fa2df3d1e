"""What the client does where the server takes less than it sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from addin.cells import Fault
from tests.addin.officejs.excel import Excel, Formula
from tests.addin.officejs.serving import Server
from tests.addin.officejs.test_batches import ratings, right, scores

pytestmark = pytest.mark.browser

Opened = Callable[..., Excel]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Excel on a server with settings of one's own."""
    running: list[tuple[Excel, Server]] = []

    def start(**settings: object) -> Excel:
        server = Server(**settings).start()
        running.append((Excel(browser, server), server))
        return running[-1][0]

    yield start
    for excel, server in running:
        excel.close()
        server.kill()


def answered(excel: Excel) -> Counter[int]:
    """How often the server answered what."""
    found = [request.response() for request in excel.requests if request.url.endswith("/v1/calls")]
    return Counter(response.status for response in found if response)


def test_too_many_calls_go_in_halves(opened: Opened) -> None:
    """Where a request has too many calls its halves are sent, down to what fits."""
    excel = opened(max_calls=300)
    formulas = scores(1_000)
    assert right(formulas, excel.recalculate(formulas))
    assert answered(excel) == {413: 3, 200: 4}


def test_one_call_that_is_too_large(opened: Opened) -> None:
    """Only the cell whose range is too large fails, and it says why."""
    excel = opened(max_cells=5_000)
    rows = tuple(ratings(i)[0] for i in range(1_001))
    formulas: list[Formula] = [*scores(20), ("HEALTH_SCORE", (rows,)), *scores(20)]
    shown = excel.recalculate(formulas)
    assert right(formulas[:20], shown[:20])
    assert right(formulas[21:], shown[21:])
    assert shown[20] == Fault("#N/A", "More than 5000 cells. Use fewer rows.")


def test_a_body_that_is_too_large_goes_in_halves(opened: Opened) -> None:
    """The size of a body counts as well."""
    excel = opened(max_body=20_000)
    formulas = scores(1_000)
    assert right(formulas, excel.recalculate(formulas))
    assert answered(excel)[413] > 0


def test_a_busy_server_is_asked_later(opened: Opened) -> None:
    """Above the rate that the server allows, cells wait and come."""
    excel = opened(rate="3/second")
    formulas = scores(8_100)
    assert right(formulas, excel.recalculate(formulas))
    assert answered(excel)[429] > 0
    assert excel.state == "connected"


def test_a_malformed_call_fails_alone(opened: Opened) -> None:
    """A cell that the server cannot even read takes no other cell with it."""
    excel = opened()
    good: Formula = ("HEALTH_TIER", (80.0,))
    bad: Formula = ("HEALTH_TIER", (((1.0, 2.0), (3.0,)),))
    shown = excel.recalculate([good, bad, ("HEALTH_TIER", (10.0,))])
    assert shown[0] == "Green"
    assert shown[2] == "Red"
    assert isinstance(shown[1], Fault)
    assert shown[1].message.startswith("The rows of a range differ in length")
