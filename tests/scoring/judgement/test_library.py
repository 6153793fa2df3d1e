"""The shipped library, its TOML and its sheets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scoring.errors import ModelError
from scoring.judgement.facts import known_facts
from scoring.judgement.library import Library, load_library
from scoring.judgement.library_sheet import (
    PLAY_FIELDS,
    PLAYS,
    RISK_FIELDS,
    RISKS,
    library_from_sheets,
    library_rows,
)
from scoring.judgement.library_text import library_from_toml, library_to_toml
from scoring.presets import load_preset

KNOWN = known_facts()
SHIPPED = load_library()


def grids(library: Library = SHIPPED) -> dict[str, list[list[Any]]]:
    """Both sheets as cells: a title, a blank row, headers, rows."""
    rows = library_rows(library)
    return {
        name: [["title"], [], [f.header for f in fields],
               *[[row[f.key] for f in fields] for row in rows[name]]]
        for name, fields in ((RISKS, RISK_FIELDS), (PLAYS, PLAY_FIELDS))
    }  # fmt: skip


def column(header: str, sheet: str = RISKS) -> int:
    """Where a header stands."""
    fields = RISK_FIELDS if sheet == RISKS else PLAY_FIELDS
    return [f.header for f in fields].index(header)


def test_it_covers_the_documents() -> None:
    """Each document has risks, and what no document gives is marked as ours."""
    assert len(SHIPPED.risks) >= 25
    assert len(SHIPPED.positives) >= 12
    for document in ("000", "001", "002", "003", "004"):
        assert any(document in r.source for r in SHIPPED.risks), document
    for definition in (*SHIPPED.risks, *SHIPPED.positives):
        assert re.match(r"00[0-4] |ours", definition.source), definition.key


def test_every_risk_is_answered_and_says_its_evidence() -> None:
    """A risk has a play, rests on facts, and its sentence tells at least one of them."""
    for risk in SHIPPED.risks:
        assert SHIPPED.play(risk.play) is not None, risk.key
        assert risk.evidence, risk.key
        assert any("{" + fact in risk.text for fact in risk.evidence) or risk.key in (
            "no_champion_recorded", "payment_failed", "value_unproven",
        ), risk.key  # fmt: skip


def test_plays_lift_what_some_model_measures() -> None:
    """What a step moves is a fact that somebody can know."""
    for play in SHIPPED.plays:
        for step in play.steps:
            assert set(step.lifts) <= set(KNOWN), (play.key, step.key)


def test_toml_and_sheets_read_back_equal() -> None:
    """TOML → object → rows → object → TOML."""
    assert library_from_toml(library_to_toml(SHIPPED), "x.toml", KNOWN) == SHIPPED
    assert library_from_sheets(grids(), "b.xlsx", KNOWN) == SHIPPED


def test_a_model_brings_its_own_facts() -> None:
    """A metric that only a company's model has may be named under that model."""
    metric = load_preset("support").metrics[0].model_copy(update={"key": "own_metric"})
    dimension = load_preset("support").dimensions[0].model_copy(update={"metrics": (metric,)})
    own = load_preset("support").model_copy(update={"dimensions": (dimension,)})
    text = library_to_toml(SHIPPED).replace("csat_share < 50%", "own_metric < 3", 1)
    assert library_from_toml(text, "x.toml", known_facts(own)) != SHIPPED
    with pytest.raises(ModelError, match="there is no fact"):
        library_from_toml(text, "x.toml", KNOWN)


def test_columns_may_move_and_people_may_add_their_own() -> None:
    """Headers are matched by text."""
    moved = {name: [[*row[::-1], "mine"] for row in rows] for name, rows in grids().items()}
    assert library_from_sheets(moved, "b.xlsx", KNOWN) == SHIPPED


def test_an_edit_counts() -> None:
    """Wording, threshold and severity follow the sheet."""
    cells = grids()
    row = next(r for r in cells[RISKS] if len(r) > 1 and r[1] == "csat_critical")
    row[column("Condition")] = "csat_share < 60%"
    row[column("High when")] = None
    risk = library_from_sheets(cells, "b.xlsx", KNOWN).risk("csat_critical")
    assert risk is not None
    assert (risk.condition, risk.high) == ("csat_share < 60%", "")


@pytest.mark.parametrize(
    ("sheet", "header", "value", "says"),
    [
        (
            RISKS,
            "Condition",
            "csat_shar < 5",
            'E4 Condition: there is no fact "csat_shar". Did',
        ),
        (RISKS, "Condition", "usage_change <", "Risk library!E4 Condition: letter 1"),
        (RISKS, "Condition", None, "Risk library!E4 Condition: is missing. Add it."),
        (RISKS, "High when", "csat", "Risk library!F4 High when: letter 1"),
        (RISKS, "Wording", "{csat.mood}", "Risk library!H4 Wording: letter 1"),
        (RISKS, "Topic", "weather", "Risk library!D4 Topic"),
        (RISKS, "Play", "nothing", 'Risk library!K4: there is no play "nothing"'),
        (RISKS, "Covers", "nothing", 'Risk library!L4: there is no risk "nothing"'),
        (RISKS, "Key", "low_seats", "Risk library!B6: the key stands twice"),
        (RISKS, "Kind", "Risky", "Risk library!A4 Kind"),
        (PLAYS, "Horizon", "someday", "Plays!F4 Horizon"),
        (PLAYS, "Effort (days)", "much", "Plays!I4 Effort (days)"),
        (PLAYS, "What to do", None, "Plays!D4 What to do: is missing"),
    ],
)
def test_a_fault_names_its_cell(sheet: str, header: str, value: object, says: str) -> None:
    """No row is passed over in silence."""
    cells = grids()
    cells[sheet][3][column(header, sheet)] = value
    with pytest.raises(ModelError) as caught:
        library_from_sheets(cells, "b.xlsx", KNOWN)
    assert says in str(caught.value)


def test_a_sheet_without_headers_says_so() -> None:
    """A renamed header would lose every risk."""
    with pytest.raises(ModelError, match=r"Risk library!A1: no row has the headers Key, Condition"):
        library_from_sheets({RISKS: [["Key", "Name"]]}, "b.xlsx", KNOWN)


def test_faults_in_toml_name_row_key_and_field() -> None:
    """As on a sheet, and broken TOML by its line."""
    text = library_to_toml(SHIPPED)
    with pytest.raises(ModelError, match=r"risks\[3\].condition \(power_users_down\)"):
        library_from_toml(text.replace("power_users_change <= -30%", "power <= 1"), "x", KNOWN)
    with pytest.raises(ModelError, match="not valid TOML"):
        library_from_toml("[[risks", "x", KNOWN)


def test_two_risks_cannot_cover_each_other() -> None:
    """Both would be left out."""
    data = SHIPPED.model_dump()
    by_key = {r["key"]: r for r in data["risks"]}
    by_key["low_seats"]["covers"] = ("usage_decline",)
    with pytest.raises(ValueError, match="cover each other"):
        Library.model_validate(data)
