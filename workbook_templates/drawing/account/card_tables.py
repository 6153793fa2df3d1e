"""Tables of *Scorecard*: renewal scenarios, dimensions with trends, and where points went."""

from __future__ import annotations

from workbook_templates import formulas as f
from workbook_templates.drawing.account import chances, history, renewal
from workbook_templates.drawing.account.canvas import (
    RENEWAL,
    SCORECARD,
    Canvas,
    absolute,
    blank_cells,
    money_rules,
    quoted,
    write_heads,
)
from workbook_templates.drawing.account.card_layout import DRIVERS, TABLE_TOP
from workbook_templates.drawing.theme import (
    ACCENT,
    LOSS_BAR,
    MUTED,
    NUMBER,
    SPARK,
    WASH,
    WHITE,
)
from workbook_templates.typed import typing


def draw_renewal(c: Canvas) -> None:
    """The scenarios and the play of *Renewal*, by reference."""
    ws, book, top = c.sheets[SCORECARD], c.book, 7
    write_heads(ws, book, top - 1, [
        ("K", "", "left"), ("L", "Probability", "right"),
        ("M", "", "right"), ("N", "ARR at risk", "right")])  # fmt: skip
    source, end = quoted(RENEWAL), top + len(renewal.SCENARIOS)
    head = f'="Scenario ("&{source}!{absolute(chances.LABEL_CELL)}&")"'
    ws.write_formula(f"K{top - 1}", head, book.head(align="left", text_wrap=True))
    c.place("card_scenario_head", SCORECARD, f"K{top - 1}")
    for r in range(top, end + 1):
        s = renewal.SCENARIO_TOP + r - top
        make, bold = (book.format, {"bold": True}) if r == end else (book.row, {})
        ws.write_formula(f"K{r}", f"={source}!$B${s}", make(**bold))
        ws.write_formula(f"L{r}", f"={source}!$C${s}", make(num_format="0%", align="right", **bold))
        ws.write_blank(f"M{r}", None, make())
        money = make(num_format=NUMBER["whole"], align="right", **bold)
        ws.write_formula(f"N{r}", f"={source}!$D${s}", money)
    money_rules(c, ws, f"N{top}:N{end}")
    colours = {"font_color": WHITE, "bg_color": ACCENT}
    play = book.format(bold=True, font_size=12, **colours, align="left", indent=1)
    ws.write_formula("K11", f'="Play: "&{source}!$C${renewal.PLAY_ROW}', play)
    why = book.format(bg_color=WASH, align="left", indent=1, shrink=True)
    ws.merge_range("L11:N11", "", why)
    ws.write_formula("L11", f"={source}!$C${renewal.PLAY_ROW + 1}", why)
    for name, ref in (("scenarios", f"K{top}:L{end}"), ("risk", f"N{top}:N{end}"),
                      ("play", "K11"), ("reason", "L11")):  # fmt: skip
        c.place(f"card_{name}", SCORECARD, ref)


def draw_dimensions(c: Canvas) -> None:
    """Each dimension with weight, points, trend and history, and their total."""
    ws, book, top = c.sheets[SCORECARD], c.book, TABLE_TOP
    write_heads(ws, book, top - 1, [
        ("B", "Dimension", "left"), ("C", typing(c.model).word, "right"), ("D", "Weight", "right"),
        ("E", "", "left"), ("F", "Points", "right"), ("G", "Trend", "center"),
        ("H", "Share of weight earned", "left"), ("I", "History", "center")])  # fmt: skip
    end = top + len(c.model.dimensions)
    for i in range(len(c.model.dimensions)):
        _dimension(c, i, top + i)
    _total(c, end)
    book.bar(ws, f"H{top}:H{end}", 1.45)
    book.signed_rules(ws, f"G{top}:G{end}")
    c.place("card_dimensions", SCORECARD, f"B{top}:D{end - 1}")
    c.place("card_points", SCORECARD, f"F{top}:H{end - 1}")
    c.place("card_total", SCORECARD, f"D{end}:H{end}")


