"""One row an account: facts, score, change, driver, what moved it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.sample import sample_inputs
from scoring.change import explain_change
from scoring.derive import derive_metrics
from scoring.drivers import drivers
from scoring.model import ScoreModel
from scoring.one import score_one
from scoring.portfolio_frame import portfolio_frame
from scoring.presets import load_preset
from scoring.timeline import Timeline, score_over_time
from tests.scoring.portfolios import scored
from tests.scoring.rows import AS_OF, day, dimension, metric, model_of, state, two_by_two

NEVER = pd.NaT


def accounts(*rows: dict[str, Any]) -> pd.DataFrame:
    """Accounts of a source; ids A, B, … where none is given."""
    return pd.DataFrame([{"account_id": chr(65 + i), **row} for i, row in enumerate(rows)])


def sample(preset: str, **more: Any) -> tuple[pd.DataFrame, Timeline, pd.DataFrame]:
    """Sample accounts: their portfolio frame, timeline and source."""
    model = load_preset(preset)
    given = sample_inputs(model, as_of=AS_OF, accounts=30, months=4, **more)
    line = score_over_time(given.accounts, given.history, model, as_of=AS_OF)
    frame = portfolio_frame(given.accounts, line, given.tables, as_of=AS_OF)
    return frame, line, given.accounts


@pytest.fixture(scope="module")
def found() -> tuple[pd.DataFrame, Timeline, pd.DataFrame]:
    """Thirty sample accounts under the default model."""
    return sample("scorecard")


def test_scores_are_those_of_the_engine(
    found: tuple[pd.DataFrame, Timeline, pd.DataFrame],
) -> None:
    """Scores, tiers, bounds and dimensions are taken over as they are."""
    frame, line, source = found
    now = line.now
    assert list(frame["account_id"]) == list(source["account_id"])
    for key, expected in (("score", now.total), ("shown", now.rounded), ("low", now.low),
                          ("high", now.high), ("coverage", now.coverage)):  # fmt: skip
        assert frame[key].to_numpy() == pytest.approx(expected, nan_ok=True), key
    assert list(frame["tier"]) == list(now.tier)
    assert list(frame["status"]) == list(now.status)
    for d in now.model.dimensions:
        assert frame[f"dim_{d.key}"].to_numpy() == pytest.approx(now.dimensions[d.key], nan_ok=True)
    weights = frame[[f"weight_{d.key}" for d in now.model.dimensions]].sum(axis=1)
    assert weights.tolist() == pytest.approx([1.0] * 30)


def test_facts_of_an_account() -> None:
    """Missing texts are "", dates NaT, numbers NaN; a missing name is the id."""
    frame, _ = scored(
        accounts(
            {"account_name": "Acme", "csm": None, "segment": "smb", "arr": 5.0, "currency": "USD",
             "renewal_date": pd.Timestamp(day(-10)), "a": 90.0, "b": 90.0, "c": 90.0, "d": 90.0},
            {"account_name": None, "csm": "Ann", "segment": "giant", "arr": None,
             "currency": None, "renewal_date": NEVER},
        )
    )  # fmt: skip
    first, second = frame.iloc[0], frame.iloc[1]
    assert (first["csm"], first["segment"], first["region"], first["days_left"]) == (
        "", "smb", "", 10.0,
    )  # fmt: skip
    assert (second["account_name"], second["segment"], second["currency"]) == ("B", "", "")
    assert np.isnan(second["arr"])
    assert np.isnan(second["days_left"])
    assert pd.isna(second["renewal_date"])
    assert (second["tier"], second["status"], second["driver"]) == ("", "Insufficient data", "")
    assert second["missing"] == 4
    assert frame["start_date"].dtype == "datetime64[us]"


def test_change_against_the_last_score() -> None:
    """The last earlier score counts, on whichever day it was; velocity looks a month back."""
    history = pd.DataFrame(
        [
            {"account_id": "A", "date": day(60), "a": 40.0, "b": 40.0, "c": 40.0, "d": 40.0},
            {"account_id": "A", "date": day(30), "a": 90.0, "b": 90.0, "c": 90.0, "d": 90.0},
            {"account_id": "A", "date": day(7), "a": 80.0, "b": 80.0, "c": 80.0, "d": 80.0},
            {"account_id": "B", "date": day(20), "a": 50.0, "b": 50.0, "c": 50.0, "d": 50.0},
        ]
    )
    frame, _ = scored(accounts(*[dict.fromkeys("abcd", 60.0)] * 3), history)
    assert frame["previous_score"].tolist()[:2] == [80, 50]
    assert frame["change"].tolist()[:2] == [-20, 10]
    assert frame["previous_tier"].tolist() == ["green", "red", ""]
    assert frame["previous_day"].dt.date.tolist()[:2] == [day(7), day(20)]
    assert frame["velocity"].tolist()[:2] == pytest.approx([-1.0, 0.5])
    assert frame["velocity_label"].tolist() == ["Declining fast", "Improving fast", ""]
    assert np.isnan(frame["change"][2])
    assert pd.isna(frame["previous_day"][2])


def test_driver_is_what_lost_most() -> None:
    """The driver has the most points lost; of equal losses the model's first; none, no text."""
    frame, _ = scored(
        accounts(
            {"a": 100.0, "b": 20.0, "c": 90.0, "d": 100.0},
            {"a": 50.0, "b": 50.0, "c": 37.5, "d": 100.0},
            dict.fromkeys("abcd", 100.0),
            {"a": 100.0, "b": 99.9, "c": 100.0, "d": 100.0},
        )
    )
    # b loses 0.15 × 80 = 12; a loses 0.45 × 50 = 22.5; 0.015 points are nothing to act on.
    assert frame["driver_key"].tolist() == ["b", "a", "", ""]
    assert frame["driver"].tolist() == ["B 20", "A 50", "", ""]


