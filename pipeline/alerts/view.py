"""What `healthsheet alerts` prints: a line an event under what to do about it, and totals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.alerts.found import AccountAlert, Alerts
from pipeline.alerts.groups import (
    Total,
    counted,
    groups,
    main_currency,
    money,
    owners,
    totals,
    usual_words,
)
from pipeline.results import SHAPES
from pipeline.score_totals import fix_lines
from pipeline.score_view import spoken_date
from pipeline.terminal import WIDE, Line, fit
from scoring.units import format_money

__all__ = ["alert_lines"]

_FIXES_SHOWN = 5
_LEAST = 10
"""Columns that the owner has at least."""
_DAY = re.compile(r" \(\d{4}-\d\d-\d\d\)$")


@dataclass(frozen=True)
class _Widths:
    """Columns of the table; ``whole`` is all of them with the gaps."""

    told: int
    account: int
    arr: int
    owner: int
    due: int
    gap: str

    @property
    def whole(self) -> int:
        return self.told + self.account + 2 + self.arr + self.owner + self.due + 4 * len(self.gap)


def alert_lines(alerts: Alerts, *, width: int, top: int | None, more: str) -> list[Line]:
    """All lines of the report.

    Args:
        alerts: what fired.
        width: columns of the terminal.
        top: how many alerts to list; None lists all.
        more: where all alerts are, for the line below a shortened list.
    """
    lines = [_title(alerts)]
    shown = alerts.found if top is None else alerts.found[:top]
    if shown:
        titles = {g.trigger: g.title for g in groups(alerts.found)}
        lines += [[], *_table(shown, titles, width)]
    if len(shown) < len(alerts.found):
        text = f"{len(shown)} of {len(alerts.found):,} shown. All: {more}."
        lines += [[], [(text, "muted")]]
    if shown:
        lines += [[], *_total_lines(alerts.found), *_owner_lines(alerts.found, width)]
    notes = _notes(alerts)
    lines += [[], *notes] if notes else []
    fixes = fix_lines(alerts.problems, None if top is None else _FIXES_SHOWN, width)
    return [*lines, [], *fixes] if fixes else lines


def _title(alerts: Alerts) -> Line:
    count = len(alerts.found)
    what = counted(count, "alert") if count else "No alerts"
    since = f"{alerts.since.day} {alerts.since:%b}"
    if alerts.since.year != alerts.as_of.year:
        since = spoken_date(alerts.since)
    where = f"  {alerts.source}, {alerts.model.label}, {spoken_date(alerts.as_of)}"
    return [(f"{what} since {since}", "bold"), (where, "")]


def _table(shown: Sequence[AccountAlert], titles: Mapping[str, str], width: int) -> list[Line]:
    """The alerts under their triggers, whose titles count all there are."""
    wide = width >= WIDE
    widths = _widths(shown, width)
    heads = ("On".ljust(widths.told), "Account".ljust(widths.account + 2), "ARR".rjust(widths.arr),
             "Owner".ljust(widths.owner), "Due".rjust(widths.due))  # fmt: skip
    lines: list[Line] = [[(widths.gap.join(heads), "bold")]]
    lines.append([("─" * widths.whole, "muted")])
    for number, group in enumerate(groups(shown)):
        if number:
            lines.append([])
        lines += _heading(titles[group.trigger], group.action, widths.whole)
        lines += [_row(item, widths, wide=wide) for item in group.alerts]
    return lines


def _widths(shown: Sequence[AccountAlert], width: int) -> _Widths:
    """As wide as the texts; where they do not fit, owners are cut first, then accounts."""
    wide = width >= WIDE
    gap = "  " if wide else " "
    arr = max(3, *(len(_arr(a)) for a in shown))
    due = max(3, *(len(_due(a)) for a in shown))
    left = width - arr - due - 2 - 4 * len(gap)
    told = min(max(len(_told(a, wide=wide)) for a in shown), 48 if wide else 34)
    account = min(max(7, *(len(a.name) for a in shown)), 32, left - told - _LEAST)
    owner = min(max(5, *(len(a.owner) for a in shown)), left - told - account)
    return _Widths(told, account, arr, owner, due, gap)


def _heading(title: str, action: str, width: int) -> list[Line]:
    """The trigger and what to do; on two lines where one is too short."""
    name, _, count = title.rpartition(": ")
    first: Line = [(name, "bold"), (f": {count}.", "")]
    if len(title) + 2 + len(action) <= width:
        return [[*first, (f" {action}", "muted")]]
    return [first, [(action, "muted")]]


def _row(item: AccountAlert, widths: _Widths, *, wide: bool) -> Line:
    return [
        (fit(_told(item, wide=wide), widths.told) + widths.gap, ""),
        (SHAPES[item.tier], item.tier or "muted"),
        (f" {fit(item.name, widths.account)}{widths.gap}", ""),
        (_arr(item).rjust(widths.arr) + widths.gap, ""),
        (fit(item.owner, widths.owner) + widths.gap, ""),
        (_due(item).rjust(widths.due), "warn" if item.overdue else ""),
    ]


def _told(item: AccountAlert, *, wide: bool) -> str:
    text = item.alert.evidence if wide else _DAY.sub("", item.alert.evidence)
    return text if item.told is None else f"{text}, again"


def _due(item: AccountAlert) -> str:
    day = f"{item.alert.due.day} {item.alert.due:%b}"
    return f"! {day}" if item.overdue else day


def _arr(item: AccountAlert) -> str:
    return format_money(item.arr, item.currency)


def _total_lines(found: Sequence[AccountAlert]) -> list[Line]:
    main = main_currency(found)
    amounts = money(found)
    rows = totals(found)
    texts = [format_money(t.arr, main) if amounts else "–" for t in rows]
    wide = max(5, *map(len, texts))
    lines: list[Line] = [[(f"{'':<9}{'Alerts':>7}{'Accounts':>10}  {'ARR':>{wide}}", "bold")]]
    lines += [[(_total(t, text, wide), "")] for t, text in zip(rows, texts, strict=True)]
    note = "An account counts once, with its most severe alert."
    if len(amounts) > 1:
        note += f" Not added: {', '.join(amounts[1:])}."
    return [*lines, [(note, "muted")]]


def _total(total: Total, amount: str, width: int) -> str:
    return f"{total.name:<9}{total.alerts:>7,}{total.accounts:>10,}  {amount:>{width}}"


def _owner_lines(found: Sequence[AccountAlert], width: int) -> list[Line]:
    """Who has how many to answer, as far as one line goes."""
    parts = [
        f"{n} {c:,}" + (f" ({late:,} overdue)" if late else "") for n, c, late in owners(found)
    ]
    text = f"Owners: {', '.join(parts)}."
    while len(text) > width and len(parts) > 1:
        parts.pop()
        text = f"Owners: {', '.join(parts)} and others."
    return [[(text, "")]]


def _notes(alerts: Alerts) -> list[Line]:
    """Why nothing may have fired: no rows of these days, nothing to compare, columns missing."""
    notes = []
    if alerts.newest is None:
        notes.append(f"Every row is of a day after {spoken_date(alerts.as_of)}: give --as-of.")
    elif alerts.newest < alerts.since:
        last = alerts.newest
        notes.append(f"The newest row is of {spoken_date(last)}: give --as-of {last}.")
    if not alerts.compared:
        where = "sheet Score history" if alerts.has_today else "rows of earlier dates"
        notes.append(f"No account has an earlier score, so nothing can have fallen: add {where}.")
    if alerts.usual:
        notes.append(usual_words(alerts.usual))
    if alerts.unwatched:
        notes.append(f"Not watched, as no row has it: {', '.join(alerts.unwatched)}.")
    return [[(note, "muted")] for note in notes]
