"""Portfolios that are hardly one: every analysis gives an answer, and none of them a wrong one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.sample import sample_inputs
from scoring.amounts import by_currency
from scoring.capacity import csm_loads
from scoring.distribution import distribution, distributions
from scoring.improvement import improvement
from scoring.look_alikes import expansion_look_alikes
from scoring.migration import migration
from scoring.movers import (
    biggest_falls,
    biggest_rises,
    compared_with,
    newly_red,
    recovered,
    tier_moves,
)
from scoring.peers import compare_peers
from scoring.presets import load_preset
from scoring.projection import project_accounts
from scoring.rebalancing import rebalance
from scoring.renewal_calendar import arr_concentration, due, renewal_buckets, renewal_months
from scoring.season import portfolio_season, seasonal_change
from scoring.segments import early_warnings, metric_shifts
from scoring.tier_trend import monthly_trend, tier_trend
from scoring.timeline import Timeline
from scoring.usage_change import usage_change
from scoring.weaknesses import dimension_losses, dimension_means
from tests.scoring.portfolios import scored
from tests.scoring.rows import AS_OF

MODEL = load_preset("support")
SAMPLE = sample_inputs(MODEL, as_of=AS_OF, accounts=12, months=3)
NOW, PAST = SAMPLE.accounts, SAMPLE.history
METRICS = [k for k in (*MODEL.inputs, "override_tier", "override_score") if k in NOW]
BARE = NOW[["account_id"]]

SOURCES: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]] = {
    "sample": (NOW, PAST),
    "no history": (NOW, PAST.iloc[:0]),
    "no account": (NOW.iloc[:0], PAST.iloc[:0]),
    "all left": (NOW.iloc[:0], PAST),
    "one account": (NOW.iloc[[3]], PAST),
    "no score": (NOW.drop(columns=METRICS), PAST),
    "never a score": (NOW.drop(columns=METRICS), PAST.drop(columns=METRICS, errors="ignore")),
    "ids alone": (BARE, PAST[["account_id", "date"]]),
    "no amounts": (NOW.assign(arr=np.nan), PAST),
    "no columns of who": (NOW.drop(columns=["arr", "currency", "csm", "segment", "region"]), PAST),
    "nobody is given": (NOW.assign(csm=None, segment=None, region=None), PAST),
    "a currency each": (NOW.assign(currency=[f"C{i:02d}" for i in range(12)]), PAST),
    "renewed long ago": (NOW.assign(renewal_date=pd.Timestamp(2020, 1, 1)), PAST),
}
"""Name → accounts and history."""

Found = tuple[pd.DataFrame, Timeline]
ANALYSES: Mapping[str, Callable[[pd.DataFrame, Timeline], Any]] = {
    "distribution": lambda f, _: distribution(f, MODEL),
    "by CSM": lambda f, _: distributions(f, MODEL, "csm"),
    "by segment": lambda f, _: distributions(f, MODEL, "segment"),
    "currencies": lambda f, _: by_currency(f),
    "trend": lambda f, t: tier_trend(t, f),
    "months": lambda f, t: monthly_trend(t, f),
    "falls": lambda f, _: biggest_falls(f),
    "rises": lambda f, _: biggest_rises(f),
    "newly red": lambda f, _: newly_red(f),
    "recovered": lambda f, _: recovered(f),
    "moves": lambda f, _: tier_moves(f),
    "compared with": lambda f, _: compared_with(f),
    "migration": lambda f, t: migration(f, t),
    "buckets": lambda f, _: renewal_buckets(f),
    "renewal months": lambda f, _: renewal_months(f, AS_OF),
    "due": lambda f, _: due(f),
    "concentration": lambda f, _: arr_concentration(f),
    "means": lambda f, _: dimension_means(f, MODEL, "csm"),
    "losses": lambda f, _: dimension_losses(f, MODEL),
    "usage": lambda _, t: usage_change(t),
    "warnings": lambda f, t: early_warnings(f, t),
    "shifts": lambda f, t: metric_shifts(f, t),
    "look-alikes": lambda f, _: expansion_look_alikes(f, MODEL),
    "loads": lambda f, _: csm_loads(f),
    "rebalance": lambda f, _: rebalance(f),
    "improvement": lambda _, t: improvement(t),
    "projection": lambda _, t: project_accounts(t),
    "season": lambda _, t: (seasonal_change(t), portfolio_season(t)),
    "peers": lambda f, _: compare_peers(f),
}


@pytest.fixture(scope="module", params=list(SOURCES))
def found(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame, Timeline]:
    """Name, portfolio frame and timeline of each source."""
    now, past = SOURCES[request.param]
    frame, line = scored(now.reset_index(drop=True), past, MODEL)
    return request.param, frame, line


def numbers(value: Any) -> list[float]:
    """All numbers inside a result."""
    if is_dataclass(value) and not isinstance(value, type):
        return numbers(list(asdict(value).values()))
    if isinstance(value, pd.DataFrame):
        return numbers([value[c].tolist() for c in value.select_dtypes("number")])
    if isinstance(value, dict):
        return numbers(list(value.values()))
    if isinstance(value, list | tuple):
        return [x for item in value for x in numbers(item)]
    return [float(value)] if isinstance(value, int | float) else []


def test_every_analysis_answers(found: tuple[str, pd.DataFrame, Timeline]) -> None:
    """No analysis fails, and none makes an infinite number."""
    _, frame, line = found
    for name, analysis in ANALYSES.items():
        assert not any(math.isinf(x) for x in numbers(analysis(frame, line))), name


def test_groups_lose_nobody(found: tuple[str, pd.DataFrame, Timeline]) -> None:
    """Whoever lacks a CSM or a segment stands under "Not given", and every account once."""
    _, frame, line = found
    counts = {
        "tiers": sum(p.accounts for p in distribution(frame, MODEL).tiers),
        "csm": sum(g.total.accounts for g in distributions(frame, MODEL, "csm")),
        "loads": sum(load.accounts for load in csm_loads(frame)),
        "warnings": sum(w.accounts for w in early_warnings(frame, line)),
        "matrix": sum(sum(row[:4]) for row in migration(frame, line).accounts),
    }
    assert set(counts.values()) == {len(frame)}
    labels = {load.label for load in csm_loads(frame)}
    assert ("Not given" in labels) == (frame["csm"] == "").any()


def test_unknown_is_never_zero(found: tuple[str, pd.DataFrame, Timeline]) -> None:
    """Where no amount is known the sum is unknown; where nobody has a score so is the mean."""
    name, frame, line = found
    total = distribution(frame, MODEL).total
    if name in ("no amounts", "ids alone", "no columns of who"):
        assert math.isnan(total.arr)
        assert math.isnan(total.arr_share)
    if name in ("never a score", "no score", "ids alone"):
        # A placeholder of a new account has a number and no tier.
        assert math.isnan(total.average)
        assert total.accounts == distribution(frame, MODEL).part("").accounts
        assert set(frame["driver"]) | set(frame["moved"]) == {""}
    if name == "no history":
        assert migration(frame, line).first
        assert tier_moves(frame).worse == len(newly_red(frame)) == 0
    if name == "all left":
        assert sum(row[4] for row in migration(frame, line).accounts) > 5
