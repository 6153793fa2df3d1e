"""One backtest from beginning to end, of a history that knows little."""

from __future__ import annotations

from datetime import date

from scoring.validation.backtest import ONLY_SCORES, Asked, validate
from scoring.validation.records import Backtest
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import leavers, simple_model


def test_a_history_of_scores_is_looked_at_and_told_what_it_lacks() -> None:
    """No powers, a note that says why, a review of every loss; the document survives JSON."""
    c = leavers(1, accounts=60)
    taken = take_snapshots(c.history, simple_model())
    found = validate(Asked(c.outcomes, taken, date(2026, 1, 1), notes=("Read.",))).backtest
    assert found.powers == ()
    assert found.notes == ("Read.", ONLY_SCORES)
    assert len(found.reviews) == len(c.outcomes)
    assert found.alerts is None
    assert found.overrides is None
    assert Backtest.model_validate_json(found.model_dump_json()) == found
