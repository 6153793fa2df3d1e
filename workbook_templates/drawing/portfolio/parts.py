"""Parts that several sheets of the portfolio workbook share: cards, chips, amounts, changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scoring.groups import NOT_GIVEN
from scoring.rollup import TIERS
from workbook_templates.drawing.hand import Hand
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.theme import (
    CURRENCY,
    HAIRLINE,
    LOSS,
    MUTED,
    NUMBER,
    PANEL,
    SHAPE,
    SHORT_AMOUNT,
    SHORT_CURRENCY,
    TEXT,
    TINT,
)

__all__ = [
    "Card",
    "cards",
    "chips",
    "late_rule",
    "money",
    "money_column",
    "of_segment",
    "page",
    "printed",
    "quiet_rows",
    "table_range",
    "underline",
]


@dataclass(frozen=True, slots=True)
class Card:
    """A figure at the head of a sheet: label, number, context.

    Attributes:
        key: of its places: ``key`` for the number, ``key_note`` for the context.
        column: letter where it starts.
        label: what it is.
        form: number format; "money" for an amount in the main currency.
        formula: without "="; "" where a value stands.
    """

    key: str
    column: str
    label: str
    form: str = "whole"
    formula: str = ""


def page(c: Hand, sheet: str, key: str) -> Worksheet:
    """A sheet with room for a title and a note, which fill writes (``key_title``, ``key_note``).

    It prints one page wide in landscape, as many pages as it needs.
    """
    ws = c.sheets[sheet] = c.book.sheet(sheet, pages=(1, 0))
    c.book.title(ws)
    c.place(f"{key}_title", sheet, "B1")
    c.place(f"{key}_note", sheet, "B2")
    ws.set_column_pixels("A:A", 12)
    ws.set_selection("B1")
    return ws


_LAST_ROW = 1_048_575


def printed(c: Hand, table: str, last: str) -> None:
    """Print whole columns of a Table's sheet to *last*: what stands right of it is for screens.

    Whole columns grow with the Table.
    """
    spec = c.tables[table]
    column = c.at[table][1] + [x.key for x in spec.columns].index(last)
    c.sheets[spec.sheet].print_area(0, 0, _LAST_ROW, column)


def cards(c: Hand, sheet: str, row: int, last: str, items: Sequence[Card]) -> None:
    """A row of figures on one panel from column B to *last*, three sheet rows high."""
    ws, book = c.sheets[sheet], c.book
    small = {"font_size": 8, "font_color": MUTED, "bg_color": PANEL, "align": "left", "indent": 1}
    label, note = (book.format(**small, valign=valign) for valign in ("bottom", "top"))
    for at, pixels in ((row, 20), (row + 1, 34), (row + 2, 20)):
        ws.set_row_pixels(at - 1, pixels)
        for col in range(1, _column_number(last) + 1):
            ws.write_blank(at - 1, col, None, book.format(bg_color=PANEL))
    for card in items:
        form = NUMBER["whole"] if card.form == "money" else NUMBER[card.form]
        look = {"font_size": 20, "bold": True, "bg_color": PANEL, "align": "left", "indent": 1}
        big = book.format(num_format=form, **look)
        ws.write_string(f"{card.column}{row}", card.label, label)
        number = f"{card.column}{row + 1}"
        if card.formula:
            ws.write_formula(number, f"={card.formula}", big)
        else:
            ws.write_blank(number, None, big)
        ws.write_blank(f"{card.column}{row + 2}", None, note)
        c.place(card.key, sheet, number)
        c.place(f"{card.key}_note", sheet, f"{card.column}{row + 2}")
        if card.form == "money":
            money(c, ws, number, short=True)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def money(
    c: Hand, ws: Worksheet, where: str, *, short: bool = False, dot: bool = False, label: str = ""
) -> None:
    """Show amounts with the sign of the workbook's main currency; others go without a sign.

    Args:
        c: the hand.
        ws: the sheet.
        where: cells.
        short: in thousands or millions.
        dot: show a middle dot where nothing is.
        label: column letter: a row that has something there gets a hairline, as `underline`
            gives it. LibreOffice takes one set of rules a cell, so these do both.
    """
    row = where.split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    only = f'${label}{row}<>""' if label else ""
    if dot:
        look = {"num_format": NUMBER["matrix"]}
        _rule(c, ws, where, f"{where.split(':')[0]}=0", look, only)
    _money_rules(c, ws, where, c.currency, short=short, only=only)


def money_column(c: Hand, table: str, amount: str, currency: str) -> None:
    """Show a Table's amounts with the sign of the currency in a column of the same row."""
    spec = c.tables[table]
    ws, (row, first) = c.sheets[spec.sheet], c.at[table]
    letter = xl_col_to_name(first + [col.key for col in spec.columns].index(currency))
    where = table_range(c, table, amount)
    _money_rules(c, ws, where, f"${letter}{row + 1}")