@pytest.mark.parametrize("preset", ["scorecard", "support", "four-dimension-2"])
def test_drivers_agree_with_the_scorecard(preset: str) -> None:
    """The driver of a list is the first driver of the account's own scorecard."""
    frame, line, source = sample(preset)
    model = line.now.model
    derived = derive_metrics(source, model, AS_OF).astype(object)
    told = 0
    for row, (_, account) in zip(frame.itertuples(), derived.iterrows(), strict=True):
        record = {str(k): v for k, v in account.dropna().items()}
        one = drivers(score_one(record, model, as_of=AS_OF))
        if row.driver_key:
            told += 1
            assert row.driver_key == one[0].key
        else:
            assert not row.tier or not one or one[0].lost < 0.05
    assert told > 20


def test_what_moved_the_score(found: tuple[pd.DataFrame, Timeline, pd.DataFrame]) -> None:
    """The step told is the largest of the exact waterfall in the direction of the change."""
    frame, line, _ = found
    pair = line.previous()
    assert pair is not None
    steps = explain_change(*pair).steps
    told = 0
    for number, name in enumerate(pair[1].account_id):
        row = frame.set_index("account_id").loc[name]
        own = steps[steps["row"] == number]["points"]
        if not row["moved"]:
            assert abs(row["change"]) < 0.05
            continue
        told += 1
        expected = own.max() if row["change"] > 0 else own.min()
        assert row["moved_points"] == pytest.approx(expected)
    assert told > 10


@pytest.mark.parametrize(
    ("today", "words"), [(90, "Use up to 90; model version −6.0"), (40, "Model version −6.0")]
)
def test_another_models_version_is_named(today: float, words: str) -> None:
    """What another version had told before stands behind what moved, and not in its points."""
    model = model_of(dimension("p", 1, metric("use", name="Use")))
    told = {"told_score": 46.0, "told_tier": "amber", "told_by": "older 1.0"}
    past = pd.DataFrame([{"account_id": "A", "date": day(7), "use": 40, **told}])
    given = accounts({"use": today})
    line = score_over_time(given, past, model, as_of=AS_OF)
    row = portfolio_frame(given, line, {}, as_of=AS_OF).iloc[0]
    assert row["moved"] == words
    points = row["moved_points"]
    assert points == row["change"] if today > 40 else np.isnan(points)


