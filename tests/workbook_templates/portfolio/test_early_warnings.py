"""*Early warnings*: rows and totals say what `scoring.trends` found."""

from __future__ import annotations

from typing import Any

from scoring.presets import load_preset
from scoring.trends import trends
from tests.workbook_templates.portfolio import samples
from workbook_templates.portfolio import early_warnings as e

MODEL = load_preset("scorecard")


def rows(filling: Any) -> list[dict[str, Any]]:
    """Rows of the Table as they are filled."""
    return [dict(row) for row in filling.tables[e.TABLE]]


def test_each_trend_has_its_row() -> None:
    """Accounts, share, day and ARR are those of the trend; what to do names real accounts."""
    p = samples.demo()
    found, listed = trends(p.frame, p.timeline), rows(e.fill(p))
    assert found
    for trend, row in zip(found, listed, strict=False):
        assert row["kind"] == (e.CHANCE if trend.better else e.WARNING)
        assert (row["moved"], row["known"], row["since"]) == (
            trend.moved,
            trend.known,
            trend.since,
        )
        first = p.frame["account_name"].iat[trend.rows[0]]
        assert first in row["action"]
        assert row["action"].endswith(".")
        assert (row["loss"] is None) == (trend.churn is None)


def test_rows_are_told_apart_by_their_key() -> None:
    """Kind, segment and metric name a row, so that notes come back to it."""
    listed = rows(e.fill(samples.demo()))
    keys = [(r["kind"], r["segment"], r["metric"]) for r in listed]
    assert len(set(keys)) == len(keys)


def test_totals_count_the_rows() -> None:
    """The cards are sums of the list, and the title speaks of the highest concern."""
    filling = e.fill(samples.demo())
    listed = rows(filling)
    for word in ("High", "Medium", "Low"):
        mine = [r for r in listed if (r["kind"], r["concern"]) == (e.WARNING, word)]
        assert filling.values[f"warnings_sum_{word.lower()}"] == len(mine)
    chances = [r for r in listed if r["kind"] == e.CHANCE]
    assert filling.values["warnings_sum_better"] == len(chances)
    title = str(filling.values["warnings_title"])
    high = filling.values["warnings_sum_high"]
    assert title.startswith(f"{high} high concern" if high else "")


def test_a_first_snapshot_says_what_is_missing() -> None:
    """Without a past the sheet says what it needs instead of an empty list."""
    columns: dict[str, list[Any]] = {"account_id": ["A"], **{d.key: [3] for d in MODEL.dimensions}}
    filling = e.fill(samples.of(MODEL, columns))
    assert "need an earlier snapshot" in str(filling.values["warnings_title"])
    assert [r["metric"] for r in rows(filling)] == [
        "Nothing moves in several accounts of a segment."
    ]
