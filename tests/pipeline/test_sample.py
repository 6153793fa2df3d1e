"""The sample: deterministic, complete under every model, and read back as it was made."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.sample import Slip, sample_inputs, write_sample_workbook
from pipeline.sources import read_source
from scoring.columns import SHEETS, account_columns, history_columns
from scoring.derive import derive_metrics
from scoring.inputs import Inputs
from scoring.model import LinearCurve, Metric, ScoreModel, StateCurve
from scoring.presets import load_preset, preset_names
from scoring.score import Scores, score_accounts

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module", params=preset_names())
def model(request: pytest.FixtureRequest) -> ScoreModel:
    return load_preset(str(request.param))


@pytest.fixture(scope="module")
def inputs(model: ScoreModel) -> Inputs:
    return sample_inputs(model, as_of=AS_OF)


@pytest.fixture(scope="module")
def scores(model: ScoreModel, inputs: Inputs) -> Scores:
    return score_accounts(derive_metrics(inputs.accounts, model, AS_OF), model, as_of=AS_OF)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Values only: how a text column says "missing" differs between a file and a frame."""
    values: pd.DataFrame = frame.astype(object).where(frame.notna(), None)
    return values


def test_same_seed_same_frames(model: ScoreModel, inputs: Inputs) -> None:
    """The same arguments give the same frames; another seed gives others."""
    again = sample_inputs(model, as_of=AS_OF)
    pd.testing.assert_frame_equal(inputs.accounts, again.accounts)
    pd.testing.assert_frame_equal(inputs.history, again.history)
    for name in SHEETS:
        pd.testing.assert_frame_equal(inputs.tables[name], again.tables[name])
    other = sample_inputs(model, as_of=AS_OF, seed=8)
    assert not plain(inputs.accounts).equals(plain(other.accounts))


def test_an_account_does_not_depend_on_how_many_there_are(model: ScoreModel) -> None:
    """Account 3 is the same in a sample of 5 and of 64."""
    few = sample_inputs(model, as_of=AS_OF, accounts=5)
    many = sample_inputs(model, as_of=AS_OF)
    one, same = plain(few.accounts).iloc[2].dropna(), plain(many.accounts).iloc[2].dropna()
    assert one.to_dict() == same.to_dict()


def test_columns_are_canonical(model: ScoreModel, inputs: Inputs) -> None:
    """Every column is one of the model's, in its order, and no id stands twice."""
    known = [c.key for c in account_columns(model)]
    found = [c for c in inputs.accounts if not str(c).startswith("override_")]
    assert found == [k for k in known if k in found]
    assert set(inputs.history) <= {c.key for c in history_columns(model)}
    assert inputs.accounts["account_id"].is_unique
    assert set(inputs.tables) == set(SHEETS)


def test_portfolio_is_varied(inputs: Inputs, scores: Scores) -> None:
    """At least 60 accounts, three segments, all tiers and every status; several currencies."""
    accounts = inputs.accounts
    assert len(accounts) >= 60
    assert set(accounts["segment"]) == {"enterprise", "mid_market", "smb"}
    assert {"USD", "EUR", "GBP"} == set(accounts["currency"])
    assert (accounts["currency"] == "USD").mean() > 0.7
    assert accounts["csm"].nunique() >= 5
    assert accounts["region"].nunique() >= 3
    tiers = pd.Series(scores.tier).value_counts()
    assert min(tiers["green"], tiers["amber"], tiers["red"]) >= 4
    assert set(scores.status) == {
        "Scored", "Partial", "Onboarding", "Provisional", "Insufficient data", "Overridden",
    }  # fmt: skip


def test_values_are_missing_stale_typed_and_overridden(inputs: Inputs, scores: Scores) -> None:
    """Gaps as in life: missing, too old, typed by hand, overridden with and without expiry."""
    assert 0.7 < scores.coverage.mean() < 0.99
    assert scores.stale.to_numpy().any()
    dimensions = [d.key for d in scores.model.dimensions]
    typed = inputs.accounts[dimensions].notna().sum(axis=1)
    assert typed.max() == len(dimensions)
    assert (typed == 1).sum() >= 3
    expires = inputs.tables["Overrides"]["expires"]
    assert (expires > pd.Timestamp(AS_OF)).sum() == 2
    assert (expires < pd.Timestamp(AS_OF)).sum() == 1


def test_contracts_are_relative_to_the_day(inputs: Inputs) -> None:
    """Some renew within 30, 60 and 90 days; three are in their first 90 days."""
    left = (inputs.accounts["renewal_date"] - pd.Timestamp(AS_OF)).dt.days
    assert left.min() > 0
    for low, high in ((0, 30), (31, 60), (61, 90)):
        assert left.between(low, high).sum() >= 2
    age = (pd.Timestamp(AS_OF) - inputs.accounts["start_date"]).dt.days
    assert sorted(age[age <= 90]) == [5, 20, 60]


def test_counts_hold_together(inputs: Inputs) -> None:
    """No more active seats than seats, daily than monthly users; tickets add up."""
    a = inputs.accounts.dropna(subset=["seats_active", "open_p1"])
    assert (a["seats_active"] <= a["seats_licensed"]).all()
    assert not (a["dau"] > a["mau"]).any()
    total = a["open_p1"] + a["open_p2"] + a["open_p3"]
    assert (total == a["open_tickets"])[a["open_tickets"].notna()].all()
    features = inputs.tables["Features"].groupby("account_id")["used"].sum()
    counted = inputs.accounts.set_index("account_id")["features_used"].dropna()
    both = counted.index.intersection(features.index)
    assert len(both) > 30
    assert (features[both].astype(float) == counted[both]).all()


