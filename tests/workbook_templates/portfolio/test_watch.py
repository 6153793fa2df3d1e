"""*Dimensions*, *Alerts*, *Data quality* and *Score history*: their figures are the frame's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from scoring.inputs import NOT_READ, Problem
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.portfolio.test_lists import MODEL, rated, rows, values_of
from workbook_templates.portfolio import alerts, dimensions, history, quality
from workbook_templates.portfolio.quality_lines import MOST, quality_lines

AS_OF = samples.AS_OF


def test_means_of_dimensions_are_the_frames() -> None:
    """All accounts, each segment and each CSM: the mean of what is known."""
    p = samples.demo()
    filling = dimensions.fill(p)
    groups = values_of(filling)["dimensions_groups"]
    for i, d in enumerate(MODEL.dimensions):
        assert groups[0][2 + i] == pytest.approx(p.frame[f"dim_{d.key}"].mean())
    for row in rows(filling, dimensions.TABLE):
        mine = p.frame[p.frame["csm"] == row["csm"]]
        assert row["accounts"] == len(mine)
        for d in MODEL.dimensions:
            assert row[f"dim_{d.key}"] == pytest.approx(mine[f"dim_{d.key}"].mean())
    scores = [row["score"] for row in rows(filling, dimensions.TABLE)]
    assert scores == sorted(scores)


def test_the_title_names_the_dimension_that_costs_most() -> None:
    """Most points lost in the title is the first row of the list."""
    values = values_of(dimensions.fill(samples.demo()))
    losses: Any = values["dimensions_losses"]
    lost = [row[3] for row in losses]
    assert lost == sorted(lost, reverse=True)
    assert values["dimensions_title"] == (
        f"{lost[0]:.1f} points an account are lost in {losses[0][0]}, the most of all"
    )


def test_nothing_lost_and_nothing_known() -> None:
    """Full marks lose nothing, and no data is no loss."""
    perfect = values_of(dimensions.fill(rated(5, 5)))
    assert perfect["dimensions_title"] == "No dimension loses points"
    nothing = samples.of(MODEL, {"account_id": ["A"], "account_name": ["Sample"]})
    values = values_of(dimensions.fill(nothing))
    assert values["dimensions_title"] == "No dimension is known yet"
    assert values["dimensions_groups"][0] == [1, *["–"] * 7]


def test_an_alert_is_a_row_with_a_status_to_write() -> None:
    """Every alert has its account, words and day to act; status starts open, notes are people's."""
    p = samples.demo()
    filling = alerts.fill(p)
    listed = rows(filling, alerts.TABLE)
    assert len(listed) == len(p.alerts) == values_of(filling)["alerts_sum_all"] > 5
    for row, (_, found) in zip(listed, p.alerts.iterrows(), strict=True):
        assert row["account_id"] == found["account_id"]
        assert row["due"] == found["due"].date()
        assert row["status"] == "Open"
        assert row["notes"] is None
    spec = alerts.tables(MODEL)[0]
    assert [c.key for c in spec.columns if c.kept] == ["status", "notes"]
    assert spec.column("status").words == alerts.STATUSES


def test_severities_add_up() -> None:
    """Critical, high and medium alerts are all alerts; ARR counts an account once."""
    p = samples.demo()
    values = values_of(alerts.fill(p))
    parts = [values[f"alerts_sum_{key}"] for key in ("critical", "high", "medium")]
    assert sum(parts) == len(p.alerts)
    once = p.alerts.drop_duplicates("account_id")
    own = once.loc[once["currency"] == "USD", "arr"]
    assert values["alerts_sum_arr"] == pytest.approx(own.sum())
    late = p.alerts.assign(overdue=True)
    title = values_of(alerts.fill(replace(p, alerts=late)))["alerts_title"]
    assert str(title).endswith(f"{len(late)} overdue")


def test_no_alert_is_said() -> None:
    """A quiet portfolio has a title and one line of words."""
    filling = alerts.fill(rated(5, 5))
    assert values_of(filling)["alerts_title"] == "No alert fired in the last 30 days"
    assert rows(filling, alerts.TABLE) == [{"account": "No alert fired."}]


def test_quality_counts_every_account() -> None:
    """Coverage bars and statuses each hold all accounts; currencies hold every ARR."""
    p = samples.demo()
    values = values_of(quality.fill(p))
    assert sum(n for (n,) in values["quality_bins"]) == len(p.frame)
    assert sum(n for n, _ in values["quality_statuses"]) == len(p.frame)
    assert sum(row[1] for row in values["quality_currencies"]) == p.frame["arr"].notna().sum()
    missing = sum(row[2] for row in values["quality_metrics"])
    assert missing == values["quality_missing"] == p.frame["missing"].sum()


@pytest.mark.parametrize("coverage", [0.0, 0.2499, 0.25, 0.5, 0.7499, 0.75, 0.99, 0.9999, 1.0])
def test_every_coverage_has_one_bar(coverage: float) -> None:
    """No coverage lies between two bars."""
    assert sum(low <= coverage < high for _, low, high in quality.BINS) == 1


