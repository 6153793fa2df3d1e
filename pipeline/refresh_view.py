"""What `healthsheet refresh` says: the changes of a workbook, as lines and as data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.refresh import Outcome
from pipeline.results import SHAPES
from pipeline.score_totals import fix_lines
from pipeline.score_view import spoken_date
from pipeline.scored import Scored
from pipeline.terminal import Line, fit
from workbook_templates.refresh.diff import Diff, Typed

__all__ = ["refresh_data", "refresh_lines"]

_LISTED = 10
_LABEL = 15
_ADVICE = (
    "Ours stand there again. Correct the source; a score or tier of your own belongs on its sheet "
    "Overrides."
)
_KINDS = ("Added", "Removed", "Returned")
_STYLES = {shape: tier for tier, shape in SHAPES.items() if tier}


def refresh_lines(
    scored: Scored, outcome: Outcome, workbook: Path, *, width: int, seconds: float
) -> list[Line]:
    """All lines of the report.

    Args:
        scored: the source, scored.
        outcome: what became of the workbook.
        workbook: its path as people typed it.
        width: columns of the terminal.
        seconds: it took.
    """
    diff = outcome.diff
    scores = scored.scores
    word = "Made" if outcome.made else "Refreshed"
    word = word if outcome.written else "Compared"
    count = f"{word} {diff.accounts:,} account{'' if diff.accounts == 1 else 's'}"
    where = f"  {scored.inputs.source}, {scores.model.label}, {spoken_date(scores.as_of)}"
    lines: list[Line] = [[(count, "bold"), (where, "")], []]
    if not outcome.made:
        lines += _changes(diff, width)
    fixes = fix_lines(scored.problems, 5, width)
    lines += [*fixes, []] if fixes else []
    return [*lines, _ending(outcome, workbook, seconds)]


def _ending(outcome: Outcome, workbook: Path, seconds: float) -> Line:
    if outcome.written:
        backup = ""
        if outcome.backup:
            backup = f". As it was: {outcome.backup.parent.name}/{outcome.backup.name}"
        return [(f"Wrote {workbook}, {seconds:.1f} s", "bold"), (backup, "")]
    if not outcome.made and not _anything(outcome.diff):
        return [(f"Nothing changed: {workbook} is as it was.", "bold")]
    would = "made" if outcome.made else "refreshed"
    return [(f"Dry run: {workbook} would be {would}; nothing was written.", "bold")]


def _anything(diff: Diff) -> bool:
    return bool(diff.lines or diff.cells or diff.places or diff.moved or diff.typed)


def _changes(diff: Diff, width: int) -> list[Line]:
    lines = _counts(diff)
    lines += [[], *_scores(diff, width)] if diff.scores else []
    people = _people(diff)
    lines += [[], *people] if people else []
    lines += _typed(diff)
    lines += [[(note, "muted")] for note in diff.notes]
    return [*lines, []] if lines else []


def _counts(diff: Diff) -> list[Line]:
    """Numbers of what changed, one kind a line."""
    out: list[Line] = []
    found = {what: len(diff.of(what)) for what in _KINDS}
    rows = [f"{n:,} {what.casefold()}" for what, n in found.items() if n]
    if rows:
        out.append(_count("Accounts", ", ".join(rows)))
    out += [_count(line.what, f"{line.before} → {line.after}") for line in diff.of("Model")]
    tiers = sorted(diff.tiers.items(), key=lambda found: (-found[1], found[0]))
    if tiers:
        told = ", ".join(f"{n:,} {a or 'none'} → {b or 'none'}" for (a, b), n in tiers[:4])
        out.append(_count("Tiers", f"{sum(diff.tiers.values()):,} changed: {told}"))
    if diff.scores:
        out.append(_count("Scores", f"{diff.up:,} up, {diff.down:,} down"))
    cells = [(n, head) for (table, head), n in diff.cells.items() if table == "Accounts"]
    if cells:
        told = ", ".join(f"{head} {n:,}" for n, head in sorted(cells, key=lambda c: -c[0])[:6])
        rest = len(cells) - 6
        more = f" and {rest} more column{'' if rest == 1 else 's'}" if rest > 0 else ""
        out.append(_count("Cells", f"{sum(n for n, _ in cells):,}: {told}{more}"))
    changed = {*diff.moved, *(table for table, _ in diff.cells if table != "Accounts")}
    lists = [diff.sheets.get(table, table) for table in diff.sheets if table in changed]
    if lists:
        out.append(_count("Lists", ", ".join(lists)))
    if diff.archived:
        of = f"{diff.archived_rows:,} row{'' if diff.archived_rows == 1 else 's'}"
        out.append(_count("Archive", f"{diff.archived:,} of yours from {of}, on sheet Archive"))
    if diff.stayed:
        names = ", ".join(diff.stayed[:3]) + (" …" if len(diff.stayed) > 3 else "")
        out.append(_count("Not in source", f"{len(diff.stayed):,} left as they are: {names}"))
    return out


def _count(label: str, text: str) -> Line:
    return [(label.ljust(_LABEL), "bold"), (text, "")]


def _scores(diff: Diff, width: int) -> list[Line]:
    """Accounts whose score changed, the largest fall first."""
    found = sorted(diff.scores, key=lambda s: (-abs(s[3] - s[2]), s[1]))
    longest = max(len(name) for _, name, *_ in found[:_LISTED])
    room = min(longest, max(width - 44, 16))
    lines: list[Line] = []
    for account_id, name, before, after, tier, now in found[:_LISTED]:
        change = f"{after - before:+.0f}".replace("-", "−")
        line: Line = [(fit(name or account_id, room) + "  ", ""), *_tier(tier, before)]
        lines.append([*line, (" → ", ""), *_tier(now, after), (change.rjust(6), "")])
    if len(found) > _LISTED:
        more = f"{_LISTED} of {len(found):,} shown, largest change first. All: sheet Changes."
        lines.append([(more, "muted")])
    return lines


def _tier(tier: str, score: float) -> Line:
    shape, _, word = tier.partition(" ")
    if shape not in _STYLES:
        return [(fit(tier, 10), ""), (f"{score:3.0f}", "")]
    return [(shape, _STYLES[shape]), (fit(f" {word}", 9), ""), (f"{score:3.0f}", "")]


def _people(diff: Diff) -> list[Line]:
    lines: list[Line] = []
    for what in _KINDS:
        found = diff.of(what)
        names = ", ".join(_clean(line.account or line.account_id) for line in found[:5])
        more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
        lines += [_count(what, names + more)] if found else []
    return lines


def _typed(diff: Diff) -> list[Line]:
    if not diff.typed:
        return []
    count = len(diff.typed)
    head = f"! {count:,} value{'' if count == 1 else 's'} typed over ours"
    told = "; ".join(_replaced(t) for t in diff.typed[:3])
    more = " …" if count > 3 else ""
    return [[(head, "warn"), (f"  {told}{more}", "")], [(_ADVICE, "muted")]]


def _replaced(typed: Typed) -> str:
    value, now = _clean(typed.value) or "blank", _clean(typed.now)
    return f"{typed.place}, {typed.header}: {value} → {now or 'blank'}"


def _clean(text: str) -> str:
    """Names come from data: what a terminal would act on is left out."""
    return "".join(c for c in text if c.isprintable())[:80]


def refresh_data(scored: Scored, outcome: Outcome, workbook: Path) -> dict[str, Any]:
    """The same for programs."""
    diff = outcome.diff
    return {
        "workbook": str(workbook),
        "source": scored.inputs.source,
        "model": scored.scores.model.label,
        "as_of": scored.scores.as_of.isoformat(),
        "made": outcome.made,
        "written": outcome.written,
        "changed": outcome.made or _anything(diff),
        "backup": None if outcome.backup is None else str(outcome.backup),
        "accounts": diff.accounts,
        "added": _accounts(diff, "Added"),
        "removed": _accounts(diff, "Removed"),
        "returned": _accounts(diff, "Returned"),
        "left_as_they_are": diff.stayed,
        "tiers": [{"before": a, "after": b, "accounts": n} for (a, b), n in diff.tiers.items()],
        "scores": [
            dict(zip(("account_id", "account", "before", "after", "tier_before", "tier"), s,
                     strict=True))
            for s in diff.scores
        ],
        "cells": [{"table": t, "column": c, "changed": n} for (t, c), n in diff.cells.items()],
        "archived": diff.archived,
        "typed_over": [t._asdict() for t in diff.typed],
        "lists": diff.moved,
        "changes": [line._asdict() for line in diff.lines],
        "notes": diff.notes,
        **outcome.ahead,
        "problems": [{f: getattr(p, f) for f in p.__dataclass_fields__} for p in scored.problems],
    }  # fmt: skip


def _accounts(diff: Diff, what: str) -> list[dict[str, str]]:
    lines: Sequence[Any] = diff.of(what)
    return [{"account_id": line.account_id, "account": line.account} for line in lines]
