"""Accounts and ARR by tier."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.distribution import Distribution, distribution, distributions
from scoring.presets import load_preset
from tests.scoring.portfolios import FRAMES, MODEL, portfolio, shuffled


def parts(found: Distribution) -> list[tuple[str, int, float, float, float]]:
    """Label, count, share, ARR and its share of each tier."""
    return [(p.label, p.accounts, p.share, p.arr, p.arr_share) for p in found.tiers]


def test_by_hand() -> None:
    """Six accounts: three green with 60 of 100, one amber 30, one red 10, one without a score."""
    frame = portfolio(
        {"score": 90, "arr": 10}, {"score": 80, "arr": 20}, {"score": 100, "arr": 30},
        {"score": 70, "arr": 30}, {"score": 40, "arr": 10}, {"arr": 0},
    )  # fmt: skip
    found = distribution(frame, MODEL)
    assert parts(found) == [
        ("Green", 3, 0.5, 60, 0.6),
        ("Amber", 1, 0.167, 30, 0.3),
        ("Red", 1, 0.167, 10, 0.1),
        ("No score", 1, 0.166, 0, 0.0),
    ]
    total = found.total
    assert (total.accounts, total.share, total.arr, total.arr_share) == (6, 1.0, 100, 1.0)
    assert total.average == pytest.approx((90 + 80 + 100 + 70 + 40) / 5)
    assert total.weighted == pytest.approx((900 + 1600 + 3000 + 2100 + 400) / 100)
    assert found.below_green == (2, 40)


def test_a_placeholder_is_no_score() -> None:
    """The neutral 50 of a new account is in no mean, and in no tier."""
    frame = portfolio({"score": 50, "tier": "", "arr": 10}, {"score": 90, "arr": 10})
    found = distribution(frame, MODEL)
    assert (found.total.average, found.total.weighted, found.part("").accounts) == (90, 90, 1)
    assert math.isnan(found.part("").average)


def test_several_currencies_are_not_added() -> None:
    """Amounts of the main currency count, the others are counted as accounts."""
    frame = portfolio(
        {"score": 90, "arr": 10}, {"score": 90, "arr": 20},
        {"score": 90, "arr": 1e6, "currency": "EUR"}, {"score": 30},
    )  # fmt: skip
    found = distribution(frame, MODEL)
    assert found.currency == "USD"
    green, red = found.part("green"), found.part("red")
    assert (green.arr, green.other_currency, green.without_arr) == (30, 1, 0)
    assert (red.other_currency, red.without_arr) == (0, 1)
    assert math.isnan(red.arr)
    assert math.isnan(red.arr_share)
    assert distribution(frame, MODEL, currency="EUR").total.arr == 1e6


def test_tiers_have_the_words_of_the_model() -> None:
    """Where the model says Yellow, so does the distribution."""
    found = distribution(portfolio({"score": 50}), load_preset("support"))
    assert [p.label for p in found.tiers] == ["Green", "Yellow", "Red", "No score"]


def test_groups_are_named_and_ordered() -> None:
    """Segments from the largest, CSMs by name, what is missing last; one currency for all."""
    frame = portfolio(
        {"segment": "smb", "csm": "Zoe", "arr": 1, "currency": "EUR"},
        {"segment": "", "csm": "", "arr": 1},
        {"segment": "enterprise", "csm": "Ann", "arr": 1},
    )
    assert [g.label for g in distributions(frame, MODEL, "segment")] == [
        "Enterprise", "SMB", "Not given",
    ]  # fmt: skip
    by_csm = distributions(frame, MODEL, "csm")
    assert [(g.key, g.label) for g in by_csm] == [
        ("Ann", "Ann"), ("Zoe", "Zoe"), ("", "Not given"),
    ]  # fmt: skip
    assert {g.currency for g in by_csm} == {"USD"}


def test_no_accounts() -> None:
    """Of no accounts there are no shares and no means."""
    found = distribution(portfolio(), MODEL)
    assert found.total.accounts == 0
    assert found.total.arr == 0
    assert all(math.isnan(p.share) for p in (*found.tiers, found.total))
    assert distributions(portfolio(), MODEL, "csm") == ()


def test_amounts_below_zero_have_no_shares() -> None:
    """A credit note larger than the rest leaves sums, but no shares that could be drawn."""
    found = distribution(portfolio({"score": 90, "arr": 10}, {"score": 30, "arr": -5}), MODEL)
    assert found.total.arr == 5
    assert all(math.isnan(p.arr_share) for p in found.tiers)


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=25)
def test_parts_make_the_whole(frame, seed) -> None:  # type: ignore[no-untyped-def]
    """Shares sum to exactly 1000 thousandths, counts and ARR to the total, in any order."""
    found = distribution(frame, MODEL)
    shares = [round(p.share * 1000) for p in found.tiers if p.share == p.share]
    assert sum(shares) == (1000 if len(frame) else 0)
    amounts = [round(p.arr_share * 1000) for p in found.tiers if p.arr_share == p.arr_share]
    assert sum(amounts) == (1000 if found.total.arr > 0 else 0)
    assert sum(p.accounts for p in found.tiers) == len(frame)
    known = [p.arr for p in found.tiers if p.arr == p.arr]
    if found.total.arr == found.total.arr:
        assert math.fsum(known) == pytest.approx(found.total.arr)
    again = distribution(shuffled(frame, seed), MODEL)
    assert repr(again) == repr(found)
    for column in ("csm", "segment", "region"):
        assert sum(g.total.accounts for g in distributions(frame, MODEL, column)) == len(frame)
