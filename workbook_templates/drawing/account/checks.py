"""*Checks*: the score made step by step, and formulas held against the engine."""

from __future__ import annotations

from scoring.model import Metric, StateCurve
from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import (
    CHECKS,
    EVIDENCE,
    FACTS,
    STEPS,
    Canvas,
    write_heads,
)
from workbook_templates.drawing.theme import NUMBER, UNIT_FORMAT

DATES = {"as_of", "start", "renewal", "override_expires", "previous_date"}
DIMENSION_COLUMNS = "CDEFGHIJKLMN"
INPUT_COLUMNS = "CDEFGHIJKLM"


def draw(c: Canvas) -> None:
    """Draw the sheet; every block is named for fill."""
    book = c.book
    ws = c.sheets[CHECKS] = book.sheet(CHECKS, pages=(1, 0))
    book.columns(ws, {"A": 12, "B": 210, "C:N": 88, "O": 12})
    book.title(ws)
    bad = f'SUMPRODUCT(--(F{c.checks_top}:F{c.checks_top + c.checks_count - 1}<>"Yes"))'
    ws.write_formula(
        "B1",
        f'=IF({bad}=0,"Every formula agrees with the engine",{bad}&" formulas differ from the engine")',
        book.format(font_size=20, bold=True),
    )
    note = "Formulas recalculate in any spreadsheet; the engine column holds what was computed."
    ws.write_string("B2", note, book.format(font_size=10, font_color="#566474"))
    c.place("checks_title", CHECKS, "B1")
    _reconciliation(c)
    _facts(c)
    _steps(c)
    _dimensions(c)
    _inputs(c)
    ws.print_area(0, 0, c.inputs_end, 14)
    ws.set_h_pagebreaks([c.dimensions_top - 3])
    ws.freeze_panes(2, 0)


def check_rows(c: Canvas) -> list[tuple[str, str, str]]:
    """What is reconciled: label, formula's cell, number format."""
    rows = [
        ("Score shown", c.step("total"), "exact"),
        ("Model's score", c.step("model_total"), "exact"),
        ("Coverage", c.step("coverage"), "exact"),
        ("Lower bound", c.step("low"), "exact"),
        ("Upper bound", c.step("high"), "exact"),
        ("Tier code (0 red, 1 amber, 2 green)", c.step("tier"), "score"),
    ]
    for i, d in enumerate(c.model.dimensions):
        rows.append((f"{d.name}, 0 to 100", c.dimension(i, "H"), "exact"))
    given = c.span(CHECKS, "G", c.inputs_top, c.inputs_end)
    return [*rows, ("Sum of contributions", f"SUM({given})", "exact")]


def _reconciliation(c: Canvas) -> None:
    ws, book, top = c.sheets[CHECKS], c.book, c.checks_top
    ws.write_string(f"B{top - 2}", "Formula against engine", book.format(bold=True, font_size=11))
    heads = [("B", "What", "left"), ("C", "Formula", "right"), ("D", "Engine", "right")]
    write_heads(
        ws, book, top - 1, [*heads, ("E", "Difference", "right"), ("F", "Agrees", "center")]
    )
    for i, (label, source, form) in enumerate(check_rows(c)):
        r = top + i
        number = book.row(num_format=NUMBER[form], align="right")
        ws.write_string(f"B{r}", label, book.row())
        ws.write_formula(f"C{r}", f"={source}", number)
        ws.write_blank(f"D{r}", None, number)
        both = f"AND(ISNUMBER(C{r}),ISNUMBER(D{r}))"
        neither = f"AND(NOT(ISNUMBER(C{r})),NOT(ISNUMBER(D{r})))"
        ws.write_formula(f"E{r}", f'=IF({both},C{r}-D{r},"")', number)
        agrees = f'=IF({both},IF(ABS(C{r}-D{r})<0.000000001,"Yes","No"),IF({neither},"Yes","No"))'
        ws.write_formula(f"F{r}", agrees, book.row(align="center", bold=True))
    end = top + c.checks_count - 1
    for column, name in zip("CDEF", ("formula", "engine", "difference", "agrees"), strict=True):
        c.place(f"check_{name}", CHECKS, f"{column}{top}:{column}{end}")


def _facts(c: Canvas) -> None:
    ws, book, top = c.sheets[CHECKS], c.book, c.facts_top
    ws.write_string(f"B{top - 2}", "Facts", book.format(bold=True, font_size=11))
    write_heads(ws, book, top - 1, [("B", "Fact", "left"), ("C", "Value", "right")])
    for i, (key, label) in enumerate(FACTS):
        form = NUMBER["date"] if key in DATES else "General"
        ws.write_string(f"B{top + i}", label, book.row())
        ws.write_blank(f"C{top + i}", None, book.row(num_format=form, align="right", shrink=True))
    c.place("facts", CHECKS, f"C{top}:C{top + len(FACTS) - 1}")


