"""One account alone, and the same account among many."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.model import LinearCurve, Metric, ScoreModel
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from scoring.scales import OutOfScale
from scoring.score import score_accounts
from tests.scoring.rows import (
    AS_OF,
    assert_same,
    day,
    dimension,
    many,
    metric,
    model_of,
    single,
    state,
    two_by_two,
)
from tests.workbook_templates.accounts import KINDS, accounts

ROWS = 40_000
"""More than two of the pieces that many rows are scored in."""


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain records, None where missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


@pytest.mark.parametrize("preset", preset_names())
def test_hard_accounts(preset: str) -> None:
    """Complete, missing, extreme, new, stale, typed and overridden accounts score alike alone."""
    model = load_preset(preset)
    frame = accounts(model).accounts
    scores = score_accounts(frame, model, as_of=AS_OF)
    for row, record in enumerate(records_of(frame)):
        assert_same(scores, row, score_one(record, model, as_of=AS_OF))
    assert len(scores) == len(KINDS)


def column_of(m: Metric, rng: np.random.Generator) -> Any:
    """Random valid raw values of a metric, some missing."""
    if not isinstance(m.curve, LinearCurve):
        words = np.array([*m.curve.words, None], dtype=object)
        return words[rng.integers(0, len(words), ROWS)]
    xs = [x for x, _ in m.curve.points]
    low = xs[0] if m.scale[0] is None else m.scale[0]
    high = xs[-1] * 2 if m.scale[1] is None else m.scale[1]
    values = rng.uniform(low, max(high, low + 1) if m.scale[1] is None else high, ROWS)
    return np.where(rng.random(ROWS) < 0.3, np.nan, values)


def portfolio(model: ScoreModel) -> pd.DataFrame:
    """Many random accounts of every kind."""
    rng = np.random.default_rng(7)
    data: dict[str, Any] = {"account_id": [f"A{i}" for i in range(ROWS)]}
    data |= {m.key: column_of(m, rng) for m in model.metrics}
    for d in model.dimensions:
        typed = rng.integers(1, 6, ROWS).astype(float)
        data[d.key] = np.where(rng.random(ROWS) < 0.9, np.nan, typed)
    data["segment"] = np.array(["enterprise", "mid_market", "smb", None])[rng.integers(0, 4, ROWS)]
    dates = np.array([day(i) for i in range(-2, 130)] + [None], dtype=object)
    for key in ("start_date", "data_as_of", "override_expires"):
        data[key] = dates[rng.integers(0, len(dates), ROWS)]
    few = rng.random(ROWS) < 0.05
    data["override_score"] = np.where(few, rng.uniform(0, 100, ROWS), np.nan)
    return pd.DataFrame(data)


@pytest.mark.parametrize("preset", ["scorecard", "support"])
def test_many_rows(preset: str) -> None:
    """Rows of a large portfolio, on both sides of every seam, score as each does alone."""
    model = load_preset(preset)
    frame = portfolio(model)
    scores = score_accounts(frame, model, as_of=AS_OF)
    seams = [0, 1, 16_382, 16_383, 16_384, 16_385, 32_767, 32_768, ROWS - 1]
    rows = [*seams, *range(0, ROWS, 397)]
    for row, record in zip(rows, records_of(frame.iloc[rows]), strict=True):
        assert_same(scores, row, score_one(record, model, as_of=AS_OF))
    assert len(set(scores.status)) == 6
    assert set(scores.tier) == {"green", "amber", "red", ""}


@pytest.mark.parametrize("rows", [1, 16_383, 16_384, 16_385, 32_768])
def test_sizes_around_the_seams(rows: int) -> None:
    """Any number of rows gives the first rows of more, bit for bit."""
    frame = pd.DataFrame({"account_id": "A", "a": np.linspace(0, 100, 32_769), "c": 50.0})
    whole = score_accounts(frame, two_by_two(), as_of=AS_OF)
    part = score_accounts(frame.iloc[:rows], two_by_two(), as_of=AS_OF)
    assert part.total.tobytes() == whole.total[:rows].tobytes()
    assert part.contributions.equals(whole.contributions.iloc[:rows])
    assert list(part.status) == list(whole.status[:rows])


# What is missing, and what is wrong


@pytest.mark.parametrize("blank", [None, math.nan, np.float64("nan")])
def test_all_ways_to_be_missing(blank: object) -> None:
    """None and NaN are both missing, in numbers, words, dates and marks."""
    model = model_of(
        dimension("x", 1, metric("a", max_age_days=9), state("b", ("Yes", 100), ("No", 0))),
        gates=[{"key": "gone", "name": "Gone", "cap": "red"}],
        min_coverage=0,
    )
    blanks = dict.fromkeys(
        ("b", "x", "segment", "start_date", "a_as_of", "data_as_of", "gone", "override_score",
         "override_tier", "override_expires"), blank,
    )  # fmt: skip
    scores = single(model, a=90, **blanks)
    assert (scores.total[0], scores.tier[0], scores.status[0]) == (90, "green", "Scored")
    assert scores.coverage[0] == 0.5


@pytest.mark.parametrize("blank", [None, math.nan, pd.NaT])
def test_a_blank_own_date_leaves_the_date_of_the_row(blank: object) -> None:
    """A value without a date of its own is as old as its row says, however the blank is told."""
    model = model_of(dimension("x", 1, metric("a", max_age_days=9)))
    scores = single(model, a=90, a_as_of=blank, data_as_of=day(10))
    assert bool(scores.stale["a"][0])


@pytest.mark.parametrize("number", [3, 3.0, np.int64(3), np.float32(3), np.int8(3)])
def test_numbers_of_any_kind(number: object) -> None:
    """Whole numbers and those of numpy count as the same number."""
    assert single(two_by_two(typed="rating"), x=number).total[0] == pytest.approx(60)
    assert single(two_by_two(), override_score=number).total[0] == 3


LATE = "2026-11-02 18:30"


@pytest.mark.parametrize("start", [day(20), datetime.fromisoformat(LATE), pd.Timestamp(LATE)])
def test_dates_of_any_kind(start: object) -> None:
    """Dates count whole days, with or without a time of day."""
    for days, status in ((20, "Onboarding"), (19, "Scored")):
        model = two_by_two(lifecycle={"partial_days": 15, "onboarding_days": days})
        assert single(model, a=90, c=10, start_date=start).status[0] == status


def faults(model: ScoreModel, **record: object) -> tuple[Any, ...]:
    """What is wrong with an account, alone and in a frame."""
    with pytest.raises(OutOfScale) as alone:
        score_one({"account_id": "A0", **record}, model, as_of=AS_OF)
    with pytest.raises(OutOfScale) as among:
        many(model, record)
    assert alone.value.problems == among.value.problems
    return alone.value.problems


def test_faults_are_told_at_once() -> None:
    """Every value off its scale and every unknown word is told with account, column and value."""
    problems = faults(
        load_preset("scorecard"), dau_mau=48, csat_10=11, executive_sponsor="Asleep", outcomes=6
    )
    assert [p[:3] for p in problems] == [
        ("A0", "DAU/MAU", 48),
        ("A0", "Executive sponsor", "Asleep"),
        ("A0", "CSAT (0–10)", 11),
        ("A0", "Outcomes", 6),
    ]
    assert problems[0][3] == "The scale is 0 to 1; correct the value."
    assert problems[1][3] == "Type one of: Active, Passive, Vacant."
    assert problems[3][3] == "The scale is 1 to 5; correct the value."


@pytest.mark.parametrize("value", [-0.01, 100.01, math.inf, -math.inf])
def test_beyond_the_scale(value: float) -> None:
    """A value beyond the ends of its scale is an error and never clipped."""
    assert faults(two_by_two(), a=value)[0][:3] == ("A0", "A", value)
    assert faults(two_by_two(), y=value)[0][:3] == ("A0", "Y", value)
    open_ended = model_of(dimension("x", 1, metric("a", scale=(None, None))))
    if math.isinf(value):
        assert "any finite number" in faults(open_ended, a=value)[0][3]
    else:
        assert 0 <= single(open_ended, a=value).total[0] <= 100


def test_text_where_a_number_belongs() -> None:
    """Text that is no number is told as a fault, not taken as missing; a number in text counts."""
    message = "A number belongs here; correct the value."
    assert faults(two_by_two(), a="many", y="-", override_score="high") == (
        ("A0", "A", "many", message),
        ("A0", "Y", "-", message),
        ("A0", "Override score", "high", message),
    )
    assert single(two_by_two(), a="40", b="40").total[0] == pytest.approx(40)


@pytest.mark.parametrize("value", [-1, 100.5, math.inf])
def test_an_override_beyond_the_scale(value: float) -> None:
    """A score that a person sets lies between 0 and 100 like every other."""
    assert faults(two_by_two(), a=101.0, override_score=value) == (
        ("A0", "A", 101, "The scale is 0 to 100; correct the value."),
        ("A0", "Override score", value, "The scale is 0 to 100; correct the value."),
    )


def test_the_ends_of_the_scale_are_on_it() -> None:
    """The first and the last value of a scale are valid."""
    assert single(two_by_two(), a=0, b=100, x=0, y=100).total[0] == pytest.approx(40)


def test_words_match_without_case() -> None:
    """Words match without regard to case and spaces around them, in any script."""
    model = model_of(dimension("x", 1, state("a", ("Straße OK", 100), ("No", 0))))
    for word in ("Straße OK", " STRASSE ok "):
        assert single(model, a=word).total[0] == 100
    assert faults(model, a="maybe")[0][:3] == ("A0", "A", "maybe")


def test_many_faults_are_counted() -> None:
    """A message names the first twenty faults and counts the rest; all are kept as data."""
    with pytest.raises(OutOfScale) as error:
        many(two_by_two(), *({"a": 101.0 + i} for i in range(23)))
    assert len(error.value.problems) == 23
    text = str(error.value)
    assert text.startswith("A0, A: 101.0. The scale is 0 to 100; correct the value.\nA1, A: 102.0.")
    assert text.endswith("\nand 3 more")


# Without a day


def test_without_a_day() -> None:
    """Without a day nothing is young, stale or expired."""
    model = model_of(dimension("x", 1, metric("a", max_age_days=1)))
    record = {"a": 90, "start_date": day(1), "data_as_of": day(99)}
    score = score_one(record, model)
    assert (score.total, score.status, score.stale) == (90, "Scored", ())
    late = score_one({**record, "override_score": 10, "override_expires": day(99)}, model)
    assert late.total == 10


def test_one_account_needs_no_numpy() -> None:
    """Scoring one account imports neither numpy nor pandas, so a cell answers at once."""
    code = (
        "import sys; from scoring.one import score_one; from scoring.presets import load_preset;"
        "print(score_one({'outcomes': 3, 'engagement': 3, 'commercial': 3},"
        " load_preset('scorecard')).total, *{'numpy', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout.split()[0]) == pytest.approx(60)
    assert len(done.stdout.split()) == 1