def test_what_to_mend_is_listed_by_kind() -> None:
    """Values not read first, then overrides, accounts without a tier, old values, missing facts."""
    problems = (
        Problem(
            "Accounts",
            7,
            "NPS",
            "M7",
            "140",
            "Out of its scale.",
            "Type −100 to 100.",
            account="A1",
        ),
        Problem("Accounts", None, "Remark", "", "", NOT_READ, "Rename it.", "note"),
    )
    ends = pd.DataFrame(
        {"account_id": ["A0", "gone"], "expires": [pd.Timestamp(AS_OF + timedelta(3))] * 2}
    )
    p = replace(rated(5, 5, csm=["A", None]), problems=problems, tables={"Overrides": ends})
    lines = quality_lines(p).shown
    kinds = list(dict.fromkeys(line.kind for line in lines))
    assert kinds == ["Value not read", "Override ends soon", "No ARR", "No renewal date", "No CSM",
                     "Column not read"]  # fmt: skip
    assert (lines[0].place, lines[0].account, lines[0].account_id) == (
        "Accounts!M7", "Sample 1", "A1"
    )  # fmt: skip
    (override,) = [line for line in lines if line.kind == "Override ends soon"]
    assert (override.account, override.fix) == (
        "Sample 0", "It ends in 3 days: set it anew, or take it out."
    )  # fmt: skip
    assert [line.account_id for line in lines if line.kind == "No CSM"] == ["A1"]


def test_an_account_without_a_score_is_told_what_to_give() -> None:
    """The heaviest missing metrics are named, and how much is needed."""
    p = samples.of(MODEL, {"account_id": ["A"], "account_name": ["Sample"]})
    (line,) = [x for x in quality_lines(p).shown if x.kind == "No tier"]
    assert line.told == "Coverage 0%, a score needs 50%."
    assert line.fix.startswith("Give ")
    assert line.fix.endswith("more.")


def test_long_lists_are_cut_and_said() -> None:
    """Of each kind so many lines; the note counts the others."""
    p = rated(*[5.0] * (MOST + 5))
    found = quality_lines(p)
    for kind in ("No ARR", "No renewal date", "No CSM"):
        assert sum(line.kind == kind for line in found.shown) == MOST
    assert found.note == "15 lines more, not shown"
    assert quality_lines(rated(5)).note == ""


def test_keys_of_lines_tell_them_apart() -> None:
    """No two lines of the demo have the same key, so that notes beside them find their row."""
    spec = quality.tables(MODEL)[0]
    keys = [tuple(line.row()[k] for k in spec.key) for line in quality_lines(samples.demo()).shown]
    assert len(keys) == len(set(keys)) > 5


def test_history_ends_with_today() -> None:
    """A row a snapshot, shares to 100.0 %, the last one as *Accounts* counts."""
    p = samples.demo()
    listed = rows(history.fill(p), history.TABLE)
    assert len(listed) == len(p.timeline.past) + 1
    last = listed[-1]
    assert last["date"] == AS_OF
    for key in ("green", "amber", "red"):
        assert last[key] == (p.frame["tier"] == key).sum()
    for row in listed:
        assert row["green_share"] + row["amber_share"] + row["red_share"] == pytest.approx(1.0)
    assert listed[1]["moved"] == pytest.approx(listed[1]["mean"] - listed[0]["mean"])
    assert listed[0]["moved"] is None


def test_a_young_history_is_no_trend() -> None:
    """One snapshot: its mean, empty places in the chart, and when a trend shows."""
    filling = history.fill(rated(5, 3))
    assert values_of(filling)["history_title"] == "80.0 is the mean score of the first snapshot"
    assert str(values_of(filling)["history_below"]).startswith("A trend shows from the second")
    months = rows(filling, history.MONTH_TABLE)
    assert [row["month"] for row in months] == ["Nov 2026", "", "", "", "", ""]
    assert len(rows(filling, history.TABLE)) == 1


def test_a_year_ends_in_its_months() -> None:
    """The charts have a place a month, the last of them today's."""
    p = samples.demo()
    months = rows(history.fill(p), history.MONTH_TABLE)
    assert months[-1]["month"] == "Nov 2026"
    assert len({row["month"] for row in months}) == len(months) >= 12
    assert months[-1]["green"] == (p.frame["tier"] == "green").sum()


def test_accounts_far_from_their_peers_are_listed() -> None:
    """A score far below the others of the segment is to be checked, with how far it is off."""
    p = rated(*[4.0] * 11)
    scores = [78.0, 79.0, 80.0, 81.0, 82.0] * 2 + [20.0]
    p = replace(p, frame=p.frame.assign(score=scores, shown=scores))
    (line,) = [x for x in quality_lines(p).shown if x.kind.startswith("Far ")]
    assert (line.account, line.kind, line.value) == ("Sample 10", "Far below peers", "20")
    assert line.told == "60 points below the median of its peers (no segment, 11 accounts)."
    assert line.fix == "Check its data; if true, a retention risk."


def test_dates_in_evidence_are_spoken() -> None:
    """A date reads as everywhere in the workbook; other digits stay."""
    p = samples.demo()
    line = p.alerts.iloc[[0]].assign(evidence="Due 2027-01-31, order 2027-13-99")
    (row,) = rows(alerts.fill(replace(p, alerts=line)), alerts.TABLE)
    assert str(row["evidence"]).startswith("Due 31 Jan 2027, order 2027-13-99")
