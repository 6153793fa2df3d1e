"""The workbook after a refresh: every formula still recalculates to what the engine says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.refresh import Wanted, refresh_file
from pipeline.sample import sample_inputs
from pipeline.scored import Scored, score_inputs
from scoring.presets import load_preset
from tests.office.client import Office
from tests.workbook_templates.portfolio.samples import AS_OF
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.portfolio.checks import AGREES

WHEN = datetime.fromisoformat("2026-11-22T09:00")


def _scored(first: int, last: int, days: int = 0) -> Scored:
    """Some of the demo's accounts, so many days later."""
    model = load_preset("scorecard")
    inputs = sample_inputs(model, as_of=AS_OF)
    some = inputs.accounts.iloc[first:last].reset_index(drop=True)
    later = replace(inputs, accounts=some)
    return score_inputs(later, model, as_of=AS_OF + timedelta(days))


def test_a_refreshed_workbook_recalculates_alike(office: Office, tmp_path: Path) -> None:
    """Accounts gone, new and a week older: totals, scores and lists follow, and Checks agree."""
    path = tmp_path / "portfolio.xlsx"
    made = refresh_file(_scored(0, 40), path, Wanted(WHEN, "accounts.xlsx"))
    assert made.made
    again = refresh_file(_scored(3, 64, 7), path, Wanted(WHEN + timedelta(7), "accounts.xlsx"))
    assert again.written
    fresh = office.recalculate(path)
    assert _differences(_cached(path), fresh) == []
    assert fresh["Checks"]["B1"] == AGREES
    assert fresh["Summary"]["C18"] == 61