def test_values_lie_within_their_scale_and_unit(model: ScoreModel, inputs: Inputs) -> None:
    """Every metric stays in its scale; counts and survey answers are whole; words are known."""
    for metric in model.metrics:
        if metric.key in inputs.accounts:
            check_values(metric, inputs.accounts[metric.key].dropna())


def check_values(metric: Metric, values: pd.Series[Any]) -> None:
    assert len(values) > 0
    if isinstance(metric.curve, StateCurve):
        assert set(values) <= set(metric.curve.words)
        return
    low, high = metric.scale
    assert low is None or values.min() >= low
    assert high is None or values.max() <= high
    if metric.unit in ("count", "days", "nps_index", "nps_response", "points"):
        assert (values == np.round(values)).all()


def test_history_shows_the_stories(model: ScoreModel, inputs: Inputs) -> None:
    """Within 12 months some accounts rise, some fall, one loses its champion and falls fast."""
    history = inputs.history.reset_index(drop=True)
    total = score_accounts(derive_metrics(history, model, AS_OF), model, as_of=AS_OF).total
    scored = history.assign(total=total).sort_values("date")
    by_account = scored.groupby("account_id")["total"]
    assert history["date"].nunique() == 12
    assert (history["date"] < pd.Timestamp(AS_OF)).all()
    assert history.groupby("account_id").size().nunique() > 3  # months are missing
    change = by_account.last() - by_account.first()
    assert (change > 10).sum() >= 3
    assert (change < -10).sum() >= 3
    assert by_account.diff().min() < -20
    # The champion of account 7 left within the last two months.
    assert by_account.max()["SA-007"] - by_account.last()["SA-007"] > 25


def test_texts_are_specific(model: ScoreModel, inputs: Inputs) -> None:
    """Risks carry a number or a word of the metric; actions have owner, deadline and horizon."""
    risks, actions = inputs.tables["Risks"], inputs.tables["Actions"]
    assert {"High", "Medium"} <= set(risks["severity"]) <= {"High", "Medium", "Low"}
    names = [m.name for m in model.metrics]
    led = risks["risk"].map(lambda r: any(r.startswith(f"{n} is ") for n in names))
    assert (led | risks["risk"].str.startswith("Champion Sample contact")).all()
    assert risks["mitigation"].str.contains(r" 20\d\d", regex=True).all()
    assert risks["risk"].nunique() > 0.5 * len(risks)
    assert actions[["owner", "deadline", "horizon"]].notna().all().all()
    assert set(actions["horizon"]) == {"This week", "This month", "Before renewal"}
    without = set(inputs.accounts["account_id"]) - set(risks["account_id"])
    assert len(without) >= 5  # "not provided" is seen too


def test_risk_names_the_value_of_its_account(model: ScoreModel, inputs: Inputs) -> None:
    """The number in a risk is the one in the account's row."""
    csat = next((m for m in model.metrics if m.unit == "csat"), None)
    assert csat is not None
    assert isinstance(csat.curve, LinearCurve)
    rows = inputs.accounts.set_index("account_id")[csat.key]
    risks = inputs.tables["Risks"]
    about = risks[risks["risk"].str.startswith(f"{csat.name} is ")]
    for account, risk in zip(about["account_id"], about["risk"], strict=True):
        value = float(str(risk).removeprefix(f"{csat.name} is ").split(",")[0].split(";")[0])
        assert value == rows[str(account)]


def test_reads_back_as_made(model: ScoreModel, inputs: Inputs, tmp_path: Path) -> None:
    """Without slips the workbook reads back without a problem, equal to the frames."""
    path = tmp_path / "accounts.xlsx"
    assert write_sample_workbook(path, model, as_of=AS_OF, slips=False) == ()
    found = read_source(path, model)
    assert found.problems == ()
    made = plain(inputs.accounts)
    pd.testing.assert_frame_equal(plain(found.accounts)[list(made)], made)
    assert set(found.accounts) == set(made)
    pd.testing.assert_frame_equal(plain(found.history), plain(inputs.history))
    for name in SHEETS:
        pd.testing.assert_frame_equal(plain(found.tables[name]), plain(inputs.tables[name]))


def test_slips_are_reported_and_all_else_is_read(
    model: ScoreModel, inputs: Inputs, tmp_path: Path
) -> None:
    """Every planted slip is reported at its place and nothing else; the rest reads as made."""
    path = tmp_path / "accounts.xlsx"
    planted = write_sample_workbook(path, model, as_of=AS_OF)
    found = read_source(path, model)
    assert len(planted) == 4
    assert len(found.problems) == len(planted)
    assert {p.column for p in found.problems} == {s.column for s in planted}
    made = plain(inputs.accounts)
    read = plain(found.accounts)[list(made)]
    names = {c.name: c.key for c in account_columns(model)}
    for slip in planted:
        if slip.what in ("off its scale", "error cell"):
            row = read.index[read["account_id"] == slip.account_id]
            assert read.loc[row, names[slip.column]].isna().all()
            made.loc[row, names[slip.column]] = None
    pd.testing.assert_frame_equal(read, made)


def test_slip_texts_understood(tmp_path: Path) -> None:
    """The workbook really holds texts where people type them."""
    import python_calamine

    path = tmp_path / "accounts.xlsx"
    slips = write_sample_workbook(path, load_preset("scorecard"), as_of=AS_OF)
    assert Slip("SA-012", "Account ID", "stands twice") in slips
    rows = python_calamine.load_workbook(path).get_sheet_by_name("Accounts").to_python()
    assert rows[0][0] == "Accounts, exported 22 Nov 2026"
    texts = {c for row in rows[3:] for c in row if isinstance(c, str)}
    assert any(t.startswith("£") for t in texts)
    assert any(t.endswith("%") and t[:-1].isdigit() for t in texts)
    assert any(len(t) == 10 and t[2] == t[5] == "-" for t in texts)
