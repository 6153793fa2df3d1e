"""*Renewal*: three scenarios, the play and the rule that chose it, all live."""

from __future__ import annotations

from scoring.renewal import CONTRACTION_SHARE
from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import (
    RENEWAL,
    Canvas,
    absolute,
    money_rules,
    write_heads,
)
from workbook_templates.drawing.account.chances import (
    LABEL_CELL,
    TITLE_CELL,
    draw_chances,
    looked_up,
)
from workbook_templates.drawing.account.play import play_formulas
from workbook_templates.drawing.account.strategy import draw_strategy
from workbook_templates.drawing.theme import (
    ACCENT,
    INK,
    NUMBER,
    calm_axis,
    calm_chart,
    chart_font,
)

CHART = "Scenarios"
SCENARIO_TOP = 6
SCENARIOS = ("Full renewal at current ARR", "Renewal with contraction", "Churn")
EXPECTED = "Expected"
EXPECTED_ROW = SCENARIO_TOP + len(SCENARIOS)
PLAY_ROW = 12
_CHANCES = 20
_EXACT = "N:P"
"""Hidden columns: exact per cents, their whole part, what is left of them."""


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    book = c.book
    ws = c.sheets[RENEWAL] = book.sheet(RENEWAL, pages=(1, 0))
    book.columns(ws, {"A": 12, "B": 230, "C": 150, "D": 150, "E": 150, "F": 24, "G:K": 96, "L": 12})
    ws.set_column(_EXACT, None, None, {"hidden": True})
    book.title(ws, "Renewal forecast")
    ws.write_formula("B2", f"={_note(c)}", book.sheet_note())
    c.place("renewal_note", RENEWAL, "B2")
    c.section(RENEWAL, "B4", "Scenarios")
    c.section(RENEWAL, "B11", "Recommended play")
    _scenarios(c)
    _play(c)
    strategy = draw_chances(c, _CHANCES) + 2
    _chart(c)
    for row in range(5, strategy + 2):
        ws.set_row_pixels(row - 1, 26)
    end = draw_strategy(c, strategy)
    ws.print_area(f"A1:L{end}")
    ws.set_h_pagebreaks([strategy - 1])
    ws.freeze_panes(2, 0)


def _note(c: Canvas) -> str:
    """Score, tier and days to the renewal."""
    total, renewal = c.step("total"), c.fact("renewal")
    words = f.tier_words(c.step("tier"), c.cells, f'"○ "&{c.step("status")}')
    shown = f'IF({f.known(total)},{f.half_up(total)}&" ","")&{words}'
    days = f'"renews in "&({renewal}-{c.fact("as_of")})&" days"'
    left = f'IF({f.known(renewal)},{days},"renewal date not provided")'
    return f'{shown}&"  ·  "&{left}&"  ·  "&{LABEL_CELL}'


def _scenarios(c: Canvas) -> None:
    ws, book = c.sheets[RENEWAL], c.book
    write_heads(
        ws,
        book,
        5,
        [
            ("B", "Scenario", "left"),
            ("C", "Probability", "right"),
            ("D", "ARR at risk", "right"),
            ("E", "Expected loss", "right"),
        ],
    )
    share = {"num_format": "0%", "align": "right"}
    money = {"num_format": NUMBER["whole"], "align": "right"}
    chances, risks = _chances(c), _at_risk(c)
    for i, label in enumerate(SCENARIOS):
        r = SCENARIO_TOP + i
        ws.write_string(f"B{r}", label, book.row())
        ws.write_formula(f"C{r}", f"={chances[i]}", book.row(**share))
        ws.write_formula(f"D{r}", f"={risks[i]}", book.row(**money))
        both = f'=IF({f.known(f"C{r}", f"D{r}")},C{r}*D{r},"–")'
        ws.write_formula(f"E{r}", both, book.row(**money))
    r = EXPECTED_ROW
    ws.write_string(f"B{r}", EXPECTED, book.total())
    whole, expected = _sum_of_all("C"), _sum_of_all("E")
    ws.write_formula(f"C{r}", f"={whole}", book.total(**share))
    ws.write_formula(f"D{r}", f"={expected}", book.total(**money))
    ws.write_blank(f"E{r}", None, book.total())
    money_rules(c, ws, f"D{SCENARIO_TOP}:E{r}")
    c.place("scenarios", RENEWAL, f"C{SCENARIO_TOP}:E{r}")


def _sum_of_all(column: str) -> str:
    """Sum of the scenarios, if each has a number."""
    where = f"{column}{SCENARIO_TOP}:{column}{EXPECTED_ROW - 1}"
    return f'IF(COUNT({where})={len(SCENARIOS)},SUM({where}),"–")'


def _chances(c: Canvas) -> tuple[str, str, str]:
    """Probability of each scenario in whole per cents that sum to 100; none without a tier."""
    exact = _exact_chances(c)
    for i, text in enumerate(exact):
        r = SCENARIO_TOP + i
        cells = (("N", text), ("O", f'IF(ISNUMBER(N{r}),INT(N{r}),"")'),
                 ("P", f'IF(ISNUMBER(N{r}),ROUND(N{r}-O{r},9),"")'))  # fmt: skip
        for column, formula in cells:
            c.sheets[RENEWAL].write_formula(f"{column}{r}", f"={formula}")
    c.place("scenario_exact", RENEWAL, f"N{SCENARIO_TOP}:P{EXPECTED_ROW - 1}")
    first, second, third = (_displayed(SCENARIO_TOP + i) for i in range(len(exact)))
    return first, second, third


