"""Accounts and revenue by tier."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.portfolio import NO_SCORE, summarise, tenths, thousandths
from scoring.presets import load_preset, preset_names

NAN = math.nan
ACCOUNTS = st.lists(
    st.tuples(
        st.one_of(st.just(NAN), st.floats(0, 100)), st.one_of(st.just(NAN), st.floats(0, 1e9))
    ),
    min_size=1,
    max_size=40,
)


@given(ACCOUNTS, st.sampled_from(preset_names()))
def test_parts_make_the_whole(accounts: list[tuple[float, float]], name: str) -> None:
    """Counts and amounts of the tiers add up to the total, and their shares to exactly 1."""
    scores, amounts = ([a[i] for a in accounts] for i in (0, 1))
    *parts, total = summarise(scores, amounts, load_preset(name))
    assert sum(p.accounts for p in parts) == total.accounts == len(accounts)
    assert sum(round(1000 * p.share) for p in parts) == 1000
    known = [p for p in parts if p.arr == p.arr]
    assert sum(p.without_arr for p in parts) == total.without_arr
    assert sum(math.isnan(a) for a in amounts) == total.without_arr
    assert [p.arr != p.arr for p in parts] == [0 < p.accounts == p.without_arr for p in parts]
    if total.without_arr < total.accounts:
        assert math.fsum(p.arr for p in known) == pytest.approx(total.arr)
    if total.arr > 0:
        assert sum(round(1000 * p.arr_share) for p in known) == 1000
    for part in (*parts, total):
        assert part.label == NO_SCORE or (part.accounts == 0) <= math.isnan(part.average)


def test_tiers_and_words() -> None:
    """The model says where a tier starts and what it is called; scores round half-up first."""
    rows = summarise([69.5, 69.4, 39.5, 39.4, NAN], None, load_preset("support"))
    assert [(r.label, r.accounts) for r in rows] == [
        ("Green", 1), ("Yellow", 2), ("Red", 1), (NO_SCORE, 1), ("Total", 5),
    ]  # fmt: skip
    assert all(math.isnan(r.arr) and math.isnan(r.arr_share) for r in rows)
    assert rows[-1].average == pytest.approx(54.45)


def test_unknown_amounts_are_left_out() -> None:
    """A tier of which no amount is known has none, not zero; how many lack theirs is counted."""
    rows = summarise([90, 90, 70, 10], [100, NAN, NAN, 300], load_preset("scorecard"))
    assert [r.arr for r in rows] == [100, pytest.approx(NAN, nan_ok=True), 300, 0, 400]
    assert [r.arr_share for r in rows] == [0.25, pytest.approx(NAN, nan_ok=True), 0.75, 0, 1]
    assert [r.without_arr for r in rows] == [1, 1, 0, 0, 2]
    rows = summarise([90, 10], [NAN, NAN], load_preset("scorecard"))
    assert math.isnan(rows[-1].arr)
    assert math.isnan(rows[-1].arr_share)


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=30))
def test_thousandths(parts: list[float]) -> None:
    """Largest remainders: every share is its exact one rounded up or down, and the sum is whole."""
    found, whole = thousandths(parts), sum(parts)
    assert sum(found) == (1000 if whole > 0 else 0)
    if whole > 0:
        assert all(abs(f - 1000 * p / whole) < 1 + 1e-9 for f, p in zip(found, parts, strict=True))


def test_tenths() -> None:
    """Per cents with one decimal sum to 100.0."""
    assert tenths([1, 1, 1]) == [33.4, 33.3, 33.3]
    assert tenths([0, 0]) == [0, 0]
