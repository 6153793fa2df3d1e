"""The workbook after a refresh: every formula still recalculates to what the engine says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.refresh import Wanted, refresh_file
from pipeline.sample import sample_inputs
from pipeline.scored import Scored, score_inputs
from scoring.presets import load_preset
from scoring.validation.chances import chances_of
from tests.office.client import Office
from tests.scoring.validation.documents import evidence
from tests.workbook_templates.portfolio.samples import AS_OF
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.portfolio.checks import AGREES

TELLING = ("Changes",)
"""Sheets that tell what a refresh did."""
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


def _calibrated(scored: Scored) -> Scored:
    """The same accounts with fitted probabilities."""
    found = evidence(scored.scores.model)
    assert found.calibration is not None
    inputs = replace(scored.inputs, chances=chances_of(found.calibration), backtest=found)
    return replace(scored, inputs=inputs)


def _made(scored: Scored, path: Path) -> dict[str, dict[str, object]]:
    """What a fresh workbook of it says, but for the sheet that tells what was done."""
    path.unlink(missing_ok=True)
    assert refresh_file(scored, path, Wanted(WHEN, "accounts.xlsx")).made
    return _said(path)


def _said(path: Path) -> dict[str, dict[str, object]]:
    """What stands on each sheet; a cell emptied and one that was never filled are alike."""
    return {
        name: {at: value for at, value in cells.items() if value != ""}
        for name, cells in _cached(path).items()
        if name not in TELLING
    }


def test_a_calibration_comes_and_goes(office: Office, tmp_path: Path) -> None:
    """Refreshed with fitted probabilities and back, a workbook says what a new one would say."""
    path, scored = tmp_path / "portfolio.xlsx", _scored(0, 12)
    fitted = _calibrated(scored)
    plain, wanted = _made(scored, path), _made(fitted, tmp_path / "new.xlsx")
    label = "calibrated on 412 outcomes, 2 nov 2026"
    assert plain["Accounts"] != wanted["Accounts"]
    refresh_file(fitted, path, Wanted(WHEN + timedelta(hours=1), "accounts.xlsx"))
    said = _said(path)
    assert said == wanted
    texts = {
        name: " ".join(str(v) for v in cells.values()).casefold() for name, cells in said.items()
    }
    assert {"Renewals", "Early warnings", "Backtest"} <= {n for n, t in texts.items() if label in t}
    assert not any("not calibrated" in text for text in texts.values())
    fresh = office.recalculate(path)
    assert _differences(_cached(path), fresh) == []
    assert fresh["Checks"]["B1"] == AGREES
    refresh_file(scored, path, Wanted(WHEN + timedelta(hours=2), "accounts.xlsx"))
    assert _said(path) == plain
