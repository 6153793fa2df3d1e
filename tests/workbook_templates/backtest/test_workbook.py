"""The backtest workbook: valid, whole, and the same figures as the document."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from scoring.presets import load_preset
from scoring.validation.records import Interval, Verdict
from tests.scoring.validation import documents
from tests.validity import assert_valid
from tests.workbook_templates.backtest.made import agreeing, found_of
from tests.workbook_templates.backtest.reading import book, made, place, rows, written
from tests.workbook_templates.designer import unpack
from workbook_templates.backtest import backtest_template, write_backtest
from workbook_templates.backtest.front import FACTS
from workbook_templates.backtest.horizons import AGREES
from workbook_templates.backtest.names import SHEETS
from workbook_templates.backtest.shape import shape_of


@pytest.mark.parametrize("kind", ["evidence", "no evidence", "nothing"])
def test_every_kind_is_valid(kind: str, tmp_path: Path) -> None:
    """Evidence, none, and nothing at all open in Excel without a repair."""
    path = tmp_path / "backtest.xlsx"
    path.write_bytes(written(kind))
    assert_valid(path)


@pytest.mark.parametrize("name", ["support", "signals"])
def test_every_preset(name: str) -> None:
    """Labels of tiers, dimensions and metrics are the model's own."""
    read = book(written("evidence", name, 24))
    model = load_preset(name)
    labels = [row[0] for row in place(read, "horizons_tiers")]
    assert labels == [f"{s} {model.tier_label(k)}"
                      for s, k in (("■", "red"), ("▲", "amber"), ("●", "green"))]  # fmt: skip
    told = {row["Name"] for row in rows(read, "Metrics", "Powers")}
    assert {m.name for m in model.metrics} | {d.name for d in model.dimensions} == told
    assert model.label in str(place(read, "front_fact_0"))


def test_it_opens_on_the_answer() -> None:
    """The first sheet is active, the headline its first words, the rest in order, one hidden."""
    read = book(written())
    assert tuple(read.sheetnames) == SHEETS
    assert read.active.title == "Backtest"
    assert read["Backtest"]["B1"].value == made().backtest.verdict.headline
    hidden = [s.title for s in read.worksheets if s.sheet_state != "visible"]
    assert hidden == ["Workings"]
    assert read.properties.title == "Backtest of scorecard 1.0"
    assert read.properties.creator == "HealthSheet"


def test_figures_are_the_documents() -> None:
    """Cards, measures, recommendations and probabilities are those of the document."""
    read, b = book(written()), made().backtest
    at = b.horizons[1]
    assert place(read, "front_verdict") == "Evidence"
    assert place(read, "front_auc") == at.auc.value
    assert place(read, "front_auc_note") == f"{at.auc.low:.2f}–{at.auc.high:.2f}"
    assert place(read, "front_lift") == at.lift[1].lift
    measures = place(read, "horizons_measures")
    assert measures[3] == [h.auc.value for h in b.horizons]
    assert measures[7] == [h.brier for h in b.horizons]
    assert place(read, "front_gain_0") == "+0.021 AUC (+0.006 to +0.038)"
    assert place(read, "front_gain_2") == "Not enough evidence"
    changes = rows(read, "Recommendations", "Changes")
    assert [c["Difference"] for c in changes[:2]] == pytest.approx([5.0, -5.0])
    assert place(read, "backtest_caught") == pytest.approx(44 / 71, abs=1e-4)


def test_calibration_is_what_renewal_forecast_takes() -> None:
    """The named range is read by RENEWAL_FORECAST and gives the fitted shares."""
    from addin.functions.renewals import renewal_forecast

    read, fitted = book(written()), made().backtest.calibration
    assert fitted is not None
    sheet, ref = next(read.defined_names["Renewal_calibration"].destinations)
    grid = [[c.value for c in row] for row in read[sheet][ref]]
    assert grid[0] == ["Score from", "Churn", "Contraction", "Basis", "Expires"]
    assert len(grid) == 102
    told = renewal_forecast(71.6, 1000.0, grid)
    assert isinstance(told, tuple)
    shares = {row[0]: row[1] for row in told}
    assert shares["Churn"] == fitted.churn[72]
    assert shares["Contraction"] == fitted.contraction[72]


