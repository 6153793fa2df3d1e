"""Accounts that resemble those flagged for expansion."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.look_alikes import expansion_look_alikes
from tests.scoring.portfolios import FRAMES, MODEL, portfolio, shuffled

FLAGGED = [
    {"segment": "smb", "score": 90, "expansion": True, "dim_x": x, "dim_y": 80, "arr": 10}
    for x in (60, 80, 85, 90, 95)
]
"""Five flagged accounts: four of five reach 80 in x, all of them 80 in y."""


def account(x: float, y: float, **more: object) -> dict[str, object]:
    """A green account that nobody flagged."""
    return {"segment": "smb", "score": 90, "dim_x": x, "dim_y": y, **more}


def test_by_hand() -> None:
    """Who reaches what three quarters of the flagged reach resembles them, the largest first."""
    frame = portfolio(
        *FLAGGED,
        account(80, 80, arr=5),
        account(100, 100, arr=7),
        account(79, 100),
        account(100, math.nan),
        account(100, 100, score=70),
        account(100, 100, segment="enterprise"),
    )
    smb, enterprise = expansion_look_alikes(frame, MODEL)
    assert (smb.label, smb.flagged, smb.flagged_arr) == ("SMB", 5, 50)
    assert smb.pattern == (("x", 80.0), ("y", 80.0))
    assert (smb.accounts, smb.arr, smb.rows) == (2, 12, (6, 5))
    assert (enterprise.flagged, enterprise.pattern, enterprise.accounts) == (0, (), 0)


def test_the_most_arr_goes_first() -> None:
    """Segments are in order of what their look-alikes pay, not of their names."""
    large = [{**row, "segment": "enterprise"} for row in FLAGGED]
    frame = portfolio(
        *FLAGGED, *large, account(90, 90, arr=5, segment="enterprise"), account(90, 90, arr=7)
    )
    assert [(x.segment, x.arr) for x in expansion_look_alikes(frame, MODEL)] == [
        ("smb", 7), ("enterprise", 5),
    ]  # fmt: skip


def test_four_are_too_few() -> None:
    """Less than five flagged accounts make no pattern, and so nobody resembles them."""
    (found,) = expansion_look_alikes(portfolio(*FLAGGED[1:], account(100, 100)), MODEL)
    assert (found.flagged, found.pattern, found.accounts, found.arr) == (4, (), 0, 0)


def test_a_dimension_that_few_know() -> None:
    """A dimension known of less than five flagged accounts is not asked for."""
    rows = [{**row, "dim_y": math.nan} for row in FLAGGED]
    (found,) = expansion_look_alikes(portfolio(*rows, account(80, math.nan)), MODEL)
    assert (found.pattern, found.accounts) == ((("x", 80.0),), 1)
    assert math.isnan(found.arr)


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=30)
def test_nobody_is_flagged_twice(frame, seed) -> None:  # type: ignore[no-untyped-def]
    """Look-alikes are green, not flagged and reach the pattern; the order of rows is no matter."""
    found = expansion_look_alikes(frame, MODEL)
    for part in found:
        rows = frame.loc[list(part.rows)]
        assert (rows["tier"] == "green").all()
        assert not rows["expansion"].any()
        for dimension, least in part.pattern:
            assert (rows[f"dim_{dimension}"] >= least - 1e-9).all()
    again = {p.segment: p.accounts for p in expansion_look_alikes(shuffled(frame, seed), MODEL)}
    assert again == {p.segment: p.accounts for p in found}
