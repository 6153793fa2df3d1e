"""The plain text of the message: the same content in lines of at most 78 characters."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pipeline.mail.words import Part, Shown, currency_word, long_day, right_to_left
from workbook_templates.digest.places import TIER_ROWS
from workbook_templates.digest.records import Row

__all__ = ["WIDTH", "plain_text"]

WIDTH = 78
"""Longest line; mail programs break longer ones where they like."""


def plain_text(view: Shown, *, team: str, where: str, note: str = "", link: str = "") -> str:
    """All that the page says.

    Args:
        view: what is shown.
        team: whose accounts, "" for all.
        where: the workbook in the middle of a sentence.
        note: on the attachment, "" for none.
        link: to the workbook, "" for none.
    """
    d = view.digest
    day = long_day(d.as_of)
    out = [f"{_isolated(team)}, {day}" if team else day, "", said(d.headline).upper()]
    out += [said([*first, *([" "] if rest else []), *rest]) for first, rest in view.lines]
    out += ["", *_tiers(view), *_trend(view)]
    names = ("newly_red", "recovered", "risk", "renewal", "expansion", "override", "warning")
    for name in names if d.changed else ("todo", "override"):
        if view.lists.get(name):
            out += ["", _title(view, name), *_rows(view, name)]
            if view.left[name]:
                out.append(f"{view.left[name]:,} more in the workbook.")
    out += ["", f"Every number is a named cell of {where}; sheet Digest lists all."]
    out += [line for line in (note, link, f"Model {d.model}.") if line]
    return "\n".join(_wrapped(out)) + "\n"


def said(parts: Sequence[Part]) -> str:
    """Texts and figures as one text."""
    return "".join(x if isinstance(x, str) else _isolated(x.text) for x in parts)


def _wrapped(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        lead = len(line) - len(line.lstrip())
        yield from textwrap.wrap(
            line, WIDTH, subsequent_indent=" " * min(lead + 2, 14) if lead else "",
            break_on_hyphens=False, drop_whitespace=True,
        ) or [""]  # fmt: skip


def _isolated(text: str) -> str:
    """A text of a right-to-left script, fenced so that numbers beside it keep their place."""
    return f"\u2068{text}\u2069" if right_to_left(text) else text


def _text(row: Row, key: str, without: str = "–") -> str:
    return _isolated(row[key].text) if key in row else without


def _tiers(view: Shown) -> Iterator[str]:
    d, t = view.digest, view.digest.totals
    if "total_accounts" not in t:
        return
    since = f", change since {long_day(d.since)}" if d.since else ""
    yield f"ARR BY TIER ({currency_word(d.currency) or 'no currency'}{since})"
    yield f"{'Tier':<12}{'Accounts':>14}{'ARR':>11}{'Share':>8}{'Change':>11}"
    for name in TIER_ROWS:
        word = d.labels["" if name == "none" else name] if name != "total" else "Total"
        count = _text(t, f"{name}_accounts")
        more = t.get(f"{name}_accounts_change")
        if more is not None and more.value:
            count += f" ({more.text})"
        yield (
            f"{word:<12}{count:>14}{_text(t, f'{name}_arr'):>11}"
            f"{_text(t, f'{name}_arr_share', ''):>8}{_text(t, f'{name}_arr_change'):>11}"
        )
    others = [f"{_text(r, 'arr')} in {_text(r, 'accounts')}" for r in d.lists.get("other", ())]
    if others:
        yield f"Not added (ARR in accounts): {', '.join(others)}."


def _trend(view: Shown) -> Iterator[str]:
    rows = [row for row in view.digest.lists.get("trend", ()) if "arr" in row]
    if len(rows) >= 2:
        yield ""
        yield f"{view.digest.labels['red'].upper()} ARR"
        yield ", ".join(f"{row['day'].text} {row['arr'].text}" for row in rows)


def _title(view: Shown, name: str) -> str:
    t, red = view.digest.totals, view.digest.labels["red"]
    count = {"newly_red": "newly_red_count", "recovered": "recovered_count",
             "risk": "risk_count", "renewal": "renewals_count",
             "expansion": "expansions_count", "override": "overrides_count",
             "warning": "warnings_count"}.get(name, "")  # fmt: skip
    n = t[count].text if count in t else ""
    one = n == "1"
    words = {
        "newly_red": f"{n} newly {red}",
        "recovered": f"{n} recovered",
        "risk": f"Top {n} at risk",
        "renewal": f"{n} renewal{'' if one else 's'} in 90 days",
        "expansion": f"{n} expansion{'' if one else 's'} to open",
        "override": f"{n} override{' expires' if one else 's expire'} in 14 days",
        "warning": f"{n} data warning{'' if one else 's'}",
        "todo": "To do this week",
    }
    arr = t.get(count.replace("_count", "_arr")) if count else None
    worth = f", {arr.text}" if arr is not None and arr.value and name != "override" else ""
    return f"{words[name].upper()}{worth}"


def _rows(view: Shown, name: str) -> Iterator[str]:
    for number, row in enumerate(view.lists[name], 1):
        yield from _ROWS[name](row, number)


def _now(row: Row) -> str:
    told = f"{_text(row, 'tier')} {_text(row, 'score', '')}".rstrip()
    if "change" not in row:
        return told
    return f"{told} ({row['change'].text if row['change'].value else 'no change'})"


def _moved(row: Row, _: int) -> Iterator[str]:
    before = f"{_text(row, 'before_tier')} {_text(row, 'previous', '')}".rstrip()
    yield f"{_text(row, 'account')}  {_text(row, 'arr', '')}  {before} → {_now(row)}"
    if "why" in row:
        yield f"  Why     {_text(row, 'why')}"


def _renews(row: Row) -> str:
    if "renewal" not in row or "days" not in row:
        return "no renewal date"
    days = row["days"]
    if isinstance(days.value, float) and days.value < 0:
        return f"renewed {row['renewal'].text}"
    return f"renews {row['renewal'].text}, {days.text} day{'' if days.text == '1' else 's'}"


def _due(row: Row) -> str:
    if "late" in row:
        days = "day" if row["late"].text == "1" else "days"
        return f", due {_text(row, 'due')} ({row['late'].text} {days} OVERDUE)"
    return f", by {row['due'].text}" if "due" in row else ""


def _risk(row: Row, number: int) -> Iterator[str]:
    who = f"{_text(row, 'account')}  {_text(row, 'arr', '')}"
    yield f"{number:>2}. {who}  {_now(row)}  {_renews(row)}"
    if "driver" in row:
        yield f"    Driver  {_text(row, 'driver')}"
    owner = f"{_text(row, 'owner')}: " if "owner" in row else ""
    yield f"    Next    {owner}{_text(row, 'next', 'none planned')}{_due(row)}"
    last = f", {row['last_day'].text}" if "last_day" in row else ""
    yield f"    Last    {_text(row, 'last', 'None known')}{last}"


def _renewal(row: Row, _: int) -> Iterator[str]:
    days = f"{_text(row, 'days')} day{'' if _text(row, 'days') == '1' else 's'}"
    yield (f"{_text(row, 'renewal')}, {days}  {_text(row, 'account')}  {_now(row)}  "
           f"{_text(row, 'play')}  {_text(row, 'arr', '')}").rstrip()  # fmt: skip


def _expansion(row: Row, _: int) -> Iterator[str]:
    yield f"{_text(row, 'account')}  {_text(row, 'arr', '')}  {_now(row)}"
    yield f"  {_text(row, 'sign')} ({_text(row, 'owner')})"


def _override(row: Row, _: int) -> Iterator[str]:
    model = f"{_text(row, 'model_tier')} {_text(row, 'model_score', '')}".rstrip()
    yield (f"{_text(row, 'expires')}  {_text(row, 'account')}  set to {_text(row, 'tier')}, "
           f"model says {model}")  # fmt: skip
    yield f"  {_text(row, 'reason', 'No reason given')} ({_text(row, 'author', 'nobody named')})"


def _warning(row: Row, _: int) -> Iterator[str]:
    yield f"- {_text(row, 'count')} {_text(row, 'what')} {_text(row, 'fix')}"


def _todo(row: Row, _: int) -> Iterator[str]:
    yield f"{_text(row, 'account')}  {_text(row, 'arr', '')}  {_now(row)}  {_renews(row)}"
    owner = f"{_text(row, 'owner')}: " if "owner" in row else ""
    yield f"  {owner}{_text(row, 'do')}{_due(row)}"


_ROWS = {"newly_red": _moved, "recovered": _moved, "risk": _risk, "renewal": _renewal,
         "expansion": _expansion, "override": _override, "warning": _warning,
         "todo": _todo}  # fmt: skip