def moved_model() -> ScoreModel:
    """A number, a word, and a dimension that may be typed."""
    use = metric("use", unit="fraction", scale=(0, 1), name="Seat use", max_age_days=40,
                 curve={"kind": "linear", "points": ((0, 0), (1, 100))})  # fmt: skip
    sponsor = state("sponsor", ("Active", 100), ("Vacant", 0), name="Executive sponsor")
    return model_of(dimension("x", 50, use, sponsor), dimension("y", 50, metric("m")))


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ({"use": 0.9}, {"use": 0.48}, "Seat use down to 48%"),
        ({"use": 0.4}, {"use": 0.88}, "Seat use up to 88%"),
        ({"sponsor": "Active"}, {"sponsor": "vacant"}, "Executive sponsor vacant"),
        ({"use": 0.9}, {"use": None}, "Seat use no longer known"),
        ({"use": 0.9}, {"use": 0.9, "use_as_of": day(50)}, "Seat use too old to count"),
        ({"use": None}, {"use": 0.1}, "Seat use 10%, newly known"),
        ({"y": None}, {"y": 30.0}, "Y scored 30 of 100, newly known"),
        ({"y": 80.0}, {"y": 30.0}, "Y scored down to 30 of 100"),
        ({}, {"override_score": 10.0}, "Lifecycle or override"),
        ({}, {"segment": "smb"}, ""),
    ],
)
def test_moves_in_words(then: dict[str, Any], now: dict[str, Any], expected: str) -> None:
    """Each kind of move reads as people say it."""
    base = {"account_id": "A", "use": 0.7, "sponsor": "Active", "m": 60.0}
    history = pd.DataFrame([{**base, "date": day(10), **then}])
    frame, _ = scored(pd.DataFrame([{**base, **now}]), history, moved_model())
    assert frame["moved"][0] == expected


def test_overrides_gates_and_gaps_in_words() -> None:
    """Who set a score until when, which gates hold, and how many metrics are old or missing."""
    model = two_by_two(
        gates=({"key": "left", "name": "Champion left", "cap": "amber"},
               {"key": "failed", "name": "Payment failed", "cap": "red"}),
    )  # fmt: skip
    frame, _ = scored(
        accounts(
            {"a": 90.0, "b": 90.0, "c": 90.0, "left": True, "failed": True},
            {"a": 90.0, "override_tier": "red", "override_author": "Ann",
             "override_expires": pd.Timestamp(day(-14))},
            {"a": 90.0, "y": 50.0, "override_tier": "red"},
            {"override_score": 50.0, "override_author": "Ann",
             "override_expires": pd.Timestamp(day(1))},
        ),
        model=model,
    )  # fmt: skip
    assert frame["gate"].tolist() == ["Champion left, Payment failed", "", "", ""]
    assert frame["override"].tolist() == ["", "Ann until 6 Dec 2026", "Set by hand", ""]
    # What a person rated as a whole lacks no metric.
    assert frame["missing"].tolist() == [1, 3, 1, 4]
    assert frame["tier"].tolist() == ["red", "red", "red", ""]


def test_stale_metrics_are_counted_apart() -> None:
    """A value too old to count is stale and not missing."""
    model = model_of(dimension("x", 1, metric("a", max_age_days=40), metric("b")))
    frame, _ = scored(accounts({"a": 90.0, "a_as_of": day(50)}), model=model)
    assert (frame["stale"][0], frame["missing"][0]) == (1, 1)


def test_owner_and_actions() -> None:
    """The owner of the next action, else the CSM, else the role that has to name one."""
    sheet = pd.DataFrame(
        {
            "account_id": ["A", "A", "B"],
            "action": ["Call", "Called", "Write"],
            "status": ["Open", "Done", "Open"],
            "owner": ["Sales", "Ann", None],
            "deadline": [pd.Timestamp(2026, 12, 1), pd.Timestamp(2026, 11, 1), NEVER],
        }
    )
    frame, _ = scored(accounts({"csm": "Ann"}, {"csm": "Bob"}, {}), Actions=sheet)
    assert frame["owner"].tolist() == ["Sales", "Bob", "CS manager"]
    assert frame["next_action"].tolist() == ["Call", "Write", ""]
    assert frame["last_action"].tolist() == ["Called", "", ""]
    assert frame["next_due"][0] == pd.Timestamp("2026-12-01")


