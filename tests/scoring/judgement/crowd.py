"""Random accounts of any model, with gaps, typed scores, overrides, gates and a history."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from scoring.account_facts import Facts, gather
from scoring.inputs import Inputs
from scoring.model import LinearCurve, Metric, ScoreModel
from scoring.presets import load_preset
from tests.workbook_templates.samples import all_facts

AS_OF = date(2026, 11, 23)
PRESETS = ("scorecard", "four-dimension", "four-dimension-2", "support", "signals")
_BACK = (31, 61, 92, 150)
_NAMES = (
    "",
    "Straße & Söhne «Ünïcode»",
    "A",
    "=SUM(A1)",
    "x" * 300,
    "Line\nbreak\tLtd.",
    "日本 42",
)


@cache
def crowd(preset: str, accounts: int = 300) -> tuple[Facts, ...]:
    """Facts of random accounts of a preset, and of the hand-made kinds."""
    model = load_preset(preset)
    found = tuple(gather(random_inputs(model, accounts), model, as_of=AS_OF))
    return (*found, *all_facts(preset).values())


def random_inputs(model: ScoreModel, accounts: int, seed: int = 7) -> Inputs:
    """So many random accounts; every second one has a history that drifts."""
    dice = random.Random(f"{model.name}{seed}")
    now, past = [], []
    for number in range(accounts):
        row = _facts(dice, number) | _values(dice, model)
        now.append(row | _hand(dice, model))
        if number % 2:
            for back in _BACK[: dice.randint(1, 4)]:
                drifted = _drift(dice, model, row)
                past.append({**drifted, "date": AS_OF - timedelta(back)})
    return Inputs(pd.DataFrame(now), {}, pd.DataFrame(past), source="crowd")


def _facts(dice: random.Random, number: int) -> dict[str, Any]:
    def maybe(value: Any, share: float = 0.9) -> Any:
        return value if dice.random() < share else None

    return {
        "account_id": f"R{number}",
        "account_name": dice.choice(_NAMES),
        "csm": maybe("CSM Sample A"),
        "segment": maybe(dice.choice(("enterprise", "mid_market", "smb"))),
        "arr": maybe(float(dice.choice((0, 1, 999, 45_000, 1_250_000.5)))),
        "currency": maybe(dice.choice(("USD", "EUR", "GBP", "SEK"))),
        "renewal_date": maybe(AS_OF + timedelta(dice.choice((-20, -1, 0, 1, 45, 400)))),
        "start_date": maybe(AS_OF - timedelta(dice.choice((3, 20, 60, 900, 900, 900)))),
        "data_as_of": maybe(AS_OF - timedelta(2)),
    }


def _values(dice: random.Random, model: ScoreModel) -> dict[str, Any]:
    gaps = dice.choice((0.0, 0.1, 0.1, 0.5, 1.0))
    row: dict[str, Any] = {}
    for metric in model.metrics:
        if dice.random() >= gaps:
            row[metric.key] = _value(dice, metric)
            if metric.max_age_days and dice.random() < 0.1:
                row[f"{metric.key}_as_of"] = AS_OF - timedelta(metric.max_age_days + 5)
    return row


def _value(dice: random.Random, metric: Metric) -> float | str:
    if not isinstance(metric.curve, LinearCurve):
        return dice.choice(metric.curve.words)
    xs = [x for x, _ in metric.curve.points]
    low, high = metric.scale
    # An edge of the curve and its closest neighbours, or anything between.
    edge = dice.choice(xs)
    near = edge + dice.choice((0.0, 1e-4, -1e-4, 1.0))
    x = dice.choice((edge, near, round(dice.uniform(xs[0], xs[-1]), 3)))
    x = round(x) + 0.0 if metric.unit == "days" else x
    x = x if low is None or not math.isfinite(low) else max(x, low)
    return x if high is None or not math.isfinite(high) else min(x, high)


def _hand(dice: random.Random, model: ScoreModel) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if dice.random() < 0.2:
        most = 5.0 if model.typed == "rating" else 100.0
        row[dice.choice(model.dimensions).key] = round(dice.uniform(1, most), dice.choice((0, 1)))
    if dice.random() < 0.1:
        row["override_tier"] = dice.choice(("green", "amber", "red"))
        row["override_author"] = dice.choice((None, "Lead Sample"))
        row["override_expires"] = AS_OF + timedelta(dice.choice((-3, 30)))
    elif dice.random() < 0.05:
        row["override_score"] = float(dice.randint(0, 100))
        row["override_reason"] = "Sponsor confirmed. In writing."
    return row


def _drift(dice: random.Random, model: ScoreModel, row: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("account_id", "segment", "arr", "currency", "renewal_date", "start_date")
    out = {key: row[key] for key in kept}
    for metric in model.metrics:
        if dice.random() < 0.3:
            out[metric.key] = _value(dice, metric)
        elif row.get(metric.key) is not None:
            out[metric.key] = row[metric.key]
    return out
