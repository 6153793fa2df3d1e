"""Early warnings by segment."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from pipeline.sample import sample_inputs
from scoring.portfolio_frame import portfolio_frame
from scoring.presets import load_preset
from scoring.segments import EarlyWarning, early_warnings, metric_shifts
from scoring.timeline import Timeline, score_over_time
from tests.scoring.portfolios import scored
from tests.scoring.rows import AS_OF, day, dimension, metric, model_of, state
from tests.scoring.test_usage_change import share

MODEL = model_of(
    dimension(
        "x", 1, share("seats_active_share"),
        {**share("feature_breadth"), "name": "Feature breadth (0–1)", "leading": True},
        {**metric("tickets", unit="count", scale=(0, None),
                  curve={"kind": "linear", "points": ((0, 100), (10, 0))}), "leading": True},
        state("sponsor", ("Active", 100), ("Vacant", 0), leading=True),
    ),
)  # fmt: skip


def enterprise(declining: int, steady: int) -> tuple[pd.DataFrame, Timeline]:
    """A segment in which some accounts use 25 % less than 90 days ago, and others as much."""
    count = declining + steady
    base: dict[str, Any] = {
        "account_id": [f"E{i:02d}" for i in range(count)],
        "segment": "enterprise",
        "arr": [100.0 + i for i in range(count)],
        "currency": "USD",
        "sponsor": "Active",
    }
    fell = [i < declining for i in range(count)]
    now = pd.DataFrame(base).assign(
        seats_active_share=[0.6 if f else 0.8 for f in fell],
        feature_breadth=[0.41 if f else 0.5 for f in fell],
        tickets=[6.0 if f else 2.0 for f in fell],
    )
    then = pd.DataFrame(base).assign(seats_active_share=0.8, feature_breadth=0.5, tickets=2.5)
    half = then.assign(date=day(45), seats_active_share=now["seats_active_share"])
    return scored(now, pd.concat([then.assign(date=day(90)), half]), MODEL)


def test_the_document_by_hand() -> None:
    """As in the report of the document: 18 of 45 enterprise accounts, tickets up 140 %."""
    frame, line = enterprise(18, 27)
    (found,) = early_warnings(frame, line)
    assert (found.label, found.accounts, found.known, found.declining) == (
        "Enterprise", 45, 45, 18,
    )  # fmt: skip
    assert found.share == pytest.approx(0.4)
    assert found.size == pytest.approx(-0.25)
    assert found.since == day(45)
    touched = sum(100 + i for i in range(18))
    assert found.arr == touched
    assert found.arr_share == pytest.approx(touched / sum(100 + i for i in range(45)))
    assert found.rows[:2] == (17, 16)
    tickets, breadth = found.leading
    assert (tickets.name, tickets.worse, breadth.name) == ("Tickets", 18, "Feature breadth")
    assert [tickets.change, breadth.change] == pytest.approx([1.4, -0.18])
    assert [tickets.points, breadth.points] == pytest.approx([-35, -9])
    assert breadth.arr == touched


def test_a_steady_segment() -> None:
    """Nobody declines: a share of 0, nothing touched, and nothing leads."""
    frame, line = enterprise(0, 5)
    (found,) = early_warnings(frame, line)
    assert (found.share, found.arr, found.since, found.leading, found.rows) == (0, 0, None, (), ())
    assert math.isnan(found.size)


def test_without_history_nothing_is_known() -> None:
    """A level alone tells no decline: the share is unknown, not 0."""
    frame, line = enterprise(3, 3)
    now, line = scored(
        pd.DataFrame({"account_id": ["A"], "seats_active_share": [0.1]}), None, MODEL
    )
    (found,) = early_warnings(now, line)
    assert (found.label, found.accounts, found.known, found.declining) == ("Not given", 1, 0, 0)
    assert math.isnan(found.share)
    assert early_warnings(frame.iloc[:0], line) == ()
    assert metric_shifts(now, line) == ()


def test_metrics_of_all_accounts() -> None:
    """Shifts are told for every metric, the most points lost first; words by their points."""
    frame, line = enterprise(4, 4)
    shifts = {s.key: s for s in metric_shifts(frame, line)}
    assert next(iter(shifts)) == "tickets"
    assert shifts["tickets"].points == pytest.approx((-35 * 4 + 5 * 4) / 8)
    assert shifts["sponsor"].points == 0
    assert math.isnan(shifts["sponsor"].change)
    assert metric_shifts(frame, line, segment="smb") == ()
    assert metric_shifts(frame, line, segment="enterprise") == metric_shifts(frame, line)


def test_segments_without_amounts() -> None:
    """Where no amount is known, or all are 0, the segment with more declines goes first."""
    frame, line = enterprise(3, 1)
    frame = frame.assign(segment=["smb", "enterprise", "enterprise", "enterprise"], arr=0.0)
    found = early_warnings(frame, line)
    assert [(w.segment, w.declining, w.arr) for w in found] == [("enterprise", 2, 0), ("smb", 1, 0)]
    assert all(math.isnan(w.arr_share) for w in found)
    unknown = early_warnings(frame.assign(arr=math.nan), line)
    assert [w.segment for w in unknown] == ["enterprise", "smb"]
    assert all(math.isnan(w.arr) for w in unknown)


def test_few_accounts_are_no_pattern() -> None:
    """A metric known then and now of less than three accounts is not told."""
    frame, line = enterprise(2, 0)
    assert metric_shifts(frame, line) == ()
    (found,) = early_warnings(frame, line)
    assert (found.declining, found.leading) == (2, ())


def by_segment(preset: str) -> tuple[pd.DataFrame, tuple[EarlyWarning, ...]]:
    """Warnings over the sample accounts."""
    model = load_preset(preset)
    given = sample_inputs(model, as_of=AS_OF, months=5)
    line = score_over_time(given.accounts, given.history, model, as_of=AS_OF)
    frame = portfolio_frame(given.accounts, line, given.tables, as_of=AS_OF)
    return frame, early_warnings(frame, line)


@pytest.mark.parametrize("preset", ["scorecard", "support"])
def test_sample_accounts(preset: str) -> None:
    """Segments together hold every account once, and the most ARR touched goes first."""
    frame, found = by_segment(preset)
    assert sum(w.accounts for w in found) == len(frame)
    for warning in found:
        assert warning.declining == len(warning.rows) <= warning.known <= warning.accounts
        assert set(frame["segment"][list(warning.rows)]) <= {warning.segment}
        assert warning.declining == 0 or warning.size < -0.15
        assert all(s.leading and s.points < 0 for s in warning.leading)
    touched = [w.arr for w in found if w.arr == w.arr]
    assert touched == sorted(touched, reverse=True)
