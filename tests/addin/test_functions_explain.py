"""Scorecards, drivers, changes, bounds, coverage in cells: the engine's numbers, in words."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import date, timedelta

import pandas as pd
import pytest

from addin.cells import CellError, Fault, Results
from addin.functions import accounts
from addin.registry import FUNCTIONS
from scoring.change import explain_change
from scoring.columns import account_columns
from scoring.derive import derive_metrics
from scoring.parse import parse_value
from scoring.presets import load_preset, preset_names
from scoring.score import Scores, score_accounts
from tests.addin.test_functions import TODAY, message, same, whole_row

BY_NAME = {f.name: f for f in FUNCTIONS}
FOUR = "four-dimension"
DIMENSIONS = ("Usage", "Engagement", "Sentiment", "Financial")
RATINGS = ((4.0, 5.0, 3.0, 4.0, 4.0),)
Cells = dict[str, object]


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """One day for all: ages in cells count to it."""
    monkeypatch.setattr(accounts, "today", lambda: TODAY)


def call(name: str, *given: object) -> Results:
    return BY_NAME[name].call(*given)


def table(name: str, *given: object) -> list[tuple[object, ...]]:
    """The rows under the header row."""
    found = call(name, *given)
    assert isinstance(found, tuple), found
    return list(found[1:])


def filled(name: str, seed: int) -> Cells:
    """A row of an account; every fourth has a person's score or rating of its first dimension."""
    cells = {**whole_row(name, seed), "Account ID": "A-1"}
    if seed % 4 == 0:
        model = load_preset(name)
        typed = f"{model.dimensions[0].name} {'rating' if model.typed == 'rating' else 'score'}"
        cells[typed] = 3.0 if model.typed == "rating" else 62.5
    return cells


def engine(cells: Cells, name: str, as_of: date = TODAY) -> Scores:
    """The same row through the engine for tables, as it stood on a day."""
    model = load_preset(name)
    columns = {c.name: c for c in account_columns(model)}
    record = {columns[h].key: parse_value(v, columns[h]) for h, v in cells.items()}
    frame = derive_metrics(pd.DataFrame([record]), model, as_of)
    return score_accounts(frame, model, as_of=as_of)


def given(cells: Cells, name: str) -> tuple[object, ...]:
    return (tuple(cells.values()),), (tuple(cells),), name


rows = pytest.mark.parametrize("seed", range(16))
presets = pytest.mark.parametrize("name", preset_names())


@presets
@rows
def test_parts_like_the_table(name: str, seed: int) -> None:
    """Coverage, bounds and dimension scores are those of the engine for tables, bit for bit."""
    cells = filled(name, seed)
    scores = engine(cells, name)
    assert call("HEALTH_COVERAGE", *given(cells, name)) == scores.coverage[0]
    bounds = call("HEALTH_BOUNDS", *given(cells, name))
    if math.isnan(scores.low[0]):
        assert same(bounds, Fault("#N/A"))
    else:
        assert isinstance(bounds, tuple)
        assert bounds[0][:2] == (scores.low[0], scores.high[0])
    for dimension in load_preset(name).dimensions:
        wanted = scores.dimensions[dimension.key].iloc[0]
        got = call("DIMENSION_SCORE", dimension.name, *given(cells, name))
        assert same(got, Fault("#N/A")) if math.isnan(wanted) else got == wanted


@presets
@rows
def test_scorecard_sums_to_the_score(name: str, seed: int) -> None:
    """Weighted scores are the contributions of each dimension, and sum to what the score shows."""
    cells = filled(name, seed)
    scores = engine(cells, name)
    if math.isnan(scores.total[0]):
        assert same(call("HEALTH_SCORECARD", *given(cells, name)), Fault("#N/A"))
        return
    *lines, total = table("HEALTH_SCORECARD", *given(cells, name))
    assert total[3] == scores.total[0] == call("HEALTH_SCORE", *given(cells, name))
    weighted = [line[3] for line in lines if isinstance(line[3], float)]
    assert math.fsum(weighted) == pytest.approx(scores.total[0], abs=1e-9)
    gave = scores.contributions.iloc[0]
    for line, dimension in zip(lines, load_preset(name).dimensions, strict=False):
        keys = [m.key for m in dimension.metrics] + [dimension.key]
        assert (line[3] or 0.0) == pytest.approx(gave[keys].sum(), abs=1e-9)


