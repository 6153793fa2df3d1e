"""*Movers*, *Migration*, *Segments* and *CSM load*: their figures are the frame's."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from scoring.presets import load_preset
from tests.workbook_templates.portfolio import samples
from workbook_templates.portfolio import csm_load, migration, movers, segments
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling

MODEL = load_preset("scorecard")


def rated(*ratings: float, **columns: list[Any]) -> Portfolio:
    """Accounts with all dimensions rated alike: 5 is a score of 100, 3 of 60."""
    rows: dict[str, list[Any]] = {
        "account_id": [f"A{i}" for i in range(len(ratings))],
        "account_name": [f"Sample {i}" for i in range(len(ratings))],
        **{d.key: list(ratings) for d in MODEL.dimensions},
        **columns,
    }
    return samples.of(MODEL, rows)


def values_of(filling: Filling) -> dict[str, Any]:
    """Values of the places, to look into."""
    return dict(filling.values)


def rows(filling: Filling, table: str) -> list[dict[str, Any]]:
    """Rows of a Table as they are filled."""
    found: Any = filling.tables[table]
    return [dict(row) for row in found]


def test_movers_are_the_largest_changes() -> None:
    """Falls first, the deepest on top, then rises; each with its own numbers."""
    p = samples.demo()
    filling = movers.fill(p)
    listed = rows(filling, movers.TABLE)
    frame = p.frame.set_index("account_id")
    change = movers.shown_change(p.frame)
    ways = [row["change"] < 0 for row in listed if row["change"]]
    assert ways == sorted(ways, reverse=True)
    deepest = min(change.dropna())
    assert listed[0]["change"] == deepest
    for row in listed:
        account = frame.loc[row["account_id"]]
        assert row["account"] == account["account_name"]
        assert str(row["moved"] or "").removesuffix(" · tier overridden") == account["moved"]
        before = math.floor(account["previous_score"] + 0.5)
        assert row["change"] == account["shown"] - before


def test_the_spread_counts_every_account_with_a_score_once() -> None:
    """The bars sum to the accounts with a score, and falls and rises agree with the cards."""
    p = samples.demo()
    values = values_of(movers.fill(p))
    bars = values["movers_spread"]
    sums = [sum(row[k] or 0 for row in bars) for k in range(3)]
    assert sum(sums) == p.frame["score"].notna().sum()
    assert sums[0] == values["movers_sum_fell"]
    assert sums[2] == values["movers_sum_rose"]


@pytest.mark.parametrize(("low", "high", "series"), [(None, -15, 0), (-4, -1, 0), (0, 0, 1),
                                                     (1, 4, 2), (15, None, 2)])  # fmt: skip
def test_a_bar_has_the_colour_of_its_direction(
    low: int | None, high: int | None, series: int
) -> None:
    """Falls, no change and rises are three series."""
    assert movers.series_of(low, high) == series


def test_every_change_has_a_bar() -> None:
    """No whole number lies in two bars or in none."""
    for change in range(-40, 41):
        inside = [
            label for label, low, high in movers.BUCKETS
            if (low is None or change >= low) and (high is None or change <= high)
        ]  # fmt: skip
        assert len(inside) == 1, change


def test_the_matrix_holds_every_account_once() -> None:
    """Cells of the matrix sum to the accounts, off the diagonal to those that are listed."""
    p = samples.demo()
    filling = migration.fill(p)
    cells = values_of(filling)["migration_count"]
    assert cells[-1][-1] - cells[-1][-2] == len(p.frame)
    tiers = ("green", "amber", "red")
    moved = sum(cells[i][j] for i in range(3) for j in range(3) if i != j)
    assert moved == len(rows(filling, migration.TABLE))
    for i, was in enumerate(tiers):
        for j, now in enumerate(tiers):
            both = (p.frame["previous_tier"] == was) & (p.frame["tier"] == now)
            assert cells[i][j] == both.sum()
    amounts = values_of(filling)["migration_amount"]
    own = p.frame.loc[p.frame["currency"] == "USD", "arr"].dropna()
    assert amounts[-1][-1] == pytest.approx(math.fsum(own))


def test_who_changed_tier_is_listed_worse_first() -> None:
    """First the falls by ARR, then the recoveries."""
    listed = rows(migration.fill(samples.demo()), migration.TABLE)
    order = {"●": 0, "▲": 1, "■": 2}
    worse = [order[r["tier"][0]] > order[r["previous_tier"][0]] for r in listed]
    assert worse == sorted(worse, reverse=True)
    assert True in worse
    assert False in worse


def test_nothing_to_compare_is_said() -> None:
    """Without an earlier snapshot titles and lists say so, and no number is made up."""
    p = rated(5, 3, 1)
    moved, matrix = movers.fill(p), migration.fill(p)
    assert (
        values_of(moved)["movers_title"] == "No earlier score: changes show after the next snapshot"
    )
    assert rows(moved, movers.TABLE) == [{"account": "No account moved."}]
    assert values_of(moved)["movers_spread"][-1] == [None, 3, None]
    assert (
        values_of(matrix)["migration_title"]
        == "No earlier tier: moves show after the next snapshot"
    )
    assert rows(matrix, migration.TABLE) == [{"account": "No account changed its tier."}]
    assert values_of(matrix)["migration_recovery"] == [[1, 0, "–", 0], [1, 0, "–", 0]]


def test_segments_are_those_there_are() -> None:
    """Two segments and accounts without one have a row each; the rest of the room is blank."""
    p = rated(5, 5, 3, 1, segment=["smb", "enterprise", None, "smb"], arr=[1.0, 2.0, 4.0, 8.0],
              currency=["USD"] * 4)  # fmt: skip
    values = values_of(segments.fill(p))
    assert values["segments_labels"] == [["Enterprise"], ["SMB"], ["Not given"]]
    tiers: Any = values["segments_tiers"]
    assert tiers[0] == [1, 1, 0, 0, 0, 100.0, 2.0, 0.0]
    assert tiers[1] == [2, 1, 0, 1, 0, 60.0, 9.0, 8.0]
    assert tiers[2] == [1, 0, 1, 0, 0, 60.0, 4.0, 4.0]
    assert tiers[3] == [""] * 8
    assert values["segments_total"] == [[4, 2, 1, 1, 0, 70.0, 15.0, 12.0]]
    assert values["segments_title"] == "100% of accounts without a segment are below Green"
    assert "No usage change is known" in str(values["segments_warnings_note"])


def test_declining_accounts_are_listed_with_their_usage() -> None:
    """Each early warning is an account more than 15 % down, and the title counts them."""
    filling = segments.fill(samples.demo())
    listed = rows(filling, segments.TABLE)
    down = [row for row in listed if row["kind"] == segments.WARNING]
    told = values_of(filling)["segments_warnings"]
    assert len(down) == sum(row[2] for row in told) > 3
    assert all(row["usage"] < -0.15 for row in down)
    assert str(values_of(filling)["segments_title"]).startswith(f"{len(down)} accounts use")


def test_a_csm_row_is_made_of_their_accounts() -> None:
    """Counts, sums and load of each CSM; the fullest first, accounts without one last."""
    p = rated(1, 1, 1, 1, 3, 5, 5, csm=["B"] * 4 + ["A", "A", None],
              arr=[10.0, 20.0, None, 40.0, 5.0, 7.0, 3.0], currency=["USD"] * 7)  # fmt: skip
    filling = csm_load.fill(p)
    first, second, last = rows(filling, csm_load.TABLE)
    assert [first["csm"], second["csm"], last["csm"]] == ["B", "A", "Not given"]
    assert (first["accounts"], first["red"], first["load"], first["arr"]) == (4, 4, 12.0, 70.0)
    assert (first["verdict"], second["verdict"], last["verdict"]) == ("Over", "Room", "")
    assert first["why"] == "4 red accounts, at most 3; 160% of the mean load"
    assert (second["green"], second["amber"], second["risk"]) == (1, 1, 5.0)
    assert values_of(filling)["csm_title"] == "1 of 2 CSMs has too much"
    assert values_of(filling)["csm_moves"] == [["Nobody has room for a green account of theirs."]]


def test_moves_are_proposed_in_words() -> None:
    """From whom to whom, which account, and why."""
    ids = [f"S{i}" for i in range(12)]
    p = rated(*[5.0] * 12, account_id=list(ids), csm=["Full"] * 10 + ["Free"] * 2)
    told = values_of(csm_load.fill(p))["csm_moves"]
    assert len(told) == 3
    assert told[0] == ["Sample 0: Full → Free. Green 100, least load."]


def test_nobody_is_named() -> None:
    """Without CSMs there is one row, no mean and no verdict."""
    filling = csm_load.fill(rated(5, 1))
    (row,) = rows(filling, csm_load.TABLE)
    assert (row["csm"], row["against"], row["verdict"]) == ("Not given", "", "")
    assert values_of(filling)["csm_title"] == "No account names its CSM"


def test_few_csms_leave_room_in_the_chart() -> None:
    """A chart of one CSM has further, empty places; of many it shows the fullest."""
    few = rows(csm_load.fill(rated(5, csm=["A"])), csm_load.CHART_TABLE)
    assert [row["csm"] for row in few] == ["A", "", "", ""]
    many = rated(*[5.0] * 30, csm=[f"C{i:02}" for i in range(30)])
    filling = csm_load.fill(many)
    assert len(rows(filling, csm_load.CHART_TABLE)) == csm_load.SHOWN
    title = filling.charts[csm_load.CHART].title
    assert title is not None
    assert "12 fullest" in title


def test_amounts_of_other_currencies_stand_in_no_sum() -> None:
    """Sums are in the commonest currency, and the note names what they leave out."""
    p = rated(1, 1, 1, arr=[10.0, 20.0, 9000.0], currency=["GBP", "GBP", "EUR"], csm=["A"] * 3)
    (row,) = rows(csm_load.fill(p), csm_load.TABLE)
    assert row["arr"] == 30.0
    assert "sums in GBP only, without EUR" in str(values_of(csm_load.fill(p))["csm_note"])
    base = replace(p, frame=p.frame.assign(arr=pd.Series([math.nan] * 3)))
    assert "no ARR given" in str(values_of(csm_load.fill(base))["csm_note"])


def test_nobody_is_told_as_nobody() -> None:
    """Nothing that fell or rose, one CSM and accounts without a segment are words, not 0 or 1."""
    p = rated(2, 2, csm=["Bo", "Bo"])
    for was, title in ((60.0, "2 accounts fell; none rose"), (20.0, "No account fell; 2 rose")):
        moved = p.frame.assign(previous_score=was, change=p.frame["score"] - was)
        shown = values_of(movers.fill(replace(p, frame=moved)))["movers_title"]
        assert shown.replace(" with $20 of ARR", "") == title
    assert values_of(segments.fill(p))["segments_title"] == "100% of accounts are below Green"
    heavy = values_of(csm_load.fill(rated(1, 1, 1, 1, csm=["Bo"] * 4)))["csm_title"]
    assert heavy == "Bo has too much, and nobody to share it"
