"""Rows of the history Table and the labels of its chart."""

from __future__ import annotations

import math
from datetime import date

import pytest

from scoring.presets import preset_names
from tests.workbook_templates.samples import facts, shot, shots
from workbook_templates.account.snapshots import SHOWN, axis_start, history_rows
from workbook_templates.account.steps import NOT_AVAILABLE
from workbook_templates.drawing.account.history import FIXED
from workbook_templates.ooxml.cells import Value


def _columns(scores: list[float], now: float) -> dict[str, list[Value]]:
    rows = history_rows(facts("mixed", past=shots(scores), total=now, tier="amber"))
    return dict(zip(FIXED, map(list, zip(*rows, strict=True)), strict=False))


def test_today_is_the_last_row() -> None:
    """Each snapshot has a row, and today's score ends them."""
    columns = _columns([70.0, 65.0], 72.0)
    assert columns["Date"] == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 11, 22)]
    assert columns["Score"] == [70.0, 65.0, 72.0]
    assert columns["Month"] == ["Jan\n2026", "Feb", "Nov"]
    assert columns["Tier"] == ["▲ Amber"] * 3


def test_peak_and_last_carry_their_number() -> None:
    """Only the peak, where it is higher than today, and today are labelled."""
    blank = NOT_AVAILABLE
    assert _columns([70.0, 88.0, 60.0], 72.0)["Labelled"] == [blank, 88.0, blank, 72.0]
    assert _columns([70.0, 60.0], 72.0)["Labelled"] == [blank, blank, 72.0]


def test_a_day_without_a_score_breaks_the_line() -> None:
    """It is a gap in the line, never 0."""
    columns = _columns([70.0], math.nan)
    assert columns["Score"] == [70.0, NOT_AVAILABLE]
    assert columns["Recorded"] == [70.0, None]


def test_bands_end_where_tiers_start() -> None:
    """Red to 60, amber 20 more, green 20 more."""
    columns = _columns([70.0], 72.0)
    assert [columns[f"{k} to"][0] for k in ("Red", "Amber", "Green")] == [60.0, 20.0, 20.0]


@pytest.mark.parametrize(
    "scores",
    [[], [70.0], [70.0, 71.0], [70.0] * 10, [79.0, 61.0] * 5, [70.0, 59.0] * 5, [50.0, 95.0]],
)
def test_every_band_has_its_word_away_from_the_line(scores: list[float]) -> None:
    """Each tier's word stands once, inside its band, off the points beside it."""
    columns = _columns(scores, 70.0)
    all_scores = [*scores, 70.0]
    low = axis_start(facts("mixed").model, all_scores)
    for word, bottom, top in (("Red", low, 60), ("Amber", 60, 80), ("Green", 80, 100)):
        spots = [(i, h) for i, h in enumerate(columns[f"{word} word"]) if isinstance(h, float)]
        assert len(spots) == 1, word
        i, height = spots[0]
        assert bottom < height < top
        assert abs(height - all_scores[i]) >= 4


def test_the_axis_shows_every_score() -> None:
    """It starts at 40 while nothing is near, else at 0; a model with a low red band needs 0."""
    model = facts("mixed").model
    assert axis_start(model, [70.0, 46.0]) == 40.0
    assert axis_start(model, [70.0, 44.0]) == 0.0
    assert axis_start(facts("mixed", "support").model, [70.0]) == 0.0


def test_only_the_newest_snapshots_are_listed() -> None:
    """A long history keeps its end."""
    past = tuple(
        shot(date.fromordinal(date(2025, 1, 1).toordinal() + i), 70.0, "amber") for i in range(99)
    )
    rows = history_rows(facts("mixed", past=past))
    assert len(rows) == SHOWN + 1
    assert rows[-2][0] == past[-1].day


@pytest.mark.parametrize("preset", preset_names())
def test_rows_are_as_wide_as_the_table(preset: str) -> None:
    """Fixed columns, then one a dimension."""
    f = facts("half", preset)
    assert {len(r) for r in history_rows(f)} == {len(FIXED) + len(f.model.dimensions)}
