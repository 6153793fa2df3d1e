"""Every formula of the portfolio workbook, recalculated by LibreOffice, against the engine."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.presets import load_preset, preset_names
from tests.office.client import Office, Sheet
from tests.workbook_templates.accounts import accounts
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.portfolio.samples import AS_OF, filled
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.portfolio.accounts import account_columns
from workbook_templates.portfolio.checks import AGREES, checked
from workbook_templates.portfolio.facts import Portfolio

PLOTTED = {"Score history", "Workings"}
"""Their #N/A keep lines out of charts."""


def _recalculated(office: Office, p: Portfolio, folder: Path) -> dict[str, Sheet]:
    """The recalculated sheets, once they are known to equal what the file held."""
    path = folder / "portfolio.xlsx"
    path.write_bytes(filled(p))
    fresh = office.recalculate(path)
    assert _differences(_cached(path), fresh) == []
    errors = {n: s.errors() for n, s in fresh.items() if n not in PLOTTED and s.errors()}
    assert errors == {}
    return fresh


def _column(sheet: Sheet, header: str) -> dict[str, object]:
    """Account id → value of a column of *Accounts*."""
    where = {v: "".join(filter(str.isalpha, c)) for c, v in sheet.items() if c.endswith("4") and
             c[:-1].isalpha()}  # fmt: skip
    letters, ids = where[header], where["Account ID"]
    rows = [c[len(ids) :] for c in sheet if c.startswith(ids) and c[len(ids) :].isdigit()]
    return {str(sheet[f"{ids}{r}"]): sheet.get(f"{letters}{r}") for r in rows if int(r) > 4}


@pytest.mark.parametrize("name", preset_names())
def test_recalculated_cells_equal_cached_ones(office: Office, tmp_path: Path, name: str) -> None:
    """Accounts of every kind: each cell of each sheet recalculates to what the engine put there."""
    p = samples.hard(load_preset(name))
    fresh = _recalculated(office, p, tmp_path)
    assert fresh["Checks"]["B1"] == AGREES
    agreed = [v for c, v in fresh["Checks"].items() if c.startswith("F") and v in ("Yes", "No")]
    assert agreed == ["Yes"] * len(checked(p.model))


@pytest.mark.parametrize("policy", ["zero", "gated"])
def test_other_policies(office: Office, tmp_path: Path, policy: str) -> None:
    """Missing counts as zero, and a gate caps a tier: formulas follow."""
    model = load_preset("scorecard").model_copy(update={"missing": policy})
    if policy == "gated":
        model = samples.gated()
    inputs = accounts(model)
    if policy == "gated":
        capped = inputs.accounts.assign(cancelled=inputs.accounts["account_id"] == "best")
        inputs = replace(inputs, accounts=capped)
    p = samples.of_inputs(inputs, model)
    fresh = _recalculated(office, p, tmp_path)
    tiers = _column(fresh["Accounts"], "Tier")
    assert set(tiers) == set(p.frame["account_id"])
    if policy == "gated":
        assert tiers["best"] == "■ Red"
        assert _column(fresh["Accounts"], "Tier set")["best"] == "■ Red"


@pytest.mark.parametrize("count", [0, 3, 64])
def test_any_number_of_accounts(office: Office, tmp_path: Path, count: int) -> None:
    """None, three and the demo's: totals, shares, lists and charts stay true."""
    p = samples.demo(count=count) if count else samples.of(
        load_preset("scorecard"), {"account_id": [], "account_name": []}
    )  # fmt: skip
    summary = _recalculated(office, p, tmp_path)["Summary"]
    assert summary["C18"] == pytest.approx(count)
    assert summary["D18"] == pytest.approx(1.0 if count else 0.0)
    if not count:
        assert summary["B1"] == "No accounts yet"
        assert summary["B22"] == "No account is below Green."


def test_a_weight_changed_on_model_moves_every_score(office: Office, tmp_path: Path) -> None:
    """Scores and tiers follow the Model sheet as the engine does, and Checks counts how many."""
    model = load_preset("scorecard")
    p = samples.demo()
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(filled(p))
    cells = _cached(path)["Model"]
    row = next(c[1:] for c, v in cells.items() if v == "product_adoption" and c.startswith("A"))
    fresh = office.recalculate(path, {("Model", f"C{row}"): 90})
    before, again = _scores(p), _scores(samples.of_inputs(_inputs(model), _heavier(model, 90.0)))
    scores = _column(fresh["Accounts"], "Score")
    assert set(scores) == set(again)
    for account, expected in again.items():
        shown = scores[account]
        assert (shown or "") == "" if math.isnan(expected) else shown == pytest.approx(expected)
    moved = sum(abs(again[key] - before[key]) > 1e-9 for key in again)
    assert moved > 30
    assert "differ" in str(fresh["Checks"]["B1"])
    assert fresh["Checks"]["C6"] == moved


def _scores(p: Portfolio) -> dict[str, float]:
    return dict(zip(p.frame["account_id"], p.frame["score"].astype(float), strict=True))


def _inputs(model: ScoreModel) -> Inputs:
    return sample_inputs(model, as_of=AS_OF)


def _heavier(model: ScoreModel, weight: float) -> ScoreModel:
    first, *others = model.dimensions
    return model.model_copy(
        update={"dimensions": (first.model_copy(update={"weight": weight}), *others)}
    )


def test_another_day_moves_the_days_left(office: Office, tmp_path: Path) -> None:
    """The as-of cell is the only day there is: days left count from it."""
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(filled(samples.demo(count=3)))
    before = _column(office.recalculate(path)["Accounts"], "Days left")
    later = (date(2026, 11, 29) - date(1899, 12, 30)).days
    after = _column(office.recalculate(path, {("Workings", "B2"): later})["Accounts"], "Days left")
    assert [before[k] - after[k] for k in before] == [7.0] * 3  # type: ignore[operator]


def test_rows_stand_for_the_accounts_they_name() -> None:
    """Scores in the workbook are those of the account in the row, the worst first."""
    p = samples.demo()
    own = score_inputs(_inputs(p.model), p.model, as_of=AS_OF).scores
    known = dict(zip(own.account_id, own.total, strict=True))
    columns = account_columns(p)
    tiered = [
        (a, s) for a, s, t in zip(columns["account_id"], columns["score"], columns["tier"],
                                  strict=True) if not str(t).startswith("○")
    ]  # fmt: skip
    assert [s for _, s in tiered] == sorted(s for _, s in tiered)
    for account, score in tiered:
        assert score == pytest.approx(known[account], nan_ok=True)
