"""One account's scorecard: a fresh copy of the template, filled."""

from __future__ import annotations

import math
from functools import lru_cache

from scoring.account_facts import Facts, Snapshot
from scoring.model import ScoreModel
from scoring.renewal import Chances
from workbook_templates.account import words as w
from workbook_templates.account.inputs import input_rows
from workbook_templates.account.snapshots import axis_start
from workbook_templates.account.steps import StepRow, steps_axis
from workbook_templates.account.tables import Tables, make_tables
from workbook_templates.account.values import place_values
from workbook_templates.drawing.account import history, renewal, whatif_result, why
from workbook_templates.drawing.account.template import draw_account_template
from workbook_templates.fill import ChartChange, Template
from workbook_templates.ooxml.problems import MissingPlace
from workbook_templates.own_template import OwnTemplate


@lru_cache(maxsize=8)
def account_template(model: ScoreModel) -> Template:
    """The product's own account template for a model."""
    return Template(draw_account_template(model), "The account template")


def refuse_earlier(template: Template, chances: Chances) -> None:
    """A template that can only tell the illustration must not tell a calibration's shares.

    Raises:
        MissingPlace: the template was made before there were calibrations, and there is one.
    """
    if chances.fitted is None or not isinstance(template, OwnTemplate) or not template.lacks:
        return
    raise MissingPlace(
        f"{template.where} was made before there were {template.lacks[0]}: it calls them an "
        "illustration. Export it again and put your looks on that, or add --no-backtest."
    )


def fill_scorecard(template: Template, facts: Facts) -> bytes:
    """One account's workbook as .xlsx bytes.

    Raises:
        MissingPlace: the template lacks a place; `check_template` lists all of them. Or it is too
            old for a calibration.
    """
    refuse_earlier(template, facts.chances)
    rows = input_rows(facts)
    tables = make_tables(facts, rows)
    values = {f"hs_{k}": v for k, v in place_values(facts, rows, tables).items()}
    # A clock would make two reports of one day differ.
    moment = f"{facts.as_of.isoformat()}T00:00:00Z"
    title = f"Customer health scorecard: {facts.name[:200]}"
    return template.fill(
        values,
        tables.rows(),
        charts=_charts(facts, tables),
        properties={
            "title": title,
            "subject": "Customer health",
            "creator": "HealthSheet",
            "created": moment,
            "modified": moment,
        },
    )


def _charts(f: Facts, tables: Tables) -> dict[str, ChartChange]:
    """Axis bounds and what a screen reader says, with the chart's own numbers."""
    scores = [s.total for s in f.past] + [f.total]
    low, high, unit = steps_axis(tables.steps)
    return {
        history.CHART: ChartChange(
            axis_min=axis_start(f.model, scores), axis_max=100, alt_text=_history_alt(f)
        ),
        why.CHART: ChartChange(
            axis_min=low, axis_max=high, major_unit=unit, alt_text=_why_alt(tables)
        ),
        renewal.CHART: ChartChange(
            alt_text="Bars: probability of full renewal, contraction and churn."
        ),
        whatif_result.CHART: ChartChange(
            alt_text="Bars: points of each dimension now and with the values typed."
        ),
    }


def _history_alt(f: Facts) -> str:
    shots = [*f.past, Snapshot(f.as_of, f.total, f.tier, ())]
    known = [s for s in shots if not math.isnan(s.total)]
    if not known:
        return "No score yet."
    high = max(known, key=lambda s: s.total)
    first, peak, last = (_shot_words(f.model, s) for s in (known[0], high, known[-1]))
    return f"Line over tier bands: {first}, highest {peak}, last {last}."


def _shot_words(model: ScoreModel, shot: Snapshot) -> str:
    score = f"{w.whole(shot.total)} {model.tier_label(shot.tier)}".strip()
    return f"{score} on {w.day_words(shot.day)}"


def _why_alt(tables: Tables) -> str:
    return ("Waterfall: " + ", ".join(map(_step_words, tables.steps)))[:800] + "."


def _step_words(row: StepRow) -> str:
    amount = w.whole(row.running) if row.points is None else w.signed(row.points)
    return f"{row.metric} {amount}"
