"""A digest as a message: subject, page, plain text and chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.mail.chart import SHOWN, bars_png
from pipeline.mail.plain import plain_text
from pipeline.mail.records import Rendered
from pipeline.mail.words import (
    Shown,
    chart_alt,
    clean_line,
    currency_word,
    long_day,
    right_to_left,
    shown,
)
from scoring.units import money_in_full
from workbook_templates.digest.records import Digest, Figure
from workbook_templates.drawing import theme

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["CHART_ID", "MOST", "render"]

MOST = 90_000
"""Bytes of a page; Gmail clips at 102 KB."""
CHART_ID = "chart@healthsheet"
"""Content-ID of the chart."""
_FOLDER = Path(__file__).parent / "templates"
_ROOMS = ((12, 10), (8, 10), (6, 10), (5, 10), (4, 10), (3, 10), (3, 5), (2, 2))
"""Rows of each list, and of the ten at risk; the next smaller where the page is too large."""
_CLASSES = {"green": "g", "amber": "a", "red": "r", "": "m"}


def render(
    digest: Digest, *, team: str, link: str = "", attached: str = "", note: str = ""
) -> Rendered:
    """The message that a leader gets; nothing in it is anybody's markup.

    Args:
        digest: what it says.
        team: whose accounts these are, as the leader calls them; "" for all.
        link: where the workbook lies, https only; "" where it is attached or nowhere.
        attached: file name of the attached workbook, "" where none is.
        note: a sentence on the attachment, as that it was too large; "" for none.
    """
    team = clean_line(team)
    safe = link if link.startswith("https://") else ""
    about = _About(team, safe, clean_line(attached), clean_line(note))
    view, page = shown(digest, *_ROOMS[-1]), ""
    for room in _ROOMS:
        view = shown(digest, *room)
        page = _page(view, about)
        if len(page.encode()) < MOST:
            break
    amounts = [float(x) for x in view.amounts]
    return Rendered(
        subject=clean_line(digest.subject),
        html=page,
        text=plain_text(view, team=team, where=about.where, note=about.note, link=safe),
        chart_png=bars_png(amounts),
        chart_alt=chart_alt(digest),
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What the message says of itself."""

    team: str
    link: str
    attached: str
    note: str

    @property
    def where(self) -> str:
        """The workbook in the middle of a sentence."""
        return f"{self.attached}, attached" if self.attached else "the workbook"


def _page(view: Shown, about: _About) -> str:
    d = view.digest
    return _environment().get_template("digest.html.j2").render(
        d=d, v=view, about=about, t=d.totals, day=long_day(d.as_of),
        since=long_day(d.since) if d.since else "", cid=CHART_ID, size=SHOWN,
        alt=chart_alt(d), bar=_bar(d), currency=currency_word(d.currency), exact=_exact(d),
        look=_looks(d.labels),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests |= {"rtl": right_to_left, "long_word": _long_word}
    made.globals.update(theme=theme, dark=theme.DARK)
    return made


def _long_word(text: str) -> bool:
    """Whether a word is wider than a phone: it must be broken, which texts never are unasked."""
    return any(len(word) > 24 for word in text.split())


def _looks(labels: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """Word or key of a tier → its class, colour, shape and word."""
    out: dict[str, Mapping[str, str]] = {}
    for key, word in labels.items():
        found = {"class": _CLASSES[key], "shape": theme.SHAPE[key], "word": word,
                 "colour": theme.TEXT.get(key, theme.MUTED)}  # fmt: skip
        out |= {word: found, key or "none": found}
    return out


def _bar(d: Digest) -> Sequence[Mapping[str, Any]]:
    """Parts of the bar of tiers that are there, the worst first; none where ARR is not known."""
    parts = []
    for name in ("red", "amber", "green", "none"):
        x = d.totals.get(f"{name}_arr_share")
        if x is not None and isinstance(x.value, float) and x.value > 0:
            key = "" if name == "none" else name
            parts.append({"figure": x, "width": f"{x.value * 100:.1f}", "wide": x.value >= 0.12,
                          "class": f"f{_CLASSES[key]}", "on": theme.ON_SOLID[key],
                          "fill": theme.SOLID.get(key, theme.MAIL_NONE)})  # fmt: skip
    return parts


_SOURCES = ("red_arr", "red_arr_change", "newly_red_arr", "recovered_arr", "risk_arr",
            "renewals_arr", "total_arr", "actions_overdue")  # fmt: skip


_LOUD = ("newly_red_arr", "recovered_arr", "risk_arr", "renewals_arr")
"""Of them, those that a quiet week does not tell."""


def _exact(d: Digest) -> Sequence[tuple[Figure, str]]:
    """The main figures with their exact values."""
    return [(d.totals[key], _in_full(d.totals[key])) for key in _SOURCES
            if key in d.totals and (d.changed or key not in _LOUD)]  # fmt: skip


def _in_full(x: Figure) -> str:
    if not isinstance(x.value, float) or x.kind not in ("money", "money_change"):
        return x.text
    text = money_in_full(x.value, x.currency)
    return f"+{text}" if x.kind == "money_change" and x.value >= 0.5 else text