def test_a_refused_calibration_says_why() -> None:
    """Without a probability the sheet has the reason and the Table no number."""
    read = book(written("no evidence"))
    reason = place(read, "calibration_reason")
    assert reason[0][0] == made("no evidence").backtest.calibration_reason
    cells = [v for row in rows(read, "Calibration", "Calibration") for v in row.values()]
    assert cells == [None] * 5
    assert place(read, "front_why")[0][0] == reason[0][0]
    assert place(read, "front_verdict") == "No evidence"
    assert "may be chance" in place(read, "front_lift_note")


def test_the_wrong_way_is_said() -> None:
    """Metrics whose points were higher before churn are told of, and nothing is called chance."""
    b = made("no evidence").backtest
    verdict = b.verdict.model_copy(update={"key": "wrong way", "p_value": 0.001})
    low = Interval(value=0.2, low=0.1, high=0.3)
    powers = tuple(p.model_copy(update={"verdict": "wrong way", "auc": low}) for p in b.powers)
    changed = b.model_copy(update={"verdict": verdict, "powers": powers})
    read = book(write_backtest(replace(made("no evidence"), backtest=changed)))
    assert place(read, "front_verdict") == "Wrong way"
    assert place(read, "front_lift_note").endswith("churned")
    count = sum(p.kind == "metric" for p in powers)
    assert place(read, "metrics_title") == f"{count} of {count} metrics went the wrong way"
    assert "Wrong way" in place(read, "front_next")[0][0]


def test_too_few_cases_show_no_auc() -> None:
    """Where no test was possible, an AUC of a handful of cases is not shown as an answer."""
    b = made("no evidence").backtest
    verdict = Verdict(key="no evidence", headline="4 churned: No evidence.", detail="",
                      p_value=None, needed_churned=39)  # fmt: skip
    few = replace(made("no evidence"), backtest=b.model_copy(update={"verdict": verdict}))
    read = book(write_backtest(few))
    assert place(read, "front_auc") == "–"
    assert "too few" in place(read, "front_auc_note")
    assert "too few" in place(read, "horizons_title")


def test_nothing_to_compare() -> None:
    """Without a case the page says why, and how many outcomes were left out for what."""
    data = written("nothing")
    read = book(data)
    told = [row[0] for row in place(read, "front_left")]
    assert told[1] == "23 left out: no snapshot old enough"
    assert not [n for n in unpack(data) if n.startswith("xl/charts/")]
    assert rows(read, "Cases", "Cases")[0]["Account"] == "No case."
    assert rows(read, "Surprises", "Surprises")[0]["Account"] == "No surprise."
    assert rows(read, "Reviews", "Reviews")[0]["Account"] == "No account was lost."


def test_every_case_is_listed() -> None:
    """Cases have their score, tier and held-out probability; blanks where there is none."""
    found = made()
    listed = rows(book(written()), "Cases", "Cases")
    assert len(listed) == len(found.cases) > 50
    ids = found.cases.frame["account_id"].tolist()
    assert [row["Account ID"] for row in listed] == ids
    at = found.cases.at[60]
    for row, place_, chance in zip(listed, at, found.churn, strict=True):
        total = found.cases.snapshots.total[place_] if place_ >= 0 else np.nan
        shown = row["Score, 60 days before"]
        assert (shown is None) == bool(np.isnan(total))
        if shown is not None:
            assert shown == np.floor(total + 0.5)
        assert (row["Held-out churn probability"] is None) == bool(np.isnan(chance))


def test_surprises_reviews_and_triggers_are_complete() -> None:
    """Every green account that churned, red one that stayed, lost account and trigger has a row."""
    read, b = book(written()), made().backtest
    listed = rows(read, "Surprises", "Surprises")
    assert len(listed) == len(b.green_churned) + len(b.red_stayed) == 24
    assert {row["Tier then"] for row in listed} == {"● Green", "■ Red"}
    assert b.green_churned[0].drivers[0] in listed[0]["Drivers then, most points lost first"]
    reviews = rows(read, "Reviews", "Reviews")
    assert len(reviews) == len(b.reviews) == 7
    assert reviews[1]["Alerts, days before"] == "No alert fired."
    assert "180 d: " in reviews[0]["Score before"]
    assert "last: " in reviews[0]["Score before"]
    assert b.alerts is not None
    assert len(rows(read, "Alerts", "Triggers")) == len(b.alerts.triggers)


