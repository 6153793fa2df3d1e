"""How calls become requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from addin.cells import Fault, Grid
from addin.registry import FUNCTIONS
from tests.addin.officejs.excel import Excel, Formula
from tests.addin.officejs.serving import Server
from tests.addin.test_functions import same

pytestmark = pytest.mark.browser

SCORE = next(f for f in FUNCTIONS if f.name == "HEALTH_SCORE")


def ratings(i: int) -> Grid:
    """A row of ratings that no other number gives."""
    return ((1.0 + i % 40 / 10, 1.0 + i // 40 % 40 / 10, 1.0 + i // 1600 / 10, 3.0, 4.0),)


def scores(count: int) -> list[Formula]:
    """A column of scores, each over its own row."""
    return [("HEALTH_SCORE", (ratings(i),)) for i in range(count)]


def right(formulas: Sequence[Formula], shown: Sequence[object]) -> bool:
    """Whether every cell shows what the function gives."""
    return len(shown) == len(formulas) and all(
        same(got, SCORE.call(*given)) for got, (_, given) in zip(shown, formulas, strict=True)
    )


def wide(rows: int) -> Grid:
    """Rows of 20 cells: the dimensions of the default model and columns that do not matter."""
    return tuple((*ratings(i)[0], *(float(i + j) for j in range(15))) for i in range(rows))


DIMENSIONS = ("Product adoption", "Engagement", "Outcomes", "Support health", "Commercial")
HEADERS: Grid = ((*DIMENSIONS, *(f"Note {j}" for j in range(15))),)


def test_a_thousand_cells_are_one_request(excel: Excel) -> None:
    """A recalculation of 1,000 cells asks at most twice."""
    formulas = scores(1_000)
    assert right(formulas, excel.recalculate(formulas))
    assert len(excel.posted) <= 2


def test_portions_of_a_recalculation_are_one_request(excel: Excel) -> None:
    """What Excel hands over in portions, a moment apart, is asked together."""
    excel.page.clock.install()
    excel.page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    formulas = scores(1_000)
    for first in range(0, 1_000, 200):
        excel.start(formulas[first : first + 200])
        excel.page.clock.run_for(8)
    excel.page.clock.resume()
    assert right(formulas, excel.finish())
    assert len(excel.posted) == 1


def test_calls_that_keep_coming_do_not_wait_for_the_last(excel: Excel) -> None:
    """A recalculation that goes on and on is asked piece by piece."""
    excel.page.clock.install()
    excel.page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    formulas = scores(200)
    for formula in formulas:
        excel.start([formula])
        excel.page.clock.run_for(8)
    excel.page.clock.resume()
    assert right(formulas, excel.finish())
    assert 2 <= len(excel.posted) <= 40


def test_ten_thousand_cells(excel: Excel) -> None:
    """10,000 cells come without an error, in few requests."""
    formulas = scores(10_000)
    assert right(formulas, excel.recalculate(formulas))
    assert len(excel.posted) <= 8


def test_a_large_range_spills(excel: Excel) -> None:
    """A range of 10,000 × 20 cells gives 10,000 scores."""
    rows = wide(10_000)
    (shown,) = excel.recalculate([("HEALTH_SCORE", (rows, HEADERS))])
    assert same(shown, SCORE.call(rows, HEADERS))
    assert isinstance(shown, tuple)
    assert len(shown) == 10_000


def test_a_large_range_is_sent_once(excel: Excel) -> None:
    """Ten formulas over one range send it once, and each headers' row once."""
    rows = wide(500)
    models = ["scorecard", None, *(f"no model {i}" for i in range(8))]
    shown = excel.recalculate([("HEALTH_SCORE", (rows, HEADERS, model)) for model in models])
    assert same(shown[0], SCORE.call(rows, HEADERS))
    assert same(shown[0], shown[1])
    assert all(same(bad, Fault("#VALUE!")) for bad in shown[2:])
    (body,) = excel.posted
    assert len(body["calls"]) == 10
    assert len([r for r in body["ranges"] if len(r) == 500]) == 1
    assert body["ranges"].count([list(HEADERS[0])]) == 1


def test_identical_calls_are_asked_once(excel: Excel) -> None:
    """500 cells with the same call cost one."""
    shown = excel.recalculate([("HEALTH_SCORE", (ratings(7),))] * 500)
    assert shown == [SCORE.call(ratings(7))] * 500
    assert [len(body["calls"]) for body in excel.posted] == [1]


def test_the_same_call_later_is_asked_anew(excel: Excel) -> None:
    """An answer is not kept: models and days change."""
    for _ in range(2):
        excel.recalculate([("HEALTH_SCORE", (ratings(7),))])
    assert [len(body["calls"]) for body in excel.posted] == [1, 1]


def test_requests_keep_to_their_size(excel: Excel) -> None:
    """Calls that are large together go in several requests of at most 1.5 MB."""
    formulas: list[Formula] = [
        ("HEALTH_SCORE", (tuple(ratings(100 * i + j)[0] for j in range(100)), None))
        for i in range(160)
    ]
    formulas += [("HEALTH_TIER", ("x" * 5_000 + str(i),)) for i in range(500)]
    shown = excel.recalculate(formulas)
    assert right(formulas[:160], shown[:160])
    sizes = [len(json.dumps(body)) for body in excel.posted]
    assert 2 <= len(sizes) <= 4
    assert max(sizes) < 1_700_000


ANSWERS = """async (url) => {
    const { createBatch } = await import(url);
    window.answers = [];
    window.shown = 0;
    const request = (path, { body }) => new Promise((resolve) => {
        const results = JSON.parse(body).calls.map(() => 1);
        window.answers.push(() => resolve({ results }));
    });
    const call = createBatch({ request });
    for (let i = 0; i < 2_001; i += 1) call("HEALTH_TIER", [i]).then(() => { window.shown += 1; });
}"""


@pytest.mark.parametrize("second", [True, False])
def test_answers_of_a_recalculation_are_handed_over_together(excel: Excel, second: bool) -> None:
    """An answer waits a moment for the others that are under way, and no longer."""
    page = excel.page
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    page.evaluate(ANSWERS, f"{excel.server.url}/static/functions/batch.js")
    page.clock.run_for(50)
    page.evaluate("() => answers[0]()")
    page.clock.run_for(200)
    assert page.evaluate("() => [answers.length, shown]") == [2, 0]
    if second:
        page.evaluate("() => answers[1]()")
        assert page.evaluate("() => shown") == 2_001
    else:
        page.clock.run_for(100)
        assert page.evaluate("() => shown") == 2_000


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_the_day_is_the_persons(browser: Browser, server: Server, zone: str) -> None:
    """Ages count to the day where the person is, whatever the server's clock says."""
    excel = Excel(browser, server, zone=zone)
    (shown,) = excel.recalculate([("DAYS_TO_RENEWAL", ("2026-01-01",))])
    day = datetime.now(ZoneInfo(zone)).date()
    assert excel.posted[0]["today"] == day.isoformat()
    assert shown == float((date(2026, 1, 1) - day).days)
    excel.close()


def test_nothing_is_asked_elsewhere(excel: Excel) -> None:
    """Cells are calculated although no other server can be reached."""
    assert excel.recalculate([("HEALTH_TIER", (80.0,))]) == ["Green"]
    asked = {request.url.split("/")[2] for request in excel.requests}
    assert asked - {"appsforoffice.microsoft.com"} == {excel.server.url.split("/")[2]}
