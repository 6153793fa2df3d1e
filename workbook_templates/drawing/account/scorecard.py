"""*Scorecard*: the one printed page."""

from __future__ import annotations

from typing import Any

from workbook_templates import formulas as f
from workbook_templates.drawing.account import history, renewal, risks
from workbook_templates.drawing.account.canvas import (
    CHECKS,
    HISTORY,
    RISKS,
    SCORECARD,
    Canvas,
    blank_cells,
    money_rules,
    quoted,
    write_heads,
)
from workbook_templates.drawing.theme import (
    ACCENT,
    HAIRLINE,
    INK,
    LOSS_BAR,
    MUTED,
    NUMBER,
    PANEL,
    RULE,
    SPARK,
    WASH,
    WHITE,
)

WIDTHS = {"A": 12, "B": 150, "C:D": 52, "E": 16, "F:G": 56, "H": 150, "I": 140, "J": 20,
          "K": 228, "L": 100, "M": 72, "N": 84, "O": 12}  # fmt: skip
DRIVERS = 6


def draw(c: Canvas) -> None:
    """Draw the page; it opens first."""
    book = c.book
    ws = c.sheets[SCORECARD] = book.sheet(SCORECARD, first=True)
    book.columns(ws, WIDTHS)
    k = len(c.model.dimensions)
    _heights(c, k)
    _header(c)
    _panel(c)
    ws.insert_chart(
        "F6", _sized(history.chart(c), 402, 190), {"object_position": 2, "description": ""}
    )
    _renewal(c)
    _dimensions(c)
    _drivers(c)
    _risks(c)
    _actions(c)
    end = risks_top(c) + 10
    ws.set_row_pixels(end - 1, 30)
    note = book.format(font_size=8, font_color=MUTED, text_wrap=True, valign="top", align="left")
    ws.merge_range(f"B{end}:N{end}", "", note)
    c.place("note", SCORECARD, f"B{end}")
    ws.print_area(0, 0, end - 1, 14)
    ws.set_selection("B1")
    ws.freeze_panes(3, 0)


def _sized(chart: Any, width: int, height: int) -> Any:
    chart.set_size({"width": width, "height": height})
    return chart


def dims_top(c: Canvas) -> int:
    """First row of the dimension table."""
    return 15


def table_rows(c: Canvas) -> int:
    """Rows of the dimension and driver tables, which stand side by side."""
    return max(len(c.model.dimensions) + 1, DRIVERS)


def risks_top(c: Canvas) -> int:
    """First row of the risk table."""
    return dims_top(c) + table_rows(c) + 3


def _heights(c: Canvas, k: int) -> None:
    ws = c.sheets[SCORECARD]
    rows = {1: 36, 2: 16, 3: 22, 4: 10, 5: 24, 12: 12, 13: 24, 14: 20}
    rows |= dict.fromkeys(range(6, 12), 32)
    rows |= dict.fromkeys(range(15, 15 + table_rows(c)), 28)
    top = risks_top(c)
    rows |= {top - 3: 12, top - 2: 24, top - 1: 20}
    rows |= {top + i: 20 if i % 3 == 0 else 28 for i in range(9)}
    rows[top + 9] = 8
    for row, pixels in rows.items():
        ws.set_row_pixels(row - 1, pixels)


def _section(c: Canvas, ref: str, text: str) -> None:
    c.sheets[SCORECARD].write_string(ref, text, c.book.format(bold=True, font_size=11))


