"""Simulated companies whose truth is known: what drives churn there is planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from scoring.model import ScoreModel
from scoring.presets import model_from_toml

__all__ = ["Company", "company", "leavers", "simple_model"]

_HEAD = """
name = "planted"
version = "1.0"
title = "Three dimensions of three metrics, each points as they stand"
source = "test"
typed = "points"

[[tiers]]
key = "green"
label = "Green"
starts_at = 80
[[tiers]]
key = "amber"
label = "Amber"
starts_at = 60
[[tiers]]
key = "red"
label = "Red"
starts_at = 0
"""
_DIMENSION = """
[[dimensions]]
key = "{key}"
name = "{name}"
weight = {weight}
source = "test"
"""
_METRIC = """
[[dimensions.metrics]]
key = "{key}"
name = "{name}"
weight = {weight}
unit = "points"
curve = {{ kind = "linear", points = [[0, 0], [100, 100]] }}
scale = [0, 100]
source = "test"
"""


@lru_cache
def simple_model() -> ScoreModel:
    """Dimensions alpha 40, beta 35, gamma 25; metrics alpha_1 … gamma_3, equal in each."""
    text = _HEAD
    for key, weight in (("alpha", 40), ("beta", 35), ("gamma", 25)):
        text += _DIMENSION.format(key=key, name=key.title(), weight=weight)
        for n, share in ((1, 34), (2, 33), (3, 33)):
            name = f"{key.title()} {n}"
            text += _METRIC.format(key=f"{key}_{n}", name=name, weight=share)
    return model_from_toml(text, "test")


@dataclass(frozen=True)
class Company:
    """What a simulated company has, and its truth.

    Attributes:
        history: account_id, date, metrics; one row an account and month.
        outcomes: account_id, outcome, date, arr, arr_after, currency.
        chance: (n outcomes,) the true churn probability of each.
        weights: metric → true share of what drives churn.
    """

    history: pd.DataFrame
    outcomes: pd.DataFrame
    chance: np.ndarray[tuple[int], np.dtype[np.float64]]
    weights: Mapping[str, float]


def company(
    seed: int,
    *,
    accounts: int = 300,
    months: int = 14,
    strength: float = 1.0,
    churn: float = 0.2,
    weights: Mapping[str, float] | None = None,
) -> Company:
    """A company of accounts that each decide once, between month 6 and the last.

    Args:
        seed: of all draws.
        accounts: how many.
        months: of history, one snapshot each.
        strength: log odds of churn for each standard deviation of the true score 60 days before;
            0 for no relation.
        churn: about this share churns.
        weights: metric of `simple_model` → share; its own weights without.
    """
    rng = np.random.default_rng(seed)
    model = simple_model()
    keys = [m.key for m in model.metrics]
    given = weights or {m.key: m.weight for m in model.metrics}
    share = np.array([given.get(k, 0.0) for k in keys], dtype=float)
    share /= share.sum()
    level = rng.normal(65, 14, (accounts, 1, 1)) + rng.normal(0, 10, (accounts, 1, len(keys)))
    drift = rng.normal(0, 3, (accounts, months, len(keys))).cumsum(axis=1)
    points = np.clip(level + drift + rng.normal(0, 4, drift.shape), 0, 100).round(1)
    days = pd.date_range(date(2025, 1, 1), periods=months, freq="MS")
    ids = np.array([f"P-{i:04d}" for i in range(accounts)], dtype=object)
    history = pd.DataFrame(points.reshape(-1, len(keys)), columns=keys)
    history.insert(0, "account_id", np.repeat(ids, months))
    history.insert(1, "date", np.tile(days.to_numpy(), accounts))
    at = rng.integers(5, months, accounts)
    when = days[at] + pd.to_timedelta(rng.integers(0, 28, accounts), unit="D")
    known = np.searchsorted(days, when - pd.Timedelta(days=60), side="right") - 1
    true = points[np.arange(accounts), known] @ share
    odds = np.log(churn / (1 - churn)) - strength * (true - true.mean()) / true.std()
    chance = 1 / (1 + np.exp(-odds))
    lost = rng.random(accounts) < chance
    smaller = ~lost & (rng.random(accounts) < 0.1)
    arr = rng.lognormal(10.5, 0.8, accounts).round(-2)
    outcome = np.where(lost, "churned", np.where(smaller, "contracted", "renewed"))
    outcomes = pd.DataFrame({
        "account_id": ids, "outcome": outcome.astype(object), "date": when, "arr": arr,
        "arr_after": np.where(lost, 0.0, np.where(smaller, arr * 0.7, arr)), "currency": "USD",
    })  # fmt: skip
    return Company(history, outcomes, chance, dict(zip(keys, share.tolist(), strict=True)))


def leavers(
    seed: int,
    *,
    accounts: int = 200,
    months: int = 18,
    strength: float = 1.0,
    churn: float = 0.06,
    frailty: float = 0.0,
) -> Company:
    """A company that lists only who churned; rows of an account end when it does.

    Scores stand as recorded, one a month, and hold on: a year apart they still go together.

    Args:
        seed: of all draws.
        accounts: how many there are at the beginning; a fifth as many come later.
        months: of history, one snapshot each.
        strength: log odds of churn for each standard deviation of the score 60 days before; 0 for
            no relation.
        churn: about this share churns in 90 days.
        frailty: standard deviation of log odds between accounts that no score knows of.
    """
    rng = np.random.default_rng(seed)
    count = accounts + accounts // 5
    level = rng.normal(65, 12, (count, 1)) + rng.normal(0, 3, (count, months)).cumsum(axis=1)
    score = np.clip(level + rng.normal(0, 3, level.shape), 0, 100).round(1)
    before = np.concatenate([score[:, :1], score[:, :1], score[:, :-2]], axis=1)
    odds = np.log(churn / 3 / (1 - churn / 3)) - strength * (before - 65) / 14
    chance = 1 / (1 + np.exp(-odds - frailty * rng.normal(size=(count, 1))))
    first = np.where(np.arange(count) < accounts, 0, rng.integers(1, months, count))
    month = np.arange(months)
    leaves = (rng.random(chance.shape) < chance) & (month > first[:, None])
    last = np.where(leaves.any(axis=1), leaves.argmax(axis=1), months)
    days = pd.date_range(date(2024, 1, 1), periods=months, freq="MS")
    ids = np.array([f"P-{i:04d}" for i in range(count)], dtype=object)
    who, when = np.nonzero((month >= first[:, None]) & (month <= last[:, None]))
    history = pd.DataFrame({
        "account_id": ids[who], "date": days.to_numpy()[when], "score": score[who, when]
    })  # fmt: skip
    lost = np.flatnonzero(last < months)
    gone = days[last[lost]] + pd.to_timedelta(rng.integers(1, 28, len(lost)), unit="D")
    outcomes = pd.DataFrame({"account_id": ids[lost], "outcome": "churned", "date": gone})
    return Company(history, outcomes, chance[lost, last[lost]], {})
