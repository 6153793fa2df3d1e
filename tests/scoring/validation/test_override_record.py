"""Whether overrides were right, on cases counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from scoring.validation.cases import Cases, join_cases
from scoring.validation.override_record import LEAST_LEFT, override_record
from scoring.validation.records import OverrideRecord
from scoring.validation.snapshots import take_snapshots
from tests.scoring.rows import dimension, metric, model_of
from tests.scoring.validation.companies import company, simple_model
from tests.scoring.validation.falling import alone

_DAY = date(2026, 1, 1)
_LOSS = pd.Timestamp(2026, 3, 10)
Row = tuple[float, Mapping[str, object], str]


def _cases(*rows: Row, left: int = 0, lost: int = 0) -> Cases:
    """Accounts with points, override columns and outcome; then red ones that nobody overrode.

    Args:
        rows: points of all metrics, columns of the override, outcome.
        left: red accounts without an override.
        lost: so many of them churned.
    """
    parts = [alone(f"A{i}", {_DAY: x}, **more) for i, (x, more, _) in enumerate(rows)]
    parts += [alone(f"L{i}", {_DAY: 40.0}) for i in range(left)]
    parts.append(alone("Z", {_DAY: 95.0}))
    kinds = [kind for _, _, kind in rows] + ["churned"] * lost + ["renewed"] * (left - lost + 1)
    history = pd.concat(parts, ignore_index=True)
    outcomes = pd.DataFrame({
        "account_id": history["account_id"], "outcome": kinds, "date": _LOSS
    })  # fmt: skip
    return join_cases(outcomes, take_snapshots(history, simple_model()), days=60)


def _record(*rows: Row, left: int = 0, lost: int = 0) -> OverrideRecord:
    found = override_record(_cases(*rows, left=left, lost=lost), days=60)
    assert found is not None
    return found


GREEN = {"override_tier": "green"}
RED = {"override_tier": "red"}


def test_better_is_right_where_it_stayed_worse_where_it_churned() -> None:
    """Three to better (two stayed), two to worse (one churned): 3 of 5 right, the model 2 of 5."""
    found = _record(
        (40, GREEN, "renewed"), (70, GREEN, "contracted"), (40, GREEN, "churned"),
        (90, RED, "churned"), (90, RED, "expanded"),
    )  # fmt: skip
    assert (found.better.count, found.better.of) == (2, 3)
    assert (found.worse.count, found.worse.of) == (1, 2)
    assert (found.right.count, found.right.of) == (3, 5)
    assert (found.model_right.count, found.model_right.of) == (2, 5)
    # Wilson's interval of 2 in 3, by hand.
    z2 = 1.959964**2
    middle, half = (2 / 3 + z2 / 6) / (1 + z2 / 3), (z2 * (2 / 27) + z2 * z2 / 36) ** 0.5
    assert found.better.share.low == pytest.approx(middle - half / (1 + z2 / 3), abs=1e-4)


def test_a_score_that_moves_the_tier_counts_like_a_tier() -> None:
    """A score of 85 typed over 40 is an override to better; one of 45 changes no tier."""
    found = _record(
        (40, {"override_score": 85.0}, "renewed"), (40, {"override_score": 45.0}, "churned")
    )
    assert (found.better.count, found.better.of, found.worse.of) == (1, 1, 0)
    assert found.worse.share.value is None


def test_none_overridden_is_no_record() -> None:
    """Without overrides, and where all had expired, there is nothing to tell."""
    old = {"override_tier": "green", "override_expires": pd.Timestamp(2025, 12, 1)}
    assert override_record(_cases((40, {}, "churned")), days=60) is None
    assert override_record(_cases((40, old, "churned")), days=60) is None


def test_what_stands_beside_is_how_accounts_left_alone_did() -> None:
    """Of 20 red accounts that nobody overrode 15 stayed: an override to green says little more."""
    found = _record((40, GREEN, "renewed"), left=20, lost=5)
    assert found.better_base == pytest.approx(0.75)
    assert found.worse_base is None


def test_too_few_left_alone_are_no_comparison() -> None:
    """Below the least number the share is not known."""
    few = _record((40, GREEN, "renewed"), left=LEAST_LEFT - 1)
    enough = _record((40, GREEN, "renewed"), left=LEAST_LEFT)
    assert (few.better_base, enough.better_base) == (None, 1.0)


def test_the_models_tier_is_that_of_history_without_overrides() -> None:
    """Every snapshot's model tier is its tier once the override columns are gone."""
    c = company(4, accounts=30, months=6)
    rng = np.random.default_rng(0)
    words = np.array(["green", "red", None], dtype=object)
    drawn = words[rng.choice(3, len(c.history), p=[0.1, 0.1, 0.8])]
    history = c.history.assign(override_tier=drawn)
    model = simple_model().model_copy(update={"smoothing_days": 60})
    with_them, plain = take_snapshots(history, model), take_snapshots(c.history, model)
    assert with_them.model_tier.tolist() == plain.tier.tolist()
    assert with_them.overridden.sum() == history["override_tier"].notna().sum()
    assert (with_them.tier != with_them.model_tier).any()


def test_a_recorded_score_beside_an_override_is_not_the_models() -> None:
    """It may be the person's: where no input gives a score, the model's tier is not known."""
    history = pd.DataFrame({
        "account_id": ["A", "B"], "date": pd.Timestamp(_DAY), "score": [90.0, 90.0],
        "override_score": [90.0, np.nan],
    })  # fmt: skip
    taken = take_snapshots(history, simple_model())
    assert taken.model_tier.tolist() == ["", "green"]
    assert taken.overridden.tolist() == [True, False]


def test_gates_count_for_the_models_tier() -> None:
    """A gate caps the model's tier at red, whatever a person said."""
    gate = {"key": "notice", "name": "Notice given", "cap": "red"}
    model = model_of(dimension("x", 60, metric("a")), dimension("y", 40), gates=[gate])
    row = {"account_id": "A", "date": pd.Timestamp(_DAY), "a": 90.0, "y": 90.0, "notice": True}
    taken = take_snapshots(pd.DataFrame([{**row, "override_tier": "green"}]), model)
    assert (taken.tier.tolist(), taken.model_tier.tolist()) == (["green"], ["red"])
