"""What differs between a workbook's Tables and today's rows, as a diff."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.refs import cell_name
from workbook_templates.portfolio.names import WORKINGS
from workbook_templates.refresh.cells import key_text, same
from workbook_templates.refresh.diff import Diff, Line, Typed, spoken
from workbook_templates.refresh.tables import Work
from workbook_templates.refresh.today import half_up

__all__ = ["tell"]

_ACCOUNTS = "Accounts"


def tell(diff: Diff, works: Mapping[str, Work], *, date1904: bool) -> bool:
    """Write what changes into *diff*; whether any cell of the workbook's Tables must change."""
    touched = False
    for name, work in works.items():
        _columns(diff, work)
        if work.found.spec.sheet != WORKINGS:
            diff.sheets[name] = work.found.table.sheet
        touched = _cells(diff, work) or touched
        touched = touched or work.moves
        if name == _ACCOUNTS:
            _accounts(diff, work, date1904)
        elif work.moves and name in diff.sheets:
            diff.moved.append(name)
        if work.held:
            heads = ", ".join(work.found.header(work.found.columns[k]) for k in sorted(work.held))
            diff.notes.append(
                f"{work.found.table.name}: formulas of yours stand in {heads}; they stay."
            )
    return touched


def _columns(diff: Diff, work: Work) -> None:
    found = work.found
    if found.gone and found.ours:
        listed = ", ".join(found.gone)
        word = "column" if len(found.gone) == 1 else "columns"
        diff.notes.append(f"{found.table.name} has no {word} {listed}; deleted ones stay deleted.")
    if not found.ours:
        listed = ", ".join(found.header(c) for c in work.filled.values())
        diff.notes.append(
            f"{found.table.name} is not a Table of ours: only {listed} are refreshed, by header."
        )


def _cells(diff: Diff, work: Work) -> bool:
    """Count changed cells; whether one that holds a value changes."""
    touched = False
    for key, col in work.filled.items():
        column = work.found.spec.column(key)
        header = work.found.header(col)
        changes = work.changes(key)
        formulas = work.read.formulas[col]
        shown = [(s, t) for s, t in changes if s not in formulas or work.old[key][s] is not None]
        if shown and work.found.spec.sheet != WORKINGS:
            diff.cells[work.found.spec.name, header] = len(shown)
        lost = work.lost(key)
        for row in lost:
            at = cell_name(work.found.table.data.r1 + row, col)
            value = spoken(work.old[key][row], column.format)
            diff.typed.append(Typed(f"{work.found.table.sheet}!{at}", header, value))
        touched = touched or bool(lost) or any(s not in formulas for s, _ in changes)
    return touched


def _accounts(diff: Diff, work: Work, date1904: bool) -> None:
    rows = work.rows
    diff.accounts = sum(t >= 0 for t in rows.take)
    for row in rows.gone:
        account = work.account(row)
        if any(account):
            diff.lines.append(Line(*account, "Removed", _state(work, row, today=False), ""))
    for t in rows.added:
        account = work.account(t, today=True)
        diff.lines.append(Line(*account, "Added", "", _state(work, t, today=True)))
    for s, t in zip(rows.source, rows.take, strict=True):
        if s is not None and t < 0 and s not in rows.strange:
            diff.stayed.append(" ".join(filter(None, work.account(s))))
    if rows.strange:
        first = work.found.table.data.r1
        listed = ", ".join(str(first + r) for r in rows.strange[:5])
        diff.notes.append(f"Rows without an account stay as they are: {listed}.")
    _told(diff, work, date1904)
    _scores(diff, work)


def _state(work: Work, row: int, *, today: bool) -> str:
    """Tier and score of an account, such as "Amber 64"."""
    columns = work.new if today else work.old

    def value(key: str) -> Value:
        if key not in columns:
            return None
        return columns[key][row] if today else work.before(key, row)

    return " ".join(filter(None, (key_text(value("tier")), spoken(value("score"), "score"))))


def _told(diff: Diff, work: Work, date1904: bool) -> None:
    """A line for each change of a column whose changes are told, in the order of the sheet."""
    by_row: list[tuple[int, int, Line]] = []
    typed = {(t.place, t.header) for t in diff.typed}
    for place, (key, col) in enumerate(work.filled.items()):
        column = work.found.spec.column(key)
        if not column.told:
            continue
        for s, t in work.changes(key):
            old, new = work.before(key, s), work.new[key][t]
            if same(old, new) or (old is None and s in work.read.formulas[col]):
                continue
            header = work.found.header(col)
            before = spoken(old, column.format, date1904=date1904)
            after = spoken(new, column.format, date1904=date1904)
            at = f"{work.found.table.sheet}!{cell_name(work.found.table.data.r1 + s, col)}"
            what = f"Typed over: {header}" if (at, header) in typed else header
            if before != after:
                by_row.append((s, place, Line(*work.account(t, today=True), what, before, after)))
            if key == "tier":
                diff.tiers[key_text(old), key_text(new)] += 1
    diff.lines += [line for *_, line in sorted(by_row, key=lambda found: found[:2])]


def _scores(diff: Diff, work: Work) -> None:
    if "score" not in work.filled:
        return
    tier = "tier" if "tier" in work.filled else ""
    for s, t in work.changes("score"):
        old, new = work.before("score", s), work.new["score"][t]
        if not isinstance(old, float) or not isinstance(new, float) or half_up(old) == half_up(new):
            continue
        before = key_text(work.before(tier, s)) if tier else ""
        after = key_text(work.new[tier][t]) if tier else ""
        account = work.account(t, today=True)
        diff.scores.append((*account, half_up(old), half_up(new), before, after))