def _header(c: Canvas) -> None:
    ws, book = c.sheets[SCORECARD], c.book
    label = book.format(font_size=8, font_color=MUTED)
    fact = lambda form="General": book.format(  # noqa: E731
        font_size=11, bold=True, align="left", num_format=form, shrink=True
    )
    ws.write_blank("B1", None, book.format(font_size=20, bold=True))
    c.place("account_name", SCORECARD, "B1")
    right = book.format(font_size=11, font_color=MUTED, align="right")
    ws.write_string("N1", "Customer health scorecard", right)
    labels = {"B": "CSM", "C": "Segment", "F": "ARR", "H": "Renewal date", "I": "Days left",
              "K": "As of", "L": "Model"}  # fmt: skip
    for column, text in labels.items():
        ws.write_string(f"{column}2", text, label)
    for name, column in (("csm", "B"), ("model_label", "L")):
        ws.write_blank(f"{column}3", None, fact())
        c.place(name, SCORECARD, f"{column}3")
    ws.merge_range("C3:E3", "", fact())
    c.place("segment_label", SCORECARD, "C3")
    ws.merge_range("F3:G3", "", fact(NUMBER["whole"]))
    none = lambda key: f'=IF(ISNUMBER({c.fact(key)}),{c.fact(key)},"not provided")'  # noqa: E731
    ws.write_formula("F3", none("arr"), fact(NUMBER["whole"]))
    money_rules(c, ws, "F3")
    ws.write_formula("H3", none("renewal"), fact(NUMBER["date"]))
    left = f'=IF(ISNUMBER({c.fact("renewal")}),{c.fact("renewal")}-{c.fact("as_of")},"–")'
    ws.write_formula("I3", left, fact("0"))
    ws.write_formula("K3", f"={c.fact('as_of')}", fact(NUMBER["date"]))
    for name, cell in (
        ("head_arr", "F3"),
        ("head_renewal", "H3"),
        ("days_left", "I3"),
        ("head_as_of", "K3"),
    ):
        c.place(name, SCORECARD, cell)
    blank_cells(ws, "BCDEFGHIJKLMN", 4, book.format(top=1, top_color=HAIRLINE))
    for ref, text in (
        ("B5", "Score"),
        ("F5", "Score history"),
        ("K5", "Renewal"),
        ("B13", "Dimensions"),
    ):
        _section(c, ref, text)
    top = risks_top(c)
    _section(c, f"B{top - 2}", "Top risks")
    _section(c, f"K{top - 2}", "Actions")
    lost = f'=IF(ISNUMBER({c.step("rolled")}),"Where the "&{f.half_up("100-" + c.step("rolled"))}&" points went","Where the points went")'
    ws.write_formula("K13", lost, book.format(bold=True, font_size=11))
    c.place("lost_title", SCORECARD, "K13")


def _panel(c: Canvas) -> None:
    """Score, tier, change, coverage and bounds; the tint follows the tier."""
    ws, book, total = c.sheets[SCORECARD], c.book, c.step("total")
    look = lambda **k: book.format(bg_color=PANEL, **k)  # noqa: E731
    line = {"align": "left", "indent": 1, "shrink": True}
    cells = (
        ("B6:B8", f'IF(ISNUMBER({total}),{f.half_up(total)},"–")', look(font_size=48, bold=True, align="center", num_format="0"), "score"),
        ("C6:D6", f'IF(ISNUMBER({total}),"out of 100","")', look(valign="bottom"), "out_of"),
        ("C7:D7", f.tier_words(c.step("tier"), c.cells, f'"○ "&{c.step("status")}'), look(font_size=15, bold=True, shrink=True), "tier"),
        ("C8:D8", _subtier(c), look(font_size=8, shrink=True, valign="top"), "subtier"),
        ("B9:D9", _change_words(c), look(font_size=10, bold=True, **line), "change_words"),
        ("B10:D10", _coverage_words(c), look(**line), "coverage_words"),
        ("B11:D11", _last_words(c), look(bold=True, font_size=8, valign="top", align="left", indent=1, text_wrap=True), "last_words"),
    )  # fmt: skip
    for ref, text, form, name in cells:
        ws.merge_range(ref, "", form)
        ws.write_formula(ref.split(":")[0], "=" + text, form)
        c.place(name, SCORECARD, ref.split(":")[0])
    book.tier_rules(ws, "B6:D11", c.step("tier"), style="fill")


def _subtier(c: Canvas) -> str:
    """Says when the tier follows the rolling mean instead of the score beside it."""
    if not c.model.smoothing_days:
        return f'IF({c.step("status")}="Scored","",IF(ISNUMBER({c.step("tier")}),{c.step("status")},""))'
    days = c.cells.setting("smoothing_days")
    return f'IF(ISNUMBER({c.step("basis")}),{days}&"-day mean "&{f.half_up(c.step("basis"))},"")'


def _change_words(c: Canvas) -> str:
    now, then = c.step("total"), c.fact("previous_score")
    change = f"({f.half_up(now)}-{f.half_up(then)})"
    sign = f'IF({change}>0,"+",IF({change}<0,"−",""))&IF({change}=0,"No change",ABS({change}))'
    words = f'{sign}&" since "&{c.fact("previous_words")}'
    both = f"AND(ISNUMBER({now}),ISNUMBER({then}))"
    return f'IF({both},{words},"First scorecard, nothing to compare")'