def _dimension(c: Canvas, i: int, r: int) -> None:
    ws, book, typed = c.sheets[SCORECARD], c.book, typing(c.model)
    score, step = c.dimension(i, "score"), typed.step
    name = c.model.dimensions[i].name.replace('"', '""')
    label = f'="{name}"&IF({f.known(c.dimension(i, "typed"))}," (typed)","")'
    ws.write_formula(f"B{r}", label, book.row(bold=True, shrink=True))
    shown = book.row(num_format=NUMBER[typed.word.lower()], align="right")
    ws.write_formula(f"C{r}", f'=IF({f.known(score)},{score}/{step},"–")', shown)
    weight = f'=IF({f.known(score)},{c.dimension(i, "share")},"–")'
    ws.write_formula(f"D{r}", weight, book.row(num_format="0%", align="right"))
    ws.write_blank(f"E{r}", None, book.row())
    points = book.row(num_format=NUMBER["points"], bold=True, align="right")
    ws.write_formula(f"F{r}", f"={c.dimension(i, 'points')}", points)
    before = f"INDEX(hs_previous_dimensions,{i + 1})"
    change = f"{f.half_up(f'{score}/{step}')}-{f.half_up(f'{before}/{step}')}"
    moved = f'=IF({f.known(score, before)},{change},"–")'
    ws.write_formula(f"G{r}", moved, book.row(num_format=NUMBER["arrow"], align="center"))
    share = book.row(num_format="0%", align="right", indent=1)
    ws.write_formula(f"H{r}", f'=IF({f.known(score)},{score}/100,"no data")', share)
    ws.write_blank(f"I{r}", None, book.row())
    _spark(c, f"I{r}", i)


def _total(c: Canvas, r: int) -> None:
    ws, book, top, last = c.sheets[SCORECARD], c.book, TABLE_TOP, r - 1
    ws.write_string(f"B{r}", "Total", book.total())
    blank_cells(ws, "CEI", r, book.total())
    share = {"num_format": "0%", "align": "right"}
    ws.write_formula(f"D{r}", f"=SUM(D{top}:D{last})", book.total(**share))
    points = book.total(num_format=NUMBER["points"], align="right")
    ws.write_formula(f"F{r}", f'=IF(COUNT(F{top}:F{last})>0,SUM(F{top}:F{last}),"–")', points)
    now, then = c.step("total"), c.fact("previous_score")
    moved = f'=IF({f.known(now, then)},{f.half_up(now)}-{f.half_up(then)},"–")'
    ws.write_formula(f"G{r}", moved, book.total(num_format=NUMBER["arrow"], align="center"))
    earned = f'=IF(ISNUMBER(F{r}),F{r}/100,"–")'
    ws.write_formula(f"H{r}", earned, book.total(indent=1, **share))
    _spark(c, f"I{r}", None)


def _spark(c: Canvas, ref: str, dimension: int | None) -> None:
    # The top leaves room above a score of 100, so that columns do not touch the row above.
    c.sheets[SCORECARD].add_sparkline(
        ref,
        {"range": history.sparkline_range(dimension), "type": "column", "series_color": SPARK,
         "last_point": True, "last_color": ACCENT, "min": 0, "max": 118},
    )  # fmt: skip


def draw_drivers(c: Canvas) -> None:
    """Inputs ranked by points lost; ties keep the model's order."""
    ws, book, top = c.sheets[SCORECARD], c.book, TABLE_TOP
    write_heads(
        ws,
        book,
        top - 1,
        [
            ("K", "Metric", "left"),
            ("L", "Now", "left"),
            ("M", "Healthy", "left"),
            ("N", "Points lost", "right"),
        ],
    )
    order = c.inputs("order")
    for i in range(DRIVERS):
        found = f"MATCH(LARGE({order},{i + 1}),{order},0)"
        number = book.row(num_format=NUMBER["points"], bold=True, align="right")
        cells = (
            ("K", "name", book.row(bold=i < 2, shrink=True)),
            ("L", "now", book.row(shrink=True)),
            ("M", "healthy", book.row(font_color=MUTED, shrink=True)),
            ("N", "lost", number),
        )
        for column, key, look in cells:
            text = f'=IFERROR(INDEX({c.inputs(key)},{found}),"")'
            ws.write_formula(f"{column}{top + i}", text, look)
    end = top + DRIVERS - 1
    book.bar(ws, f"N{top}:N{end}", 14, LOSS_BAR)
    c.place("drivers", SCORECARD, f"K{top}:N{end}")
