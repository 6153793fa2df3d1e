"""Backtests for tests: a document and cases made to stand under it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.validation.backtest import Found
from scoring.validation.cases import join_cases
from scoring.validation.records import Backtest, Group
from scoring.validation.snapshots import take_snapshots

__all__ = ["agreeing", "found_of"]

_FIRST = date(2025, 10, 1)
_KINDS = np.array(["renewed", "churned", "contracted", "expanded"], dtype=object)


def found_of(
    backtest: Backtest, count: int = 60, model: ScoreModel | None = None, *, name: str = ""
) -> Found:
    """That document over so many cases of made-up scores.

    Args:
        backtest: the document; its own counts need not be those of the cases.
        count: cases.
        model: of the document; the preset that its label names when not given.
        name: of every account; "" numbers them.
    """
    model = model or load_preset(backtest.model.split()[0])
    rng = np.random.default_rng(count)
    ids = np.array([f"S-{i:04d}" for i in range(count)], dtype=object)
    days = [_FIRST + timedelta(30 * k) for k in range(8)]
    scores = np.clip(rng.normal(68, 16, (count, 1)) + rng.normal(0, 6, (count, 8)), 0, 100)
    history = pd.DataFrame({
        "account_id": np.repeat(ids, 8), "date": pd.to_datetime(days * count),
        "score": scores.round(1).ravel(),
    })  # fmt: skip
    lost = rng.random(count) < 1 / (1 + np.exp((scores[:, 4] - 50) / 8))
    outcome = np.where(lost, "churned", rng.choice(_KINDS[[0, 0, 0, 2, 3]], count))
    outcomes = pd.DataFrame({
        "account_id": ids, "outcome": outcome,
        "date": pd.to_datetime([days[-1] - timedelta(int(x)) for x in rng.integers(0, 60, count)]),
        "account_name": [name or f"Sample Account {i}" for i in range(count)],
        "arr": rng.lognormal(10.5, 0.8, count).round(-2),
        "arr_after": np.where(lost, 0.0, np.nan), "currency": "GBP",
    })  # fmt: skip
    cases = join_cases(outcomes, take_snapshots(history, model), days=backtest.days)
    chance = np.where(cases.landmark >= 0, rng.random(len(cases)), np.nan)
    return Found(backtest, cases, chance)


def agreeing(found: Found) -> Found:
    """The same with the document's counts of tiers and brackets made those of the cases."""
    b = found.backtest
    horizons = tuple(
        h.model_copy(update={
            "tiers": tuple(_counted(found, h.days, g, tier=True) for g in h.tiers),
            "brackets": tuple(_counted(found, h.days, g, tier=False) for g in h.brackets),
        })
        for h in b.horizons
    )  # fmt: skip
    return Found(b.model_copy(update={"horizons": horizons}), found.cases, found.churn)


def _counted(found: Found, days: int, group: Group, *, tier: bool) -> Group:
    """Counted one case after the other, in another way than the product does."""
    snapshots, told = found.cases.snapshots, [0, 0, 0]
    for outcome, at in zip(found.cases.frame["outcome"], found.cases.at[days], strict=True):
        if at < 0:
            continue
        score = int(snapshots.total[at] + 0.5)
        inside = group.starts_at <= score <= group.ends_at
        if snapshots.tier[at] == group.key if tier else inside:
            told = [told[0] + 1, told[1] + (outcome == "churned"),
                    told[2] + (outcome == "contracted")]  # fmt: skip
    return group.model_copy(update={"cases": told[0], "churned": told[1], "contracted": told[2]})