def test_counts_agree_and_say_so() -> None:
    """One line tells that formulas over Cases give the document's counts, or how many do not."""
    assert place(book(written()), "horizons_agrees") == AGREES
    b = made().backtest
    tiers = b.horizons[0].tiers
    wrong = tiers[0].model_copy(update={"cases": tiers[0].cases + 1})
    first = b.horizons[0].model_copy(update={"tiers": (wrong, *tiers[1:])})
    changed = b.model_copy(update={"horizons": (first, *b.horizons[1:])})
    read = book(write_backtest(replace(made(), backtest=changed)))
    assert place(read, "horizons_agrees") == "1 count differs from the backtest"


def test_charts_are_told() -> None:
    """Every chart has a title, names of both axes, and words for those who do not see it."""
    parts = unpack(written())
    charts = [text for name, text in parts.items() if re.match(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == 12
    for text in charts:
        assert text.count(b"<c:title>") == 3
    drawings = b"".join(t for n, t in parts.items() if re.match(r"xl/drawings/drawing\d", n))
    told = re.findall(rb'descr="([^"]*)"', drawings)
    assert len(told) == len(charts)
    assert all(len(words) > 30 for words in told)


def test_no_formula_is_newer_than_excel_2016() -> None:
    """No function needs a newer Excel, which would mark it with a prefix."""
    for name, text in unpack(written()).items():
        if name.startswith("xl/worksheets/"):
            formulas = b" ".join(re.findall(rb"<f>(.*?)</f>", text))
            assert b"_xlfn" not in formulas
            assert not re.search(rb"\b(XLOOKUP|LET|FILTER|MAXIFS|TEXTJOIN)\(", formulas)


def test_one_case(tmp_path: Path) -> None:
    """Tables shrink to one row and the file stays valid."""
    model = load_preset("scorecard")
    found = agreeing(found_of(documents.evidence(model, surprises=0), 1, model))
    path = tmp_path / "few.xlsx"
    path.write_bytes(write_backtest(found))
    assert len(rows(book(path.read_bytes()), "Cases", "Cases")) == 1
    assert_valid(path)


def test_hostile_names_are_text() -> None:
    """A name that looks like a formula stays text wherever it stands."""
    model, name = load_preset("scorecard"), "=1+1"
    found = found_of(documents.evidence(model), 3, model, name=name)
    b = found.backtest
    hostile = b.green_churned[0].model_copy(update={"account": name, "drivers": (name,)})
    found = replace(found, backtest=b.model_copy(update={"green_churned": (hostile,)}))
    read = openpyxl.load_workbook(io.BytesIO(write_backtest(found)))
    cells = [c for s in read.worksheets for r in s.iter_rows() for c in r if c.value == name]
    assert len(cells) >= 5
    assert {c.data_type for c in cells} == {"s"}


def test_two_workbooks_of_one_backtest_are_alike() -> None:
    """No clock and no chance gets into the file."""
    assert write_backtest(made()) == write_backtest(made())


def test_facts_of_what_was_tested() -> None:
    """Model, files, range, design, cases and what was left out stand on the first page."""
    read = book(written("windows"))
    told = [place(read, f"front_fact_{n}") for n in range(len(FACTS))]
    assert told[:3] == ["scorecard 1.0", "history.sqlite", "outcomes.csv"]
    assert told[3] == "3 Feb 2025 to 28 Oct 2026"
    assert told[4] == "each account and 90 days is a case"
    assert told[7] == "23 no snapshot old enough, 4 account not in the history"
    topics = {row["What"] for row in rows(read, "Method", "Method")}
    assert {"Cases", "No leakage", "Verdict", "23 left out", "About this data"} <= topics


def test_a_shape_is_drawn_once() -> None:
    """Two backtests of one shape share a template."""
    shape = shape_of(made().backtest)
    assert backtest_template(shape) is backtest_template(shape)
    assert shape.leads
    assert shape.calibrated
    assert not shape_of(made("no evidence").backtest).calibrated
