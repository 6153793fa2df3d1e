"""Texts of the account workbook for cases worked out by hand."""

from __future__ import annotations

import math
from datetime import date

import pytest

from scoring.model import Gate
from scoring.presets import load_preset, preset_names
from tests.workbook_templates.samples import facts, shot
from workbook_templates.account import words as w
from workbook_templates.drawing.account.healthy import rule_words
from workbook_templates.typed import typing


@pytest.mark.parametrize(
    ("x", "text"), [(1.25, "+1.2"), (-6.0, "−6.0"), (0.0, "0.0"), (-0.04, "0.0"), (12.0, "+12.0")]
)
def test_changes_carry_a_true_minus(x: float, text: str) -> None:
    """What rounds to nothing has no sign."""
    assert w.signed(x) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("dau_mau", 0.475, "48%"),
        ("ticket_trend_90d", 0.18, "+18%"),
        ("ticket_trend_90d", -0.18, "-18%"),
        ("days_since_qbr", 41.5, "42 days"),
        ("champion_strength", "Strong", "Strong"),
        ("csat_10", 8.25, "8.3"),
        ("power_users", 0.0, "0"),
    ],
)
def test_raw_values_have_their_unit(key: str, value: float | str, text: str) -> None:
    """They read as the formula of the same cell writes them."""
    metric = next(m for m in facts("mixed").model.metrics if m.key == key)
    assert w.now_words(metric, value) == text


def test_the_change_names_day_score_and_tier() -> None:
    """Both scores are compared as displayed."""
    past = (shot(date(2026, 9, 23), 88.6, "green"),)
    f = facts("mixed", past=past, total=71.4)
    assert w.change_words(f) == "−18 since 23 Sep 2026 (89 ● Green)"
    assert w.change_words(facts("mixed", past=past, total=88.9)).startswith("No change since 23")


def test_nothing_to_compare_is_said() -> None:
    """A first scorecard says so; a lost score names the last one instead."""
    past = (shot(date(2026, 9, 23), 61.0, "amber"),)
    assert w.change_words(facts("mixed", past=())) == "First scorecard, nothing to compare"
    lost = facts("mixed", past=past, total=math.nan)
    assert w.change_words(lost) == "Last score: 23 Sep 2026 (61 ▲ Amber)"


def test_coverage_comes_with_bounds() -> None:
    """Without bounds, as for a new account, coverage stands alone."""
    f = facts("mixed", coverage=0.675, low=42.0, high=79.5)
    assert w.coverage_words(f) == "Coverage 68%  ·  bounds 42 to 80"
    assert w.coverage_words(facts("mixed", coverage=1.0, low=math.nan)) == "Coverage 100%"


def test_an_override_says_who_until_when_why_and_what_the_model_thinks() -> None:
    """A person's word never hides the model's."""
    said = w.last_words(facts("override_score"))
    assert said.startswith("Set by CSM Sample A until 2 Dec 2026: Sponsor confirmed in writing; ")
    assert "; model " in said
    silent = facts("override_score", record={"override_author": None, "override_reason": None})
    assert "Set by author not provided until 2 Dec 2026: reason not provided" in w.last_words(
        silent
    )


def test_an_expired_override_says_nothing() -> None:
    """The score is the model's again."""
    assert "Set by" not in w.last_words(facts("override_expired"))


def test_a_gate_that_fired_caps_the_tier_by_name() -> None:
    """A green score under a cancellation notice is capped at red."""
    f = facts("best")
    gate = Gate(key="cancelled", name="Cancellation notice", cap="red")
    model = f.model.model_copy(update={"gates": (gate,)})
    capped = facts("best", model=model, tier="red", record={"cancelled": True})
    assert w.last_words(capped) == "Capped: Cancellation notice"
    assert w.gate_cap(capped) == 0
    assert w.gate_cap(f) == 2


def test_missing_data_could_change_the_tier() -> None:
    """The better tier within the bounds is named first, else the worse one."""
    f = facts("mixed", total=70.0, tier="amber", low=55.0, high=85.0)
    assert w.last_words(f) == "▲ Amber, could be ● Green"
    worse = facts("mixed", total=70.0, tier="amber", low=55.0, high=75.0)
    assert w.last_words(worse) == "▲ Amber, could be ■ Red"
    assert w.last_words(facts("mixed", total=70.0, tier="amber", low=65.0, high=75.0)) == ""


def test_a_new_account_is_neutral_and_says_until_when() -> None:
    """Its tier is hollow, and the data so far is told."""
    f = facts("day5")
    assert w.tier_words(f) == "○ Provisional"
    assert w.last_words(f) == f"Neutral until day 14; data so far {f.rolled.total:.0f}"


def test_too_little_data_says_how_much_a_score_needs() -> None:
    """Insufficient data is a status, not a low score."""
    f = facts("little")
    assert w.tier_words(f) == "○ Insufficient data"
    assert w.last_words(f).startswith("A score needs 50% coverage; data so far ")
    assert w.last_words(facts("nothing")) == "A score needs 50% coverage"


def test_a_smoothed_tier_names_the_mean_it_follows() -> None:
    """The mean stands under the tier, since the score beside it may say otherwise."""
    f = facts("mixed", "support")
    assert w.subtier_words(f) == f"30-day mean {w.whole(f.smoothed)}"
    assert w.subtier_words(facts("override_score")) == "Overridden"


def test_names_too_long_for_their_cell_are_cut() -> None:
    """The last letter becomes an ellipsis."""
    assert w.cut("abcdef", 6) == "abcdef"
    assert w.cut("abcdefg", 6) == "abcde…"


def test_evidence_says_how_a_value_becomes_points() -> None:
    """Every metric of every preset tells the points of its curve, in its own unit."""
    model = load_preset("support")
    told = {m.key: rule_words(model, i) for i, m in enumerate(model.metrics)}
    assert told["recontact_rate"] == "15% → 100, 40% → 0"
    assert told["ticket_trend_90d"] == "−10% → 100, 0% → 80, 50% → 0"
    assert told["days_since_activity"] == "7 days → 100, 14 days → 50, 30 days → 0"
    assert told["expansion_history"] == "Grew 100, Flat 50, Shrank 0"
    for name in preset_names():
        shown = load_preset(name)
        for i, metric in enumerate(shown.metrics):
            points = [f"{y:g}" for _, y in metric.curve.points]
            parts = rule_words(shown, i).split(", ")
            assert [part.split(" ")[-1] for part in parts] == points, metric.key
        assert rule_words(shown, len(shown.metrics)) == typing(shown).scale
