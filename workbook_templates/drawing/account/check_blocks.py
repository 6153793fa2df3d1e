"""Blocks of *Checks*: from metrics to dimensions, and what each input gives to the score."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook_templates import formulas as f
from workbook_templates.drawing.account.blocks import (
    DIMENSION_COLUMNS,
    DIMENSION_STEPS,
    EVIDENCE_COLUMNS,
    INPUT_COLUMNS,
    INPUT_STEPS,
)
from workbook_templates.drawing.account.canvas import (
    CHECKS,
    EVIDENCE,
    EVIDENCE_TOP,
    Canvas,
    heads,
    write_heads,
)
from workbook_templates.drawing.account.healthy import healthy_words
from workbook_templates.typed import typing

Step = dict[str, str]


def draw_dimensions(c: Canvas) -> None:
    """One row a dimension: metrics' points become its score and its share of the total."""
    ws, book, top = c.sheets[CHECKS], c.book, c.rows.dimensions
    c.section(CHECKS, f"B{top - 2}", "From metrics to dimensions")
    labels = [*(label for _, label in DIMENSION_STEPS), "Previous score"]
    first = ("B", "Dimension", "left")
    letters = "".join(DIMENSION_COLUMNS.values())
    write_heads(ws, book, top - 1, [first, *heads(letters, labels, "right")])
    number = book.row(num_format="0.######", align="right")
    previous = DIMENSION_COLUMNS["previous"]
    for i, d in enumerate(c.model.dimensions):
        ws.write_string(f"B{top + i}", d.name, book.row())
        made = dimension_formulas(c, i)
        for key, _ in DIMENSION_STEPS:
            ws.write_formula(f"{DIMENSION_COLUMNS[key]}{top + i}", "=" + made[key], number)
        ws.write_blank(f"{previous}{top + i}", None, number)
    end = c.rows.dimensions_end
    c.place("previous_dimensions", CHECKS, f"{previous}{top}:{previous}{end}")
    c.place("dimension_steps", CHECKS, _block(DIMENSION_COLUMNS, DIMENSION_STEPS, top, end))


def _block(columns: dict[str, str], steps: Sequence[tuple[str, str]], top: int, end: int) -> str:
    return f"{columns[steps[0][0]]}{top}:{columns[steps[-1][0]]}{end}"


def seen_and_earned(
    c: Canvas, dimension: int, points: Callable[[int, int], str]
) -> tuple[str, str]:
    """Share of a dimension that was observed, and the points earned on it.

    *points* gives the range that holds the points of the inputs from one to another.
    """
    span = c.metric_span(c.model.dimensions[dimension])
    if span is None:
        return "0", "0"
    shares = c.inputs("share", *span)
    return f.seen_share(shares, points(*span)), f.earned(shares, points(*span))


def dimension_formulas(c: Canvas, i: int) -> Step:
    """Formulas of one row of the dimensions block, by key of the step."""
    model = c.model
    at = {key: c.dimension(i, key) for key in DIMENSION_COLUMNS}
    segment, onboarding = c.fact("segment"), c.step("onboarding")
    raw = [f.weight(model, d.key, segment, onboarding, c.cells) for d in model.dimensions]
    typed = c.evidence(c.typed_number(i), "value")
    seen, earned = seen_and_earned(c, i, _evidence_points)
    # Metrics not seen count nothing at worst and everything at best.
    worst, best = at["earned"], f"({at['earned']}+(1-{at['seen']})*100)"

    def if_typed(value: str, otherwise: str) -> str:
        return f"IF({f.known(at['typed'])},{value},{otherwise})"

    return {
        "weight": f"{raw[i]}/({'+'.join(raw)})",
        "seen": seen,
        "earned": earned,
        "mean": f.mean_points(model, at["seen"], at["earned"]),
        "typed": f'IF({f.known(typed)},{typed}*{typing(model).step},"")',
        "score": f.dimension_score(model, typed, at["mean"]),
        "share": f"IF({f.known(at['score'])},{at['weight']}/{c.step('in_play')},0)",
        "points": f'IF({f.known(at["score"])},{at["share"]}*{at["score"]},"")',
        "covered": if_typed("1", at["seen"]),
        "low": if_typed(at["typed"], f.rated(model, worst)),
        "high": if_typed(at["typed"], f.rated(model, best)),
    }


def _evidence_points(first: int, last: int) -> str:
    column = EVIDENCE_COLUMNS["points"]
    return f"{EVIDENCE}!${column}${EVIDENCE_TOP + first}:${column}${EVIDENCE_TOP + last}"


