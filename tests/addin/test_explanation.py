"""Explanations of a row: what they say, and that their figures are those of the cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.cells import Cell, CellError, on_day
from addin.functions.earlier import Earlier
from addin.functions.explanation import Explanation, Question, explain
from addin.functions.explanation_text import (
    coverage_text,
    drivers_text,
    explanation_rows,
    explanation_text,
    missing_text,
)
from addin.functions.recognition import Place, best_preset
from addin.functions.scores import health_score
from addin.functions.verdict import Missing, Verdict
from scoring.presets import load_preset, preset_names

TODAY = date(2026, 11, 23)
MODEL = load_preset("four-dimension")
HEADERS = (
    "Account", "Date", "DAU %", "Feature adoption", "Logins", "Depth", "Touchpoints",
    "Exec sponsor", "Training", "Community", "NPS", "NPS (−100 to 100) as of", "CSAT",
    "Support points", "References", "ARR growth", "Payments on time", "Contract utilisation",
    "Expansions", "Temp.",
)  # fmt: skip
NOW: tuple[Cell, ...] = (
    "Sample Account 12", TODAY, 0.47, 0.42, 2.1, 0.5, 1.2, "Vacant", 0.62, 1.1, 20.0,
    date(2026, 4, 3), 2.9, 64.0, None, 0.02, 0.98, 0.9, 1.0, "warm",
)  # fmt: skip
BEFORE: tuple[Cell, ...] = (
    "Sample Account 12", TODAY - timedelta(days=7), 0.6, 0.42, 2.1, 0.5, 1.2, "Active", 0.5, 1.1,
    20.0, date(2026, 11, 3), 3.9, 64.0, None, 0.02, 0.98, 0.9, 1.0, "warm",
)  # fmt: skip
ASKED = Question(HEADERS, NOW, MODEL, place=Place(0, 14, 1), earlier=Earlier(HEADERS, (BEFORE,)))


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """All tests run on one day."""
    with on_day(TODAY):
        yield


def with_cell(header: str, cell: Cell) -> Question:
    """The row with another cell."""
    at = HEADERS.index(header)
    return replace(ASKED, row=(*NOW[:at], cell, *NOW[at + 1 :]))


def verdict_of(question: Question) -> Verdict:
    """The verdict of a row that has one."""
    found = explain(question).verdict
    assert found is not None
    return found


def test_it_says_what_the_pane_shows() -> None:
    """Name, tier, bounds in words, coverage, what is missing and since when, velocity."""
    found = explain(ASKED)
    verdict = verdict_of(ASKED)
    assert (found.account, found.model, verdict.label) == (
        "Sample Account 12", "four-dimension 1.0", "Red",
    )  # fmt: skip
    assert verdict.bounds is not None
    assert verdict.bounds.sentence == (
        "Red, could be Amber: 47 to 60 once the 2 missing metrics arrive."
    )
    assert verdict.seen == "14 of 16 metrics"
    assert missing_text(verdict.missing) == (
        "NPS (−100 to 100) (stale, 3 Apr), Advocacy in 12 months"
    )
    assert verdict.velocity is not None
    assert verdict.velocity[1] == "Declining fast"
    assert [(loss.name, loss.value) for loss in verdict.losses[:2]] == [
        ("CSAT (1–5)", "2.9 of 5"), ("Active users of seats", "47%"),
    ]  # fmt: skip


def test_score_is_that_of_the_cell() -> None:
    """The same row gives the same number in a cell."""
    assert verdict_of(ASKED).total == health_score((NOW,), (HEADERS,), MODEL.name)


def test_points_lost_sum_to_what_the_score_lacks() -> None:
    """Listed drivers and the rest are 100 less the score."""
    verdict = verdict_of(ASKED)
    assert verdict.total is not None
    total = sum(loss.points for loss in verdict.losses) + verdict.rest
    assert total == pytest.approx(100 - verdict.total, abs=1e-9)


def test_steps_sum_to_the_change() -> None:
    """Each step has its cause, and with the rest they are the difference of the scores."""
    change = verdict_of(ASKED).change
    assert change is not None
    assert (change.before.day, change.after.day, change.days) == ("16 Nov", "23 Nov", 7)
    kinds = {step.name: step.kind for step in change.steps}
    assert kinds["NPS (−100 to 100) went stale"] == "data vanished"
    assert kinds["CSAT (1–5)"] == "behaviour"
    steps = sum(step.points for step in change.steps) + change.rest
    assert steps == pytest.approx(change.after.total - change.before.total, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    now=st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=16, max_size=16),
    before=st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=16, max_size=16),
)
def test_steps_and_losses_add_up_whatever_is_known(
    now: list[float | None], before: list[float | None]
) -> None:
    """Sums hold for any two rows, with more steps than are listed."""
    headers = ("Account", "Date", *(m.name for m in MODEL.metrics))
    rows = [
        ("A", TODAY - timedelta(days=days), *map(_plausible, MODEL.metrics, cells))
        for days, cells in ((0, now), (9, before))
    ]
    with on_day(TODAY):
        found = explain(Question(headers, rows[0], MODEL, earlier=Earlier(headers, (rows[1],))))
    verdict = found.verdict
    assert verdict is not None
    if verdict.total is None:
        assert (verdict.losses, verdict.change) == ((), None)
        return
    lost = sum(loss.points for loss in verdict.losses) + verdict.rest
    assert lost == pytest.approx(100 - verdict.total, abs=1e-9)
    if verdict.change is not None and verdict.change.steps:
        change = verdict.change
        steps = sum(step.points for step in change.steps) + change.rest
        assert steps == pytest.approx(change.after.total - change.before.total, abs=1e-9)


def _plausible(metric: object, share: float | None) -> Cell:
    """A value of a metric between the ends of its curve."""
    points = metric.curve.points  # type: ignore[attr-defined]
    if share is None:
        return None
    if isinstance(points[0][0], str):
        return str(points[round(share * (len(points) - 1))][0])
    return float(points[0][0] + share * (points[-1][0] - points[0][0]))


def test_wrong_values_are_named_with_their_cells() -> None:
    """A value that cannot be used has its cell, column, value and fix, and no score stands."""
    found = explain(with_cell("Contract utilisation", 48.0))
    assert found.verdict is None
    (problem,) = found.problems
    assert (problem.cell, problem.name, problem.value) == ("R14", "Contract utilisation", "48")
    assert problem.text == "Not a fraction. Type 48% or 0.48."
    assert found.last is not None
    assert (found.last.day, found.last.label) == ("16 Nov", "Amber")


def test_all_wrong_values_are_named_at_once() -> None:
    """Two wrong values are two problems."""
    question = with_cell("CSAT", 7.0)
    at = HEADERS.index("Exec sponsor")
    row = (*question.row[:at], "asleep", *question.row[at + 1 :])
    found = explain(replace(question, row=row))
    assert [problem.cell for problem in found.problems] == ["H14", "M14"]


def test_error_cell_is_missing_with_a_note() -> None:
    """An error in a cell is missing data, told as such, and never a zero."""
    found = explain(with_cell("CSAT", CellError("#DIV/0!")))
    assert found.notes == ("CSAT (1–5) shows #DIV/0!, so it is missing.",)
    assert found.verdict is not None
    assert Missing("CSAT (1–5)", "") in found.verdict.missing
    value = next(k.value for k in found.columns.recognised if k.header == "CSAT")
    assert value == "#DIV/0!"


def test_too_little_data_says_what_it_needs() -> None:
    """Without enough weight there is no score, but coverage, bounds and the reason."""
    headers, row = ("Account", "DAU %"), ("Sample Account 1", 0.5)
    verdict = verdict_of(Question(headers, row, MODEL))
    assert (verdict.total, verdict.tier, verdict.losses) == (None, "", ())
    assert verdict.note == "Insufficient data: coverage 14%, needs 50%."
    assert coverage_text(verdict) == "14%, 1 of 16 metrics"
    assert verdict.bounds is not None
    assert verdict.bounds.sentence.startswith("No score, could be ")


def test_headers_that_match_nothing_are_one_problem() -> None:
    """A table that the model knows nothing of says so, and lists its columns as unknown."""
    found = explain(Question(("Colour", "Weight"), ("red", 3.0), MODEL))
    assert found.verdict is None
    assert found.problems[0].text.startswith("No header matches a column")
    assert [u.header for u in found.columns.unknown] == ["Colour", "Weight"]


def test_typed_dimensions_are_no_metrics() -> None:
    """Ratings that a person typed are counted as ratings, and as drivers of their own."""
    model = load_preset("scorecard")
    headers = ("Account", *(d.name for d in model.dimensions))
    verdict = verdict_of(Question(headers, ("Sample Account 1", 4.0, 3.0, 5.0, 5.0, 2.0), model))
    assert (verdict.seen, verdict.bounds) == ("5 of 5 ratings", None)
    assert verdict.losses[0].value == "2 of 5"
    some = verdict_of(Question(headers, ("Sample Account 1", 4.0, None, 5.0, 5.0, 2.0), model))
    assert some.seen.endswith(" values")
    assert some.bounds is not None
    assert some.bounds.sentence.endswith(" missing values arrive.")


def test_new_account_is_provisional() -> None:
    """A new account has a neutral score, no tier, no bounds, and says until when."""
    question = replace(
        ASKED, headers=(*HEADERS, "Start date"), row=(*NOW, TODAY - timedelta(days=3)),
        earlier=None,
    )  # fmt: skip
    verdict = verdict_of(question)
    assert (verdict.status, verdict.tier, verdict.total) == ("Provisional", "", 50)
    assert verdict.bounds is None
    assert verdict.note == "New account: neutral and without a tier until day 14."
    assert drivers_text(verdict).startswith("Data so far: ")


@pytest.mark.parametrize("name", ["Date", "Snapshot date", "As of"])
def test_earlier_rows_are_dated_by_any_date_column(name: str) -> None:
    """A column that says the day of a row is one, whatever the model calls it."""
    headers = tuple(name if h == "Date" else h for h in HEADERS)
    found = explain(replace(ASKED, headers=headers, earlier=Earlier(headers, (BEFORE,))))
    assert found.last is not None
    assert found.last.day == "16 Nov"


def test_history_of_scores_alone_gives_change_and_velocity() -> None:
    """Rows with a date and a score tell the change, though not its steps."""
    days = (40, 33, 6)
    rows = tuple(
        ("Sample Account 12", TODAY - timedelta(days=d), score)
        for d, score in zip(days, (75.0, 72.0, 60.0), strict=True)
    )
    earlier = Earlier(("Account", "Date", "Score"), rows)
    verdict = verdict_of(replace(ASKED, earlier=earlier))
    assert verdict.change is not None
    assert (verdict.change.days, verdict.change.before.total) == (6, 60.0)
    assert verdict.change.steps == ()
    assert verdict.total is not None
    assert verdict.velocity is not None
    assert verdict.velocity[0] == pytest.approx((verdict.total - 72.0) / 33)


def test_later_and_undated_rows_are_no_earlier_ones() -> None:
    """Only rows before the row's own day count; those without a day or a score are left out."""
    rows = (
        ("A", TODAY, 50.0), ("A", TODAY + timedelta(days=2), 51.0), ("A", None, 52.0),
        ("A", "soon", 53.0), ("A", TODAY - timedelta(days=2), None),
        ("A", TODAY - timedelta(days=3), CellError("#N/A")),
        ("A", TODAY - timedelta(days=4), 400.0),
    )  # fmt: skip
    found = explain(replace(ASKED, earlier=Earlier(("Account", "Date", "Score"), rows)))
    assert found.last is None