@presets
@rows
def test_drivers_like_the_table(name: str, seed: int) -> None:
    """Drivers are the largest losses of the engine, and with what is on top they sum to all."""
    cells = filled(name, seed)
    scores = engine(cells, name)
    if math.isnan(scores.total[0]):
        assert same(call("HEALTH_DRIVERS", *given(cells, name)), Fault("#N/A"))
        return
    found = table("HEALTH_DRIVERS", *given(cells, name), None, 99.0)
    assert math.fsum(x for line in found if isinstance(x := line[1], float)) == pytest.approx(
        100 - scores.total[0], abs=1e-9
    )
    names = {c.name: c.key for c in account_columns(load_preset(name))}
    inputs = [line for line in found if line[0] in names]
    losses = scores.lost.iloc[0]
    wanted = losses[losses > 1e-9].round(9).sort_values(ascending=False, kind="stable")
    assert [names[str(line[0])] for line in inputs] == list(wanted.index)
    assert [line[1] for line in inputs] == [losses[key] for key in wanted.index]
    assert table("HEALTH_DRIVERS", *given(cells, name))[:5] == found[:5]


@presets
@rows
def test_change_like_the_table(name: str, seed: int) -> None:
    """Steps are those of two snapshots, the earlier as it stood on the day of its data."""
    cells, before = filled(name, seed), filled(name, seed + 3)
    day = TODAY - timedelta(days=40)
    before |= {"Start date": cells["Start date"], "Data as of": day}
    wanted = explain_change(engine(before, name, day), engine(cells, name))
    headers = tuple({**cells, **before})
    now, then = (tuple(row.get(h) for h in headers) for row in (cells, before))
    if math.isnan(wanted.after[0] - wanted.before[0]):
        got = call("HEALTH_CHANGE", (now,), (then,), (headers,), name)
        assert same(got, Fault("#N/A"))
        return
    first, *steps, last = table("HEALTH_CHANGE", (now,), (then,), (headers,), name)
    points = [s[2] for s in steps if isinstance(s[2], float)]
    assert (first[2], last[2]) == (wanted.before[0], wanted.after[0])
    assert points == pytest.approx(list(wanted.steps["points"]), abs=1e-9)
    assert math.fsum(points) == pytest.approx(wanted.after[0] - wanted.before[0], abs=1e-9)
    names = {c.key: c.name for c in account_columns(load_preset(name))}
    assert [s[0] for s in steps if s[0] in names.values()] == [
        names[key] for key in wanted.steps["key"] if key
    ]


@presets
def test_metrics_weigh_as_much_as_the_score(name: str) -> None:
    """Every metric of a model stands there, and the weights sum to the whole."""
    found = table("HEALTH_METRICS", name)
    assert [line[0] for line in found] == [m.name for m in load_preset(name).metrics]
    assert math.fsum(w for line in found if isinstance(w := line[5], float)) == pytest.approx(1)


def test_trend_compares_as_health_trend_does() -> None:
    """The arrow of a scorecard is that of HEALTH_TREND for the same two scores."""
    now, before = ((55.0, 72.0, 61.0, 85.0),), ((55.4, 72.0, 20.0, None),)
    card = table("HEALTH_SCORECARD", now, None, FOUR, None, before)
    pairs = ((55.0, 55.4), (72.0, 72.0), (61.0, 20.0), (85.0, None))
    for line, (score, previous) in zip(card, pairs, strict=False):
        trend = "" if previous is None else call("HEALTH_TREND", score, previous)
        assert line[4] == trend


# What is wrong, in words


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        ("Usgae", 'Dimension: Usgae. Not a dimension of four-dimension. Did you mean "Usage"? '),
        ("Weather", "Dimension: Weather. Not a dimension of four-dimension. Type one of: Usage, "),
        ("", "Dimension: blank. Type one of: Usage, Engagement, Sentiment, Financial."),
        (4.0, "Dimension: 4 where a text belongs. Type a text."),
        ((("Usage", "Sentiment"),), "Dimension: several cells where one belongs. Give one cell."),
    ],
)
def test_unknown_dimension(dimension: object, text: str) -> None:
    """A message names the dimension as typed, the closest and all that there are."""
    got = message(call("DIMENSION_SCORE", dimension, ((1.0,) * 4,), None, FOUR))
    assert got.startswith(text)
    assert got.endswith(".")


def test_nothing_known_of_a_dimension() -> None:
    """A message says which metrics are too old, and which cells show an error."""
    headers = (("Feature adoption", "Logins per week", "Data as of"),)
    cells = ((0.48, CellError("#REF!"), date(2026, 1, 1)),)
    assert message(call("DIMENSION_SCORE", "usage", cells, headers, FOUR)) == (
        "Insufficient data: nothing of Usage is known. Too old to count: Feature adoption. "
        "Logins per week shows #REF!, so it is missing."
    )