def _steps(c: Canvas) -> None:
    ws, book, top = c.sheets[CHECKS], c.book, c.steps_top
    ws.write_string(
        f"E{top - 2}", "From dimensions to the score", book.format(bold=True, font_size=11)
    )
    heads = [("E", "Step", "left"), ("F", "", "left"), ("G", "Value", "right")]
    write_heads(ws, book, top - 1, heads)
    made = step_formulas(c)
    for i, (key, label) in enumerate(STEPS):
        ws.write_string(f"E{top + i}", label, book.row())
        ws.write_blank(f"F{top + i}", None, book.row())
        look = book.row(align="right", num_format="General" if key == "status" else "0.######")
        ws.write_formula(f"G{top + i}", "=" + made[key], look)
    c.place("steps", CHECKS, f"G{top}:G{top + len(STEPS) - 1}")


def step_formulas(c: Canvas) -> dict[str, str]:
    """Formula of each step; texts without "="."""
    model, cells, step = c.model, c.cells, c.step
    last = c.dimensions_top + len(model.dimensions) - 1
    column = lambda letter: c.span(CHECKS, letter, c.dimensions_top, last)  # noqa: E731
    age, asof = step("age"), c.fact("as_of")
    old = f"AND({asof}>{c.fact('override_expires')},ISNUMBER({c.fact('override_expires')}))"
    given = f"OR(ISNUMBER({c.fact('override_score')}),ISNUMBER({c.fact('override_tier')}))"
    partial = f"AND(ISNUMBER({age}),{age}<={cells.setting('partial_days')},{step('coverage')}>0)"
    least = f"{step('coverage')}>={cells.setting('min_coverage')}-0.000000001"
    scored = f'IF(AND({step("enough")},ISNUMBER({step("rolled")})),{step("rolled")},"")'
    capped = f"MIN({step('model_tier')},{c.fact('cap')})"
    set_tier = f"IF(ISNUMBER({c.fact('override_tier')}),{c.fact('override_tier')},{f.tier_code(c.fact('override_score'), cells)})"
    set_tier = f'IF(ISNUMBER({c.fact("override_tier")}),{c.fact("override_tier")},IF(ISNUMBER({c.fact("override_score")}),{f.tier_code(c.fact("override_score"), cells)},""))'
    return {
        "age": f'IF(ISNUMBER({c.fact("start")}),{asof}-{c.fact("start")},"")',
        "young": f"AND(ISNUMBER({age}),{age}<={cells.setting('neutral_days')})",
        "onboarding": f"AND(ISNUMBER({age}),{age}<={cells.setting('onboarding_days')})",
        "in_play": f"SUMPRODUCT({column('C')},--ISNUMBER({column('H')}))",
        "rolled": f'IF({step("in_play")}>0,SUM({column("J")}),"")',
        "coverage": f"SUMPRODUCT({column('C')},{column('K')})",
        "low": f'IF({step("young")},"",SUMPRODUCT({column("C")},{column("L")}))',
        "high": f'IF({step("young")},"",SUMPRODUCT({column("C")},{column("M")}))',
        "enough": f"OR({least},{partial})",
        "model_total": f"IF({step('young')},{cells.setting('neutral_score')},{scored})",
        "basis": _basis(c, scored),
        "model_tier": f.tier_code(step("basis"), cells),
        "overridden": f"AND({given},NOT({old}))",
        "total": f"IF(AND({step('overridden')},ISNUMBER({c.fact('override_score')})),{c.fact('override_score')},{step('model_total')})",
        "tier": f'IF({step("overridden")},{set_tier},IF(ISNUMBER({step("model_tier")}),{capped},""))',
        "status": _status(c),
        "velocity": f'IF(AND(ISNUMBER({step("total")}),ISNUMBER({c.fact("month_ago")}),ISNUMBER({c.fact("month_days")})),({step("total")}-{c.fact("month_ago")})/{c.fact("month_days")},"")',
    }


def _basis(c: Canvas, scored: str) -> str:
    """The tier follows the rolling mean where the model smooths, else the score itself."""
    young = c.step("young")
    if not c.model.smoothing_days:
        return f'IF({young},"",{scored})'
    days, asof = c.cells.setting("smoothing_days"), c.fact("as_of")
    window = f'hs_history_date,">"&({asof}-{days}),hs_history_date,"<"&{asof}'
    total = f"SUMIFS(hs_history_recorded,{window})"
    count = f'COUNTIFS({window},hs_history_recorded,">=0")'
    rolled = c.step("rolled")
    return f'IF(OR({young},{scored}=""),"",({total}+{rolled})/({count}+1))'


