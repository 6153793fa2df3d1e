"""Accounts that try a model hard: complete, missing, extreme, new, stale, typed, overridden."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from scoring.inputs import Inputs
from scoring.model import LinearCurve, Metric, ScoreModel

AS_OF = date(2026, 11, 22)
KINDS = (
    "mixed",
    "best",
    "worst",
    "half",
    "little",
    "nothing",
    "typed",
    "stale",
    "day5",
    "day20",
    "day60",
    "override_score",
    "override_tier",
    "override_expired",
    "extreme",
    "no_facts",
    "day20_little",
    "day20_one",
)


def accounts(model: ScoreModel) -> Inputs:
    """One account a kind; *mixed*, *half* and *typed* have a history that differs from today."""
    rows = [_account(model, kind, number) for number, kind in enumerate(KINDS)]
    now = pd.DataFrame(rows)
    past = []
    for kind in ("mixed", "half", "typed", "override_score", "worst"):
        for back in (31, 61, 92):
            row = _account(model, kind, KINDS.index(kind) + back)
            past.append({**row, "date": AS_OF - timedelta(back)})
    risks = pd.DataFrame(
        [{"account_id": "mixed", "risk": f"Sample risk {i}", "severity": s, "mitigation": None}
         for i, s in enumerate(("Low", "High", "Medium", "odd"))]
    )  # fmt: skip
    actions = pd.DataFrame(
        [{"account_id": "mixed", "action": f"Sample action {i}", "horizon": h, "owner": None,
          "deadline": AS_OF + timedelta(3 * i)}
         for i, h in enumerate(("This week", "This month", None, "This week", "this week"))]
    )  # fmt: skip
    tables = {"Risks": risks, "Actions": actions}
    return Inputs(accounts=now, tables=tables, history=pd.DataFrame(past), source="test")


def _account(model: ScoreModel, kind: str, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {"account_id": kind, "account_name": f"Sample {kind}"}
    if kind != "no_facts":
        row |= {
            "segment": ("enterprise", "mid_market", "smb")[number % 3],
            "arr": 1000.0 * (number + 1),
            "currency": ("USD", "EUR", "GBP")[number % 3],
            "renewal_date": AS_OF + timedelta(20 * number),
            "start_date": AS_OF - timedelta(400),
        }
    for i, metric in enumerate(model.metrics):
        value = _value(metric, kind, number + i)
        row[metric.key] = value
        if kind == "stale" and metric.max_age_days:
            row[f"{metric.key}_as_of"] = AS_OF - timedelta(metric.max_age_days + i % 2)
    return row | _special(model, kind)


def _value(metric: Metric, kind: str, n: int) -> float | str | None:
    gap = {"half": 2, "little": 5, "nothing": 1, "day20_little": 3, "day20_one": 20}.get(kind)
    if gap is not None and n % gap != (0 if kind != "nothing" else 9):
        return None
    pairs = metric.curve.points
    if not isinstance(metric.curve, LinearCurve):
        ordered = sorted(pairs, key=lambda p: -p[1])
        pick = {"best": 0, "worst": -1, "extreme": -1}.get(kind, n % len(pairs))
        return str(ordered[pick][0])
    low, high = metric.scale
    xs = [float(x) for x, _ in metric.curve.points]
    if kind in ("best", "worst"):
        choose = max if kind == "best" else min
        return choose(metric.curve.points, key=lambda p: p[1])[0]
    if kind == "extreme":
        return high if n % 2 and high is not None else 1e9 if n % 2 and high is None else xs[0]
    left = xs[0] if low is None else max(low, xs[0])
    right = xs[-1] if high is None else min(high, xs[-1])
    share = (n * 0.37) % 1
    return round(left + (right - left) * share, 4)


def _special(model: ScoreModel, kind: str) -> dict[str, Any]:
    if kind.startswith("day"):
        return {"start_date": AS_OF - timedelta(int(kind[3:].split("_")[0]))}
    if kind == "typed":
        value = 4.0 if model.typed == "rating" else 71.5
        return {d.key: value for d in model.dimensions[::2]}
    by = {"override_reason": "Sponsor confirmed in writing", "override_author": "CSM Sample A"}
    until = {"override_expires": AS_OF + timedelta(10)}
    overrides: dict[str, dict[str, Any]] = {
        "override_score": {"override_score": 42.0, **by, **until},
        "override_tier": {"override_tier": "red", **by},
        "override_expired": {
            "override_tier": "red",
            **by,
            "override_expires": AS_OF - timedelta(1),
        },
    }
    return overrides.get(kind, {})