def _displayed(r: int) -> str:
    """Whole per cents: the largest rests get what rounding down left over, of equal ones the first.

    The same as `scoring.renewal.as_displayed`.
    """
    last = EXPECTED_ROW - 1
    rests = f"$P${SCENARIO_TOP}:$P${last}"
    ahead = f"SUMPRODUCT(--({rests}>P{r}))"
    if r > SCENARIO_TOP:
        ahead += f"+SUMPRODUCT(--(P${SCENARIO_TOP}:P{r - 1}=P{r}))"
    left = f"100-SUM($O${SCENARIO_TOP}:$O${last})"
    return f'IF(ISNUMBER(N{r}),(O{r}+IF({ahead}<{left},1,0))/100,"–")'


def _exact_chances(c: Canvas) -> tuple[str, str, str]:
    """Per cents as the probabilities of every score give them."""
    total = c.step("total")

    def share(letter: str) -> str:
        share = f"ROUND(100*{looked_up(letter, f.half_up(total))},9)"
        return f'IF({f.known(total, c.step("tier"))},{share},"")'

    contraction, churn = f"N{SCENARIO_TOP + 1}", f"N{SCENARIO_TOP + 2}"
    full = f'IF({f.known(contraction, churn)},ROUND(100-{contraction}-{churn},9),"")'
    return full, share("T"), share("S")


def _at_risk(c: Canvas) -> tuple[str, str, str]:
    """ARR that each scenario loses; a contraction drops the seats not in use."""
    arr, used = c.fact("arr"), c.fact("seats_used")
    unused = f"IF({f.known(used)},MAX(0,1-{used}),{CONTRACTION_SHARE})"
    lost = f"IF({unused}>0,{unused},{CONTRACTION_SHARE})"

    def if_known(amount: str) -> str:
        return f'IF({f.known(arr)},{amount},"–")'

    return if_known("0"), if_known(f"{arr}*{lost}"), if_known(arr)


def _play(c: Canvas) -> None:
    ws, book = c.sheets[RENEWAL], c.book
    play, reason = play_formulas(c)
    strong = book.row(bold=True, font_size=12, font_color=ACCENT)
    for i, (label, text, look) in enumerate(
        (("Play", play, strong), ("Rule that chose it", reason, book.row()))
    ):
        ws.write_string(f"B{PLAY_ROW + i}", label, book.row())
        ws.write_formula(f"C{PLAY_ROW + i}", f"={text}", look)
    labels = ("Velocity, points a day", "Seats in use", "Expansion signals",
              "Downgrade or cancellation signals")  # fmt: skip
    for i, label in enumerate(labels):
        ws.write_string(f"B{PLAY_ROW + 2 + i}", label, book.row())
    for r in range(PLAY_ROW, PLAY_ROW + 2 + len(labels)):
        for column in "DE":
            ws.write_blank(f"{column}{r}", None, book.row())
    r = PLAY_ROW + 2
    speed = f.number_or(c.step("velocity"), '"–"')
    ws.write_formula(f"C{r}", f"={speed}", book.row(num_format="+0.00;−0.00;0.00", align="left"))
    used = f.number_or(c.fact("seats_used"), '"not provided"')
    ws.write_formula(f"C{r + 1}", f"={used}", book.row(num_format="0%", align="left"))
    for i, name in enumerate(("expansion_words", "downgrade_words")):
        ws.write_blank(f"C{r + 2 + i}", None, book.row())
        c.place(name, RENEWAL, f"C{r + 2 + i}")
    c.place("play", RENEWAL, f"C{PLAY_ROW}:C{PLAY_ROW + 3}")


def _chart(c: Canvas) -> None:
    chart = c.book.workbook.add_chart({"type": "bar", "name": CHART})
    labels = {"value": True, "num_format": "0%", "font": chart_font(9, INK, bold=True)}
    look = {"fill": {"color": ACCENT}, "border": {"none": True}, "gap": 60}
    chart.add_series(
        {"name": "Probability", "categories": _chart_range("B"), "values": _chart_range("C"),
         "data_labels": labels, **look}
    )  # fmt: skip
    calm_chart(chart, f"={RENEWAL}!{absolute(TITLE_CELL)}")
    chart.set_y_axis(calm_axis(reverse=True, num_font=chart_font(9, INK)))
    chart.set_x_axis(calm_axis(visible=False, min=0, max=1.1))
    chart.set_size({"width": 480, "height": 250})
    c.sheets[RENEWAL].insert_chart("G5", chart, {"object_position": 2, "description": ""})


def _chart_range(column: str) -> str:
    return f"={RENEWAL}!${column}${SCENARIO_TOP}:${column}${EXPECTED_ROW - 1}"
