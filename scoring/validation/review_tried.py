"""What was tried with an account before it was lost, and what its events told, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scoring.judgement.actions_kept import Kept, kept_of, plain_day, plain_text
from scoring.judgement.phrases import counted, day_words, plainly, whole
from scoring.model import ScoreModel

__all__ = ["EVENT_DAYS", "Tried", "rows_by_account", "tried"]

Row = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, Sequence[Row]]]

EVENT_DAYS = 180
"""Days before a loss in which events are looked for (ours)."""
_SHEETS = ("Actions", "Overrides", "Events", "Stakeholders")
_LETTERS = 120


@dataclass(frozen=True)
class Tried:
    """What people did and knew before a loss.

    Attributes:
        texts: actions and overrides, oldest first.
        events: day and text, oldest first.
        undated: actions without any day, which may have come after the loss.
        contacts: whether any last contact is known; None where none of its people is listed.
    """

    texts: tuple[str, ...]
    events: tuple[tuple[date, str], ...]
    undated: int
    contacts: bool | None


def rows_by_account(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Sheet → account → its rows, of the sheets that a review reads; absent where not given."""
    out: dict[str, dict[str, list[Row]]] = {}
    for sheet in _SHEETS:
        frame = tables.get(sheet)
        if frame is None:
            continue
        found = out.setdefault(sheet, {})
        for row in frame.to_dict("records"):
            plain = {str(k): _plain(v) for k, v in row.items()}
            found.setdefault(plain_text(plain.get("account_id")), []).append(plain)
    return out


def tried(tables: Tables, account: str, model: ScoreModel, *, since: date, until: date) -> Tried:
    """What was tried with an account after a day and up to its loss.

    Args:
        tables: of `rows_by_account`.
        account: id.
        model: knows the tiers' words.
        since: day of its earlier loss; rows up to it belong to that one.
        until: day of the loss.
    """
    kept = [kept_of(row) for row in tables.get("Actions", {}).get(account, ())]
    kept = [k for k in kept if k.text]
    dated = [(day, _action(k)) for k in kept if (day := _day(k)) and since < day <= until]
    for row in tables.get("Overrides", {}).get(account, ()):
        day = plain_day(row.get("set_on"))
        if day is not None and since < day <= until:
            dated.append((day, _override(row, model, day)))
    first = max(since, until - timedelta(days=EVENT_DAYS))
    events = [
        (day, plainly(plain_text(row.get("event")), _LETTERS))
        for row in tables.get("Events", {}).get(account, ())
        if (day := plain_day(row.get("date")))
        and first < day <= until
        and plain_text(row.get("event"))
    ]
    people = tables.get("Stakeholders", {}).get(account, ())
    known = any(plain_day(row.get("last_contact")) for row in people)
    return Tried(
        texts=tuple(text for _, text in sorted(dated, key=lambda d: d[0])),
        events=tuple(sorted(events)),
        undated=sum(_day(k) is None for k in kept),
        # Sheets of today may have dropped the people of an account that is gone.
        contacts=known if people else None,
    )


def _day(kept: Kept) -> date | None:
    """When it was done; of one that is open, when it was begun, else its deadline."""
    if kept.state == "open":
        return kept.opened or kept.due
    return kept.closed or kept.due or kept.opened


def _action(kept: Kept) -> str:
    """``Agree a plan: done 12 Sep 2026, CSM; 3 attempts by email``."""
    day = kept.due if kept.state == "open" else kept.closed or kept.due
    state = "not done" if kept.state == "open" else kept.state
    when = f" {'due ' if kept.state == 'open' else ''}{day_words(day)}" if day else ""
    comma = "," if when and kept.state == "open" else ""
    owner = f", {plainly(kept.owner, 40)}" if kept.owner else ""
    text = f"{plainly(kept.text, _LETTERS)}: {state}{comma}{when}{owner}"
    attempts = kept.attempts if isinstance(kept.attempts, int | float) else 0
    if attempts and attempts == attempts:
        channel = f" by {plainly(kept.last_channel, 30)}" if kept.last_channel else ""
        text += f"; {counted(int(attempts), 'attempt')}{channel}"
    response = plain_text(kept.response)
    return f"{text}; response: {plainly(response, 60)}" if response else text


def _override(row: Row, model: ScoreModel, day: date) -> str:
    """``Override to Green, 3 Aug 2026, Dana: new champion``."""
    score, tier = row.get("score"), plain_text(row.get("tier"))
    what = model.tier_label(tier) or tier
    if isinstance(score, int | float) and score == score:
        what = f"{whole(float(score))} {what}".strip()
    author = plainly(plain_text(row.get("author")), 40)
    reason = plainly(plain_text(row.get("reason")), _LETTERS)
    text = f"Override to {what}, {day_words(day)}{f', {author}' if author else ''}"
    return f"{text}: {reason}" if reason else text


def _plain(value: Any) -> Any:
    """A cell as plain Python; None where it is missing."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value
