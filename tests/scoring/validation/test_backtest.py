"""A backtest as a whole: the document for good and for poor input."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from scoring.validation.backtest import Asked, Found, validate
from scoring.validation.records import HORIZONS, Backtest
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, leavers, simple_model

MADE = date(2026, 3, 1)


def found(outcomes: pd.DataFrame, history: pd.DataFrame) -> Found:
    """The backtest of a history under the simple model."""
    return validate(Asked(outcomes, take_snapshots(history, simple_model()), MADE))


def test_the_document_holds_what_was_found() -> None:
    """Verdict, three horizons, counts and range are those of the cases, and survive a file."""
    of = company(1, accounts=150)
    result = found(of.outcomes, of.history)
    backtest = result.backtest
    assert backtest.verdict.key == "evidence"
    assert tuple(h.days for h in backtest.horizons) == HORIZONS
    assert sum(backtest.kinds.values()) == len(result.cases) == len(result.churn)
    assert (backtest.design, backtest.accounts, backtest.snapshots) == ("renewals", 150, 2100)
    assert backtest.since == of.outcomes["date"].min().date()
    assert backtest.until == of.outcomes["date"].max().date()
    assert Backtest.model_validate_json(backtest.model_dump_json()) == backtest


def test_the_same_input_gives_the_same_document() -> None:
    """Nothing in it depends on chance or on the clock."""
    of = leavers(2, accounts=80)
    one, two = found(of.outcomes, of.history), found(of.outcomes, of.history)
    assert one.backtest == two.backtest


@pytest.mark.parametrize(
    "kind", ["", "churned", "renewed", "expanded", "one", "twice", "later", "unknown"]
)
@pytest.mark.parametrize("rows", ["all", "first", "none"])
def test_poor_input_gives_a_document_without_evidence(kind: str, rows: str) -> None:
    """One kind of outcome, no history, nothing listed: the document says no evidence, and why."""
    of = company(3, accounts=25)
    outcomes = {
        "": pd.DataFrame(),
        "one": of.outcomes.head(1),
        "twice": pd.concat([of.outcomes.head(3)] * 2),
        "later": of.outcomes.assign(date=pd.Timestamp(2030, 1, 1)),
        "unknown": of.outcomes.assign(account_id="X"),
    }.get(kind, of.outcomes.assign(outcome=kind))
    first = of.history["date"].min()
    history = {
        "all": of.history, "first": of.history[of.history["date"] == first],
        "none": of.history.iloc[:0],
    }[rows]  # fmt: skip
    backtest = found(outcomes, history).backtest
    assert backtest.verdict.key == "no evidence"
    assert "No evidence" in backtest.verdict.headline
    assert backtest.verdict.needed_churned > 0
    assert backtest.calibration is None
    assert {r.verdict for r in backtest.recommendations} <= {"not enough evidence", "no gain"}
    assert Backtest.model_validate_json(backtest.model_dump_json()) == backtest


def test_what_may_be_known_too_late_is_told_beside_the_verdict() -> None:
    """A metric that falls to 0 where the account is gone makes the score look good."""
    c = company(8, accounts=160, months=12, strength=0.0, churn=0.3)
    lost = c.outcomes[c.outcomes["outcome"] == "churned"].set_index("account_id")["date"]
    gone = c.history["date"] > c.history["account_id"].map(lost) - pd.Timedelta(days=100)
    history = c.history.copy()
    history.loc[gone, "alpha_1"] = 0.0
    made = found(c.outcomes, history).backtest
    assert made.verdict.key == "evidence"
    note = "1 metric may be known only once an account leaves: Alpha 1. "
    assert note + "Check before you trust the score." in made.notes
    assert found(c.outcomes, c.history).backtest.notes == ()