def test_a_placeholder_is_no_score_to_compare() -> None:
    """A new account's neutral 50 has no tier, no driver and no change."""
    model = load_preset("support")
    young = {"account_id": "A", "start_date": pd.Timestamp(day(5)), "csat": 2.0}
    history = pd.DataFrame([{"account_id": "A", "date": day(20), "score": 90.0}])
    frame, _ = scored(pd.DataFrame([young]), history, model)
    row = frame.iloc[0]
    assert (row["status"], row["score"], row["tier"]) == ("Provisional", 50.0, "")
    assert (row["driver"], row["moved"], row["velocity_label"]) == ("", "", "")
    assert np.isnan(row["change"])


def test_what_another_model_had_told() -> None:
    """The change is like with like; what people were told of the snapshot stands beside it."""
    values = dict.fromkeys("abcd", 70.0)
    history = pd.DataFrame(
        [
            {"account_id": "A", "date": day(30), **values, "told_score": 85.0,
             "told_tier": "green", "told_by": "old 0.9"},
            {"account_id": "B", "date": day(30), **values, "told_score": None,
             "told_tier": None, "told_by": None},
        ]
    )  # fmt: skip
    frame, _ = scored(accounts(values, values, values), history)
    assert frame["change"].tolist()[:2] == [0, 0]
    assert frame["told_score"].tolist() == pytest.approx([85, np.nan, np.nan], nan_ok=True)
    assert frame["told_tier"].tolist() == ["green", "", ""]
    assert frame["told_by"].tolist() == ["old 0.9", "", ""]


def test_no_accounts_and_other_rows() -> None:
    """No account is an empty frame of the same columns; rows that do not match are refused."""
    full, line = scored(accounts({"a": 1.0}))
    empty, _ = scored(accounts({"a": 1.0}).iloc[:0])
    assert list(empty.columns) == list(full.columns)
    assert len(empty) == 0
    with pytest.raises(ValueError, match="same accounts in the same order"):
        portfolio_frame(accounts({"account_id": "Z"}), line, {}, as_of=AS_OF)


def test_amounts_in_the_base_currency() -> None:
    """Given rates turn amounts into the base."""
    source = accounts({"arr": 10.0, "currency": "EUR"}, {"arr": 10.0, "currency": "USD"})
    line = score_over_time(source, pd.DataFrame(), two_by_two(), as_of=AS_OF)
    frame = portfolio_frame(source, line, {}, as_of=AS_OF, rates={"USD": 1.0, "EUR": 1.5})
    assert frame["arr"].tolist() == [15, 10]
    assert set(frame["currency"]) == {"USD"}


def test_many_accounts_are_one_by_one() -> None:
    """A row does not depend on the accounts around it."""
    frame, _, source = sample("support")
    model = load_preset("support")
    given = sample_inputs(model, as_of=AS_OF, accounts=30, months=4)
    for name in list(source["account_id"])[::7]:
        own = source[source["account_id"] == name]
        past = given.history[given.history["account_id"] == name]
        line = score_over_time(own, past, model, as_of=AS_OF)
        alone = portfolio_frame(own, line, given.tables, as_of=AS_OF).iloc[0]
        among = frame[frame["account_id"] == name].iloc[0]
        for key in frame.columns:
            same = alone[key] == among[key] or (pd.isna(alone[key]) and pd.isna(among[key]))
            assert same, key


def test_dates_are_days(found: tuple[pd.DataFrame, Timeline, pd.DataFrame]) -> None:
    """The previous day of each account is a day before today."""
    days = found[0]["previous_day"].dropna().dt.date
    assert len(days) > 20
    assert set(days) < {date(2026, m, 22) for m in range(1, 11)}