def draw_inputs(c: Canvas) -> None:
    """One row an input: what it could give, gives and loses, and its place among the losers."""
    ws, book, top = c.sheets[CHECKS], c.book, c.rows.inputs
    c.section(CHECKS, f"B{top - 2}", "What each input gives")
    ws.set_row_pixels(top - 2, 30)
    labels = [*(label for _, label in INPUT_STEPS), "Healthy"]
    letters = "".join(INPUT_COLUMNS[key] for key in [*(k for k, _ in INPUT_STEPS), "healthy"])
    first = ("B", "Metric", "left")
    write_heads(ws, book, top - 1, [first, *heads(letters, labels, "right")])
    number = book.row(num_format="0.######", align="right")
    for i, name in enumerate(input_names(c)):
        ws.write_string(f"B{top + i}", name, book.row())
        made = input_formulas(c, i)
        for key, _ in INPUT_STEPS:
            where = f"{INPUT_COLUMNS[key]}{top + i}"
            if key in made:
                ws.write_formula(where, "=" + made[key], number)
            else:
                ws.write_blank(where, None, number)
        ws.write_string(f"{INPUT_COLUMNS['healthy']}{top + i}", healthy_words(c.model, i), number)
    c.place("input_steps", CHECKS, _block(INPUT_COLUMNS, INPUT_STEPS, top, c.rows.inputs_end))


def input_names(c: Canvas) -> list[str]:
    """Names of all inputs in order: metrics, then typed dimensions."""
    word = typing(c.model).word.lower()
    typed = [f"{d.name}, typed {word}" for d in c.model.dimensions]
    return [*(m.name for m in c.model.metrics), *typed]


def input_formulas(c: Canvas, i: int) -> Step:
    """Formulas of one row of the inputs block by key; the engine's number is filled in."""
    r = c.rows.inputs + i
    at = {key: c.input(i, key) for key in INPUT_COLUMNS}
    own = _metric_formulas(c, i) if i < len(c.model.metrics) else _typed_formulas(c, i)
    gives, engine = (f"{INPUT_COLUMNS[key]}{r}" for key in ("gives", "engine"))
    return {
        **own,
        "lost": f"{at['could']}-{at['gives']}",
        # Of equal losses the upper row comes first.
        "order": f'IF({at["lost"]}>{f.TINY},{at["lost"]}-ROW()*0.0000000001,"")',
        "difference": f"IF(ABS({gives}-{engine})<{f.TINY},0,{gives}-{engine})",
    }


def _typed_formulas(c: Canvas, i: int) -> Step:
    d, value = i - len(c.model.metrics), c.evidence(i, "value")
    typed = f.known(c.dimension(d, "typed"))
    now = f'ROUND({value},1)&" of {typing(c.model).high}"'
    return {
        "share": "1",
        "observed": f"IF({typed},1,0)",
        "counted": c.evidence(i, "points"),
        "could": f"IF({typed},100*{c.dimension(d, 'share')},0)",
        "gives": f"IF({typed},{c.dimension(d, 'points')},0)",
        "now": f'IF({typed},{now},"")',
    }


def _metric_formulas(c: Canvas, i: int) -> Step:
    model, metric, points = c.model, c.model.metrics[i], c.evidence(i, "points")
    d = next(n for n, x in enumerate(model.dimensions) if metric in x.metrics)
    weights = "+".join(c.cells.metric(m.key, "weight") for m in model.dimensions[d].metrics)
    now = f.now_text(metric, c.evidence(i, "value"))
    counted = points
    if model.missing != "reweight":
        counted = f.number_or(points, str(f.MISSING_POINTS[model.missing]))
    return {
        "share": f"{c.cells.metric(metric.key, 'weight')}/({weights})",
        "observed": f"IF({f.known(points)},1,0)",
        "counted": counted,
        "could": _could(c, i, d),
        "gives": _gives(c, i, d),
        "now": f'IF({f.known(points)},{now},"")',
    }


def _could(c: Canvas, i: int, d: int) -> str:
    """Points of the total that a metric could give at best, as the dimension counts it."""
    reweight = c.model.missing == "reweight"
    used = c.dimension(d, "seen") if reweight else "1"
    counts = f.known(c.input(i, "counted")) if reweight else "TRUE"
    computed = f"NOT({f.known(c.dimension(d, 'typed'))}),{f.known(c.dimension(d, 'score'))}"
    most = f"100*{c.dimension(d, 'share')}*{c.input(i, 'share')}/{used}"
    return f"IF(AND({counts},{computed}),{most},0)"


def _gives(c: Canvas, i: int, d: int) -> str:
    """Points that a metric gives, where rounding to a rating moved the dimension off its mean.

    Moved up, the metrics share the smaller loss; moved down, they share the smaller gain.
    """
    could, points = c.input(i, "could"), c.input(i, "counted")
    score, mean = c.dimension(d, "score"), c.dimension(d, "mean")
    lost = f"{could}*(100-{points})/100*(100-{score})/(100-{mean})"
    earned = f"{could}*{points}/100*{score}/{mean}"
    raised = f"IF({mean}>=100,{could},{could}-{lost})"
    return f"IF({could}=0,0,IF({score}>={mean},{raised},{earned}))"