def _money_rules(
    c: Hand, ws: Worksheet, where: str, cell: str, *, short: bool = False, only: str = ""
) -> None:
    for code, form in (SHORT_CURRENCY if short else CURRENCY).items():
        _rule(c, ws, where, f'{cell}="{code}"', {"num_format": form}, only)
    plain = SHORT_AMOUNT if short else NUMBER["whole"]
    _rule(c, ws, where, "TRUE", {"num_format": plain}, only)


def _rule(
    c: Hand, ws: Worksheet, where: str, test: str, look: dict[str, str], only: str = ""
) -> None:
    line = {"bottom": 1, "bottom_color": HAIRLINE} if only else {}
    made = c.book.workbook.add_format({**look, **line})
    criteria = f"=AND({only},{test})" if only else f"={test}"
    rule = {"type": "formula", "criteria": criteria, "format": made, "stop_if_true": True}
    ws.conditional_format(where, rule)


def of_segment(
    c: Canvas,
    cell: str,
    tests: Sequence[tuple[str, str, str]] = (),
    amounts: str = "",
    *,
    mean: bool = False,
) -> str:
    """Formula of a count, sum or mean over the accounts of the segment that *cell* names.

    Those that name none are found by products of truths: LibreOffice loses rows where a condition
    on blank cells stands beside another one.

    Args:
        c: the hand.
        cell: holds a segment's word, or that none is given.
        tests: further conditions: range, what a condition wants, the same as an array of truths.
        amounts: range to add up or take the mean of; "" counts.
        mean: whether it is the mean.
    """
    segment = c.column("Accounts", "segment")
    wanted = ",".join(f"{span},{want}" for span, want, _ in ((segment, cell, ""), *tests))
    truths = "".join(f",--({truth})" for _, _, truth in tests)
    none = f'--({segment}=""){truths}'
    if not amounts:
        own, nobody = f"COUNTIFS({wanted})", f"SUMPRODUCT({none})"
    elif mean:
        own = f"AVERAGEIFS({amounts},{wanted})"
        known = f"SUMPRODUCT({none},--ISNUMBER({amounts}))"
        nobody = f"SUMPRODUCT({none},{amounts})/{known}"
    else:
        own, nobody = f"SUMIFS({amounts},{wanted})", f"SUMPRODUCT({none},{amounts})"
    return f'IF({cell}="{NOT_GIVEN}",{nobody},{own})'


def has_tier(c: Canvas) -> tuple[str, str, str]:
    """Condition on *Accounts*: there is a tier, and so a score that is no placeholder."""
    tier = c.column("Accounts", "tier")
    return tier, '"<>○*"', f'LEFT({tier},1)<>"○"'


def underline(c: Hand, ws: Worksheet, where: str, label: str = "") -> None:
    """A hairline under each row that has something in its column *label*, else in its first."""
    first = where.split(":")[0]
    look = c.book.workbook.add_format({"bottom": 1, "bottom_color": HAIRLINE})
    rule = f'=${label or first[0]}{first[1:]}<>""'
    ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": look})


def table_range(c: Hand, table: str, key: str) -> str:
    """The drawn data rows of a Table's column, ``F6:F7``, without sheet; it grows with it."""
    return c.column(table, key).rpartition("!")[2].replace("$", "")


def chips(c: Hand, ws: Worksheet, where: str) -> None:
    """Colour cells whose text starts with a tier's shape."""
    cell = where.split(":")[0].replace("$", "")
    for key in TIERS:
        look = c.book.workbook.add_format(
            {"bg_color": TINT[key], "font_color": TEXT[key], "bold": True}
        )
        rule = f'=LEFT({cell},1)="{SHAPE[key]}"'
        ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": look})


def late_rule(c: Canvas, table: str, closed: Sequence[str]) -> None:
    """Days of the column ``due`` that have passed stand out, unless the row's status is closed."""
    row = c.at[table][0] + 1
    due, status = (table_range(c, table, key) for key in ("due", "status"))
    done = ",".join(f'${_letters(status)}{row}<>"{word}"' for word in closed)
    test = f"=AND(ISNUMBER({_letters(due)}{row}),{_letters(due)}{row}<{c.as_of},{done})"
    rust = c.book.workbook.add_format({"font_color": LOSS, "bold": True})
    where = c.sheets[c.tables[table].sheet]
    where.conditional_format(due, {"type": "formula", "criteria": test, "format": rust})


def quiet_rows(c: Canvas, table: str, closed: Sequence[str]) -> None:
    """Rows whose status is closed stand back."""
    row, keys = c.at[table][0] + 1, [column.key for column in c.tables[table].columns]
    status = _letters(table_range(c, table, "status"))
    first, last = (table_range(c, table, key) for key in (keys[0], keys[-1]))
    test = ",".join(f'${status}{row}="{word}"' for word in closed)
    span = f"{first.split(':')[0]}:{last.split(':')[1]}"
    look = c.book.workbook.add_format({"font_color": MUTED})
    rule = {"type": "formula", "criteria": f"=OR({test})", "format": look}
    c.sheets[c.tables[table].sheet].conditional_format(span, rule)


def _letters(where: str) -> str:
    """Column letters of a range on one sheet: F of F6:F7."""
    return where.split(":")[0].rstrip("0123456789")