def _coverage_words(c: Canvas) -> str:
    low, high = c.step("low"), c.step("high")
    bounds = f'"  ·  bounds "&{f.half_up(low)}&" to "&{f.half_up(high)}'
    return (
        f'"Coverage "&{f.half_up(c.step("coverage") + "*100")}&"%"&IF(ISNUMBER({low}),{bounds},"")'
    )


def _last_words(c: Canvas) -> str:
    """An override or a gate in force, else what the score could be with all data in."""
    word = lambda code: f.tier_words(code, c.cells)  # noqa: E731
    best, worst = f.tier_code(c.step("high"), c.cells), f.tier_code(c.step("low"), c.cells)
    mine = c.step("tier")
    could = f'IF({best}<>{mine},{word(mine)}&", could be "&{word(best)},IF({worst}<>{mine},{word(mine)}&", could be "&{word(worst)},""))'
    fits = f"AND(ISNUMBER({mine}),ISNUMBER({c.step('high')}))"
    gate = f'IF(AND(ISNUMBER({c.step("model_tier")}),{c.fact("cap")}<{c.step("model_tier")}),"Capped: "&{c.fact("cap_note")},{could})'
    model = (
        f'IF(ISNUMBER({c.step("model_total")}),"; model "&{f.half_up(c.step("model_total"))},"")'
    )
    over = f"{c.fact('override_note')}&{model}"
    return f"IF({c.step('overridden')},{over},IF({fits},{gate},{_no_tier_words(c)}))"


def _no_tier_words(c: Canvas) -> str:
    """Why there is no tier, and what the data would give."""
    days, rolled = c.cells.setting("neutral_days"), c.step("rolled")
    so_far = f'IF(ISNUMBER({rolled}),"; data so far "&{f.half_up(rolled)},"")'
    least = f.half_up(c.cells.setting("min_coverage") + "*100")
    young = f'"Neutral until day "&{days}&{so_far}'
    return f'IF({c.step("young")},{young},IF({c.step("enough")},"","A score needs "&{least}&"% coverage"))'


def _renewal(c: Canvas) -> None:
    ws, book = c.sheets[SCORECARD], c.book
    write_heads(ws, book, 6, [("K", "Scenario (illustration, not calibrated)", "left"),
                              ("L", "Probability", "right"), ("M", "", "right"), ("N", "ARR at risk", "right")])  # fmt: skip
    source = quoted("Renewal")
    for i in range(4):
        r, s = 7 + i, renewal.SCENARIO_TOP + i
        make = book.format if i == 3 else book.row
        bold = {"bold": True} if i == 3 else {}
        ws.write_formula(f"K{r}", f"={source}!$B${s}", make(**bold))
        ws.write_formula(f"L{r}", f"={source}!$C${s}", make(num_format="0%", align="right", **bold))
        ws.write_blank(f"M{r}", None, make())
        money = make(num_format=NUMBER["whole"], align="right", **bold)
        ws.write_formula(f"N{r}", f"={source}!$D${s}", money)
    money_rules(c, ws, "N7:N10")
    play = book.format(
        bold=True, font_size=12, font_color=WHITE, bg_color=ACCENT, align="left", indent=1
    )
    ws.write_formula("K11", f'="Play: "&{source}!$C${renewal.PLAY_ROW}', play)
    why = book.format(bg_color=WASH, align="left", indent=1, shrink=True)
    ws.merge_range("L11:N11", "", why)
    ws.write_formula("L11", f"={source}!$C${renewal.PLAY_ROW + 1}", why)
    for name, ref in (
        ("card_scenarios", "K7:L10"),
        ("card_risk", "N7:N10"),
        ("card_play", "K11"),
        ("card_reason", "L11"),
    ):
        c.place(name, SCORECARD, ref)


def _dimensions(c: Canvas) -> None:
    ws, book, top, model = c.sheets[SCORECARD], c.book, dims_top(c), c.model
    rating = model.typed == "rating"
    write_heads(ws, book, 14, [
        ("B", "Dimension", "left"), ("C", "Rating" if rating else "Score", "right"),
        ("D", "Weight", "right"), ("E", "", "left"), ("F", "Points", "right"), ("G", "Trend", "center"),
        ("H", "Share of weight earned", "left"), ("I", "History", "center")])  # fmt: skip
    last = top + len(model.dimensions) - 1
    for i in range(len(model.dimensions)):
        _dimension(c, i, top + i)
    _total(c, last + 1, top, last)
    book.bar(ws, f"H{top}:H{last + 1}", 1.45)
    book.signed_rules(ws, f"G{top}:G{last + 1}")
    c.place("card_dimensions", SCORECARD, f"B{top}:D{last}")
    c.place("card_points", SCORECARD, f"F{top}:H{last}")
    c.place("card_total", SCORECARD, f"D{last + 1}:H{last + 1}")


