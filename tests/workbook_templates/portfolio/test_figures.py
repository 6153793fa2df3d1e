"""The figures of *Summary* and the sentences made of them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.presets import load_preset
from tests.workbook_templates.portfolio import samples
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.accounts import fill as fill_accounts
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.figures import DOWN, PARTS, UP, totals
from workbook_templates.portfolio.renewal_points import renewal_points
from workbook_templates.portfolio.renewals import fill as fill_renewals
from workbook_templates.portfolio.spoken import money_words, share_words, signed_words
from workbook_templates.portfolio.summary import fill
from workbook_templates.portfolio.summary_lists import csm_rows, move_rows, top_at_risk

MODEL = load_preset("scorecard")


def _rated(*ratings: float, **columns: list[object]) -> Portfolio:
    n = len(ratings)
    rows: dict[str, list[object]] = {
        "account_id": [f"A{i}" for i in range(n)],
        "account_name": [f"Sample {i}" for i in range(n)],
        **{d.key: list(ratings) for d in MODEL.dimensions},
        **columns,
    }
    return samples.of(MODEL, rows)


@pytest.mark.parametrize("preset", ["scorecard", "support", "signals"])
def test_parts_sum_to_the_whole(preset: str) -> None:
    """Accounts, ARR and shares of the tiers add up, shares to exactly 100.0 %."""
    p = samples.demo(preset)
    t = totals(p)
    assert sum(t.counts.values()) == len(p.frame)
    assert sum(t.count_shares.values()) == 1000
    assert sum(t.arr_shares.values()) == 1000
    assert sum(t.moves.values()) == t.figures["compared"] - sum(
        (p.frame["previous_tier"] != "") & (p.frame["tier"] == "")
    )
    own = p.frame.loc[p.frame["currency"] == "USD", "arr"].dropna()
    assert sum(t.arr.values()) == pytest.approx(math.fsum(own))


def test_moves_worse_and_better_are_all_moves_off_the_diagonal() -> None:
    """Each pair of different tiers is either worse or better."""
    tiers = PARTS[:3]
    assert {*DOWN, *UP} == {(a, b) for a in tiers for b in tiers if a != b}


def test_amounts_of_other_currencies_are_in_no_total() -> None:
    """Two currencies: totals are the commoner one's, and one line names the other."""
    p = _rated(1, 1, 5, arr=[100.0, 200.0, 4000.0], currency=["GBP", "GBP", "EUR"])
    t = totals(p)
    assert t.arr == {"green": 0.0, "amber": 0.0, "red": 300.0, "": 0.0}
    values = fill(p).values
    assert values["summary_title"] == (
        "£300 of ARR is red; nothing below Green renews within 90 days"
    )
    assert values["summary_others"] == (
        "Amounts here are in GBP. Not in these totals: EUR 4,000 (1 account)."
    )


def test_with_rates_all_amounts_are_in_one_currency() -> None:
    """Converted by the rates given: every amount is in the totals, and the note says so."""
    inputs = sample_inputs(MODEL, as_of=samples.AS_OF)
    scored = score_inputs(inputs, MODEL, as_of=samples.AS_OF)
    p = portfolio_of(scored, rates={"USD": 1.0, "EUR": 1.1, "GBP": 1.3})
    values, t = fill(p).values, totals(p)
    assert "amounts converted to USD" in str(values["summary_note"])
    assert values["summary_others"] == ""
    assert sum(t.arr.values()) == pytest.approx(math.fsum(p.frame["arr"].dropna()))


def test_a_currency_without_a_sign_stands_with_its_code() -> None:
    """Amounts in francs are told as CHF, not as bare numbers."""
    p = _rated(1, 5, arr=[3000.0, 1.0], currency=["CHF", "CHF"])
    assert fill(p).values["summary_title"] == (
        "CHF 3k of ARR is red; nothing below Green renews within 90 days"
    )
    assert fill_accounts(p).values["currency_sign"] == "CHF "


def test_without_arr_accounts_are_counted_instead() -> None:
    """No ARR at all: a plain mean, accounts in the title, a dash on the cards."""
    values = fill(_rated(1, 2, 5)).values
    assert values["summary_title"] == (
        "2 accounts are red; nothing below Green renews within 90 days"
    )
    assert values["summary_arr"] == "–"
    assert values["summary_mean"] == pytest.approx((20 + 40 + 100) / 3)
    assert values["summary_card_labels"] == [["Average score"]]
    assert values["summary_top_title"] == "Top 10 at risk, lowest score first"


