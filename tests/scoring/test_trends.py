"""Trends that are planted are found, with their size, day and ARR; noise is none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.portfolio import portfolio_of
from pipeline.scored import score_inputs
from scoring.inputs import Inputs
from scoring.presets import load_preset
from scoring.trends import ALL, CONCERNS, LEAST_SHARE, Trend, trends
from workbook_templates.portfolio.facts import Portfolio

MODEL = load_preset("scorecard")
TODAY = date(2026, 11, 23)
DAYS = (120, 90, 60, 30, 0)
"""Days before today of the snapshots; 0 is today."""


def portfolio(values: dict[str, list[list[float]]], segments: list[str]) -> Portfolio:
    """Accounts of given segments; metric → a row a snapshot of a value an account."""
    ids = [f"S-{i:02}" for i in range(len(segments))]
    base = {
        "account_id": ids,
        "account_name": [f"Sample {i}" for i in ids],
        "segment": segments,
        "arr": [1000.0 * (i + 1) for i in range(len(ids))],
        "currency": ["USD"] * len(ids),
    }
    shots = []
    for step, back in enumerate(DAYS):
        row = {**base, **{key: rows[step] for key, rows in values.items()}}
        shots.append(pd.DataFrame(row).assign(date=pd.Timestamp(TODAY - timedelta(back))))
    now = shots.pop().drop(columns="date")
    inputs = Inputs(accounts=now, history=pd.concat(shots, ignore_index=True), source="test")
    return portfolio_of(score_inputs(inputs, MODEL, as_of=TODAY))


def found(p: Portfolio) -> list[Trend]:
    return list(trends(p.frame, p.timeline))


def level(value: float, count: int) -> list[list[float]]:
    return [[value] * count for _ in DAYS]


def test_a_fall_in_one_segment_is_told_with_its_size_day_and_arr() -> None:
    """4 of 10 SMB accounts lose CSAT 60 days ago; enterprise stays as it is."""
    segments = ["smb"] * 10 + ["enterprise"] * 5
    csat = level(9.0, 15)
    for step in (2, 3, 4):
        csat[step] = [5.0] * 4 + [9.0] * 11
    (trend,) = found(portfolio({"csat_10": csat}, segments))
    assert (trend.segment, trend.name, trend.better) == ("smb", "CSAT", False)
    assert (trend.known, trend.moved, trend.share) == (10, 4, 0.4)
    assert (trend.before, trend.now) == (9.0, 5.0)
    assert trend.change == pytest.approx(-4 / 9)
    assert trend.since == TODAY - timedelta(60)
    assert trend.arr == 1000 + 2000 + 3000 + 4000
    assert trend.arr_share == pytest.approx(10 / 55)
    assert trend.rows == (3, 2, 1, 0)
    assert trend.concern == "Medium"


def test_what_every_segment_shows_is_told_once() -> None:
    """A fall in all segments is one trend of all, not three."""
    segments = ["smb", "mid_market", "enterprise"] * 5
    csat = level(9.0, 15)
    csat[4] = [5.0] * 15
    (trend,) = found(portfolio({"csat_10": csat}, segments))
    assert (trend.segment, trend.label) == (ALL, "All segments")
    assert (trend.known, trend.moved) == (15, 15)
    assert trend.since == TODAY


def test_what_rises_is_better_and_loses_nothing() -> None:
    """A rise is told after what falls, without churn."""
    csat = level(5.0, 6)
    csat[4] = [9.0] * 6
    (trend,) = found(portfolio({"csat_10": csat}, ["smb"] * 6))
    assert trend.better
    assert trend.churn is None
    assert trend.along == ()


def test_pace_says_whether_it_gets_faster() -> None:
    """Most of the loss in the last half is accelerating, in the first half slowing."""
    fast, slow = level(9.0, 4), level(9.0, 4)
    fast[2], fast[3], fast[4] = [8.5] * 4, [8.0] * 4, [5.0] * 4
    slow[2], slow[3], slow[4] = [5.8] * 4, [5.4] * 4, [5.0] * 4
    assert found(portfolio({"csat_10": fast}, ["smb"] * 4))[0].pace == "accelerating"
    assert found(portfolio({"csat_10": slow}, ["smb"] * 4))[0].pace == "slowing"


def test_accounts_that_only_vary_are_no_trend() -> None:
    """As many up as down is noise, however many move."""
    csat = level(7.0, 12)
    csat[4] = [5.0, 9.0] * 6
    assert found(portfolio({"csat_10": csat}, ["smb"] * 12)) == []


@pytest.mark.parametrize("moved", [2, 1, 0])
def test_few_accounts_are_no_trend(moved: int) -> None:
    """Below three accounts nothing is said."""
    csat = level(9.0, 5)
    csat[4] = [5.0] * moved + [9.0] * (5 - moved)
    assert found(portfolio({"csat_10": csat}, ["smb"] * 5)) == []


def test_a_missing_value_is_neither_known_nor_moved() -> None:
    """Accounts without a value then or now do not count."""
    csat = level(9.0, 8)
    csat[4] = [5.0] * 4 + [np.nan] * 4
    (trend,) = found(portfolio({"csat_10": csat}, ["smb"] * 8))
    assert (trend.known, trend.moved) == (4, 4)


def test_the_same_accounts_are_told_once() -> None:
    """Two metrics that fall in the same accounts are one trend with the other beside it."""
    csat, breadth = level(9.0, 10), level(0.9, 10)
    csat[4] = [4.0] * 5 + [9.0] * 5
    breadth[4] = [0.3] * 5 + [0.9] * 5
    p = portfolio({"csat_10": csat, "feature_breadth": breadth}, ["smb"] * 10)
    (trend,) = found(p)
    assert trend.name == "Usage"
    assert trend.moved == 5


def test_churn_goes_from_todays_scores_to_where_the_fall_leads() -> None:
    """The upper end is never below the lower, and both are shares."""
    csat = level(9.0, 6)
    csat[3], csat[4] = [7.0] * 6, [4.0] * 6
    rated = {k: level(4.0, 6) for k in ("product_adoption", "engagement", "outcomes", "commercial")}
    (trend,) = found(portfolio({"csat_10": csat, **rated}, ["smb"] * 6))
    assert trend.churn is not None
    assert 0 <= trend.churn.low <= trend.churn.high <= 1
    assert trend.churn.arr_low <= trend.churn.arr_high <= trend.arr


def test_order_limits_and_repeatability_on_random_portfolios() -> None:
    """Worse before better, by concern; each trend keeps its limits; two runs agree."""
    rng = np.random.default_rng(7)
    for _ in range(10):
        count = int(rng.integers(3, 60))
        segments = rng.choice(["smb", "mid_market", "enterprise", ""], count).tolist()
        drift = rng.normal(0, 1.5, count)
        csat = [np.clip(7 + drift * k + rng.normal(0, 1, count), 0, 10).tolist() for k in range(5)]
        p = portfolio({"csat_10": csat}, segments)
        one = found(p)
        assert one == found(p)
        keys = [(t.better, CONCERNS.index(t.concern)) for t in one]
        assert keys == sorted(keys)
        for t in one:
            assert t.moved == len(t.rows) == len(set(t.rows)) >= 3
            assert t.share >= LEAST_SHARE - 1e-9


def test_a_first_snapshot_has_no_trends() -> None:
    """Without a past nothing moved."""
    now = pd.DataFrame({"account_id": ["a", "b", "c"], "csat_10": [1.0, 2.0, 3.0]})
    p = portfolio_of(score_inputs(Inputs(accounts=now), MODEL, as_of=TODAY))
    assert found(p) == []
