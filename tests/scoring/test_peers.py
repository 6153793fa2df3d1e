"""Accounts beside their peers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.peers import compare_peers
from tests.scoring.portfolios import FRAMES, portfolio, shuffled

NINE = [90, 88, 86, 84, 82, 80, 78, 76, 20]
"""Median 82; distances 8 6 4 2 0 2 4 6 62, their median 4."""


def test_by_hand() -> None:
    """Rank, percentile, difference from the median and modified z-score of nine accounts."""
    found = compare_peers(portfolio(*({"segment": "smb", "score": s} for s in NINE)))
    assert found["peers"].tolist() == [9] * 9
    assert found["median"].tolist() == [82] * 9
    assert found["difference"].tolist()[:2] == [8, 6]
    assert found["rank"].tolist() == list(range(1, 10))
    assert found["percentile"].tolist()[-1] == pytest.approx(0.5 / 9)
    assert found["z"].tolist()[-1] == pytest.approx(0.6745 * -62 / 4)
    assert found["outlier"].tolist() == [""] * 8 + ["low"]


def test_far_above_is_an_outlier_too() -> None:
    """Who is healthy in unusual ways is told apart as well."""
    scores = [100, *(20 + 2 * i for i in range(8))]
    found = compare_peers(portfolio(*({"score": s} for s in scores)))
    assert found["outlier"].tolist() == ["high"] + [""] * 8


def test_few_or_equal_peers() -> None:
    """Seven accounts tell nobody apart, nor do accounts that mostly score the same."""
    few = compare_peers(portfolio(*({"score": s} for s in NINE[2:])))
    assert few["z"].isna().all()
    assert (few["outlier"] == "").all()
    assert few["rank"].tolist()[-1] == 7
    same = compare_peers(portfolio(*({"score": s} for s in [80] * 8 + [20])))
    assert same["z"].isna().all()
    assert same["rank"].tolist() == [1] * 8 + [9]


def test_segments_and_gaps() -> None:
    """Peers are of one segment; without a score, or with a placeholder, there is no rank."""
    frame = portfolio(
        {"segment": "smb", "score": 80}, {"segment": "enterprise", "score": 60},
        {"segment": "smb", "score": 70}, {"segment": "smb"},
        {"segment": "smb", "score": 50, "tier": ""},
    )  # fmt: skip
    found = compare_peers(frame)
    assert found["rank"].tolist()[:3] == [1, 1, 2]
    assert found["peers"].tolist()[:3] == [2, 1, 2]
    assert found.drop(columns="outlier").iloc[3:].isna().all().all()
    assert len(compare_peers(portfolio())) == 0


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=40)
def test_ranks_do_not_depend_on_the_order(frame, seed) -> None:  # type: ignore[no-untyped-def]
    """Each account has the same figures in any order, and percentiles lie inside 0 and 1."""
    found = compare_peers(frame).assign(account_id=frame["account_id"]).set_index("account_id")
    other = shuffled(frame, seed)
    again = compare_peers(other).assign(account_id=other["account_id"]).set_index("account_id")
    assert again.loc[found.index].equals(found)
    known = found["percentile"].dropna()
    assert known.between(0, 1, inclusive="neither").all()
    assert len(known) == (frame["tier"] != "").sum()
    assert not math.isinf(found["z"].abs().max())
