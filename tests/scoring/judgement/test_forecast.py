"""What renewals could lose, month by month: by hand, in sums, and against trying all outcomes."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.judgement.forecast import (
    SPREAD,
    account_losses,
    contraction_shares,
    renewal_forecast,
)
from scoring.judgement.outlook import outlook
from scoring.presets import load_preset, preset_names
from scoring.renewal import Bracket, Chances, expected_loss, scenarios
from tests.scoring.judgement.acme import AS_OF
from tests.scoring.portfolios import portfolio
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.samples import all_facts

Row = dict[str, Any]


def frame_of(*rows: Row) -> pd.DataFrame:
    """A portfolio frame with renewal dates and contraction shares."""
    frame = portfolio(*rows)
    days = [row.get("renewal_date") for row in rows]
    shares = [row.get("contraction", 0.25) for row in rows]
    return frame.assign(
        renewal_date=pd.Series(days, dtype="datetime64[us]"), contraction=np.array(shares, float)
    )


def test_one_account_by_hand() -> None:
    """68 of 100 at 45,000 with half of the seats idle: 34% churn, 26% contraction to half."""
    frame = frame_of({"score": 68.0, "arr": 45000.0, "contraction": 0.5,
                      "renewal_date": date(2026, 12, 20)})  # fmt: skip
    found = renewal_forecast(frame, AS_OF)
    row = found.months[1]
    loss = 0.34 * 45000 + 0.26 * 22500
    assert (row.label, row.first, row.accounts) == ("Dec 2026", date(2026, 12, 1), 1)
    assert row.loss == pytest.approx(loss)
    assert row.renewed == pytest.approx(45000 - loss)
    assert row.grr == pytest.approx(1 - loss / 45000)
    sd = math.sqrt(0.34 * 45000**2 + 0.26 * 22500**2 - loss**2)
    assert row.low == pytest.approx(max(0, loss - SPREAD * sd))
    assert row.high == pytest.approx(min(45000, loss + SPREAD * sd))


def test_where_each_renewal_counts() -> None:
    """Today in the running month, yesterday passed, a year on later, no date unknown."""
    dates = [AS_OF, AS_OF - timedelta(days=1), date(2027, 10, 31), date(2027, 11, 1), None]
    rows = [{"score": 90.0, "arr": 10.0 * 2**i, "renewal_date": d} for i, d in enumerate(dates)]
    found = renewal_forecast(frame_of(*rows), AS_OF)
    assert [row.label for row in found.months[:2]] == ["Nov 2026", "Dec 2026"]
    assert [row.arr for row in found.months] == [10.0] + [0.0] * 10 + [40.0]
    assert [r.arr for r in (found.ahead, found.later, found.passed, found.unknown)] == [
        50.0, 80.0, 20.0, 160.0,
    ]  # fmt: skip
    assert math.isnan(found.months[1].grr)


def test_what_has_no_tier_or_another_currency() -> None:
    """ARR without a tier renews but nothing is forecast of it; other currencies stand apart."""
    when = date(2026, 12, 20)
    rows = [
        {"score": 90.0, "arr": 100.0, "renewal_date": when},
        {"arr": 40.0, "renewal_date": when},
        {"score": 20.0, "arr": 7.0, "currency": "EUR", "renewal_date": when},
        {"score": 20.0, "renewal_date": when},
    ]
    found = renewal_forecast(frame_of(*rows), AS_OF)
    row = found.months[1]
    assert (row.accounts, row.arr, row.unscored) == (4, 140.0, 40.0)
    assert row.loss == pytest.approx(100 * (0.03 + 0.07 * 0.25))
    assert found.others == {"EUR": 7.0}
    assert found.currency == "USD"


AMOUNTS = st.integers(0, 50).map(lambda n: n * 1000.0)
ROWS = st.lists(st.tuples(st.integers(0, 100).map(float), AMOUNTS, st.floats(0.05, 1)),
                min_size=1, max_size=5)  # fmt: skip


@given(ROWS)
def test_mean_and_spread_are_those_of_all_outcomes(rows: list[tuple[float, float, float]]) -> None:
    """Trying each combination of outcomes gives the same expected loss and variance."""
    frame = frame_of(*({"score": s, "arr": a, "contraction": c} for s, a, c in rows))
    loss, variance = account_losses(frame)
    outcomes = [scenarios(s, a, 1 - c) for s, a, c in rows]
    mean = square = 0.0
    for chosen in product(*outcomes):
        chance = math.prod(x.probability for x in chosen)
        # Seats in use of 1 or more give the default, as a contraction of nothing would.
        lost = math.fsum(x.arr_at_risk for x in chosen)
        mean, square = mean + chance * lost, square + chance * lost**2
    if all(c < 1 for _, _, c in rows):
        assert loss.sum() == pytest.approx(mean, abs=1e-6)
        assert variance.sum() == pytest.approx(square - mean**2, rel=1e-6, abs=1e-2)


@given(ROWS, st.lists(st.integers(-40, 800), min_size=5, max_size=5))
def test_rows_sum_and_ranges_hold(rows: Any, days: list[int]) -> None:
    """Every account is in one row; each range holds its mean and stays between 0 and all."""
    frame = frame_of(*(
        {"score": s, "arr": a, "contraction": c, "renewal_date": AS_OF + timedelta(days=d)}
        for (s, a, c), d in zip(rows, days, strict=False)
    ))  # fmt: skip
    found = renewal_forecast(frame, AS_OF)
    outside = (found.later, found.passed, found.unknown)
    assert sum(r.accounts for r in (*found.months, *outside)) == len(frame)
    assert found.ahead.arr == pytest.approx(math.fsum(r.arr for r in found.months))
    assert found.ahead.loss == pytest.approx(math.fsum(r.loss for r in found.months))
    for row in found.rows:
        assert 0 <= row.low <= row.loss + 1e-6
        assert row.loss <= row.high + 1e-6
        assert row.high <= row.arr + 1e-6


def test_a_calibration_gives_its_own_shares_and_name() -> None:
    """With another source of probabilities loss and label follow it."""
    frame = frame_of({"score": 50.0, "arr": 1000.0, "renewal_date": date(2026, 12, 20)})
    fitted = Chances((Bracket(0, 0.5, 0.0),), date(2026, 11, 1), 300)
    found = renewal_forecast(frame, AS_OF, fitted)
    assert found.ahead.loss == 500.0
    assert found.label == "Calibrated on 300 outcomes, 1 Nov 2026"


def test_contraction_drops_to_the_seats_in_use() -> None:
    """The share given counts first, then the counts; nothing known or nothing idle: a quarter."""
    rows = pd.DataFrame({
        "seats_active_share": [0.8, None, None, 1.2],
        "seats_active": [5.0, 12.0, None, None],
        "seats_licensed": [10.0, 25.0, 0.0, None],
    })  # fmt: skip
    assert contraction_shares(rows).tolist() == pytest.approx([0.2, 0.52, 0.25, 0.25])


@pytest.mark.parametrize("preset", preset_names())
def test_accounts_and_portfolio_say_the_same(preset: str) -> None:
    """The loss of each account here is the one that its own scorecard shows."""
    p = samples.hard(load_preset(preset))
    loss, _ = account_losses(p.frame)
    facts = all_facts(preset)
    for account, amount, currency in zip(
        p.frame["account_id"], loss.tolist(), p.frame["currency"], strict=True
    ):
        told = outlook(facts[account])
        if amount == amount:
            assert amount == pytest.approx(told.expected)
            assert amount == pytest.approx(expected_loss(told.scenarios))
        elif currency == found_currency(p.frame):
            assert told.expected != told.expected


def found_currency(frame: pd.DataFrame) -> str:
    """The currency of the sums."""
    return renewal_forecast(frame, AS_OF).currency
