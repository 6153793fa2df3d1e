"""The workbook that a leader is mailed: the portfolio's sheets, and *Digest* after *Summary*."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial

from workbook_templates.digest.layout import layout
from workbook_templates.digest.live import live_formulas
from workbook_templates.digest.records import Digest
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.digest import draw_digest
from workbook_templates.drawing.portfolio.template import draw_with
from workbook_templates.drawing.theme import Book
from workbook_templates.fill import Template, Value
from workbook_templates.portfolio.accounts import TABLE
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.report import fill_portfolio

__all__ = ["fill_digest", "fill_digest_alone"]


def fill_digest(portfolio: Portfolio, digest: Digest) -> bytes:
    """The workbook of a leader's accounts as .xlsx bytes.

    It remembers no source: who is sent it must not reach the accounts of others by a refresh.

    Args:
        portfolio: their accounts.
        digest: of the same portfolio; each of its figures is a named cell.

    Raises:
        ModelError: the model cannot be laid out.
    """
    template = Template(
        draw_with(portfolio.model, partial(_draw, portfolio, digest)), "The digest template"
    )
    values: Mapping[str, Value] = {
        figure.name.removeprefix("hs_"): figure.value for figure in digest.figures
    }
    return fill_portfolio(template, portfolio, values)


def fill_digest_alone(portfolio: Portfolio, digest: Digest) -> bytes:
    """The sheet *Digest* as a workbook of its own, all of it values, for who cannot be sent more.

    Args:
        portfolio: as for `fill_digest`.
        digest: likewise.
    """
    target = io.BytesIO()
    book = Book(target, title="Customer health digest")
    draw_digest(Canvas(book, portfolio.model), digest, layout(digest), None)
    book.close()
    template = Template(target.getvalue(), "The digest template")
    moment = f"{portfolio.as_of.isoformat()}T00:00:00Z"
    named = {figure.name: figure.value for figure in digest.figures}
    return template.fill(named, properties={"created": moment, "modified": moment})


def _draw(portfolio: Portfolio, digest: Digest, c: Canvas) -> None:
    keys = [column.key for column in c.tables[TABLE].columns]
    formulas = live_formulas(portfolio, digest, partial(c.column, TABLE), keys)
    draw_digest(c, digest, layout(digest), formulas)
