"""*Renewal*: three scenarios, the play and the rule that chose it, all live."""

from __future__ import annotations

from scoring.renewal import BRACKETS, CONTRACTION_SHARE, LABEL, SAVE_DAYS
from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import RENEWAL, Canvas, money_rules, write_heads
from workbook_templates.drawing.theme import (
    ACCENT,
    INK,
    MUTED,
    NUMBER,
    calm_axis,
    calm_chart,
    chart_font,
)

CHART = "Scenarios"
SCENARIO_TOP = 6
PLAY_ROW = 12
BRACKET_TOP = 23


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    book = c.book
    ws = c.sheets[RENEWAL] = book.sheet(RENEWAL)
    book.columns(ws, {"A": 12, "B": 230, "C": 150, "D": 150, "E": 150, "F": 24, "G:K": 96, "L": 12})
    book.title(ws, "Renewal forecast")
    words = f.tier_words(c.step("tier"), c.cells, f'"○ "&{c.step("status")}')
    shown = f'IF(ISNUMBER({c.step("total")}),{f.half_up(c.step("total"))}&" ","")&{words}'
    left = f'IF(ISNUMBER({c.fact("renewal")}),"renews in "&({c.fact("renewal")}-{c.fact("as_of")})&" days","renewal date not provided")'
    ws.write_formula(
        "B2",
        f'={shown}&"  ·  "&{left}&"  ·  {LABEL.lower()}"',
        book.format(font_size=10, font_color=MUTED),
    )
    c.place("renewal_note", RENEWAL, "B2")
    section = book.format(bold=True, font_size=11)
    ws.write_string("B4", "Scenarios", section)
    ws.write_string("B11", "Recommended play", section)
    _scenarios(c)
    _play(c)
    _brackets(c)
    _chart(c)
    ws.print_area("A1:L28")
    for row in range(5, 29):
        ws.set_row_pixels(row - 1, 26)
    ws.freeze_panes(2, 0)


def _scenarios(c: Canvas) -> None:
    ws, book = c.sheets[RENEWAL], c.book
    write_heads(ws, book, 5, [("B", "Scenario", "left"), ("C", "Probability", "right"),
                              ("D", "ARR at risk", "right"), ("E", "Expected loss", "right")])  # fmt: skip
    score = f"{f.half_up(c.step('total'))}"
    column = lambda letter: f"${letter}${BRACKET_TOP}:${letter}${BRACKET_TOP + len(BRACKETS) - 1}"  # noqa: E731
    found = f"MATCH({score},{column('B')},1)"
    share = lambda letter: (
        f'IF(AND(ISNUMBER({c.step("total")}),ISNUMBER({c.step("tier")})),INDEX({column(letter)},{found}),"")'
    )  # noqa: E731
    arr, used = c.fact("arr"), c.fact("seats_used")
    lost = f"IF(ISNUMBER({used}),MAX(0,1-{used}),{CONTRACTION_SHARE})"
    lost = f"IF({lost}>0,{lost},{CONTRACTION_SHARE})"
    known = lambda text: f'IF(ISNUMBER({arr}),{text},"–")'  # noqa: E731
    rows = (
        (
            "Full renewal at current ARR",
            'IF(AND(ISNUMBER(C7),ISNUMBER(C8)),1-C7-C8,"")',
            known("0"),
        ),
        ("Renewal with contraction", share("D"), known(f"{arr}*{lost}")),
        ("Churn", share("C"), known(arr)),
    )
    money = {"num_format": NUMBER["whole"], "align": "right"}
    for i, (label, chance, risk) in enumerate(rows):
        r = SCENARIO_TOP + i
        ws.write_string(f"B{r}", label, book.row())
        ws.write_formula(f"C{r}", f"={chance}", book.row(num_format="0%", align="right"))
        ws.write_formula(f"D{r}", f"={risk}", book.row(**money))
        both = f'=IF(AND(ISNUMBER(C{r}),ISNUMBER(D{r})),C{r}*D{r},"–")'
        ws.write_formula(f"E{r}", both, book.row(**money))
    r = SCENARIO_TOP + 3
    ws.write_string(f"B{r}", "Expected", book.total())
    ws.write_formula(
        f"C{r}",
        f'=IF(COUNT(C{r - 3}:C{r - 1})=3,SUM(C{r - 3}:C{r - 1}),"")',
        book.total(num_format="0%", align="right"),
    )
    expected = f'=IF(COUNT(E{r - 3}:E{r - 1})=3,SUM(E{r - 3}:E{r - 1}),"–")'
    ws.write_formula(f"D{r}", expected, book.total(**money))
    ws.write_blank(f"E{r}", None, book.total())
    money_rules(c, ws, f"D{SCENARIO_TOP}:E{r}")
    c.place("scenarios", RENEWAL, f"C{SCENARIO_TOP}:E{r}")


