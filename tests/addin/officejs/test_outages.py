"""What cells show while the server is away, and that they recover by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from addin.cells import Fault
from tests.addin.officejs.excel import Excel
from tests.addin.officejs.serving import Server
from tests.addin.officejs.test_batches import right, scores

pytestmark = pytest.mark.browser

TIER = ("HEALTH_TIER", (80.0,))


@pytest.fixture(scope="module")
def fragile() -> Iterator[Server]:
    """A server that tests stop and start."""
    running = Server().start()
    yield running
    running.kill()


@pytest.fixture
def excel(browser: Browser, fragile: Server) -> Iterator[Excel]:
    """A fresh Excel on that server, with a clock that can be moved forward."""
    if not fragile.is_up():
        fragile.kill()
        fragile.start()
    opened = Excel(browser, fragile)
    opened.session("await session.settings();")
    opened.page.clock.install()
    yield opened
    opened.close()


def test_restart_in_the_middle(excel: Excel) -> None:
    """A server that dies over a recalculation and comes back costs no cell its value."""
    formulas = scores(5_000)
    excel.server.pause()
    with excel.page.expect_event("requestfailed"):
        with excel.page.expect_request("**/v1/calls"):
            excel.start(formulas)
        excel.server.kill()
    # However long the server takes to start on a busy machine, for the client it is a second.
    now = excel.page.evaluate("() => Date.now() / 1000")
    excel.page.clock.pause_at(now + 1)
    excel.server.start()
    excel.page.clock.resume()
    assert right(formulas, excel.finish())
    assert excel.state == "connected"


def test_long_outage(excel: Excel) -> None:
    """After 20 seconds cells say what is wrong, and are calculated once the server is back."""
    excel.server.kill()
    with excel.page.expect_event("requestfailed"):
        excel.start(scores(5_000))
    excel.page.clock.fast_forward(21_000)
    (shown,) = set(excel.finish())
    assert isinstance(shown, Fault)
    assert shown.code == "#N/A"
    assert shown.message.startswith("HealthSheet server not reachable: 127.0.0.1")
    assert excel.state == "offline"
    assert excel.calculated == []

    excel.server.start()
    excel.page.clock.fast_forward(6_000)
    excel.wait_for("connected")
    assert excel.calculated == ["Full"]
    assert excel.recalculate([TIER]) == ["Green"]


def test_during_an_outage_cells_fail_at_once(excel: Excel) -> None:
    """Nobody waits twice for the same outage."""
    excel.server.kill()
    with excel.page.expect_event("requestfailed"):
        excel.start([TIER])
    excel.page.clock.fast_forward(21_000)
    assert isinstance(excel.finish()[0], Fault)
    asked = len(excel.posted)
    assert isinstance(excel.recalculate([TIER])[0], Fault)
    assert len(excel.posted) == asked + 1


def test_recalculation_is_not_repeated_for_ever(excel: Excel) -> None:
    """Where the server goes away again before it answered, Excel is not asked a second time."""
    for _ in range(2):
        excel.server.kill()
        with excel.page.expect_event("requestfailed"):
            excel.start([TIER])
        excel.page.clock.fast_forward(21_000)
        assert isinstance(excel.finish()[0], Fault)
        excel.server.start()
        excel.page.clock.fast_forward(6_000)
        excel.wait_for("connected")
    assert excel.calculated == ["Full"]


def test_busy_ends(excel: Excel) -> None:
    """A server that takes calls and never answers leaves no cell at #BUSY! for ever."""
    excel.server.pause()
    with excel.page.expect_request("**/v1/calls"):
        excel.start(scores(8_100))
    excel.page.clock.fast_forward(61_000)
    shown = excel.finish()
    excel.server.resume()
    text = "The HealthSheet server did not answer within 60 seconds. Recalculate."
    assert set(shown) == {Fault("#N/A", text)}
    assert len(excel.posted) == 4  # those in line did not wait for the same again


def test_recalculation_waits_for_the_end_of_editing(excel: Excel) -> None:
    """Excel refuses while a cell is edited, and is asked again."""
    excel.page.evaluate("() => { workbook.isEditing = true; }")
    excel.page.evaluate(
        "async (url) => { (await import(url)).recalculate(); }",
        f"{excel.server.url}/static/functions/recalculate.js",
    )
    assert excel.calculated == []
    excel.page.evaluate("() => { workbook.isEditing = false; }")
    excel.page.clock.fast_forward(3_000)
    assert excel.calculated == ["Full"]
