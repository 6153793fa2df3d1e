"""What differs between a workbook's Tables and today's rows, as a diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.refs import cell_name
from workbook_templates.portfolio.names import WORKINGS
from workbook_templates.portfolio.written import KEY, Written
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
        typed = _ByHand(work, date1904=date1904)
        touched = _cells(diff, work, typed) or touched
        touched = touched or work.moves
        if name == _ACCOUNTS:
            _accounts(diff, work, typed)
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


def _cells(diff: Diff, work: Work, typed: _ByHand) -> bool:
    """Count changed cells; whether one that holds a value changes."""
    touched = False
    for key, col in work.filled.items():
        if work.found.spec.column(key).hidden:
            continue
        changes = work.changes(key)
        formulas = work.read.formulas[col]
        shown = [(s, t) for s, t in changes if s not in formulas or work.old[key][s] is not None]
        if shown and work.found.spec.sheet != WORKINGS:
            diff.cells[work.found.spec.name, work.found.header(col)] = len(shown)
        diff.typed += typed.of(key)
        touched = touched or bool(work.lost(key)) or any(s not in formulas for s, _ in changes)
    return touched


class _ByHand:
    """Values of people's that stand where ours did.

    That is what stands in place of a formula, and what differs from what the row says we wrote.
    """

    def __init__(self, work: Work, *, date1904: bool) -> None:
        self.work, self.date1904 = work, date1904
        spec, kept = work.found.spec, work.old.get(KEY)
        self.written = None if kept is None else Written(spec, kept, date1904=date1904)
        self._known: dict[str, dict[int, int]] = {}

    def rows(self, key: str) -> dict[int, int]:
        """Row before → row today of a column's typed values."""
        if key not in self._known:
            self._known[key] = self._found(key)
        return self._known[key]

    def _found(self, key: str) -> dict[int, int]:
        work, written = self.work, self.written
        lost = set(work.lost(key))
        found = {s: t for s, t in self._standing if s is not None and s in lost} if lost else {}
        if written is not None:
            old = work.old[key]
            found |= {s: t for s, t in work.changes(key) if written.typed(key, s, old[s])}
        return dict(sorted(found.items()))

    @property
    def _standing(self) -> Iterator[tuple[int | None, int]]:
        return zip(self.work.rows.source, self.work.rows.take, strict=True)

    def of(self, key: str) -> list[Typed]:
        """The same as people are told."""
        work, table = self.work, self.work.found.table
        column, col = work.found.spec.column(key), work.found.columns[key]

        def words(value: Value) -> str:
            return spoken(value, column.format, date1904=self.date1904)

        return [
            Typed(
                f"{table.sheet}!{cell_name(table.data.r1 + s, col)}",
                work.found.header(col),
                words(work.old[key][s]),
                words(work.new[key][t]),
            )
            for s, t in self.rows(key).items()
        ]


def _accounts(diff: Diff, work: Work, typed: _ByHand) -> None:
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
    _told(diff, work, typed)
    _scores(diff, work, typed)


def _state(work: Work, row: int, *, today: bool) -> str:
    """Tier and score of an account, such as "Amber 64"."""
    columns = work.new if today else work.old

    def value(key: str) -> Value:
        if key not in columns:
            return None
        return columns[key][row] if today else work.before(key, row)

    return " ".join(filter(None, (key_text(value("tier")), spoken(value("score"), "score"))))


def _told(diff: Diff, work: Work, typed: _ByHand) -> None:
    """A line for each change of a column whose changes are told, in the order of the sheet.

    What people typed over is told whatever its column.
    """
    by_row: list[tuple[int, int, Line]] = []
    date1904 = typed.date1904
    for place, (key, col) in enumerate(work.filled.items()):
        column = work.found.spec.column(key)
        by_hand = typed.rows(key)
        for s, t in work.changes(key) if column.told else by_hand.items():
            old, new = work.before(key, s), work.new[key][t]
            if same(old, new) or (old is None and s in work.read.formulas[col]):
                continue
            header = work.found.header(col)
            before = spoken(old, column.format, date1904=date1904)
            after = spoken(new, column.format, date1904=date1904)
            what = f"Typed over: {header}" if s in by_hand else header
            if before != after:
                by_row.append((s, place, Line(*work.account(t, today=True), what, before, after)))
            if key == "tier" and s not in by_hand:
                diff.tiers[key_text(old), key_text(new)] += 1
    diff.lines += [line for *_, line in sorted(by_row, key=lambda found: found[:2])]


def _scores(diff: Diff, work: Work, typed: _ByHand) -> None:
    """Scores that rose or fell; what people typed over one was never a score of ours."""
    if "score" not in work.filled:
        return
    tier = "tier" if "tier" in work.filled else ""
    by_hand = typed.rows("score")
    for s, t in work.changes("score"):
        if s in by_hand:
            continue
        old, new = work.before("score", s), work.new["score"][t]
        if not isinstance(old, float) or not isinstance(new, float) or half_up(old) == half_up(new):
            continue
        before = key_text(work.before(tier, s)) if tier else ""
        after = key_text(work.new[tier][t]) if tier else ""
        account = work.account(t, today=True)
        diff.scores.append((*account, half_up(old), half_up(new), before, after))
