"""The columns of *Accounts*: what stands in a row, and in which order rows stand."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from scoring.presets import load_preset, preset_names
from tests.workbook_templates.portfolio import samples
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.account_formulas import account_formulas
from workbook_templates.portfolio.accounts import (
    PRINTED,
    TABLE,
    account_columns,
    tables,
    worst_first,
)
from workbook_templates.portfolio.facts import Portfolio

HEADS = ["Account ID", "Account", "CSM", "Segment", "ARR", "Score", "Tier", "Change", "Coverage",
         "Renewal date", "Days left", "Leading driver"]  # fmt: skip


def _rows(p: Portfolio) -> dict[str, dict[str, Any]]:
    """Account id → its row."""
    columns = account_columns(p)
    lists = [list(values) for values in columns.values()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
    return {row["account_id"]: row for row in rows}


@pytest.mark.parametrize("name", preset_names())
def test_what_is_printed_comes_first_and_every_column_is_filled(name: str) -> None:
    """The first twelve columns are the page; each column has a value, each formula a cached one."""
    model = load_preset(name)
    (spec,) = tables(model)
    assert (spec.name, spec.key, spec.keeps_order) == (TABLE, ("account_id",), True)
    assert [c.header for c in spec.columns[:PRINTED]] == HEADS
    assert {c.key for c in spec.columns} == set(account_columns(samples.hard(model)))
    keys = [c.key for c in spec.columns]
    dims = [keys.index(f"dim_{d.key}") for d in model.dimensions]
    # The score's formula reads them as one range.
    assert dims == list(range(dims[0], dims[0] + len(dims)))


@pytest.mark.parametrize("name", preset_names())
def test_formulas_read_only_columns_that_are_there(name: str) -> None:
    """Each {key} of a formula is a column of the Table."""
    model = load_preset(name)
    keys = {c.key for c in tables(model)[0].columns} | {"row"}
    for key, formula in account_formulas(model).items():
        assert key in keys
        assert set(re.findall(r"\{(\w+)\}", formula)) <= keys, key
        assert formula.count("(") == formula.count(")"), key


def test_the_worst_score_stands_first_and_no_tier_last() -> None:
    """Rising scores; of equal ones the larger ARR; a placeholder score is no measurement."""
    p = samples.hard(load_preset("scorecard"))
    tier = p.frame["tier"].to_numpy(object)[worst_first(p)]
    score = p.frame["score"].to_numpy(float)[worst_first(p)]
    count = int((tier != "").sum())
    assert list(tier[count:]) == [""] * (len(tier) - count)
    assert list(score[:count]) == sorted(score[:count])
    model = load_preset("scorecard")
    columns: dict[str, list[Any]] = {d.key: [3.0, 3.0, 3.0] for d in model.dimensions}
    equal = samples.of(model, {"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
                               "arr": [None, 5.0, 9.0], **columns})  # fmt: skip
    assert list(account_columns(equal)["account_id"]) == ["c", "b", "a"]


def test_weights_follow_age_and_segment() -> None:
    """Neutral in the first days, onboarding weights to day 90, then the segment's own."""
    rows = _rows(samples.hard(load_preset("four-dimension")))
    assert rows["day5"]["weights"] == basis.NEUTRAL
    assert rows["day20"]["weights"] == basis.ONBOARDING
    assert rows["day60"]["weights"] == basis.ONBOARDING
    assert rows["mixed"]["weights"] == "Enterprise"
    assert rows["no_facts"]["weights"] == basis.BASE
    assert {row["weights"] for row in rows.values()} <= {*basis.weight_sets(), basis.NEUTRAL}


def test_what_people_set_stands_apart_from_what_the_model_says() -> None:
    """A score set by hand is a value of its own; so is a tier; both show in Score and Tier."""
    rows = _rows(samples.hard(load_preset("scorecard")))
    by_score, by_tier = rows["override_score"], rows["override_tier"]
    assert (by_score["score"], by_score["score_set"]) == (42.0, 42.0)
    assert by_tier["tier"] == "■ Red"
    assert math.isnan(by_tier["score_set"])
    assert math.isnan(rows["mixed"]["score_set"])
    assert rows["mixed"]["tier_set"] == ""
    assert rows["override_expired"]["tier_set"] == ""


def test_accounts_without_a_tier_say_why() -> None:
    """A new account is provisional, one without data has no score."""
    rows = _rows(samples.hard(load_preset("scorecard")))
    assert rows["day5"]["tier"] == basis.PROVISIONAL
    assert rows["nothing"]["tier"] == basis.NO_SCORE
    assert math.isnan(rows["nothing"]["score"])


def test_amounts_count_once_and_only_in_the_main_currency() -> None:
    """ARR in totals is the main currency's; ARR at risk is what of it is below Green."""
    p = samples.demo()
    columns = account_columns(p)
    own = np.where(columns["currency"] == "USD", columns["arr"], np.nan)
    np.testing.assert_array_equal(columns["arr_total"], own)
    below = np.isin(columns["tier"], ["▲ Amber", "■ Red"])
    np.testing.assert_array_equal(columns["arr_risk"], np.where(below, own, np.nan))
    assert 0 < np.nansum(columns["arr_risk"]) < np.nansum(columns["arr_total"])


def test_the_change_is_that_of_the_scores_people_see() -> None:
    """Whole scores before and now: 62 after 60 is 2, whatever the decimals are."""
    p = samples.demo("four-dimension")
    for row in _rows(p).values():
        if not math.isnan(row["change"]):
            now, then = (math.floor(row[k] + 0.5 + 1e-9) for k in ("score", "previous_score"))
            assert row["change"] == now - then


def test_could_be_names_another_tier_that_missing_data_allows() -> None:
    """Only where the bounds cross an edge, and never for what a person set."""
    p = samples.hard(load_preset("scorecard"))
    rows = _rows(p)
    open_ones = {k: row for k, row in rows.items() if row["could_be"]}
    assert open_ones
    for key, row in open_ones.items():
        assert row["could_be"] != row["tier"], key
        assert row["coverage"] < 1, key
    assert rows["best"]["could_be"] == ""
    assert rows["override_tier"]["could_be"] == ""


def test_the_main_currency_and_its_sign() -> None:
    """The commonest currency counts; what has no sign stands with its code, nothing as nothing."""
    assert [basis.currency_sign(code) for code in ("GBP", "CHF", "")] == ["£", "CHF ", ""]
    assert basis.tier_word(load_preset("support"), "amber") == "▲ Yellow"
    assert basis.tier_word(load_preset("support"), "") == ""
    assert basis.previous_day(samples.hard(load_preset("scorecard")).frame) is not None
