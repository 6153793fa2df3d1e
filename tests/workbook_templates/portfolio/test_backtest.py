"""*Backtest* of the portfolio workbook: what it says with, without and against a backtest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scoring.presets import load_preset
from scoring.renewal import BRACKETS as ILLUSTRATED
from scoring.validation.chances import chances_for
from scoring.validation.records import Backtest
from tests.office.client import Office
from tests.scoring.validation import documents
from tests.validity import assert_valid
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.portfolio.backtest import (
    BRACKETS,
    CHART,
    LISTED,
    METRICS,
    TABLE,
    fill,
    listed_metrics,
)
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.names import BACKTEST

MODEL = load_preset("scorecard")


def against(found: Backtest, count: int = 3) -> Portfolio:
    """The demo's accounts with a backtest, its probabilities where they may be used."""
    p = samples.demo(count=count)
    chances, _ = chances_for(found, digest=p.model.digest, as_of=p.as_of)
    return replace(p, backtest=found, chances=chances)


def told(p: Portfolio) -> dict[str, Any]:
    """Place → value."""
    return dict(fill(p).values)


def test_without_a_backtest_the_page_says_what_it_would_show() -> None:
    """Title, commands and each part say that nothing is known; the illustration is called so."""
    values = told(samples.demo(count=3))
    assert str(values["backtest_title"]).startswith("No backtest yet")
    assert "healthsheet validate history.db outcomes.csv -o backtest.json" in values["backtest_use"]
    assert "illustration" in values["backtest_note"]
    assert "illustrative" in values["backtest_scores_title"]
    assert values["backtest_auc_60"] == values["backtest_churned"] == "–"
    assert all(cell is None for row in values["backtest_tiers"] for cell in row)
    assert [row[0] for row in values["backtest_probabilities"]][5:9] == [0.78, 0.34, 0.12, 0.03]


def test_the_verdict_is_the_title_and_the_figures_are_the_documents() -> None:
    """AUC, tiers, scores and cards repeat the horizon that the backtest looks at."""
    found = documents.evidence(MODEL)
    values = told(against(found))
    at = next(h for h in found.horizons if h.days == found.days)
    assert values["backtest_title"] == found.verdict.headline
    assert values["backtest_text"] == found.verdict.detail
    assert values["backtest_auc_60"] == at.auc.value
    assert values["backtest_auc_60_note"] == "0.68–0.80"
    by_key = {g.key: g for g in at.tiers}
    for key, row in zip(("green", "amber", "red"), values["backtest_tiers"], strict=True):
        assert row[:3] == [by_key[key].cases, by_key[key].churned, by_key[key].share.value]
    shown = [row for row in values["backtest_scores"] if row[0]]
    assert [row[0] for row in shown] == [g.label for g in at.brackets]
    assert [row[1] for row in shown] == [f"{g.churned} of {g.cases}" for g in at.brackets]
    assert values["backtest_churned"] == 71
    assert values["backtest_surprises"] == len(found.green_churned)


def test_probabilities_are_those_that_renewals_use() -> None:
    """The Table holds each bracket with its basis and its last day; the illustration has none."""
    found = documents.evidence(MODEL)
    assert found.calibration is not None
    rows: Any = fill(against(found)).tables[TABLE]
    assert rows[0]["basis"] == "Calibrated on 412 outcomes, 2 Nov 2026"
    assert rows[0]["expires"] == found.calibration.expires
    by_score = {row["score_from"]: row["churn"] for row in rows}
    assert by_score[70.0] == found.calibration.churn[70]
    plain: Any = fill(samples.demo(count=3)).tables[TABLE]
    assert [row["churn"] for row in plain] == [b.churn for b in ILLUSTRATED]
    assert {(row["basis"], row["expires"]) for row in plain} == {
        ("Illustration, not calibrated", None)
    }


def test_it_says_whether_it_is_used_today() -> None:
    """Used until a day; expired, of another model and without a calibration it is not, and why."""
    found = documents.evidence(MODEL)
    assert "Renewals use its probabilities until 1 May 2027" in told(against(found))["backtest_use"]
    assert found.calibration is not None
    late = replace(against(found), as_of=found.calibration.expires + timedelta(1))
    other = against(found.model_copy(update={"digest": "other"}))
    none = against(documents.no_evidence(MODEL))
    for p, why in ((late, "expired"), (other, "model"), (none, "no better than chance")):
        values = told(p)
        assert why in values["backtest_use"]
        assert "Renewals show the illustration" in values["backtest_use"]
        assert values["backtest_until"] == "Not used"