def test_override_is_told_and_changes_no_score() -> None:
    """An override in force is told; one that has expired is not; the cell's score stands."""
    headers = ("Account", "Tier", "Reason", "Author", "Expires")
    old = ("Sample Account 12", "Red", "Old", "Sample CSM 1", date(2026, 11, 1))
    new = ("Sample Account 12", "Green", "New sponsor", "Sample CSM 3", date(2026, 12, 15))
    found = explain(replace(ASKED, overrides=Earlier(headers, (new, old))))
    assert found.override == "Green until 15 Dec, by Sample CSM 3: New sponsor"
    assert found.verdict == verdict_of(ASKED)
    assert explain(replace(ASKED, overrides=Earlier(headers, (old,)))).override == ""


def test_segment_is_told_in_words() -> None:
    """A segment column or argument decides the weights, and is named."""
    question = replace(ASKED, headers=(*HEADERS, "Segment"), row=(*NOW, "mid market"))
    assert explain(question).segment == "Mid-Market"
    assert explain(replace(question, segment="smb")).segment == "SMB"


def test_columns_are_sorted_into_kinds() -> None:
    """Columns are recognised, known but not needed, unknown with a guess, or repeated."""
    headers = ("Account", "CSAT", "csat", "Ref calls", "Feature adoptoin", "Temp.", None)
    row = ("Sample Account 1", 4.0, 3.0, 1.0, 0.5, "warm", None)
    columns = explain(Question(headers, row, MODEL, place=Place(2, 5, 4))).columns
    assert columns.count == 6
    assert [k.name for k in columns.recognised] == ["CSAT (1–5)"]
    assert [k.name for k in columns.others] == ["Account"]
    assert [(u.cell, u.suggestion) for u in columns.unknown] == [
        ("F4", "Advocacy in 12 months"), ("G4", "Feature adoption"), ("H4", ""),
    ]  # fmt: skip
    assert [(u.letter, u.twin) for u in columns.repeated] == [("E", "D")]
    assert "Advocacy in 12 months" in columns.free
    assert "CSAT (1–5)" not in columns.free


