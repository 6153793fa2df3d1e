"""One sentence about a metric, doubts first; and since when it tells churn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scoring.validation.power_notes import Gap, Known, note_of
from scoring.validation.records import Interval, LeadPoint
from scoring.validation.timing import leads_days

NAN = float("nan")
NOTHING = Gap(60, NAN, 0.2, NAN, 1.0, 1.0)


def _points(**low: float) -> tuple[LeadPoint, ...]:
    """AUC 0.1 above its lower limit at each lead, ``d60=0.55`` and so on."""
    return tuple(
        LeadPoint(days=int(day[1:]), cases=100, churned=20,
                  auc=Interval(value=x + 0.1, low=x, high=x + 0.2))
        for day, x in low.items()
    )  # fmt: skip


PLAIN = Known(
    leading=True, auc=0.7, days=60, churned=20, stayed=80, verdict="predicts", timing="leading",
    leads_days=90, by_lead=_points(d14=0.55, d60=0.6, d90=0.6), gap=NOTHING,
    late=replace(NOTHING, days=14), fell=True,
)  # fmt: skip


def test_what_the_model_says_too_needs_no_note() -> None:
    """A leading metric that leads."""
    assert note_of(PLAIN) == ""


@pytest.mark.parametrize(
    ("leading", "timing", "days", "said"),
    [
        (True, "lagging", 30, "The model calls it leading; it told churn only 30 days before."),
        (False, "lagging", 14, "It told churn only 14 days before: late to act on."),
        (None, "lagging", 14, "It told churn only 14 days before: late to act on."),
        (False, "leading", 90, "The model does not call it leading; it told churn 90 days before."),
        (None, "leading", 90, ""),
        (True, "", None, ""),
    ],
)
def test_timing_is_held_against_the_models_own_word(
    leading: bool | None, timing: str, days: int | None, said: str
) -> None:
    """A dimension has no such word, and only its lateness is told."""
    assert note_of(replace(PLAIN, leading=leading, timing=timing, leads_days=days)) == said


def test_a_doubt_comes_before_all_else() -> None:
    """Too good, and missing for those that churned: only the first is told."""
    gap = replace(NOTHING, q=0.001, without=0.9)
    good = replace(PLAIN, auc=0.96, gap=gap)
    assert note_of(good).startswith("AUC 0.96 60 days before is too good to be true")
    assert note_of(replace(good, auc=0.9)).startswith("90% churned where it was missing 60 days")
    assert note_of(replace(good, auc=0.96, verdict="no evidence")).startswith("90% churned")


def test_too_good_shortly_before_is_a_doubt_too() -> None:
    """Gone some weeks before the day listed: perfect late, already told by some at 60 days."""
    gone = replace(PLAIN, by_lead=_points(d14=0.89, d30=0.9, d60=0.6, d90=0.3))
    told = "AUC 1.00 30 days before is too good to be true: "
    assert note_of(gone) == told + "see whether it is written only once an account leaves."
    late = replace(PLAIN, by_lead=_points(d14=0.8, d30=0.8, d60=0.6, d90=0.3))
    assert note_of(late) == ""


def test_few_cases_are_told_by_the_kind_that_lacks() -> None:
    """Either those that churned or those that stayed."""
    few = replace(PLAIN, verdict="too few values", churned=1, stayed=300)
    assert note_of(few) == "1 case with a value churned, 10 are needed."
    assert note_of(replace(few, churned=50, stayed=0)) == (
        "No cases with a value stayed, 10 are needed."
    )


def test_a_lead_goes_back_without_a_gap() -> None:
    """Sure at 60, 90 and 150 days, not at 120: it leads by 90."""
    points = _points(d14=0.4, d30=0.55, d60=0.6, d90=0.51, d120=0.5, d150=0.6)
    assert leads_days(points, 60, early=True, late=False) == 90
    # Only what is later than the day at which the test found nothing counts as lagging.
    assert leads_days(points, 60, early=False, late=True) is None
    sure = _points(d14=0.6, d30=0.55, d60=0.52, d90=0.6)
    assert leads_days(sure, 60, early=False, late=True) == 30
    assert leads_days(sure, 60, early=False, late=False) is None


def test_what_the_test_found_leads_by_its_own_day_at_least() -> None:
    """The test over all metrics and the interval may differ by a hair: the test counts."""
    assert leads_days(_points(d60=0.499, d90=0.6), 60, early=True, late=True) == 60
