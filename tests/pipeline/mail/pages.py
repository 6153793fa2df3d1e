"""Messages of sample portfolios, read as a mail program or a person would."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import numpy as np

from pipeline.mail.message import CHART_ID, render
from pipeline.mail.records import Rendered
from tests.workbook_templates.portfolio.samples import demo
from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.records import Digest
from workbook_templates.portfolio.facts import Portfolio

__all__ = [
    "BOOK",
    "HOSTILE",
    "Page",
    "digest_for",
    "hostile",
    "loud",
    "message",
    "quiet",
    "shown_page",
    "with_chart",
]

BOOK = "west-2026-11-23.xlsx"
HOSTILE = [
    '<script>alert("x")</script>', "Sample & Söhne <b>", "a\r\nBcc: x@example.com",
    "=?utf-8?b?Qg==?=", "مؤسسة عينة", "\u202egnp.exe", "例示株式会社", "O'Sample \"quoted\"",
    "{{ 7 * 7 }}{% raw %}", "W" * 300, "🙂🏽 Sample", "x" * 40 + " " + "y" * 40,
]  # fmt: skip


@cache
def loud() -> Portfolio:
    """Many accounts, some newly red, some recovered."""
    return demo("four-dimension", 64)


@cache
def quiet() -> Portfolio:
    """The same accounts in a week in which no tier changed."""
    p = loud()
    tiers = np.where(p.frame["previous_tier"] != "", p.frame["tier"], "")
    frame = p.frame.assign(previous_tier=tiers)
    frame.attrs.update(p.frame.attrs)
    return replace(p, frame=frame)


def hostile() -> Portfolio:
    """The same accounts with texts that try to break out."""
    p = loud()
    rows = digest_for("loud").lists
    first = [row["account"].account for name in ("risk", "renewal") for row in rows[name]]
    order = list(dict.fromkeys([*first, *p.frame["account_id"]]))
    names = [HOSTILE[order.index(a) % len(HOSTILE)] for a in p.frame["account_id"]]
    keys = ("account_name", "csm", "owner", "driver", "moved", "next_action", "last_action")
    frame = p.frame.assign(**dict.fromkeys(keys, names))
    frame.attrs.update(p.frame.attrs)
    return replace(p, frame=frame)


def message(digest: Digest, **more: str) -> Rendered:
    """The message to the West team."""
    return render(digest, **{"team": "West team", "attached": BOOK, **more})


@cache
def shown_page(kind: str) -> Rendered:
    """The message of a loud, a quiet or a hostile week."""
    return message(digest_for(kind))


@cache
def digest_for(kind: str) -> Digest:
    """The facts of a loud, a quiet or a hostile week."""
    made: dict[str, Callable[[], Portfolio]] = {"loud": loud, "quiet": quiet, "hostile": hostile}
    return digest_of(made[kind]())


def with_chart(rendered: Rendered) -> str:
    """The page with its chart in place, as mail programs put it."""
    data = base64.b64encode(rendered.chart_png).decode()
    return rendered.html.replace(f"cid:{CHART_ID}", f"data:image/png;base64,{data}")


class Page(HTMLParser):
    """What a page shows: its figures by the cells they name, and the texts between.

    Attributes:
        figures: (name of the cell, text as printed).
        rest: texts outside of figures, of the visible page.
        tags: (tag, attributes).
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.figures: list[tuple[str, str]] = []
        self.rest: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._name = ""
        self._hidden = 0
        self.feed(re.sub(r"<!--\[if mso\]>.*?<!\[endif\]-->", "", html, flags=re.S))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; a figure begins where one names its cell."""
        found = dict(attrs)
        self.tags.append((tag, found))
        self._hidden += tag in ("style", "title")
        if found.get("data-cell"):
            self._name = str(found["data-cell"])
            self.figures.append((self._name, ""))

    def handle_endtag(self, tag: str) -> None:
        """A figure ends with its element."""
        self._hidden -= tag in ("style", "title")
        if tag == "span":
            self._name = ""

    def handle_data(self, data: str) -> None:
        """Text of a figure, or of the page."""
        if self._name:
            name, text = self.figures[-1]
            self.figures[-1] = (name, text + data)
        elif not self._hidden:
            self.rest.append(data)
