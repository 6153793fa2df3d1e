"""The waterfall: its rows add up, and its words say what happened."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from scoring.account_facts import Facts, Snapshot, Step, Told
from scoring.presets import preset_names
from scoring.waterfall import CAUSES, KINDS, NO_INPUT
from tests.workbook_templates.samples import all_facts, facts
from workbook_templates.account.inputs import input_rows
from workbook_templates.account.steps import StepRow, step_rows, steps_axis, why_words
from workbook_templates.account.words import change_words, whole
from workbook_templates.drawing.account.why import HEADS, MOST


def _rows(f: Facts) -> list[StepRow]:
    return step_rows(f, input_rows(f))


@pytest.mark.parametrize("preset", preset_names())
def test_steps_lead_from_the_first_bar_to_the_last(preset: str) -> None:
    """Start plus all steps is today's score, for every kind of account."""
    for f in all_facts(preset).values():
        rows = _rows(f)
        total = rows[0].running + sum(r.points for r in rows if r.points is not None)
        end = rows[-1].running
        assert total == pytest.approx(end, abs=1e-6), f.account_id
        if not math.isnan(f.total):
            assert (rows[-1].kind, end) == ("Now", f.total), f.account_id


def test_the_first_scorecard_falls_from_100() -> None:
    """Without an earlier score the steps are the points lost."""
    rows = _rows(facts("worst", past=(), before={}, steps=()))
    assert (rows[0].metric, rows[0].running, rows[0].kind) == ("All points", 100.0, "Start")
    assert all((r.points or 0) <= 0 for r in rows)


def test_bars_stand_between_the_scores_around_them() -> None:
    """A loss of 4 from 90 is a bar from 86; a gain of 5 from there stands on 86 too."""
    f = facts(
        "mixed", steps=(Step("dau_mau", "behaviour", -4.0), Step("power_users", "behaviour", 5.0))
    )
    f = facts("mixed", steps=f.steps, past=(*f.past[:-1], _with_total(f, 90.0)), total=91.0)
    rows = _rows(f)
    assert [(r.base, r.loss, r.gain) for r in rows[1:-1]] == [(86.0, 4.0, None), (86.0, None, 5.0)]
    assert [r.total for r in rows] == [90.0, None, None, 91.0]
    assert rows[1].back is not None
    assert rows[1].back.endswith("+4.0")
    assert rows[2].back == "Keep"


def _with_total(f: Facts, total: float) -> Snapshot:
    assert f.previous is not None
    return replace(f.previous, total=total)


def test_other_adds_up_the_smallest_steps() -> None:
    """Of twelve steps the eight largest stand alone, losses first, and the rest is one row."""
    keys = [m.key for m in facts("mixed").model.metrics[:12]]
    sizes = [1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0, -8.0, 9.0, -10.0, 11.0, -12.0]
    steps = tuple(Step(k, "behaviour", p) for k, p in zip(keys, sizes, strict=True))
    rows = _rows(facts("mixed", steps=steps))
    shown = [r.points for r in rows if r.kind == "Behaviour"]
    assert shown == [-12.0, -10.0, -8.0, -6.0, 5.0, 7.0, 9.0, 11.0]
    assert len(shown) == MOST - 1
    other = next(r for r in rows if r.metric == "Other")
    assert other.points == 1.0 - 2.0 + 3.0 - 4.0


def test_a_score_that_steps_do_not_explain_gets_one_of_its_own() -> None:
    """A new account is neutral at 50 whatever its metrics lost, and the waterfall says so."""
    row = _rows(facts("day5"))[-2]
    assert (row.metric, row.kind, row.change) == ("Status", "Lifecycle or override", "Provisional")
    assert row.running == 50.0


def test_vanished_data_asks_to_be_recorded_again() -> None:
    """A metric that vanished is no behaviour to win back."""
    steps = (Step("dau_mau", "data vanished", -3.0),)
    row = _rows(facts("mixed", steps=steps, record={"dau_mau": None}))[1]
    assert row.kind == "Data vanished"
    assert str(row.change).endswith("→ no data")
    assert str(row.back).startswith("Record it again")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_step_has_words(kind: str) -> None:
    """Row and note name the cause of a step of any kind, also of one without an input."""
    f = facts("mixed", steps=(Step("" if kind in NO_INPUT else "dau_mau", kind, -3.0),))
    row = _rows(f)[1]
    assert (row.kind, row.points) == (CAUSES[kind], -3.0)
    assert row.metric == NO_INPUT.get(kind, "DAU/MAU")
    assert ": −3.0 " in why_words(f, _rows(f))["why_note"]


def test_the_models_version_comes_first_from_what_was_told() -> None:
    """The waterfall begins at the score that people saw, and its first step is the new model."""
    f = facts("mixed")
    assert f.previous is not None
    told = Told(f.previous.total + 5.0, "green", "scorecard 0.9")
    small = tuple(Step(m.key, "behaviour", -20.0 - i) for i, m in enumerate(f.model.metrics[:12]))
    version = Step("", "version", -5.0)
    rows = _rows(replace(f, told=told, steps=(*small, version)))
    assert rows[0].running == told.total
    assert "Green" in rows[0].label
    assert (rows[1].metric, rows[1].points) == ("Model version", -5.0)
    assert rows[1].change == f"scorecard 0.9 → {f.model.label}"
    assert rows[1].running == pytest.approx(f.previous.total)
    assert len(rows) <= MOST + 3
    same = _rows(replace(f, told=replace(told, model=f.model.label), steps=(version,)))
    assert same[1].change == f"{f.model.label}, changed since"
    words = change_words(replace(f, told=told))
    assert f", was {whole(told.total)})" in words
    assert "was" not in change_words(f)


def test_the_axis_leaves_room_and_starts_at_a_round_number() -> None:
    """For 60 to 90 it runs from 50 to 95 in steps of 10; near the ends from 0 to 100."""
    first = _rows(facts("mixed"))[0]
    assert steps_axis([first._replace(running=x) for x in (90.0, 60.0)]) == (50.0, 95.0, 10.0)
    assert steps_axis([first._replace(running=x) for x in (100.0, 3.0)]) == (0.0, 100.0, 10.0)
    assert steps_axis([first._replace(running=x) for x in (80.0, 70.0)]) == (60.0, 85.0, 5.0)


@pytest.mark.parametrize(
    ("then", "now", "title"),
    [
        (84.0, 71.0, "Why the score fell from 84 to 71"),
        (71.0, 84.0, "Why the score rose from 71 to 84"),
        (71.2, 71.4, "Why the score stayed at 71"),
    ],
)
def test_the_title_is_the_conclusion(then: float, now: float, title: str) -> None:
    """It names direction and both scores as displayed."""
    f = facts("mixed")
    assert f.previous is not None
    f = facts("mixed", past=(_with_total(f, then),), total=now)
    assert why_words(f, _rows(f))["why_title"] == title


def test_no_score_has_a_title_too() -> None:
    """Too little data is said, not an empty page."""
    f = facts("little")
    assert why_words(f, _rows(f))["why_title"] == "No score yet: points lost so far"


def test_rows_have_a_field_for_each_header() -> None:
    """Values and drawing agree on the columns."""
    assert len(StepRow._fields) == len(HEADS)
