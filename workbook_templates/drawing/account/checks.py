"""*Checks*: the score made step by step, and formulas held against the engine."""

from __future__ import annotations

from workbook_templates.drawing.account.blocks import CHECKED, FACTS, STEPS
from workbook_templates.drawing.account.canvas import CHECKS, Canvas, write_heads
from workbook_templates.drawing.account.check_blocks import draw_dimensions, draw_inputs
from workbook_templates.drawing.account.check_quality import draw_quality, found_range
from workbook_templates.drawing.account.check_steps import step_formulas
from workbook_templates.drawing.theme import NUMBER
from workbook_templates.formulas import TINY, known

DATES = {"as_of", "start", "renewal", "override_expires", "previous_date"}
AGREES = "Every formula agrees with the engine"


def draw(c: Canvas) -> None:
    """Draw the sheet; every block is named for fill."""
    book = c.book
    ws = c.sheets[CHECKS] = book.sheet(CHECKS, pages=(1, 0))
    book.columns(ws, {"A": 12, "B": 210, "C:N": 88, "O": 12})
    note = "Formulas recalculate in any spreadsheet; the engine column holds what was computed."
    book.title(ws, note=note)
    bad = f'SUMPRODUCT(--(F{c.rows.checks}:F{c.rows.checks + c.rows.checks_count - 1}<>"Yes"))'
    mend = f"SUM({found_range(c)})"
    good = f'"{AGREES}"&IF({mend}=0,"","; "&{mend}&" to mend")'
    title = f'=IF({bad}=0,{good},{bad}&" formulas differ from the engine")'
    ws.write_formula("B1", title, book.sheet_title())
    c.place("checks_title", CHECKS, "B1")
    _reconciliation(c)
    draw_quality(c)
    _facts(c)
    _steps(c)
    draw_dimensions(c)
    draw_inputs(c)
    ws.print_area(0, 0, c.rows.inputs_end, 14)
    ws.set_h_pagebreaks([c.rows.dimensions - 3])
    ws.freeze_panes(2, 0)


def check_rows(c: Canvas) -> list[tuple[str, str, str]]:
    """What is reconciled: label, formula's cell, number format."""
    labels = {**dict(STEPS), "tier": "Tier code (0 red, 1 amber, 2 green)"}
    rows = [(labels[key], c.step(key), "score" if key == "tier" else "exact") for key in CHECKED]
    for i, d in enumerate(c.model.dimensions):
        rows.append((f"{d.name}, 0 to 100", c.dimension(i, "score"), "exact"))
    return [*rows, ("Sum of contributions", f"SUM({c.inputs('gives')})", "exact")]


def _reconciliation(c: Canvas) -> None:
    ws, book, top = c.sheets[CHECKS], c.book, c.rows.checks
    c.section(CHECKS, f"B{top - 2}", "Formula against engine")
    heads = [("B", "What", "left"), ("C", "Formula", "right"), ("D", "Engine", "right"),
             ("E", "Difference", "right"), ("F", "Agrees", "center")]  # fmt: skip
    write_heads(ws, book, top - 1, heads)
    for i, (label, source, form) in enumerate(check_rows(c)):
        r = top + i
        number = book.row(num_format=NUMBER[form], align="right")
        ws.write_string(f"B{r}", label, book.row())
        ws.write_formula(f"C{r}", f"={source}", number)
        ws.write_blank(f"D{r}", None, number)
        both = known(f"C{r}", f"D{r}")
        neither = f"AND(NOT(ISNUMBER(C{r})),NOT(ISNUMBER(D{r})))"
        ws.write_formula(f"E{r}", f'=IF({both},C{r}-D{r},"")', number)
        close = f'IF(ABS(C{r}-D{r})<{TINY},"Yes","No")'
        agrees = f'=IF({both},{close},IF({neither},"Yes","No"))'
        ws.write_formula(f"F{r}", agrees, book.row(align="center", bold=True))
    end = top + c.rows.checks_count - 1
    for column, name in zip("CDEF", ("formula", "engine", "difference", "agrees"), strict=True):
        c.place(f"check_{name}", CHECKS, f"{column}{top}:{column}{end}")


def _facts(c: Canvas) -> None:
    ws, book, top = c.sheets[CHECKS], c.book, c.rows.facts
    c.section(CHECKS, f"B{top - 2}", "Facts")
    write_heads(ws, book, top - 1, [("B", "Fact", "left"), ("C", "Value", "right")])
    for i, (key, label) in enumerate(FACTS):
        form = NUMBER["date"] if key in DATES else "General"
        ws.write_string(f"B{top + i}", label, book.row())
        ws.write_blank(f"C{top + i}", None, book.row(num_format=form, align="right", shrink=True))
    c.place("facts", CHECKS, f"C{top}:C{top + len(FACTS) - 1}")


def _steps(c: Canvas) -> None:
    ws, book, top = c.sheets[CHECKS], c.book, c.rows.steps
    c.section(CHECKS, f"E{top - 2}", "From dimensions to the score")
    heads = [("E", "Step", "left"), ("F", "", "left"), ("G", "Value", "right")]
    write_heads(ws, book, top - 1, heads)
    made = step_formulas(c)
    for i, (key, label) in enumerate(STEPS):
        ws.write_string(f"E{top + i}", label, book.row())
        ws.write_blank(f"F{top + i}", None, book.row())
        look = book.row(align="right", num_format="General" if key == "status" else "0.######")
        ws.write_formula(f"G{top + i}", "=" + made[key], look)
    c.place("steps", CHECKS, f"G{top}:G{top + len(STEPS) - 1}")
