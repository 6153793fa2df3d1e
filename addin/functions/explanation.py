"""Why an account scores what it scores: all that a person asks about one row, in one object.

The numbers are those that the cells show: the same row is read and scored by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from addin.cells import Cell, CellProblem, Row, is_error, shown, today
from addin.functions.accounts import Accounts, Scored, score_row
from addin.functions.earlier import Earlier, Then, day_of, earlier_scores
from addin.functions.recognition import (
    Columns,
    Place,
    Problem,
    day_text,
    match_table,
    recognise,
)
from addin.functions.verdict import Snapshot, Verdict, judge, snapshot
from addin.records import layout
from scoring.columns import OVERRIDES, match_headers
from scoring.model import ScoreModel, Segment
from scoring.parse import parse_value
from scoring.parse_text import ValueProblem, is_blank

__all__ = ["SEGMENT_WORDS", "Explanation", "Question", "explain"]

_EXPIRES = next(c for c in OVERRIDES if c.key == "expires")
SEGMENT_WORDS: dict[object, str] = {
    "enterprise": "Enterprise",
    "mid_market": "Mid-Market",
    "smb": "SMB",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A row of an account, and what is known beside it.

    Attributes:
        headers, row: as many cells each.
        model: what scores it.
        segment: wins over a *Segment* column; None without one.
        place: where the row stands.
        earlier: rows of the same account with their dates; None without any.
        overrides: the account's rows of an *Overrides* sheet under its headers; None without.
    """

    headers: Row
    row: Row
    model: ScoreModel
    segment: Segment | None = None
    place: Place = field(default_factory=Place)
    earlier: Earlier | None = None
    overrides: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row explained.

    Attributes:
        account: its name, else its id, else "".
        model: label such as ``four-dimension 1.0``.
        segment: in force, in words; "" for none.
        verdict: None where values of the row cannot be used.
        columns: what was recognised.
        problems: what keeps the row from a score.
        notes: sentences about cells that count as missing.
        override: what a person set, in words; "". Cells do not see it, so the score does not
            follow it.
        last: the latest earlier score; None without one.
    """

    account: str
    model: str
    segment: str
    verdict: Verdict | None
    columns: Columns
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    override: str
    last: Snapshot | None


def explain(question: Question) -> Explanation:
    """Explain one row; whatever is wrong with it becomes a `Problem`, never an exception."""
    q, now = question, today()
    columns = recognise(q.headers, q.row, q.model, q.place, now)
    day = day_of(q.headers, q.row, q.model) or now
    then: tuple[Then, ...] = ()
    scored: Scored | None = None
    problems = columns.problems
    try:
        how = layout(q.headers, q.model, segment_given=q.segment is not None)
        accounts = Accounts(q.model, (q.row,), how, q.segment, now if how.dated else None)
        then = earlier_scores(q.earlier, accounts, day) if q.earlier else ()
        scored = score_row(q.row, accounts)
    except CellProblem as problem:
        # A value that follows from two others is wrong in no cell of its own.
        problems = problems or (Problem("", "", "", str(problem)),)
    segment = scored.record.values.get("segment") if scored else q.segment
    return Explanation(
        account=_account(q),
        model=q.model.label,
        segment=SEGMENT_WORDS.get(segment, ""),
        verdict=judge(scored, then, day, now) if scored else None,
        columns=columns,
        problems=problems,
        notes=scored.record.notes if scored else (),
        override=_override(q.overrides, now),
        last=snapshot(then[0], q.model, now) if then else None,
    )


def _account(q: Question) -> str:
    """The account's name, else its id."""
    found = {c.key: q.row[at] for at, c in match_table(q.headers, q.model)[0].items()}
    for key in ("account_name", "account_id"):
        cell = found.get(key)
        if not is_blank(cell, named=True) and not is_error(cell):
            return str(cell) if isinstance(cell, str) else shown(cell)
    return ""


def _override(overrides: Earlier | None, now: date) -> str:
    """The override in force, the last row where several are: ``Green until 15 Dec, by …``."""
    if overrides is None:
        return ""
    matched, _, _ = match_headers(overrides.headers, OVERRIDES)
    at = {column.key: position for position, column in matched.items()}
    for row in reversed(overrides.rows):
        cell = {key: row[position] for key, position in at.items()}
        until = _day(cell.get("expires"))
        if until is None or until >= now:
            return _override_words(cell, until, now)
    return ""


def _override_words(cell: Mapping[str, Cell], until: date | None, now: date) -> str:
    told = {key: "" if is_blank(raw) else shown(raw) for key, raw in cell.items()}
    what = " ".join(filter(None, (told.get("tier", ""), told.get("score", ""))))
    limit = f" until {day_text(until, now)}" if until else ""
    who = f", by {told['author']}" if told.get("author") else ""
    why = f": {told['reason']}" if told.get("reason") else ""
    return f"{what}{limit}{who}{why}" if what else ""


def _day(raw: object) -> date | None:
    try:
        found = parse_value(raw, _EXPIRES)
    except ValueProblem:
        return None
    return found if isinstance(found, date) else None