def _status(c: Canvas) -> str:
    step, age, cells = c.step, c.step("age"), c.cells
    onboarding = f'IF({step("onboarding")},"Onboarding","Scored")'
    partial = f"AND(ISNUMBER({age}),{age}<={cells.setting('partial_days')})"
    scored = f'IF({partial},"Partial",{onboarding})'
    enough = f'IF({step("enough")},{scored},"Insufficient data")'
    return f'IF({step("overridden")},"Overridden",IF({step("young")},"Provisional",{enough}))'


def _dimensions(c: Canvas) -> None:
    ws, book, top, model = c.sheets[CHECKS], c.book, c.dimensions_top, c.model
    ws.write_string(
        f"B{top - 2}", "From metrics to dimensions", book.format(bold=True, font_size=11)
    )
    heads = ("Weight", "Share seen", "Points earned", "Mean points", "Typed", "Score", "Share of total",
             "Points of total", "Covered", "At worst", "At best", "Previous score")  # fmt: skip
    write_heads(
        ws, book, top - 1,
        [("B", "Dimension", "left"), *((x, h, "right") for x, h in zip(DIMENSION_COLUMNS, heads, strict=True))],
    )  # fmt: skip
    number = book.row(num_format="0.######", align="right")
    for i, d in enumerate(model.dimensions):
        ws.write_string(f"B{top + i}", d.name, book.row())
        for column, text in zip(DIMENSION_COLUMNS[:-1], dimension_formulas(c, i), strict=True):
            ws.write_formula(f"{column}{top + i}", "=" + text, number)
        ws.write_blank(f"N{top + i}", None, number)
    last = top + len(model.dimensions) - 1
    c.place("previous_dimensions", CHECKS, f"N{top}:N{last}")
    c.place("dimension_steps", CHECKS, f"C{top}:M{last}")


def dimension_formulas(c: Canvas, i: int) -> list[str]:
    """Formulas of one row of the dimensions block, columns C to M."""
    model, d = c.model, c.model.dimensions[i]
    at = lambda column: c.dimension(i, column)  # noqa: E731
    segment, young = c.fact("segment"), c.step("onboarding")
    raw = [f.weight(model, x.key, segment, young, c.cells) for x in model.dimensions]
    typed = c.evidence(c.typed_number(i), "D")
    seen, earned = "0", "0"
    span = c.metric_span(d)
    if span:
        shares = c.span(CHECKS, "C", c.inputs_top + span[0], c.inputs_top + span[1])
        got = c.span(EVIDENCE, "F", c.evidence_top + span[0], c.evidence_top + span[1])
        seen, earned = f.seen_share(shares, got), f.earned(shares, got)
    scale = 20 if model.typed == "rating" else 1
    worst = f.rated(model, at("E"))
    best = f.rated(model, f"({at('E')}+(1-{at('D')})*100)")
    return [
        f"{raw[i]}/({'+'.join(raw)})",
        seen,
        earned,
        f.mean_points(model, at("D"), at("E")),
        f'IF(ISNUMBER({typed}),{typed}*{scale},"")',
        f.dimension_score(model, typed, at("F")),
        f"IF(ISNUMBER({at('H')}),{at('C')}/{c.step('in_play')},0)",
        f'IF(ISNUMBER({at("H")}),{at("I")}*{at("H")},"")',
        f"IF(ISNUMBER({at('G')}),1,{at('D')})",
        f"IF(ISNUMBER({at('G')}),{at('G')},{worst})",
        f"IF(ISNUMBER({at('G')}),{at('G')},{best})",
    ]


def _inputs(c: Canvas) -> None:
    ws, book, top, model = c.sheets[CHECKS], c.book, c.inputs_top, c.model
    heads = ("Share of dimension", "Counted", "Points counted", "Could give", "Gives", "Loses",
             "Order", "Now", "Engine gives", "Difference", "Healthy")  # fmt: skip
    write_heads(
        ws, book, top - 1,
        [("B", "Metric", "left"), *((x, h, "right") for x, h in zip(INPUT_COLUMNS, heads, strict=True))],
    )  # fmt: skip
    number = book.row(num_format="0.######", align="right")
    for i, name in enumerate(input_names(c)):
        ws.write_string(f"B{top + i}", name, book.row())
        made = input_formulas(c, i)
        for column, text in zip("CDEFGHIJ", made, strict=True):
            ws.write_formula(f"{column}{top + i}", "=" + text, number)
        ws.write_blank(f"K{top + i}", None, number)
        gap = f"=IF(ABS(G{top + i}-K{top + i})<0.000000001,0,G{top + i}-K{top + i})"
        ws.write_formula(f"L{top + i}", gap, number)
        ws.write_string(f"M{top + i}", healthy_words(c, i), number)
    c.place("input_steps", CHECKS, f"C{top}:L{c.inputs_end}")


