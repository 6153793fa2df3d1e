"""Smoothing and the score of a month ago."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.history import score_before, smooth
from tests.scoring.rows import AS_OF, day

NAN = math.nan


# Smoothing


def history(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Earlier scores: account, days back, score."""
    return pd.DataFrame(
        [{"account_id": a, "date": day(back), "score": score} for a, back, score in rows],
        columns=["account_id", "date", "score"],
    )


def current(**scores: float) -> pd.DataFrame:
    """Today's scores."""
    return pd.DataFrame({"account_id": list(scores), "score": list(scores.values())})


def mean(past: pd.DataFrame, now: pd.DataFrame) -> list[float]:
    """The rolling mean over 30 days."""
    return list(smooth(past, now, as_of=AS_OF, days=30))


def test_the_mean_of_thirty_days() -> None:
    """Scores of the last 30 days count alike, today's included; older ones do not."""
    past = history(("A", 29, 80), ("A", 10, 70), ("A", 30, 0), ("A", 99, 0), ("B", 5, 10))
    assert mean(past, current(A=60, B=20)) == pytest.approx([70, 15])


def test_rows_of_today_and_later_do_not_count() -> None:
    """Today's own score stands for today, and the future is not looked at."""
    past = history(("A", 0, 0), ("A", -3, 0), ("A", 3, 80))
    assert mean(past, current(A=60)) == [70]


def test_a_missing_score_does_not_count_as_zero() -> None:
    """A missing score, today or earlier, is left out of the mean."""
    past = history(("A", 3, 80), ("A", 5, NAN), ("B", 3, 40), ("C", 3, NAN))
    smoothed = mean(past, current(A=60, B=NAN, C=NAN))
    assert smoothed[:2] == [70, 40]
    assert math.isnan(smoothed[2])


@pytest.mark.parametrize("past", [pd.DataFrame(), history(), history(("Z", 3, 5))])
def test_without_history(past: pd.DataFrame) -> None:
    """Without earlier scores of an account its mean is today's score."""
    assert mean(past, current(A=60, B=NAN))[0] == 60


def test_order_of_accounts_is_kept() -> None:
    """Means come in the order of today's accounts, however the history is ordered."""
    past = history(("A", 3, 10), ("C", 3, 30), ("B", 3, 20), ("A", 4, 10))
    now = current(C=30, A=10, B=20)
    shuffled = past.sample(frac=1, random_state=3)
    assert mean(past, now) == mean(shuffled, now) == [30, 10, 20]
    assert len(smooth(past, now.iloc[:0], as_of=AS_OF, days=30)) == 0


# The score of a month ago


def before(*rows: tuple[str, int, float]) -> dict[str, tuple[float, float]]:
    """Score and age of what stood a month ago, by account."""
    found = score_before(history(*rows), as_of=AS_OF)
    return {str(a): (float(r["score"]), float(r["age"])) for a, r in found.iterrows()}


@pytest.mark.parametrize(
    ("backs", "age"),
    [
        ((30,), 30), ((60, 30, 7), 30), ((92, 61, 31), 31), ((56, 28, 1), 28), ((27,), 27),
        ((26, 90), 90), ((26, 3), 26), ((3,), 3),
    ],
)  # fmt: skip
def test_the_snapshot_of_a_month_ago(backs: tuple[int, ...], age: int) -> None:
    """The youngest snapshot of a month ago counts, else the oldest of a younger account."""
    assert before(*(("A", back, 50 + back) for back in backs)) == {"A": (50 + age, age)}


def test_what_does_not_count_as_before() -> None:
    """Missing scores, today's and later rows say nothing about what was before."""
    assert before(("A", 30, NAN), ("A", 0, 9), ("A", -5, 9), ("B", 40, 70)) == {"B": (70, 40)}
    assert before(("A", 30, NAN), ("A", 45, 60)) == {"A": (60, 45)}
    assert before() == {}


def test_dates_of_any_kind() -> None:
    """Dates, timestamps and ISO text are the same days."""
    rows = history(("A", 31, 80), ("A", 10, 70))
    kinds: list[Any] = [rows["date"], pd.to_datetime(rows["date"]), rows["date"].astype(str)]
    for dates in kinds:
        past = rows.assign(date=dates)
        assert score_before(past, as_of=AS_OF)["score"].tolist() == [80]
        assert np.allclose(smooth(past, current(A=60), as_of=AS_OF, days=30), [65])
