"""Every formula of the backtest workbook, recalculated by LibreOffice, against the document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.office.client import Office
from tests.workbook_templates.backtest.reading import made, written
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.backtest import write_backtest
from workbook_templates.backtest.horizons import AGREES


@pytest.mark.parametrize("kind", ["evidence", "nothing"])
def test_recalculated_cells_equal_cached_ones(office: Office, tmp_path: Path, kind: str) -> None:
    """Each cell of each sheet recalculates to what the file holds, and no cell is an error."""
    path = tmp_path / "backtest.xlsx"
    path.write_bytes(written(kind))
    fresh = office.recalculate(path)
    assert _differences(_cached(path), fresh) == []
    assert {n: s.errors() for n, s in fresh.items() if s.errors()} == {}
    assert fresh["Horizons"]["B3"] == AGREES


def test_a_changed_case_changes_the_counts(office: Office, tmp_path: Path) -> None:
    """An outcome typed over on Cases moves counts of its tier and bracket, and is told."""
    found = made()
    scored = [k for k, at in enumerate(found.cases.at[30]) if at >= 0]
    renewed = next(k for k in scored if found.cases.frame["outcome"][k] == "renewed")
    path = tmp_path / "backtest.xlsx"
    path.write_bytes(written())
    fresh = office.recalculate(path, {("Cases", f"C{5 + renewed}"): "Churned"})
    before = _cached(path)["Horizons"]
    told = str(fresh["Horizons"]["B3"])
    assert "counts differ from the backtest" in told
    churned = [f"F{row}" for row in range(29, 32)]
    moved = [float(str(fresh["Horizons"][c])) - float(str(before[c])) for c in churned]
    assert sorted(moved) == [0.0, 0.0, 1.0]


def test_renewal_forecast_reads_the_range_in_a_cell(office: Office, tmp_path: Path) -> None:
    """Typed beside it, RENEWAL_FORECAST gives the fitted shares of the named range's score."""
    b = made().backtest
    assert b.calibration is not None
    # Never out of date, whatever day the test runs on.
    fitted = b.calibration.model_copy(update={"expires": date(2099, 12, 31)})
    changed = b.model_copy(update={"calibration": fitted})
    path = tmp_path / "backtest.xlsx"
    path.write_bytes(write_backtest(replace(made(), backtest=changed)))
    told = "RENEWAL_FORECAST(72;50000;Renewal_calibration)"
    typed = {("Calibration", f"W{row}"): f"=INDEX({told};{row};2)" for row in (2, 3, 4)}
    fresh = office.recalculate(path, typed | {("Calibration", "W5"): f"=INDEX({told};4;4)"})
    churn, smaller = fitted.churn[72], fitted.contraction[72]
    sheet = fresh["Calibration"]
    assert [sheet[f"W{row}"] for row in (2, 3, 4)] == pytest.approx(
        [1 - churn - smaller, smaller, churn]
    )
    assert str(sheet["W5"]).startswith(f"{fitted.churned} churned of {fitted.cases}")
