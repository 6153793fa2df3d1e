"""What to do for an account: who, by when; what people decided about it stays decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scoring.judgement.actions_alike import alike, content_words
from scoring.judgement.actions_days import horizon_of
from scoring.judgement.actions_kept import (
    OWN,
    SOURCE,
    Kept,
    base_key,
    fingerprint,
    generation,
    given_of,
    kept_of,
    source_key,
)
from scoring.judgement.actions_wanted import Wanted, wanted_of
from scoring.judgement.case import Case
from scoring.judgement.escalation import (
    ATTEMPTS,
    answered,
    attempts_of,
    next_channel,
    role_above,
)
from scoring.judgement.library import Library
from scoring.judgement.records import HORIZONS, Action, Horizon
from scoring.workdays import due_day

__all__ = ["COOL_DOWN", "LINGERS", "MOST", "STATUSES", "is_open", "is_overdue", "plan_actions"]

MOST: Mapping[Horizon, int] = dict(zip(HORIZONS, (3, 3, 2), strict=True))
"""Actions that a horizon holds at most, before we propose no more than one (ours)."""
COOL_DOWN = 30
"""Days after which a done action is proposed again while its risk still stands (ours)."""
LINGERS = 30
"""Days that a done or dropped action stays listed after its situation is over (ours)."""
STATUSES = ("Open", "In progress", "Done", "Dropped")
_UP = "/up"
_CLOSED = {"done": STATUSES[2], "dropped": STATUSES[3]}


def plan_actions(
    case: Case, library: Library, *, most: Mapping[Horizon, int] = MOST, in_all: int | None = None
) -> tuple[Action, ...]:
    """Actions of an account, in the order in which they are to be done.

    Proposed are the steps of its tier, of the plays of its risks and of its alerts, at most
    *most* a horizon, the most valuable first, none that people typed themselves. What stands in
    ``case.typed`` counts before ours: texts, owners and days that people changed, done and
    dropped ones, attempts. Three attempts without response ask for somebody higher up.

    Args:
        case: the account and what was found of it.
        library: its plays.
        most: proposals that a horizon holds at most, beside one where people filled it.
        in_all: proposals that all horizons together hold at most; None for no such limit.

    Returns:
        Overdue ones first, then by horizon and day; done and dropped ones last.
    """
    rows = [row for r in case.typed if (row := _keyed(kept_of(r))).text or row.given.text]
    own, rest = _typed(case, rows)
    state = _latest(r for r in rest if _UP not in r.key)
    planned = _planned(case, wanted_of(case, library), state, own, (most, in_all))
    # Its situation is over; what people took up stays theirs until they close it.
    planned += [a for row in state.values() if (a := _left_over(case, row)) is not None]
    found = [*own, *planned]
    found += _ups(case, found, {r.key: r for r in rest if _UP in r.key})
    return tuple(sorted(found, key=lambda a: _order(a, case.as_of)))


def _planned(
    case: Case,
    wanted: Sequence[Wanted],
    state: dict[str, Kept],
    own: Sequence[Action],
    limits: tuple[Mapping[Horizon, int], int | None],
) -> list[Action]:
    """Proposals that are listed; takes those that were listed before out of *state*."""
    typed = [_words(case, a.text) for a in own if is_open(a)]
    settled = {w.key: _settled(case, w, state.get(w.key)) for w in wanted}
    known = {w.key for w in wanted if state.pop(w.key, None) is not None}
    # What people typed fills a horizon too; the most valuable of ours is said all the same.
    theirs = Counter(a.horizon for a in own if is_open(a))
    most, in_all = limits
    room = {horizon: max(most[horizon] - theirs[horizon], 1) for horizon in HORIZONS}
    left = len(wanted) if in_all is None else in_all
    for key in known:
        if is_open(settled[key]):
            room[settled[key].horizon] -= 1
            left -= 1
    out = []
    for one in wanted:
        action = settled[one.key]
        if one.key not in known:
            words = _words(case, action.text)
            full = left <= 0 or room[action.horizon] <= 0
            if full or any(alike(words, w) for w in typed):
                continue
            room[action.horizon] -= 1
            left -= 1
        out.append(action)
    return out


def is_open(action: Action) -> bool:
    """Whether it is still to be done."""
    return action.closed is None


def is_overdue(action: Action, as_of: date) -> bool:
    """Whether its day has passed and nobody closed it; on the day itself there is time."""
    return is_open(action) and action.due is not None and action.due < as_of


def _order(action: Action, as_of: date) -> tuple[object, ...]:
    late = is_overdue(action, as_of)
    horizon = HORIZONS.index(action.horizon)
    due = action.due or date.max
    return (not is_open(action), not late, not action.escalated, 0 if late else horizon, due)


def _words(case: Case, text: str) -> frozenset[str]:
    return content_words(text, (case.name, case.contact, *case.people.values()))


def _keyed(row: Kept) -> Kept:
    """A row of the source goes by its text."""
    return row if row.key else replace(row, key=source_key(row.text))


def _typed(case: Case, rows: Sequence[Kept]) -> tuple[list[Action], list[Kept]]:
    """Actions that people typed in the source or the workbook, and the rows that we proposed."""
    source = {r.key: r for r in rows if r.key.startswith(SOURCE) and not r.given.text}
    book = {r.key: r for r in rows if r.key not in source or r.given.text}
    out = [_as_typed(case, _joined(r, book.pop(r.key, None))) for r in source.values()]
    rest = []
    for row in book.values():
        if row.key.startswith(OWN):
            left = _as_typed(case, row) if row.state == "open" else _left_over(case, row)
        elif row.key.startswith(SOURCE):
            # The source no longer has it.
            left = _left_over(case, row)
        else:
            rest.append(row)
            continue
        out += [left] if left is not None else []
    return out, rest


def _joined(source: Kept, book: Kept | None) -> Kept:
    """A source's action with what people did to it in the workbook."""
    ours = given_of(source.text, source.owner, source.due)
    if book is None:
        return replace(source, given=ours)
    open_there = book.state == "open"
    return replace(
        book,
        text=book.text if book.text_edited else source.text,
        owner=book.owner if book.owner_edited else source.owner,
        due=book.due if book.due_edited else source.due,
        horizon=source.horizon or book.horizon,
        state=source.state if open_there else book.state,
        status=source.status if open_there and source.state != "open" else book.status,
        attempts=book.attempts or source.attempts,
        last_channel=book.last_channel or source.last_channel,
        response=book.response or source.response,
        given=ours,
    )


