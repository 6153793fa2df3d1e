"""Every formula of the backtest workbook, recalculated by LibreOffice, against the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office.client import Office
from tests.workbook_templates.backtest.reading import made, written
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
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
