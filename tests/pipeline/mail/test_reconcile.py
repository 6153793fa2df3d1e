"""Each number of the message, worked out again from the named cells of the attached workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

import openpyxl
import pytest

from pipeline.mail.package import attach
from tests.pipeline.mail.pages import BOOK, Page, digest_for, hostile, loud, quiet, shown_page

KINDS = ("loud", "quiet", "hostile")
Cell = float | str | date


@cache
def cells(kind: str) -> dict[str, Cell]:
    """Name → what stands in the cell, as a spreadsheet shows it without recalculating."""
    portfolio = {"loud": loud(), "quiet": quiet(), "hostile": hostile()}[kind]
    book = attach(portfolio, digest_for(kind), team="West").data
    read = openpyxl.load_workbook(io.BytesIO(book), data_only=True)
    out: dict[str, Cell] = {}
    for name, defined in read.defined_names.items():
        if name.startswith("hs_"):
            for sheet, where in defined.destinations:
                if re.fullmatch(r"\$[A-Z]+\$\d+", where):
                    value = read[sheet][where.replace("$", "")].value
                    if value is not None:
                        out[name] = value
    return out


def forms(value: Cell) -> Iterator[str]:
    """Every way in which the message may print what a cell holds."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, datetime | date):
        yield f"{value.day} {value:%b}"
        yield f"{value.day} {value:%b %Y}"
        yield f"{value:%a} {value.day} {value:%b %Y}"
    else:
        size = abs(float(value))
        sign = "−" if value < 0 else ""
        for text in (f"{size:,.0f}", _short(size), f"{size * 100:.1f}%"):
            yield from (text, f"{sign}{text}", f"+{text}" if value > 0 else text)
        if not size:
            yield "no change"


def _short(size: float) -> str:
    """An amount in thousands, millions or billions."""
    for step, letter, digits in ((1e9, "B", 2), (1e6, "M", 2), (1e3, "K", 0)):
        if size >= step * 0.9995:
            return f"{size / step:.{digits}f}{letter}"
    return f"{size:.0f}"


def without_sign_of_currency(text: str) -> str:
    """An amount as a number: $2.31M is 2.31M."""
    return re.sub(r"^([+−]?)(?:[$£€¥₹]|[A-Z]{3} )(?=\d)", r"\1", text)


@pytest.mark.parametrize("kind", KINDS)
def test_page_reconciles(kind: str) -> None:
    """Whatever the page prints under a name is what the cell of that name holds."""
    held = cells(kind)
    wrong = {
        name: (text, held.get(name))
        for name, text in Page(shown_page(kind).html).figures
        if name not in held
        or without_sign_of_currency(" ".join(text.split())) not in set(forms(held[name]))
    }
    assert wrong == {}


@pytest.mark.parametrize("kind", ["loud", "quiet"])
def test_text_reconciles(kind: str) -> None:
    """Once all that cells hold is taken out of the plain text, no number is left but fixed ones."""
    text = " ".join(shown_page(kind).text.split())
    text = re.sub(r"[$£€](?=\d)", "", text.replace(BOOK, " "))
    told = {form for value in cells(kind).values() for form in forms(value)}
    folded = {form for form in told if re.search(r"\d", form)}
    for form in sorted(folded, key=lambda x: (-len(x), x)):
        text = re.sub(rf"(?<![\w.,+−]){re.escape(form)}(?![\w%]|[.,]\d)", " ", text, flags=re.I)
    text = text.replace(loud().model.label, " ")
    text = re.sub(r"\b\d+ more in the workbook|\b\d+\. ", " ", text)
    assert set(re.findall(r"[\d.,]*\d", text)) <= {"90", "14", "10"}


def test_subject_and_alt_text_reconcile() -> None:
    """The numbers of the subject and of the chart's alt text are cells, too."""
    rendered = shown_page("loud")
    told = {form for value in cells("loud").values() for form in forms(value)}
    for text in (rendered.subject, rendered.chart_alt):
        amounts = re.findall(r"[$£€]([\d.,]+[KMB]?)", text)
        assert amounts
        assert {amount.rstrip(".,") for amount in amounts} <= told


def test_every_figure_has_its_cell() -> None:
    """The workbook holds a cell for each figure of the digest, with its very value."""
    held = cells("loud")
    for figure in digest_for("loud").figures:
        value = held[figure.name]
        if isinstance(figure.value, float | int):
            assert value == pytest.approx(figure.value, rel=1e-9, abs=1e-9), figure.name
        elif isinstance(value, datetime):
            assert value.date() == figure.value
        else:
            assert value == figure.value, figure.name
