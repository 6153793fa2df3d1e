"""Overrides typed in the workbook, beside those of the source."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from scoring.judgement.overrides import TypedOverride, merge_overrides, read_overrides
from scoring.presets import load_preset

TODAY = date(2026, 11, 23)
MODEL = load_preset("support")
ACCOUNTS = pd.DataFrame({"account_id": ["A-1", "A-2"], "account_name": ["Ada Ltd", "Bea Inc"]})
WHOLE: dict[str, Any] = {"account": "ada ltd", "tier": "Yellow", "reason": "Outage", "author": "Bo",
                         "expires": date(2026, 12, 1), "key": "own-1"}  # fmt: skip


def read(**changes: Any) -> TypedOverride:
    """A complete row with changes, as read."""
    (one,) = read_overrides([WHOLE | changes], ACCOUNTS, MODEL, as_of=TODAY)
    return one


def source(**more: Any) -> pd.DataFrame:
    """The source's own override of the same account, until the end of the year."""
    row = {"account_id": "A-1", "tier": "red", "score": None, "reason": "Merger", "author": "Di",
           "expires": pd.Timestamp("2026-12-31"), **more}  # fmt: skip
    return pd.DataFrame([row])


def test_a_row_is_read_by_name_and_label() -> None:
    """Yellow is the label of amber; a copied shape does not matter."""
    one = read()
    assert (one.account_id, one.tier, one.fault) == ("A-1", "amber", "")
    assert read(tier="■ Red").tier == "red"
    assert one.counts(TODAY)
    assert one.counts(date(2026, 12, 1))
    assert not one.counts(date(2026, 12, 2))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reason": None}, "it lacks a reason"),
        ({"author": " ", "expires": None}, "it lacks an author and an expiry date"),
        ({"expires": "soon"}, "it lacks an expiry date"),
        ({"tier": "Purple"}, "Purple is no tier of the model"),
        ({"tier": None}, "neither tier nor score is given"),
        ({"tier": None, "score": 140.0}, "140.0 is no score from 0 to 100"),
        ({"account": "Nobody"}, "no account Nobody"),
    ],
)
def test_what_is_incomplete_is_told_and_not_applied(changes: dict[str, Any], fault: str) -> None:
    """Never silently: an error names the account and what is missing."""
    one = read(**changes)
    assert one.fault == fault
    rows, problems = merge_overrides(None, [one], as_of=TODAY, sheet="Overrides")
    assert rows.empty
    assert [p.severity for p in problems] == ["error"]
    assert fault in problems[0].message


def test_of_two_the_one_that_was_set_last_counts() -> None:
    """One of the source without a day is older; the conflict is told either way."""
    mine = read(set_on=date(2026, 11, 20))
    for given, author in ((source(), "Bo"), (source(set_on=pd.Timestamp("2026-11-21")), "Di"),
                          (source(set_on=pd.Timestamp("2026-11-20")), "Bo")):  # fmt: skip
        rows, problems = merge_overrides(given, [mine], as_of=TODAY, sheet="Overrides")
        assert rows["author"].tolist() == [author]
        assert [p.severity for p in problems] == ["note"]
        assert "two overrides" in problems[0].message


def test_one_that_is_over_does_not_hide_the_other() -> None:
    """An ended row of the workbook leaves the source's, and the other way round."""
    over = read(expires=date(2026, 11, 1))
    rows, problems = merge_overrides(source(), [over], as_of=TODAY, sheet="Overrides")
    assert (rows["author"].tolist(), problems) == (["Di"], [])
    ended = source(expires=pd.Timestamp("2026-11-01"))
    rows, problems = merge_overrides(ended, [read()], as_of=TODAY, sheet="Overrides")
    assert (rows["author"].tolist()[-1], problems) == ("Bo", [])


def test_of_several_of_the_workbook_the_last_set_and_last_to_expire_counts() -> None:
    """Rows of one day: the one that ends last."""
    long = read(expires=date(2026, 12, 24), author="Cy")
    rows, _ = merge_overrides(None, [long, read()], as_of=TODAY, sheet="Overrides")
    assert rows["author"].tolist() == ["Cy"]
    assert str(rows["expires"].dtype) == "datetime64[us]"