def _latest(rows: Iterable[Kept]) -> dict[str, Kept]:
    """Base key → the latest turn of each action of ours."""
    out: dict[str, Kept] = {}
    for row in sorted(rows, key=lambda r: generation(r.key)):
        out[base_key(row.key)] = row
    return out


def _settled(case: Case, wanted: Wanted, row: Kept | None) -> Action:
    """A proposal with what people made of it: a new one, one they have, or one they closed."""
    if row is None:
        return _new(case, wanted, wanted.key)
    if row.state == "done":
        closed = row.closed or case.as_of
        again = wanted.again is not None and (case.as_of - closed).days >= wanted.again
        newer = wanted.since is not None and wanted.since > closed
        if again or newer:
            return _new(case, wanted, f"{wanted.key}~{generation(row.key) + 1}")
    action = _carried(case, row, wanted.text, wanted.owner, wanted.due)
    return replace(
        action,
        horizon=wanted.horizon,
        role=wanted.role,
        risk=wanted.risk,
        channel=next_channel(row.last_channel, action.attempts, wanted.channel),
        origin=wanted.origin,
        why=wanted.why,
    )


def _new(case: Case, wanted: Wanted, key: str) -> Action:
    return Action(
        key=key,
        horizon=wanted.horizon,
        text=wanted.text,
        owner=wanted.owner,
        role=wanted.role,
        due=wanted.due,
        risk=wanted.risk,
        channel=wanted.channel,
        origin=wanted.origin,
        why=wanted.why,
        opened=case.as_of,
        given=fingerprint(wanted.text, wanted.owner, wanted.due),
    )


def _carried(case: Case, row: Kept, text: str, owner: str, due: date | None) -> Action:
    """A row as it stands, ours renewed where people left it alone; a day once given stays."""
    ours = row.given.due or due
    done = row.state != "open"
    return Action(
        key=row.key,
        horizon=horizon_of(row.horizon, row.due, case.as_of),
        text=row.text if row.text_edited or done else text,
        owner=row.owner if row.owner_edited or done else owner,
        role=owner,
        due=row.due if row.due_edited or done else ours,
        status=_CLOSED.get(row.state) or row.status or STATUSES[0],
        attempts=attempts_of(row.attempts),
        last_channel=row.last_channel,
        response="" if row.response is None else str(row.response),
        notes=row.notes,
        opened=row.opened or case.as_of,
        closed=(row.closed or case.as_of) if done else None,
        given=fingerprint(text, owner, ours),
        edited=row.edited,
    )


def _as_typed(case: Case, row: Kept) -> Action:
    """An action that people typed; without an owner it has none, which is theirs to mend."""
    action = _carried(case, row, row.text, row.owner, row.due)
    return replace(
        action,
        text=row.text,
        owner=row.owner,
        due=row.due,
        role="",
        channel=next_channel(row.last_channel, action.attempts, ""),
        origin="typed",
        why="Typed",
        given=row.given.written,
    )


def _left_over(case: Case, row: Kept) -> Action | None:
    """What becomes of an action whose situation is over."""
    if row.state == "open" and not row.touched:
        return None
    closed = row.closed or case.as_of
    if row.state != "open" and case.as_of - closed >= timedelta(days=LINGERS):
        return None
    action = _carried(case, row, row.text, row.owner, row.due)
    return replace(action, text=row.text, owner=row.owner, due=row.due,
                   channel=next_channel(row.last_channel, action.attempts, ""),
                   origin="kept", why="Situation over, people took it up")  # fmt: skip


def _ups(case: Case, found: Sequence[Action], rows: Mapping[str, Kept]) -> list[Action]:
    """Executive outreach for what was tried three times without response."""
    out = []
    for action in found:
        key = f"{action.key}{_UP}"
        silent = action.attempts >= ATTEMPTS and not answered(action.response)
        if not is_open(action) or not silent:
            row = rows.get(key)
            left = _left_over(case, row) if row is not None else None
            out += [left] if left is not None else []
            continue
        role = role_above(action.role or _role_of(case, action.owner))
        owner = case.people.get(role, role)
        miss = f": show what {case.unused} would give them" if case.unused else ""
        who = case.people.get("Executive sponsor") or case.contact or "their executive sponsor"
        text = f"Executive outreach to {who}{miss}. No answer to: {action.text}"
        due = due_day(case.as_of, 24)
        why = f"{action.attempts} attempts without response"
        wanted = Wanted(key, text, role, owner, HORIZONS[0], due, "phone", action.risk,
                        "escalation", why, 0, None, None)  # fmt: skip
        out.append(replace(_settled(case, wanted, rows.get(key)), escalated=True))
    return out


def _role_of(case: Case, owner: str) -> str:
    """The role of a person of the account's columns; others count as CSMs."""
    return next((role for role, name in case.people.items() if name == owner), owner or "CSM")