def test_guess_at_a_name_may_be_a_context_column() -> None:
    """A mistyped Segment is guessed, although it is no metric."""
    columns = explain(Question(("DAU %", "Segmnet"), (0.5, "SMB"), MODEL)).columns
    assert columns.unknown[0].suggestion == "Segment"


def test_a_table_about_something_else_gets_few_guesses() -> None:
    """Guesses take time: beyond the first 40 unknown columns none is made."""
    headers = ("DAU %", *[f"Ref calls {number}" for number in range(60)])
    columns = explain(Question(headers, (0.5, *[None] * 60), MODEL)).columns
    assert [bool(u.suggestion) for u in columns.unknown] == [True] * 40 + [False] * 20


@pytest.mark.parametrize("name", preset_names())
def test_headers_of_a_preset_choose_it(name: str) -> None:
    """The headers that a preset wants fit it best."""
    model = load_preset(name)
    headers = tuple(m.name for m in model.metrics) or tuple(d.name for d in model.dimensions)
    assert best_preset(headers).name in (name, *_twins(name))


def _twins(name: str) -> tuple[str, ...]:
    """Presets that score the very same metrics."""
    keys = {m.key for m in load_preset(name).metrics}
    return tuple(n for n in preset_names() if {m.key for m in load_preset(n).metrics} == keys)


