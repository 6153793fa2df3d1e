"""What a message about alerts says, before it is put in the form of a service."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pipeline.alerts import AccountAlert, Alerts
from pipeline.alerts.groups import groups, headline
from pipeline.results import SHAPES
from pipeline.score_view import spoken_date
from scoring.units import format_money

__all__ = ["LISTED", "Message", "Section", "compose", "plain"]

LISTED = 30
"""Alerts that a message lists at most; more of them nobody reads in a chat."""

_JOINERS = "\u200c\u200d"
_LONGEST_NAME, _LONGEST_OWNER, _LONGEST_EVIDENCE, _LONGEST_ACTION = 80, 60, 120, 300


@dataclass(frozen=True)
class Section:
    """Alerts of one trigger.

    Attributes:
        title: trigger, how many and how severe.
        action: what to do about each.
        lines: of each alert its numbers, and then whose they are, who acts and by when.
    """

    title: str
    action: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Message:
    """A message about alerts.

    Attributes:
        headline: how many, about how much money.
        sections: by trigger, the most severe first.
        more: a sentence about those that are not listed; "" where all are.
        context: source, model and day.
    """

    headline: str
    sections: tuple[Section, ...]
    more: str
    context: str


def compose(alerts: Alerts, count: int = LISTED) -> Message:
    """The message, listing the most severe *count* alerts; counts and money are of all."""
    shown = alerts.found[:count]
    # Titles count what there is, not what is listed.
    titles = {g.trigger: g.title for g in groups(alerts.found)}
    sections = tuple(
        Section(
            plain(titles[group.trigger], _LONGEST_ACTION),
            plain(group.action, _LONGEST_ACTION),
            tuple(_line(item) for item in group.alerts),
        )
        for group in groups(shown)
    )
    left = len(alerts.found) - len(shown)
    more = (
        f"{left:,} more are not listed here; healthsheet alerts --all lists them." if left else ""
    )
    context = f"{alerts.source}, {alerts.model.label}, {spoken_date(alerts.as_of)}"
    return Message(headline(alerts.found), sections, more, plain(context, _LONGEST_ACTION))


def _line(item: AccountAlert) -> tuple[str, str]:
    alert = item.alert
    numbers = plain(alert.evidence, _LONGEST_EVIDENCE) + (", again" if item.told else "")
    money = f", {format_money(item.arr, item.currency)}" if item.arr == item.arr else ""
    late = " (overdue)" if item.overdue else ""
    due = f"due {alert.due.day} {alert.due:%b}{late}"
    who = f"{SHAPES[item.tier]} {plain(item.name, _LONGEST_NAME)}{money}"
    return numbers, f"{who}. {plain(item.owner, _LONGEST_OWNER)}, {due}"


def plain(text: str, longest: int) -> str:
    """Text on one line, without characters that are not seen but turn or hide others."""
    seen = " ".join(text.split())
    kept = "".join(c for c in seen if c in _JOINERS or unicodedata.category(c)[0] != "C")
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"