def _dimension(c: Canvas, i: int, r: int) -> None:
    ws, book, model = c.sheets[SCORECARD], c.book, c.model
    rating = model.typed == "rating"
    score, step = c.dimension(i, "H"), 20 if rating else 1
    name = model.dimensions[i].name.replace('"', '""')
    ws.write_formula(
        f"B{r}",
        f'="{name}"&IF(ISNUMBER({c.dimension(i, "G")})," (typed)","")',
        book.row(bold=True, shrink=True),
    )
    shown = book.row(num_format=NUMBER["rating" if rating else "score"], align="right")
    ws.write_formula(f"C{r}", f'=IF(ISNUMBER({score}),{score}/{step},"–")', shown)
    ws.write_formula(
        f"D{r}",
        f'=IF(ISNUMBER({score}),{c.dimension(i, "I")},"–")',
        book.row(num_format="0%", align="right"),
    )
    ws.write_blank(f"E{r}", None, book.row())
    points = book.row(num_format=NUMBER["points"], bold=True, align="right")
    ws.write_formula(f"F{r}", f"={c.dimension(i, 'J')}", points)
    before = f"INDEX(hs_previous_dimensions,{i + 1})"
    moved = f'=IF(AND(ISNUMBER({score}),ISNUMBER({before})),{f.half_up(f"{score}/{step}")}-{f.half_up(f"{before}/{step}")},"–")'
    ws.write_formula(f"G{r}", moved, book.row(num_format=NUMBER["arrow"], align="center"))
    share = book.row(num_format="0%", align="right", indent=1)
    ws.write_formula(f"H{r}", f'=IF(ISNUMBER({score}),{score}/100,"no data")', share)
    ws.write_blank(f"I{r}", None, book.row())
    _spark(c, f"I{r}", i)


def _total(c: Canvas, r: int, top: int, last: int) -> None:
    ws, book = c.sheets[SCORECARD], c.book
    ws.write_string(f"B{r}", "Total", book.total())
    blank_cells(ws, "CEI", r, book.total())
    ws.write_formula(f"D{r}", f"=SUM(D{top}:D{last})", book.total(num_format="0%", align="right"))
    points = book.total(num_format=NUMBER["points"], align="right")
    ws.write_formula(f"F{r}", f'=IF(COUNT(F{top}:F{last})>0,SUM(F{top}:F{last}),"–")', points)
    ws.write_blank(f"E{r}", None, book.total())
    now, then = c.step("total"), c.fact("previous_score")
    moved = f'=IF(AND(ISNUMBER({now}),ISNUMBER({then})),{f.half_up(now)}-{f.half_up(then)},"–")'
    ws.write_formula(f"G{r}", moved, book.total(num_format=NUMBER["arrow"], align="center"))
    share = f'=IF(ISNUMBER(F{r}),F{r}/100,"–")'
    ws.write_formula(f"H{r}", share, book.total(num_format="0%", align="right", indent=1))
    _spark(c, f"I{r}", None)


def _spark(c: Canvas, ref: str, dimension: int | None) -> None:
    c.sheets[SCORECARD].add_sparkline(
        ref,
        {"range": history.sparkline_range(c, dimension), "type": "column", "series_color": SPARK,
         "last_point": True, "last_color": ACCENT, "min": 0, "max": 118},
    )  # fmt: skip