def test_headers_of_nothing_choose_the_default() -> None:
    """Where no preset fits, the default stands, as in a formula."""
    assert best_preset(("Colour",)).name == "scorecard"


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "C"), (23, "Z"), (24, "AA"), (699, "ZZ"), (700, "AAA")]
)
def test_letters_of_columns(position: int, letters: str) -> None:
    """Columns beyond Z have two letters, beyond ZZ three."""
    assert Place(2, 5, 4).letter(position) == letters


def test_text_and_rows_say_the_same() -> None:
    """The text has a line a row, figures with their sign, no figure where there is none."""
    found = explain(ASKED)
    lines = explanation_text(found).splitlines()
    assert len(lines) == len(explanation_rows(found))
    assert lines[0].startswith("Sample Account 12: 5")
    assert lines[1] == "Model: four-dimension 1.0 (23 Nov 2026)"
    assert "CSAT (1–5): −7.9 (2.9 of 5)" in lines
    assert "NPS (−100 to 100) went stale: +1.0 (data vanished)" in lines


def test_text_of_a_row_without_a_score_is_empty() -> None:
    """There is nothing to copy where values are wrong."""
    found = explain(with_cell("CSAT", "great"))
    assert (explanation_text(found), explanation_rows(found)) == ("", [])


def test_long_lists_of_missing_metrics_are_cut() -> None:
    """A narrow place names some and counts the rest; one more is named, not counted."""
    names = tuple(Missing(letter, "") for letter in "ABCD")
    assert missing_text(names) == "A, B, C, D"
    assert missing_text(names, most=3) == "A, B, C, D"
    assert missing_text(names, most=2) == "A, B and 2 more"


def test_dates_of_other_years_have_their_year() -> None:
    """A stale value of last year says so."""
    found: Explanation = explain(with_cell("NPS (−100 to 100) as of", date(2025, 7, 3)))
    assert found.verdict is not None
    assert found.verdict.missing[0].stale == "3 Jul 2025"
