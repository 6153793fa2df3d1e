"""Words, heights and points of the backtest workbook, one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scoring.presets import load_preset
from scoring.validation.records import Interval, Recommendation
from tests.scoring.validation import documents
from tests.workbook_templates.backtest.reading import made
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.cases import case_scores, case_tiers
from workbook_templates.backtest.ends import axis_end
from workbook_templates.backtest.heights import row_height, text_height
from workbook_templates.backtest.horizons import counts_of, in_group
from workbook_templates.backtest.metrics import auc_start, ranked
from workbook_templates.backtest.next_steps import next_steps
from workbook_templates.backtest.recommendations import gain_words, told_heights
from workbook_templates.backtest.shape import Shape, shape_of
from workbook_templates.backtest.sheets import backtest_tables
from workbook_templates.backtest.workings import fill as points_of
from workbook_templates.portfolio.tables import TableColumn, TableSpec


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0.0, "0%"), (0.061, "6.1%"), (0.4844, "48%"), (1.0, "100%")]
)
def test_percent(value: float | None, shown: str) -> None:
    """Small shares have a digit more, and what is not known is a dash."""
    assert t.percent(value) == shown


def test_numbers_have_a_true_minus() -> None:
    """Figures and intervals are written as everywhere else."""
    assert t.figure(-0.03) == "−0.03"
    assert t.figure(None) == "–"
    assert t.between(Interval(value=0.7, low=0.62, high=0.78)) == "0.62–0.78"
    assert t.between(Interval(value=0.1, low=0.05, high=0.2), share=True) == "5.0–20%"
    assert t.between(Interval()) == ""


def test_amounts_and_spans() -> None:
    """Amounts carry the currency's sign, or its code, or none; days without an end are a dash."""
    b = documents.evidence()
    assert t.amount(b, 1_520_000.0) == "£1.5m"
    assert t.amount(b.model_copy(update={"currency": "SEK"}), 45_200.0) == "SEK 45k"
    assert t.amount(b, None) == "–"
    assert t.span(date(2026, 1, 2), None) == "–"


def test_lines_fit_and_tell_what_is_cut() -> None:
    """A text becomes as many lines as there is room; a longer one ends in an ellipsis."""
    assert t.lines(["one two three"], 8, 3) == ["one two", "three", ""]
    cut = t.lines(["one two three four five six"], 9, 2)
    assert cut == ["one two", "three…"] or cut[-1].endswith("…")
    assert max(map(len, t.lines(["x" * 40], 12, 5))) <= 12


def test_rows_are_as_high_as_their_longest_text() -> None:
    """Only wrapped columns count, a narrow one needs more lines, bold letters are wider."""
    wide = TableColumn("a", "A", width=400, wrap=True)
    narrow = TableColumn("b", "B", width=60, wrap=True)
    plain = TableColumn("c", "C", width=60)
    spec = TableSpec("T", "S", ("a",), (wide, narrow, plain))
    text = "some words to be wrapped over lines"
    assert row_height(spec, {"a": text}) == 22
    assert row_height(spec, {"c": text * 9}) == 22
    assert row_height(spec, {"b": text}) > row_height(spec, {"b": "some words"}) > 22
    assert row_height(spec, {"a": "1\n2\n3"}) == 52
    assert text_height("word " * 5000, 100) == 540


@pytest.mark.parametrize(
    ("shares", "end"), [([0.02], 0.1), ([0.3], 0.3), ([0.31, None], 0.4), ([1.0], 1.0), ([], 1.0)]
)
def test_axes_end_at_a_tenth(shares: list[float | None], end: float) -> None:
    """The interval of the largest share has room."""
    assert axis_end(shares) == pytest.approx(end)


def test_auc_axis_reaches_down_where_needed() -> None:
    """An interval below 0.2 is not cut."""
    powers = documents.evidence().powers
    assert auc_start(powers) == 0.2
    low = powers[0].model_copy(update={"auc": Interval(value=0.2, low=0.1, high=0.3)})
    assert auc_start([*powers, low]) == 0.0
    assert auc_start([]) == 0.2


def test_metrics_are_ranked_with_unknown_ones_last() -> None:
    """The highest AUC comes first."""
    powers = documents.evidence().powers
    unknown = powers[-1].model_copy(update={"auc": Interval(), "name": "Unknown"})
    found = ranked([unknown, *powers], "metric")
    known = [p.auc.value for p in found if p.auc.value is not None]
    assert known == sorted(known, reverse=True)
    assert found[-1].name == "Unknown"


