"""Pages of the backtest workbook: nothing is cut, empty or said twenty times."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl

from scoring.validation.records import Change, Interval
from tests.workbook_templates.backtest.reading import book, made, place, rows, written
from workbook_templates.backtest import write_backtest
from workbook_templates.backtest.shape import shape_of


def test_every_tenth_score_is_printed() -> None:
    """The printed page has the shares of 0, 10, … 100 and intervals; the rest lies off it."""
    read, fitted = book(written()), made().backtest.calibration
    assert fitted is not None
    tens = place(read, "calibration_tens")
    assert [row[0] for row in tens] == list(range(0, 101, 10))
    assert [row[1] for row in tens] == [fitted.churn[s] for s in range(0, 101, 10)]
    assert [row[4] for row in tens] == [fitted.contraction[s] for s in range(0, 101, 10)]
    assert tens[7][2:4] == ([fitted.low[70], fitted.high[70]] if fitted.low else [None, None])
    assert read["Calibration"].print_area == "'Calibration'!$A$1:$N$37"
    assert read["Calibration"].tables["Calibration"].ref.startswith("P5:")


def test_no_override_leaves_no_hole() -> None:
    """Without overrides the triggers stand where they would, and the note says so."""
    b = made().backtest
    changed = b.model_copy(update={"overrides": None})
    read = book(write_backtest(replace(made(), backtest=changed)))
    assert read["Alerts"].tables["Triggers"].ref.startswith("B9:")
    assert "no override stood at a case" in place(read, "backtest_alerts_note")
    assert "hs_backtest_overrides" not in read.defined_names
    full = book(written())
    assert full["Alerts"].tables["Triggers"].ref.startswith("B17:")
    assert len(place(full, "backtest_overrides")) == 4


def test_a_note_of_most_metrics_is_said_once() -> None:
    """What holds for most rows stands above them; a row's own note stays in it."""
    b = made().backtest
    powers = tuple(p.model_copy(update={"note": "Low for long."}) for p in b.powers[1:])
    own = b.powers[0].model_copy(update={"note": "Only seen late."})
    changed = b.model_copy(update={"powers": (own, *powers)})
    read = book(write_backtest(replace(made(), backtest=changed)))
    assert place(read, "metrics_common") == "¹ Low for long."
    notes = [row["Note"] for row in rows(read, "Metrics", "Powers")]
    assert notes.count("¹") == len(powers)
    assert notes.count("Only seen late.") == 1


def test_weights_of_a_dimension_have_their_chart() -> None:
    """Weights inside a dimension are charted where no others change; tiers alone have none."""
    b = made().backtest
    inner = Change(key="a", name="Sample metric", current=0.25, proposed=0.34, of="Usage")
    metrics = b.recommendations[0].model_copy(update={"kind": "metrics", "changes": (inner,)})
    changed = b.model_copy(update={"recommendations": (metrics,)})
    read = book(write_backtest(replace(made(), backtest=changed)))
    bars = rows(read, "Workings", "WeightBars")
    assert [(x["label"], x["current"], x["proposed"]) for x in bars] == [
        ("Sample metric", 0.25, 0.34)
    ]
    assert shape_of(changed).changed == "dimension"
    tiers = b.model_copy(update={"recommendations": b.recommendations[1:2]})
    assert shape_of(tiers).changed == ""


def test_many_reasons_for_what_was_left_out_stay_legible() -> None:
    """Reasons too long for the first page are counted there, and stand on Method."""
    b = made().backtest
    long = b.left_out[0].model_copy(update={"reason": "A reason of some length, " * 4, "count": 9})
    changed = b.model_copy(update={"left_out": (long, *b.left_out)})
    read = book(write_backtest(replace(made(), backtest=changed)))
    total = sum(x.count for x in changed.left_out)
    assert place(read, "front_fact_7") == f"{total:,} outcomes; Method says why"
    assert rows(read, "Method", "Method")[0]["How it was counted"]


def test_many_metrics_and_long_names() -> None:
    """Sixty metrics are all listed; the chart shows the best and the weakest, names cut."""
    b = made().backtest
    first = b.powers[-1]
    many = tuple(
        first.model_copy(update={
            "kind": "metric", "key": f"m{i}", "name": f"A metric of a rather long name, number {i}",
            "auc": Interval(value=0.3 + i / 150, low=0.2, high=0.9),
        })
        for i in range(60)
    )  # fmt: skip
    changed = b.model_copy(update={"powers": (*b.powers[:1], *many)})
    read = book(write_backtest(replace(made(), backtest=changed)))
    assert len(rows(read, "Metrics", "Powers")) == 61
    shown = rows(read, "Workings", "MetricBars")
    assert len(shown) == 20
    assert all(len(row["label"]) <= 38 for row in shown)
    assert {row["label"][-1] for row in shown} == {"…"}
    assert "best and the weakest" in place(read, "metrics_note")


def test_long_texts_have_the_room_they_need() -> None:
    """A row is higher the longer its text, and never higher than Excel allows."""
    b = made().backtest
    long = b.reviews[0].model_copy(update={"summary": "sample words " * 60})
    endless = b.reviews[1].model_copy(update={"summary": "sample words " * 900})
    changed = b.model_copy(update={"reviews": (long, endless, *b.reviews[2:])})
    sheet = openpyxl.load_workbook(
        io.BytesIO(write_backtest(replace(made(), backtest=changed)))
    )["Reviews"]  # fmt: skip
    heights = [sheet.row_dimensions[row].height for row in (5, 6, 7)]
    assert heights[0] > 3 * heights[2]
    assert heights[1] == 405.0


def test_nothing_known_leaves_no_room_for_charts() -> None:
    """Without a case the Table of metrics stands under its title."""
    assert book(written("nothing"))["Metrics"].tables["Powers"].ref.startswith("B5:")
    assert book(written())["Metrics"].tables["Powers"].ref.startswith("B25:")
