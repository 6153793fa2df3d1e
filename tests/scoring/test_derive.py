"""Metrics that follow from other columns."""

from __future__ import annotations

from datetime import date

import pandas as pd

from scoring.derive import derivation_problems, derive_metrics
from scoring.presets import load_preset

MODEL = load_preset("four-dimension")
DAY = date(2026, 11, 23)


def accounts(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"account_id": [str(i) for i in range(len(next(iter(columns.values()))))],
                         **columns})  # fmt: skip


def test_shares_follow_from_counts_and_never_replace_a_typed_value() -> None:
    """Shares follow from counts and never replace a typed value."""
    frame = accounts(features_used=[3, 3, 0], features_available=[12, 12, 0],
                     feature_breadth=[None, 0.5, None])  # fmt: skip
    out = derive_metrics(frame, MODEL, DAY)["feature_breadth"]
    assert out.tolist()[:2] == [0.25, 0.5]
    assert pd.isna(out[2])


def test_a_contradiction_is_missing_and_named() -> None:
    """A contradiction is missing and named."""
    frame = accounts(features_used=[15], features_available=[12])
    assert derive_metrics(frame, MODEL, DAY)["feature_breadth"].isna().all()
    (problem,) = derivation_problems(frame, MODEL, DAY)
    assert "Features used and Features available" in problem.message


def test_days_count_to_each_rows_own_date_in_history() -> None:
    """Days count to each rows own date in history."""
    model = load_preset("support")
    frame = accounts(renewal_date=[pd.Timestamp("2026-12-23")] * 2)
    assert derive_metrics(frame, model, DAY)["days_to_renewal"].tolist() == [30.0, 30.0]
    dated = frame.assign(date=pd.to_datetime(pd.Series(["2026-12-13", None])))
    assert derive_metrics(dated, model, DAY)["days_to_renewal"].tolist() == [10.0, 30.0]