def test_new_account_has_no_bounds() -> None:
    """A message says until when the neutral score stands."""
    headers = ((*DIMENSIONS, "Start date"),)
    cells = ((55.0, 72.0, 61.0, 85.0, TODAY - timedelta(days=14)),)
    assert message(call("HEALTH_BOUNDS", cells, headers, FOUR)) == (
        "A new account has the neutral score 50, without bounds, to day 14."
    )


@pytest.mark.parametrize("name", ["HEALTH_SCORECARD", "HEALTH_DRIVERS"])
def test_one_account_only(name: str) -> None:
    """Several rows where one belongs are counted in the message."""
    text = "3 rows of values where one account belongs. Give one row."
    assert message(call(name, RATINGS * 3)) == text


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        (RATINGS * 2, "Previous values: 2 rows of values where one account belongs."),
        (((4.0, 5.0),), "Previous values: 2 values where scorecard expects 5, each 1 to 5: "),
        (((4.0, "good", 3.0, 4.0, 4.0),), "Previous values: Engagement rating: good. Text where"),
        (((4.0, 9.0, 3.0, 4.0, 4.0),), "Previous values: Engagement rating: 9. Outside the"),
        (((4.0, None, None, None, None),), "Previous values: Insufficient data: coverage 30%, "),
    ],
)
def test_what_is_wrong_with_the_earlier_row(earlier: object, text: str) -> None:
    """A message says that it speaks of the earlier row."""
    assert message(call("HEALTH_CHANGE", RATINGS, earlier)).startswith(text)
    if "Insufficient" not in text:
        got = call("HEALTH_SCORECARD", RATINGS, None, None, None, earlier)
        assert message(got).startswith(text)


def test_day_of_the_earlier_row_that_cannot_be_read() -> None:
    """A day that is none is named; an error cell there is a missing day."""
    headers = (("Feature adoption", *DIMENSIONS[1:], "Data as of"),)
    now, rest = ((0.4, 72.0, 61.0, 85.0, TODAY),), (0.3, 72.0, 61.0, 85.0)
    got = call("HEALTH_CHANGE", now, ((*rest, "soon"),), headers, FOUR)
    assert message(got) == ("Previous values: Data as of: soon. Not a date. Type it as 2026-01-31.")
    steps = table("HEALTH_CHANGE", now, ((*rest, CellError("#N/A")),), headers, FOUR)
    assert [s[0] for s in steps] == ["Previous score", "Feature adoption", "Score"]


def test_a_day_to_come_counts_as_today() -> None:
    """An earlier row that is dated after today is scored as of today."""
    headers = ((*DIMENSIONS, "Feature adoption", "Start date", "Data as of"),)
    worked = (55.0, 72.0, 61.0, 85.0, 0.5, TODAY - timedelta(days=20))
    later = ((*worked, TODAY + timedelta(days=400)),)
    (first, *_, last) = table("HEALTH_CHANGE", ((*worked, TODAY),), later, headers, FOUR)
    assert first[2] == last[2]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (-1.0, "Count: -1. The scale is 0 or more; correct the value."),
        ("all", "Count: all. "),
        (True, "Count: TRUE. "),
        (((1.0, 2.0),), "Count: several cells where one belongs. Give one cell."),
        (CellError("#DIV/0!"), "A cell that this one reads shows #DIV/0!."),
    ],
)
def test_counts_that_are_none(count: object, text: str) -> None:
    """A message names the count."""
    got = message(call("HEALTH_DRIVERS", RATINGS, None, None, None, count))
    assert got.startswith(text)
    assert got.endswith(".")


def test_cells_need_no_pandas() -> None:
    """None of these functions loads numpy or pandas, whatever it is asked."""
    code = (
        "import sys; from addin.registry import FUNCTIONS\n"
        "f = {f.name: f.call for f in FUNCTIONS}; r = ((3.0, 3.0, 3.0, 3.0, 4.0),)\n"
        "f['DIMENSION_SCORE']('x', r); f['DIMENSION_SCORE']('outcomes', r); f['HEALTH_BOUNDS'](r)\n"
        "f['HEALTH_SCORECARD'](r, None, None, None, ((2.0,) * 5,)); f['HEALTH_DRIVERS'](r)\n"
        "f['HEALTH_CHANGE'](r, ((2.0,) * 5,)); f['HEALTH_METRICS'](); f['HEALTH_COVERAGE'](r)\n"
        "print({'numpy', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
