"""Which metric fell first is told where the history shows it, and only there."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from scoring.judgement.portfolio_pattern import FALL, FirstToFall, first_to_fall
from scoring.timeline import score_over_time
from tests.scoring.rows import AS_OF, two_by_two

MODEL = two_by_two()
BACK = (120, 90, 60, 30)
"""Days before today of the earlier snapshots."""
Course = dict[str, tuple[float | None, ...]]


def found(*accounts: Course) -> FirstToFall | None:
    """The pattern of accounts given by metric → its value at each snapshot, today's last."""
    rows = []
    for number, course in enumerate(accounts):
        for place, back in enumerate((*BACK, 0)):
            values = {key: course[key][place] for key in course}
            rows.append({"account_id": f"A{number}", "date": AS_OF - timedelta(back), **values})
    frame = pd.DataFrame(rows)
    today = frame["date"] == AS_OF
    now = frame[today].drop(columns="date").reset_index(drop=True)
    return first_to_fall(score_over_time(now, frame[~today], MODEL, as_of=AS_OF))


def course(**falls: int) -> Course:
    """All four metrics at 90; those named stand at 40 from a snapshot on (5 is never)."""
    return {
        key: tuple(40.0 if place >= falls.get(key, 5) else 90.0 for place in range(5))
        for key in "abcd"
    }


FIRST_A = course(a=1, c=3)


def test_the_first_metric_of_most_is_told() -> None:
    """In three of four fallen accounts a fell before c."""
    told = found(FIRST_A, FIRST_A, FIRST_A, course(c=1, a=2), course())
    assert told == FirstToFall("a", "A", 3, 4, FALL, AS_OF - timedelta(120))


def test_metrics_that_fell_together_both_count() -> None:
    """Where a and c fell between the same snapshots neither was before the other."""
    told = found(*[course(a=2, c=2)] * 2, course(a=2, c=3), course(c=4, a=3))
    assert told is not None
    assert (told.key, told.accounts, told.fallen) == ("a", 4, 4)


def test_what_came_back_did_not_fall() -> None:
    """A dip that is over is not where the decline began."""
    dipped = {**course(c=3), "a": (90.0, 40.0, 90.0, 90.0, 40.0)}
    told = found(*[dipped] * 3)
    assert told is not None
    assert told.key == "c"


def test_a_gap_does_not_end_a_fall() -> None:
    """A snapshot without the value lies between two low ones."""
    gap = {**course(c=4), "a": (90.0, 40.0, None, 40.0, 40.0)}
    told = found(*[gap] * 3)
    assert told is not None
    assert told.key == "a"


@pytest.mark.parametrize(
    "accounts",
    [
        (FIRST_A, FIRST_A),
        (course(), course(), course()),
        (course(a=1, c=2), course(b=1, a=3), course(c=1, b=2), course(d=1, a=2, c=2)),
    ],
)
def test_too_few_or_without_a_common_metric_is_no_pattern(accounts: tuple[Course, ...]) -> None:
    """Two fallen accounts, none, and four with four beginnings tell nothing."""
    assert found(*accounts) is None


def test_without_a_history_there_is_no_pattern() -> None:
    """A first snapshot has nothing that fell."""
    now = pd.DataFrame([{"account_id": "A", "a": 10.0, "b": 10.0, "c": 10.0, "d": 10.0}])
    assert first_to_fall(score_over_time(now, pd.DataFrame(), MODEL, as_of=AS_OF)) is None
