"""What a portfolio's data lack: metrics, and overrides that end."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from scoring.data_quality import metric_gaps, missing_metrics, override_ends
from scoring.portfolio_frame import portfolio_frame
from scoring.presets import load_preset, preset_names
from scoring.timeline import score_over_time
from tests.workbook_templates.accounts import AS_OF, accounts


def _overrides(*ends: tuple[str, date]) -> dict[str, pd.DataFrame]:
    rows = pd.DataFrame({"account_id": [a for a, _ in ends], "author": "CSM Sample A"})
    return {"Overrides": rows.assign(reason="Call", expires=[pd.Timestamp(d) for _, d in ends])}


@pytest.mark.parametrize("name", preset_names())
def test_gaps_of_metrics_are_those_of_the_accounts(name: str) -> None:
    """Missing and stale add up to what the portfolio frame counts; nothing is counted twice."""
    model = load_preset(name)
    inputs = accounts(model)
    timeline = score_over_time(inputs.accounts, inputs.history, model, as_of=AS_OF)
    frame = portfolio_frame(inputs.accounts, timeline, {}, as_of=AS_OF)
    gaps = metric_gaps(timeline.now)
    assert {gap.key for gap in gaps} == {m.key for m in model.metrics}
    assert sum(gap.missing for gap in gaps) == frame["missing"].sum() > 0
    assert sum(gap.stale for gap in gaps) == frame["stale"].sum()
    assert all(gap.known + gap.stale + gap.missing <= len(frame) for gap in gaps)
    sizes = [gap.missing + gap.stale for gap in gaps]
    assert sizes == sorted(sizes, reverse=True)
    assert missing_metrics(timeline.now).sum(axis=1).tolist() == frame["missing"].tolist()


def test_a_rated_dimension_misses_nothing() -> None:
    """Where a person rated the dimension its metrics need no values."""
    model = load_preset("scorecard")
    first = model.dimensions[0]
    frame = pd.DataFrame({"account_id": ["A", "B"], first.key: [4.0, None]})
    now = score_over_time(frame, pd.DataFrame(), model, as_of=AS_OF).now
    missing = missing_metrics(now)[[m.key for m in first.metrics]]
    assert missing.to_numpy().tolist() == [
        [False] * len(first.metrics),
        [True] * len(first.metrics),
    ]


def test_overrides_that_end() -> None:
    """Ended ones and those of the next two weeks, the earliest first; the last day counts."""
    days = [-1, 0, 14, 15]
    tables = _overrides(*((f"A{d}", AS_OF + timedelta(d)) for d in reversed(days)))
    found = override_ends(tables, as_of=AS_OF)
    assert [(x.account_id, x.over) for x in found] == [("A-1", True), ("A0", False), ("A14", False)]
    assert (found[0].author, found[0].reason) == ("CSM Sample A", "Call")


def test_of_several_overrides_the_last_counts() -> None:
    """An earlier end of an account whose override was renewed is no news."""
    tables = _overrides(("A", AS_OF - timedelta(9)), ("A", AS_OF + timedelta(90)))
    assert override_ends(tables, as_of=AS_OF) == ()


def test_no_overrides() -> None:
    """Without the sheet, its rows or its column nothing ends."""
    sheets: list[dict[str, pd.DataFrame]] = [
        {},
        {"Overrides": pd.DataFrame()},
        {"Overrides": pd.DataFrame({"account_id": ["A"]})},
    ]
    for tables in sheets:
        assert override_ends(tables, as_of=AS_OF) == ()