def _play(c: Canvas) -> None:
    """First rule that applies, as `scoring.renewal.renewal_play` does."""
    ws, book, tier = c.sheets[RENEWAL], c.book, c.step("tier")
    left = f"({c.fact('renewal')}-{c.fact('as_of')})"
    near = f"AND(ISNUMBER({c.fact('renewal')}),{left}<={SAVE_DAYS})"
    leaving, expanding = f"({c.fact('leaving')}=1)", f"({c.fact('expanding')}=1)"
    falling = f"AND(ISNUMBER({c.step('velocity')}),{c.step('velocity')}<=-0.2)"
    red = f"IF(AND({leaving},{near}),{{0}},{{1}})"
    amber = f"IF(OR({near},{leaving},{falling}),{{0}},{{1}})"
    green = f"IF({leaving},{{0}},IF({expanding},{{1}},{{2}}))"
    pick = lambda none, a, b, g: (
        f"IF(NOT(ISNUMBER({tier})),{none},IF({tier}=0,{a},IF({tier}=1,{b},{g})))"
    )  # noqa: E731
    play = pick('"Hold"', red.format('"Manage out"', '"Save"'), amber.format('"Save"', '"Hold"'),
                green.format('"Save"', '"Expand"', '"Hold"'))  # fmt: skip
    why = f'"Amber and "&IF({near},"renews within {SAVE_DAYS} days",IF({leaving},"leaving","declining"))'
    reason = pick(
        '"No score yet: collect data first"',
        red.format(
            f'"Red, leaving, renews within {SAVE_DAYS} days"', '"Red: act before the renewal"'
        ),
        amber.format(why, '"Amber, steady, renewal far off"'),
        green.format(
            '"Green but leaving"', '"Green with expansion signals"', '"Green, nothing pressing"'
        ),
    )
    ws.write_string(f"B{PLAY_ROW}", "Play", book.row())
    ws.write_formula(
        f"C{PLAY_ROW}", f"={play}", book.row(bold=True, font_size=12, font_color=ACCENT)
    )
    ws.write_string(f"B{PLAY_ROW + 1}", "Rule that chose it", book.row())
    ws.write_formula(f"C{PLAY_ROW + 1}", f"={reason}", book.row())
    for r in (PLAY_ROW, PLAY_ROW + 1):
        for column in "DE":
            ws.write_blank(f"{column}{r}", None, book.row())
    labels = (
        "Velocity, points a day",
        "Seats in use",
        "Expansion signals",
        "Downgrade or cancellation signals",
    )
    for i, label in enumerate(labels):
        ws.write_string(f"B{PLAY_ROW + 2 + i}", label, book.row())
        for column in "DE":
            ws.write_blank(f"{column}{PLAY_ROW + 2 + i}", None, book.row())
    r = PLAY_ROW + 2
    speed = f'=IF(ISNUMBER({c.step("velocity")}),{c.step("velocity")},"–")'
    ws.write_formula(f"C{r}", speed, book.row(num_format="+0.00;−0.00;0.00", align="left"))
    used = f'=IF(ISNUMBER({c.fact("seats_used")}),{c.fact("seats_used")},"not provided")'
    ws.write_formula(f"C{r + 1}", used, book.row(num_format="0%", align="left"))
    for i, name in enumerate(("expansion_words", "downgrade_words")):
        ws.write_blank(f"C{r + 2 + i}", None, book.row())
        c.place(name, RENEWAL, f"C{r + 2 + i}")
    c.place("play", RENEWAL, f"C{PLAY_ROW}:C{PLAY_ROW + 3}")


def _brackets(c: Canvas) -> None:
    ws, book, top = c.sheets[RENEWAL], c.book, BRACKET_TOP
    ws.write_string(
        f"B{top - 3}", "What the probabilities rest on", book.format(bold=True, font_size=11)
    )
    note = "Churn within 90 days by score as 001 illustrates it; contraction is ours. Not a forecast for your accounts."
    ws.write_string(f"B{top - 2}", note, book.format(font_color=MUTED))
    write_heads(ws, book, top - 1, [("B", "Score from", "left"), ("C", "Churn", "right"),
                                    ("D", "Contraction", "right"), ("E", "Full renewal", "right")])  # fmt: skip
    share = book.row(num_format="0%", align="right")
    for i, b in enumerate(BRACKETS):
        ws.write_number(f"B{top + i}", b.starts_at, book.row(num_format="0", align="left"))
        ws.write_number(f"C{top + i}", b.churn, share)
        ws.write_number(f"D{top + i}", b.contraction, share)
        ws.write_formula(
            f"E{top + i}", f"=1-C{top + i}-D{top + i}", share, 1 - b.churn - b.contraction
        )


def _chart(c: Canvas) -> None:
    chart = c.book.workbook.add_chart({"type": "bar", "name": CHART})
    end = SCENARIO_TOP + 2
    chart.add_series(
        {"name": "Probability", "categories": f"={RENEWAL}!$B${SCENARIO_TOP}:$B${end}",
         "values": f"={RENEWAL}!$C${SCENARIO_TOP}:$C${end}", "fill": {"color": ACCENT},
         "border": {"none": True}, "gap": 60,
         "data_labels": {"value": True, "num_format": "0%", "font": chart_font(9, INK, bold=True)}}
    )  # fmt: skip
    calm_chart(chart, f"Probability of each scenario ({LABEL.lower()})")
    chart.set_y_axis(calm_axis(reverse=True, num_font=chart_font(9, INK)))
    chart.set_x_axis(calm_axis(visible=False, min=0, max=1.1))
    chart.set_size({"width": 480, "height": 250})
    c.sheets[RENEWAL].insert_chart("G5", chart, {"object_position": 2, "description": ""})
