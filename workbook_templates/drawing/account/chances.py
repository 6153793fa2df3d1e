"""The probabilities on *Renewal*: by whole score out of print, and by tens for people."""

from __future__ import annotations

from scoring.renewal import BRACKETS, ILLUSTRATION
from workbook_templates.drawing.account.canvas import RENEWAL, Canvas, write_heads
from workbook_templates.drawing.theme import MUTED

__all__ = ["ILLUSTRATED", "LABEL_CELL", "SHOWN", "TITLE", "TITLE_CELL", "draw_chances", "looked_up"]

SHOWN = tuple(range(0, 101, 10))
"""Scores that people see the probabilities of."""
ILLUSTRATED = (
    "Churn within 90 days by score: an illustration (document 001). Contraction: our own "
    "assumption. Neither is a forecast for your accounts."
)
TITLE = "Probability of each scenario"
TITLE_CELL, LABEL_CELL = "R3", "R4"
COLUMNS = "R:T"
"""Hidden: each whole score with its churn and contraction."""
_TOP = 6
_LAST = _TOP + 100


def looked_up(letter: str, score: str) -> str:
    """The share at a whole score: column S is churn, T contraction."""
    return f"INDEX(${letter}${_TOP}:${letter}${_LAST},{score}+1)"


def draw_chances(c: Canvas, top: int) -> int:
    """Draw the block with its title in a row; gives its last row."""
    ws, book = c.sheets[RENEWAL], c.book
    _every_score(c)
    c.section(RENEWAL, f"B{top}", "What the probabilities rest on")
    ws.write_string(f"B{top + 1}", ILLUSTRATED, book.format(font_color=MUTED))
    c.place("chances_note", RENEWAL, f"B{top + 1}")
    heads = ("Churn", "Contraction", "Full renewal")
    write_heads(ws, book, top + 2, [
        ("B", "Score", "left"),
        *((letter, text, "right") for letter, text in zip("CDE", heads, strict=True)),
    ])  # fmt: skip
    share = book.row(num_format="0%", align="right")
    first = top + 3
    for r, score in enumerate(SHOWN, start=first):
        churn, contraction = _illustrated(score)
        ws.write_number(f"B{r}", score, book.row(num_format="0", align="left"))
        ws.write_formula(f"C{r}", f"={looked_up('S', f'$B{r}')}", share, churn)
        ws.write_formula(f"D{r}", f"={looked_up('T', f'$B{r}')}", share, contraction)
        ws.write_formula(f"E{r}", f"=1-C{r}-D{r}", share, 1 - churn - contraction)
    end = first + len(SHOWN) - 1
    c.place("chances_shown", RENEWAL, f"C{first}:E{end}")
    return end


def _every_score(c: Canvas) -> None:
    """What formulas look up: the illustration, until a report fills in what it rests on."""
    ws, said = c.sheets[RENEWAL], ILLUSTRATION.said
    ws.set_column(COLUMNS, None, None, {"hidden": True})
    title = f'="{TITLE} ("&{LABEL_CELL}&")"'
    ws.write_formula(TITLE_CELL, title, None, f"{TITLE} ({said})")
    ws.write_string(LABEL_CELL, said)
    for letter, text in zip("RST", ("Score from", "Churn", "Contraction"), strict=True):
        ws.write_string(f"{letter}{_TOP - 1}", text)
    for score in range(101):
        r = _TOP + score
        ws.write_number(f"R{r}", score)
        for letter, share in zip("ST", _illustrated(score), strict=True):
            ws.write_number(f"{letter}{r}", share)
    c.place("chances", RENEWAL, f"S{_TOP}:T{_LAST}")
    c.place("chances_label", RENEWAL, LABEL_CELL)
    c.place("chances_title", RENEWAL, TITLE_CELL)


def _illustrated(score: int) -> tuple[float, float]:
    found = [b for b in BRACKETS if score >= b.starts_at][-1]
    return found.churn, found.contraction
