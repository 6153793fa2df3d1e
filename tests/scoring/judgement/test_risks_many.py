"""Risks of a portfolio: order, counts, caps, and the same sentences as one by one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from pipeline.sample import sample_inputs
from scoring.derive import derive_metrics
from scoring.inputs import Inputs
from scoring.judgement.records import SEVERITIES
from scoring.judgement.risk_words import risk_line
from scoring.judgement.risks import Found, find_risks
from scoring.judgement.risks_many import PortfolioRisks, portfolio_risks
from scoring.portfolio_frame import portfolio_frame
from scoring.presets import load_preset
from scoring.timeline import score_over_time
from tests.scoring.judgement.acme import AS_OF

MODEL = load_preset("scorecard")


@cache
def _found(accounts: int = 60) -> tuple[Inputs, Found]:
    inputs = sample_inputs(MODEL, as_of=AS_OF, accounts=accounts)
    timeline = score_over_time(inputs.accounts, inputs.history, MODEL, as_of=AS_OF)
    frame = derive_metrics(inputs.accounts, MODEL, AS_OF)
    return inputs, find_risks(frame, timeline, inputs.tables, as_of=AS_OF)


@cache
def _many(limit: int = 2_000) -> PortfolioRisks:
    inputs, found = _found()
    timeline = score_over_time(inputs.accounts, inputs.history, MODEL, as_of=AS_OF)
    frame = portfolio_frame(
        derive_metrics(inputs.accounts, MODEL, AS_OF), timeline, inputs.tables, as_of=AS_OF
    )
    return portfolio_risks(found, frame, as_of=AS_OF, limit=limit)


def test_every_risk_that_is_not_low_is_listed_once() -> None:
    """As many as the accounts have, with the same sentences; the low ones are counted."""
    inputs, found = _found()
    ids = inputs.accounts["account_id"].astype(str).tolist()
    every = [(i, r) for i, row in enumerate(found.risks) for r in row]
    low = [pair for pair in every if pair[1].severity == "Low" and (pair[1].rated
           or not pair[1].typed)]  # fmt: skip
    expected = sorted((ids[i], risk_line(r, AS_OF)) for i, r in every if (i, r) not in low)
    rows = _many().rows
    assert sorted(zip(rows["account_id"], rows["text"], strict=True)) == expected
    assert (_many().total, _many().left) == (len(expected), 0)
    assert _many().low == len(low) > 0
    assert not rows.duplicated(["account_id", "key"]).any()
    high = {ids[i] for i, r in every if r.severity == "High"}
    assert _many().high_accounts == len(high) == rows[rows["severity"] == "High"][
        "account_id"].nunique()  # fmt: skip


def test_the_heaviest_stand_first() -> None:
    """Severity × ARR; what has no ARR comes last."""
    rows = _many().rows
    weight = {s: 3 - i for i, s in enumerate(SEVERITIES)}
    own = rows[rows["currency"] == "USD"]
    size = [weight.get(s, 1) * a for s, a in zip(own["severity"], own["arr"], strict=True)]
    known = [x for x in size if x == x]
    assert known == sorted(known, reverse=True)
    tail = rows["currency"].ne("USD").to_numpy().nonzero()[0]
    assert tail.min() >= len(known)


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_a_cap_leaves_the_lightest_out_and_counts_them(limit: int) -> None:
    """The first rows are those of the whole list; the others are told by number."""
    capped = _many(limit)
    assert len(capped.rows) == limit
    weights = list(zip(capped.rows["severity"], capped.rows["arr"], strict=True))
    whole = _many().rows.head(limit)
    assert weights == list(zip(whole["severity"], whole["arr"], strict=True))
    assert capped.left == capped.total - limit
    assert capped.total >= _many().total
    assert capped.kinds.equals(_many().kinds)


def test_kinds_count_each_account_once() -> None:
    """Accounts and ARR of a kind where it is not low, most ARR first."""
    inputs, found = _found()
    kinds = _many().kinds
    assert list(kinds["arr"]) == sorted(kinds["arr"], reverse=True)
    arr = inputs.accounts["arr"].to_numpy(float)
    dollars = (inputs.accounts["currency"] == "USD").to_numpy(bool)
    assert found.survey is not None
    for row in kinds.to_dict("records"):
        column = next(k for k, r in enumerate(found.survey.library.risks) if r.key == row["key"])
        there = np.isin(found.survey.severity[:, column], (0, 1))
        assert row["accounts"] == there.sum()
        assert row["arr"] == pytest.approx(np.nansum(arr[there & dollars]))


def test_high_says_whom_to_look_at() -> None:
    """Columnar as one by one, but for found ones that a person rated lower."""
    _, found = _found()
    for row, risks in enumerate(found.risks):
        assert found.high[row] or not any(r.severity == "High" for r in risks)


def test_rows_are_read_like_a_list() -> None:
    """From both ends, as slices, and not beyond."""
    _, found = _found()
    assert found.risks[-1] == found.risks[len(found.risks) - 1]
    assert list(found.risks[:2]) == [found.risks[0], found.risks[1]]
    with pytest.raises(IndexError):
        found.risks[len(found.risks)]