def test_scores_of_another_model_have_not_moved() -> None:
    """Drift is told of the model that was fitted; of other weights it would be their doing."""
    found = documents.evidence(MODEL)
    assert found.calibration is not None
    low = (found.calibration.cases, *(0,) * (len(found.calibration.scores) - 1))
    fitted = found.calibration.model_copy(update={"scores": low})
    moved = found.model_copy(update={"calibration": fitted})
    first = told(against(moved, 30))["backtest_data"][0][0]
    assert first.startswith("Scores have moved since the fit of 2 Nov 2026, PSI ")
    other = moved.model_copy(update={"digest": "other"})
    assert "moved" not in str(told(against(other, 30))["backtest_data"])


def test_no_evidence_is_said_as_such() -> None:
    """The title holds the words, and every recommendation is refused."""
    values = told(against(documents.no_evidence(MODEL)))
    assert values["backtest_title"].startswith("No evidence")
    lines = [row[0] for row in values["backtest_recommendations"] if row[0]]
    assert len(lines) == 3
    assert all("Not enough evidence" in line for line in lines)


def test_green_accounts_that_churned_are_listed_and_counted() -> None:
    """Ten lines with what cost most then; the others are counted below; none is said to be none."""
    found = documents.evidence(MODEL)
    values = told(against(found))
    assert len(values["backtest_green"]) == LISTED
    first = found.green_churned[0]
    assert values["backtest_green"][0][0] == first.account
    assert first.drivers[0] in values["backtest_green"][0][-1]
    assert values["backtest_more"].startswith("2 more green accounts churned")
    none = told(against(found.model_copy(update={"green_churned": ()})))
    assert none["backtest_green"][0][0] == "No green account churned."


def test_alerts_and_overrides_stand_beside_what_would_have_been_anyway() -> None:
    """Counts, and the share that any account, or accounts left alone, had; none is said so."""
    lines = [row[0] for row in told(against(documents.evidence(MODEL)))["backtest_record"]]
    assert "58 of 192 alerts came before churn within 90 days (any account: 6%)" in lines[0]
    assert "44 of 71 lost accounts had one in that time (any account: 38%); the first" in lines[0]
    assert lines[0].endswith("came 64 days before.")
    assert "9 of 14 to a better tier (left alone: 81%)" in lines[1]
    none = [row[0] for row in told(against(documents.windows(MODEL)))["backtest_record"]]
    assert none == ["No alerts could be followed up.", "No overrides could be followed up."]


def test_metrics_are_the_best_and_the_weakest() -> None:
    """Of many metrics the best and weakest stand there by AUC; a suspicious one is called so."""
    found = documents.evidence(MODEL)
    shown = listed_metrics(found.powers)
    aucs = [x.auc.value or 0.0 for x in shown]
    assert len(shown) == METRICS
    assert aucs == sorted(aucs, reverse=True)
    known = [x.auc.value or 0.0 for x in found.powers if x.kind == "metric"]
    assert aucs[0] == max(known)
    assert aucs[-1] == min(known)
    values = told(against(found))
    assert values["backtest_metrics"][0][-1] == "too good: check"
    assert "best 7 and weakest 4" in values["backtest_metrics_note"].lower()


@pytest.mark.parametrize("make", [documents.evidence, documents.windows, documents.nothing])
def test_every_line_fits_its_place(make: Any) -> None:
    """Blocks have as many rows and columns as are drawn, whatever the document holds."""
    filling = fill(against(make(MODEL)))
    values = filling.values
    shapes = {"backtest_tiers": (3, 4), "backtest_scores": (BRACKETS, 3),
              "backtest_chart": (3, 4), "backtest_metrics": (METRICS, 5),
              "backtest_green": (LISTED, 7), "backtest_recommendations": (4, 1),
              "backtest_record": (2, 1), "backtest_data": (3, 1)}  # fmt: skip
    for name, (rows, columns) in shapes.items():
        block: Any = values[name]
        assert [len(row) for row in block] == [columns] * rows, name
    alt = str(filling.charts[CHART].alt_text)
    assert any(c.isdigit() for c in alt) or "No " in alt


def test_libreoffice_gives_the_same_and_excel_would_open_it(office: Office, tmp_path: Path) -> None:
    """Probabilities at the middle of each line are looked up in the Table, live."""
    p = against(documents.evidence(MODEL))
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(samples.filled(p))
    assert_valid(path)
    fresh = office.recalculate(path)
    assert _differences(_cached(path), fresh) == []
    found = fresh[BACKTEST]
    known = documents.evidence(MODEL).calibration
    assert known is not None
    assert found["L16"] == pytest.approx(known.churn[60])
    moved = office.recalculate(path, {(BACKTEST, "C103"): 0.5})[BACKTEST]
    assert moved["B103"] == moved["K16"] == 60.0
    assert moved["L16"] == 0.5
