"""Values of the scorecard page, *Evidence* and *What-if* against each other and by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from scoring.account_facts import Facts
from scoring.presets import preset_names
from tests.workbook_templates.samples import all_facts, facts
from workbook_templates.account.inputs import input_rows, ranked
from workbook_templates.account.tables import make_tables
from workbook_templates.account.values import place_values
from workbook_templates.drawing.account.card_layout import DRIVERS


def _values(f: Facts) -> dict[str, Any]:
    rows = input_rows(f)
    return place_values(f, rows, make_tables(f, rows))


@pytest.mark.parametrize("preset", preset_names())
def test_points_add_up_on_every_account(preset: str) -> None:
    """Dimensions sum to the total, shares to 1, and losses to what is missing from 100."""
    for f in all_facts(preset).values():
        values, total = _values(f), f.rolled.total
        if math.isnan(total):
            assert values["card_total"][0][2] == "–"
            continue
        points = [row[0] for row in values["card_points"] if row[0] != ""]
        assert sum(points) == pytest.approx(total)
        assert values["card_total"][0][0] == pytest.approx(1.0)
        assert sum(r.lost for r in input_rows(f)) == pytest.approx(100 - total)


def test_ratings_times_weights_give_the_score() -> None:
    """Typed 4 of 5 on 30, 20 and 15 percent is worth 24, 16 and 12 points."""
    f = facts("typed")
    values = _values(f)
    names = [row[0] for row in values["card_dimensions"]]
    typed = {0: 24.0, 2: 16.0, 4: 12.0}
    for i, points in typed.items():
        assert names[i].endswith(" (typed)")
        assert values["card_dimensions"][i][1] == 4.0
        assert values["card_points"][i][0] == pytest.approx(points)


def test_a_dimension_without_data_is_a_dash_not_a_zero() -> None:
    """It has no weight, no trend, and says that it has no data."""
    values = _values(facts("little"))
    blank = [i for i, row in enumerate(values["card_dimensions"]) if row[1] == "–"]
    assert blank
    for i in blank:
        assert values["card_dimensions"][i][2] == "–"
        assert values["card_points"][i] == ["", "–", "no data"]


def test_drivers_are_the_largest_losses() -> None:
    """They fall, and empty rows fill the rest."""
    f = facts("mixed")
    losses = [row[3] for row in _values(f)["drivers"]]
    assert losses == sorted((r.lost for r in input_rows(f)), reverse=True)[:DRIVERS]
    best = _values(facts("best"))["drivers"]
    assert best == [["", "", "", ""]] * DRIVERS
    assert ranked(input_rows(facts("best"))) == []


def test_evidence_counts_what_was_seen() -> None:
    """Observed, stale, missing and typed are told apart."""
    f = facts("stale")
    note, rows = _values(f)["evidence_note"], input_rows(f)
    stale = [r for r in rows if r.status == "Stale, not counted"]
    assert len(stale) == len(f.stale) > 0
    assert all(math.isnan(r.points) and r.lost == 0 for r in stale)
    assert f"{len(f.stale)} stale" in note
    metrics = len(f.model.metrics)
    nothing = _values(facts("nothing"))["evidence_note"]
    assert f"0 of {metrics} metrics observed, {metrics} missing" in nothing
    assert "3 typed by a person" in _values(facts("typed"))["evidence_note"]


def test_what_if_starts_from_today() -> None:
    """Nothing typed, nothing changed: the score then is the score now."""
    f = facts("mixed")
    values = _values(f)
    assert values["whatif_result"][0] == values["whatif_result"][1]
    assert values["whatif_result"][3][0] == 0.0
    assert values["whatif_target"] == 80.0
    assert values["whatif_missing"] == [[20.0, "Not yet"]]
    assert _values(facts("best"))["whatif_missing"] == [[0.0, "Target reached"]]


def test_a_move_reaches_the_target_in_whole_ratings() -> None:
    """At 72 two more on a dimension of 20 percent, 4 points a step, reach 80."""
    f = facts("mixed")
    engagement = f.dimensions[1] / 20
    values = _values(facts("mixed", model_total=72.0))
    now, needed, steps, gain, reached = values["moves"][1]
    assert (now, steps, reached) == (engagement, 2.0, 80.0)
    assert gain == pytest.approx(4.0)
    assert needed == engagement + 2
    assert values["moves"][3][1] == "not alone" or values["moves"][3][2] == 3.0


def test_the_note_names_what_is_missing() -> None:
    """Five names, then a count; tier edges always."""
    note = _values(facts("little"))["note"]
    assert "● Green 80 to 100, ▲ Amber 60 to 79, ■ Red below 60." in note
    assert " more." in note
    assert note.count(",", note.index("Missing: ")) == 4
    assert "Missing" not in _values(facts("best"))["note"]


def test_header_facts_are_given_or_said_to_be_missing() -> None:
    """No fact is left empty."""
    values = _values(facts("no_facts"))
    for key in ("csm", "segment_label", "head_arr", "head_renewal"):
        assert values[key] == "not provided"
    assert values["days_left"] == "–"


def test_checks_hold_every_number_against_the_engine() -> None:
    """Formulas' cached values and the engine's are the same, missing ones empty."""
    for kind in ("mixed", "nothing", "day5", "override_score"):
        values = _values(facts(kind))
        for formula, engine in zip(values["check_formula"], values["check_engine"], strict=True):
            assert formula == engine or (formula, engine) == ([""], [None])