def test_next_steps_of_each_verdict() -> None:
    """Evidence is applied, too few cases are collected, and nothing sends back to the lists."""
    first = {k: next_steps(getattr(documents, k)()) for k in ("evidence", "no_evidence", "nothing")}
    assert "--write-model" in first["evidence"][0]
    assert first["no_evidence"][0] == "1. Collect 24 churned cases more, then run validate again."
    assert "account IDs" in first["nothing"][0]
    assert max(len(steps) for steps in first.values()) <= 4
    b = documents.no_evidence()
    enough = b.verdict.model_copy(update={"needed_churned": 0})
    assert "enough outcomes" in next_steps(b.model_copy(update={"verdict": enough}))[0]


def test_gain_in_words() -> None:
    """A gain has its interval; without one it is what is needed, or nothing."""
    gain = Interval(value=-0.004, low=-0.02, high=0.012)
    r = Recommendation(kind="weights", verdict="no gain", headline="", reason="", measure="AUC",
                       gain=gain)  # fmt: skip
    assert gain_words(r) == "−0.004 AUC (−0.020 to +0.012)"
    assert gain_words(r.model_copy(update={"gain": Interval()})) == ""
    needed = r.model_copy(update={"gain": Interval(), "needed_churned": 1200})
    assert gain_words(needed) == "1,200 churned more needed"


def test_recommendations_have_room_for_their_reasons() -> None:
    """A long reason makes its own line higher, not the others."""
    found = made()
    before = told_heights(found)
    first, *others = found.backtest.recommendations
    long = first.model_copy(update={"reason": "a reason of some length " * 30})
    b = found.backtest.model_copy(update={"recommendations": (long, *others)})
    after = told_heights(type(found)(b, found.cases, found.churn))
    assert after[0] > 2 * before[0]
    assert after[1:] == before[1:]


def test_shapes_follow_what_is_known() -> None:
    """The curve goes with the probability, and dimensions stand where it is missing."""
    full, none = shape_of(documents.evidence()), shape_of(documents.no_evidence())
    assert (full.curve, full.calibrated, full.stands_in) == (True, True, False)
    assert (none.curve, none.calibrated, none.stands_in) == (False, False, True)
    assert full.alerted
    assert not shape_of(documents.windows()).alerted
    empty = shape_of(documents.nothing())
    assert (empty.compared, empty.stands_in, empty.leads) == (False, False, ())


def test_tables_have_different_headers() -> None:
    """Excel refuses a Table with two headers alike, with or without leads."""
    for shape in (Shape(), Shape(leads=(14, 30, 60))):
        for spec in backtest_tables(shape).values():
            heads = [c.header.casefold() for c in spec.columns]
            assert len(set(heads)) == len(heads), spec.name


def test_counts_are_those_of_the_cases() -> None:
    """Tiers partition the scored cases, and so do brackets, at each horizon."""
    found = made()
    for h in found.backtest.horizons:
        scored = int((found.cases.at[h.days] >= 0).sum())
        for what in ("tiers", "brackets"):
            groups = getattr(h, what)
            cases = [counts_of(found, in_group(found, h.days, what, g))[0] for g in groups]
            assert sum(cases) == scored, (h.days, what)
    shown, words = case_scores(found, 60), case_tiers(found, 60)
    model = load_preset("scorecard")
    for score, word in zip(shown, words, strict=True):
        key = "green" if score >= 80 else "amber" if score >= 60 else "red"
        assert word == (t.tier_text(model, key) if score == score else None)


def test_points_of_charts_hold_their_intervals() -> None:
    """Error bars reach exactly to the ends of the document's intervals."""
    found = made()
    tables: dict[str, Any] = dict(points_of(found, shape_of(found.backtest)).tables)
    for row, h in zip(tables["AucPoints"], found.backtest.horizons, strict=True):
        assert row["auc"] + row["plus"] == pytest.approx(h.auc.high)
        assert row["auc"] - row["minus"] == pytest.approx(h.auc.low)
    assert [str(row["label"])[0] for row in tables["TierBars"]] == ["■", "▲", "●"]
    diagonal = tables["Diagonal"]
    assert diagonal[0] == {"x": 0.0, "y": 0.0}