def _drivers(c: Canvas) -> None:
    """Inputs ranked by points lost; ties keep the model's order."""
    ws, book, top = c.sheets[SCORECARD], c.book, dims_top(c)
    write_heads(ws, book, 14, [("K", "Metric", "left"), ("L", "Now", "left"), ("M", "Healthy", "left"), ("N", "Points lost", "right")])  # fmt: skip
    order = c.span(CHECKS, "I", c.inputs_top, c.inputs_end)
    take = lambda column: c.span(CHECKS, column, c.inputs_top, c.inputs_end)  # noqa: E731
    for i in range(DRIVERS):
        r = top + i
        row = f"MATCH(LARGE({order},{i + 1}),{order},0)"
        looks = (book.row(bold=i < 2, shrink=True), book.row(shrink=True), book.row(font_color=MUTED, shrink=True),
                 book.row(num_format=NUMBER["points"], bold=True, align="right"))  # fmt: skip
        for column, source, look in zip("KLMN", "BJMH", looks, strict=True):
            ws.write_formula(f"{column}{r}", f'=IFERROR(INDEX({take(source)},{row}),"")', look)
    book.bar(ws, f"N{top}:N{top + DRIVERS - 1}", 14, LOSS_BAR)
    c.place("drivers", SCORECARD, f"K{top}:N{top + DRIVERS - 1}")


def _risks(c: Canvas) -> None:
    """The first three rows of the risk Table, three sheet rows each."""
    ws, book, top = c.sheets[SCORECARD], c.book, risks_top(c)
    head = book.head(align="left")
    blank_cells(ws, "BCDEFGHI", top - 1, head)
    for column, text in (("B", "Severity"), ("C", "Risk and evidence")):
        ws.write_string(f"{column}{top - 1}", text, head)
    ws.write_string(f"H{top - 1}", "Mitigation", book.head(align="left", indent=1))
    wrap = {"text_wrap": True, "align": "left"}
    sheet = quoted(RISKS)
    for i in range(3):
        r, s = top + 3 * i, risks.TOP + i
        at = lambda column: f"{sheet}!{column}{s}"  # noqa: B023, E731
        severity = f'IF({at("C")}="",{at("B")},{at("B")}&CHAR(10)&{at("C")})'
        cells = ((f"B{r}:B{r + 2}", severity, book.row(**wrap)), (f"C{r}:G{r + 2}", at("D"), book.row(**wrap)),
                 (f"H{r}:I{r + 2}", at("E"), book.row(indent=1, **wrap)))  # fmt: skip
        for number, (ref, text, look) in enumerate(cells):
            ws.merge_range(ref, "", look)
            empty = "No risk recorded" if i == 0 and number == 1 else ""
            ws.write_formula(ref.split(":")[0], f'=IF({at("D")}="","{empty}",{text}&"")', look)
            c.place(f"card_risk_{i + 1}_{number + 1}", SCORECARD, ref.split(":")[0])
    strong = book.workbook.add_format({"bold": True})
    ws.conditional_format(
        f"B{top}:B{top + 8}",
        {"type": "formula", "criteria": f'=LEFT(B{top},4)="High"', "format": strong},
    )


def _actions(c: Canvas) -> None:
    """Two actions a horizon, found by the key column of the action Table."""
    ws, book, top = c.sheets[SCORECARD], c.book, risks_top(c)
    write_heads(ws, book, top - 1, [("K", "Action", "left"), ("L", "Owner", "left"), ("M", "", "left"), ("N", "Due", "right")])  # fmt: skip
    for h, horizon in enumerate(risks.HORIZONS):
        r = top + 3 * h
        ws.write_string(
            f"K{r}",
            horizon,
            book.format(font_size=8, bold=True, font_color=ACCENT, valign="bottom"),
        )
        for n in (1, 2):
            row = r + n
            found = f'MATCH("{horizon} {n}",hs_action_key,0)'
            pick = lambda name: f"INDEX(hs_action_{name},{found})"  # noqa: B023, E731
            empty = "No action recorded" if n == 1 else ""
            text = f'=IFERROR({pick("text")}&"","{empty}")'
            ws.write_formula(f"K{row}", text, book.row(text_wrap=True, font_size=9))
            ws.write_formula(
                f"L{row}",
                f'=IFERROR(IF({pick("owner")}="",IF({pick("text")}="","","no owner"),{pick("owner")}),"")',
                book.row(shrink=True),
            )
            ws.write_blank(f"M{row}", None, book.row())
            due = f'=IFERROR(IF({pick("due")}="",IF({pick("text")}="","","no date"),{pick("due")}),"")'
            ws.write_formula(f"N{row}", due, book.row(num_format=NUMBER["date"], align="right"))
        c.place(f"card_actions_{h + 1}", SCORECARD, f"K{r + 1}:L{r + 2}")
        c.place(f"card_due_{h + 1}", SCORECARD, f"N{r + 1}:N{r + 2}")


__all__ = ["DRIVERS", "HISTORY", "INK", "RULE", "dims_top", "draw", "risks_top"]