def input_names(c: Canvas) -> list[str]:
    """Names of all inputs in order: metrics, then typed dimensions."""
    word = "rating" if c.model.typed == "rating" else "score"
    return [m.name for m in c.model.metrics] + [
        f"{d.name}, typed {word}" for d in c.model.dimensions
    ]


def input_formulas(c: Canvas, i: int) -> list[str]:
    """Formulas of one row of the inputs block, columns C to J."""
    model = c.model
    at = lambda column: c.input(i, column)  # noqa: E731
    points = c.evidence(i, "F")
    rank = f'IF({at("H")}>0.000000001,{at("H")}-ROW()*0.0000000001,"")'
    if i >= len(model.metrics):
        d = i - len(model.metrics)
        row = lambda column: c.dimension(d, column)  # noqa: E731
        typed = f"ISNUMBER({row('G')})"
        could = f"IF({typed},100*{row('I')},0)"
        gives = f"IF({typed},{row('J')},0)"
        value = c.evidence(i, "D")
        unit = '&" of 5"' if model.typed == "rating" else '&" of 100"'
        now = f'IF({typed},ROUND({value},1){unit},"")'
        return ["1", f"IF({typed},1,0)", points, could, gives, f"{at('F')}-{at('G')}", rank, now]
    metric = model.metrics[i]
    d = next(n for n, x in enumerate(model.dimensions) if metric in x.metrics)
    row = lambda column: c.dimension(d, column)  # noqa: E731
    weights = "+".join(c.cells.metric(m.key, "weight") for m in model.dimensions[d].metrics)
    counted = points if model.missing == "reweight" else _filled(model.missing, points)
    used = row("D") if model.missing == "reweight" else "1"
    counts = f"ISNUMBER({at('E')})" if model.missing == "reweight" else "TRUE"
    could = f"IF(AND({counts},NOT(ISNUMBER({row('G')})),ISNUMBER({row('H')})),100*{row('I')}*{at('C')}/{used},0)"
    lost = f"{at('F')}*(100-{at('E')})/100*(100-{row('H')})/(100-{row('F')})"
    earned = f"{at('F')}*{at('E')}/100*{row('H')}/{row('F')}"
    raised = f"IF({row('F')}>=100,{at('F')},{at('F')}-{lost})"
    gives = f"IF({at('F')}=0,0,IF({row('H')}>={row('F')},{raised},{earned}))"
    now = f'IF(ISNUMBER({points}),{f.now_text(metric, c.evidence(i, "D"))},"")'
    weight = f"{c.cells.metric(metric.key, 'weight')}/({weights})"
    seen = f"IF(ISNUMBER({points}),1,0)"
    return [weight, seen, counted, could, gives, f"{at('F')}-{at('G')}", rank, now]


def _filled(missing: str, points: str) -> str:
    return f"IF(ISNUMBER({points}),{points},{0 if missing == 'zero' else 50})"


def healthy_words(c: Canvas, i: int) -> str:
    """What counts as healthy, in words."""
    model = c.model
    if i >= len(model.metrics):
        return "5 of 5" if model.typed == "rating" else "100"
    return healthy_range(model.metrics[i])


def healthy_range(metric: Metric) -> str:
    """Healthy range of a metric with its unit: ``≥ 25%``, ``≤ 90 days``, ``Active``."""
    if isinstance(metric.curve, StateCurve):
        return metric.curve.words[0]
    low, high = metric.healthy_range
    if low is not None and high is not None:
        low_words, high_words = value_words(low, metric.unit), value_words(high, metric.unit)
        return low_words if low == high else f"{low_words} to {high_words}"
    if low is not None:
        return f"≥ {value_words(low, metric.unit)}"
    if high is None:
        return "any"
    # Nothing lies below the end of a scale: "0", not "≤ 0".
    sign = "" if high == metric.scale[0] else "≤ "
    return f"{sign}{value_words(high, metric.unit)}"


def value_words(x: float, unit: str) -> str:
    """A raw value with its unit, short."""
    if UNIT_FORMAT.get(unit, "").endswith("%"):
        return f"{x * 100:g}%"
    tail = {"days": " days", "per_week": " a week", "per_month": " a month"}.get(unit, "")
    return f"{x:g}{tail}".replace("-", "−")