def test_all_green_says_so() -> None:
    """Nothing below Green is a sentence, not an empty list."""
    p = _rated(5, 4, arr=[10.0, 20.0])
    values = fill(p).values
    assert values["summary_title"] == "No account is red; nothing below Green renews within 90 days"
    assert values["summary_top_left"] == [["No account is below Green."]]
    assert values["summary_moves"] == [["No earlier snapshot to compare with."]]
    assert fill_renewals(p).values["renewals_title"] == "Nothing below Green renews within 90 days"


def test_renewals_below_green_are_told_with_their_arr() -> None:
    """Accounts below Green that renew within 90 days, the passed and the far ones left out."""
    day = pd.Timestamp(samples.AS_OF)
    days = [-1, 0, 90, 91]
    p = _rated(2, 2, 2, 2, arr=[1.0, 2000.0, 3000.0, 4.0],
               renewal_date=[day + pd.Timedelta(days=d) for d in days])  # fmt: skip
    assert totals(p).figures["soon"] == 2
    assert totals(p).figures["soon_arr"] == 5000.0
    title = fill_renewals(p).values["renewals_title"]
    assert title == "2 accounts below Green renew within 90 days: 5k of ARR"
    rows = fill_renewals(p).tables["Renewals"]
    assert isinstance(rows, Columns)
    assert list(rows.data["account_id"]) == ["A1", "A2", "A3"]


def test_top_ten_is_by_arr_times_points_lost() -> None:
    """A large amber account goes before a small red one; those without ARR come last."""
    p = _rated(1, 3, 3, 1, arr=[1000.0, 90000.0, None, 500.0])
    assert list(top_at_risk(p)["account_id"]) == ["A1", "A0", "A3", "A2"]


def test_csms_beyond_the_eight_largest_are_others() -> None:
    """Eight by ARR, the others as one, the total; names differing in case only are two people."""
    names = [f"CSM {i}" for i in range(9)] + ["csm 0", ""]
    p = _rated(*[1.0] * 11, csm=list(names), arr=[float(100 - i) for i in range(11)])
    kinds, shown, loads = csm_rows(p)
    assert [k for (k,) in kinds] == ["csm"] * 8 + ["others", "total"]
    assert [n for (n,) in shown] == [*names[:8], "Others", "Total"]
    assert [row[0] for row in loads] == [1] * 8 + [3, 11]


def test_biggest_moves_show_falls_and_rises() -> None:
    """Two deepest falls first, then two highest rises, with what moved them."""
    rows = move_rows(samples.demo())
    changes = [row[2] for row in rows]
    assert len(rows) == 4
    assert all(isinstance(c, float) for c in changes)
    assert [c < 0 for c in changes] == [True, True, False, False]  # type: ignore[operator]
    assert all(row[3] for row in rows)


def test_points_of_the_chart_stand_in_the_column_of_their_tier_and_size() -> None:
    """One score a row, below its tier; ranked accounts apart; never more than asked for."""
    p = samples.demo()
    ranked = list(top_at_risk(p)["account_id"])
    found = renewal_points(p, 3, 2, ranked)
    assert len(found.points) <= 5
    for days, *scores in found.points:
        assert 0 <= days <= 180  # type: ignore[operator]
        assert sum(s is not None for s in scores) == 1
    assert len(found.limits) == 2
    assert found.shown == len(found.points) + len(found.ranks)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "£0"), (999.4, "£999"), (1000, "£1k"), (878_400, "£878k"), (999_499, "£999k"),
     (999_500, "£1.0m"), (1_450_000, "£1.5m"), (12_340_000, "£12.3m")],
)  # fmt: skip
def test_money_in_words(amount: float, words: str) -> None:
    """Whole units, thousands, millions; never £1000k."""
    assert money_words(amount, "£") == words


def test_changes_and_shares_in_words() -> None:
    """A true minus, one decimal, no sign on nothing."""
    assert [signed_words(x) for x in (1.25, -0.75, 0.04, -0.04)] == ["+1.3", "−0.8", "0.0", "0.0"]
    assert share_words(556) == "55.6%"
