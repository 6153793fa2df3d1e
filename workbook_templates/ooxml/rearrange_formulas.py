"""The formulas of the Table's own sheet, rewritten where a Table's rows change places."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from workbook_templates.ooxml.alike import ROW, Alike, sheet_formulas
from workbook_templates.ooxml.formulas import Formula
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.refs import (
    Area,
    NameToken,
    RefToken,
    StructToken,
    col_name,
    parse_area,
    shift_formula,
    tokens,
)
from workbook_templates.ooxml.rowset import bits
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, attr, escape, set_attr

__all__ = ["OwnFormulas", "Pattern"]


class Pattern(NamedTuple):
    """What becomes of formulas that read alike.

    Attributes:
        new: the raw text where they go, with a mark for the own row.
        touched: what they read is not what it was.
    """

    new: bytes
    touched: bool


class OwnFormulas:
    """What becomes of each formula of the sheet whose rows move.

    Most formulas of a long Table read their own row only: those are not taken apart one by
    one, but known again by what they have in common.

    Args:
        sheet: the Table's sheet.
        move: what moves.
        seeds: takes what reads cells that leave.
    """

    def __init__(self, sheet: SheetXml, move: RowMove, seeds: Seeds) -> None:
        self.sheet, self.move, self.seeds = sheet, move, seeds
        self.found = sheet_formulas(sheet)
        self._edits: dict[int, Edit | None] = {}
        self._patterns: dict[bytes, Pattern | None] = {}
        self._news: list[bytes] = []
        for group in self.found.groups:
            self._alike(group)
        self._others()

    def rewritten(self, start: int, end: int) -> bytes:
        """The bytes [start, end) of the sheet with the formulas in them as they will read."""
        data, out = self.sheet.data, list[bytes]()
        for item in self.found.between(start, end):
            edit = self._edit(item)
            if edit is not None:
                out += (data[start : edit[0]], edit[2])
                start = edit[1]
        return b"".join([*out, data[start:end]]) if out else data[start:end]

    def _edit(self, item: int) -> Edit | None:
        found = self.found
        kind = found.kind[item]
        if kind < 0 or item in self._edits:
            return self._edits.get(item)
        group, new = found.groups[kind], self._news[kind]
        row = found.row[item]
        to = self.move.lands(row) if self._travels(row, group.col) else row
        if to is None or (to == row and new == group.key):
            return None
        return *found.text_span(item), new.replace(ROW, b"%d" % to)

    def _travels(self, row: int, col: int) -> bool:
        return self.move.left <= col <= self.move.right and row >= self.move.first

    def _alike(self, group: Alike) -> None:
        """Formulas that read alike, as far as they go where their rows go."""
        move, items, rows = self.move, group.items, group.rows
        n = len(rows) if move.left <= group.col <= move.right else bisect_left(rows, move.first)
        row = next((r for r in rows[:n] if not self._leaves(r, group.col)), 0)
        pattern = self._pattern(group.key, group.text(row), row) if row else None
        self._news.append(pattern.new if pattern else b"")
        for k in range(n if pattern else 0, len(rows)):
            self._alone(items[k], rows[k], group)
        if pattern and pattern.touched:
            few = group.mask if n == len(rows) else bits(rows[:n])
            self.seeds.add_rows(move.part, group.col, move.staying(group.col, few))

    def _leaves(self, row: int, col: int) -> bool:
        return self._travels(row, col) and self.move.lands(row) is None

    def _alone(self, item: int, row: int, group: Alike) -> None:
        to = self.move.lands(row) if self._travels(row, group.col) else row
        if to is None:
            return
        raw = group.key.replace(ROW, b"%d" % row)
        new = self._moved(group.text(row), row, group.col, raw)
        at = self.found.at[item]
        self._edits[item] = (at, at + len(raw), new) if new != raw else None

    def _others(self) -> None:
        shared: dict[str, list[tuple[int, Formula]]] = {}
        for item, f in self.found.others.items():
            if f.kind == "shared":
                shared.setdefault(f.group, []).append((item, f))
                continue
            to = self.move.lands(f.row) if self._travels(f.row, f.col) else f.row
            if to is not None:
                self._array(item, f, to)
        for group in shared.values():
            self._group(group)

    def _moved(self, text: str, row: int, col: int, raw: bytes, area: Area | None = None) -> bytes:
        """The text where it goes; what it reads is noted on the way."""
        move, travels = self.move, self._travels(row, col)
        stays = not travels or move.lands(row) == row
        if self.seeds.reads(text, move.sheet, stays=stays):
            self.seeds.add(move.part, area or Area(row, col, row, col))
        inside = travels and move.data.r1 <= row <= move.data.r2
        new = move.formula(text, move.sheet, row if inside else 0)
        return raw if new == text and raw else escape(new)

    def _pattern(self, key: bytes, text: str, row: int) -> Pattern | None:
        if key not in self._patterns:
            self._patterns[key] = self._common(key, text, row)
        return self._patterns[key]

    def _common(self, key: bytes, text: str, row: int) -> Pattern | None:
        """What becomes of formulas with this *key*; None if they must be read one by one."""
        rows, fixed = 0, False
        news: list[tuple[int, int, str]] = []
        for token in tokens(text):
            if isinstance(token, RefToken):
                own = self._own_row(token, row)
                if own is None:
                    return None
                rows += own
                fixed = fixed or not own
                news.append((token.start, token.end, self._reads_as(token, text, own=bool(own))))
            elif isinstance(token, NameToken):
                if token.call and self.seeds.jumps(token.name):
                    return None
                fixed = fixed or not token.call
            elif not _this_row(token):
                fixed = True
        if key.count(ROW) != rows:
            return None
        touched = fixed and self.seeds.reads(text, self.move.sheet, stays=True)
        if any(new != text[a:b] and "\0" not in new for a, b, new in news):
            key = escape(_replaced(text, news))
        return Pattern(key, touched)

    def _own_row(self, token: RefToken, row: int) -> int | None:
        """How often *token* names its own *row*; None where it goes its own way in each row."""
        move, a = self.move, token.area
        if not move.owns(token, move.sheet) or token.shape == "columns":
            return 0
        if a.r1 == a.r2 == row and token.shape != "rows":
            if bool(token.marks[1]) != bool(token.marks[3]):
                return None  # the first of running totals
            return (1 if token.shape == "cell" else 2) if move.travels(a) else None
        absolute = token.marks[1] and token.marks[3]
        return 0 if move.ordered or a.r1 == a.r2 or absolute else None

    def _reads_as(self, token: RefToken, text: str, *, own: bool) -> str:
        """*token* as it reads afterwards, with a mark for each of its rows if it is its *own*."""
        move = self.move
        if own:
            a, b, c, d = token.marks
            first = f"{token.prefix}{a}{col_name(token.area.c1)}{b}\0"
            second = f":{c}{col_name(token.area.c2)}{d}\0"
            return first if token.shape == "cell" else first + second
        if move.owns(token, move.sheet) and token.shape != "columns":
            moved = move.area(token.area, range_=token.shape == "range")
            if moved != token.area:
                return "#REF!" if moved is None else token.write(moved)
        return text[token.start : token.end]

    def _raw(self, f: Formula) -> tuple[bytes, bytes]:
        """Start tag and raw text of its element."""
        raw = self.sheet.data[f.start : f.end]
        gt = raw.index(b">") + 1
        return raw[:gt], b"" if raw[gt - 2] == 0x2F else raw[gt : raw.index(b"<", gt)]

    def _array(self, item: int, f: Formula, to: int) -> None:
        by, area = to - f.row, f.area
        old, raw = self._raw(f)
        tag = old
        if by:
            tag = set_attr(tag, "ref", area._replace(r1=area.r1 + by, r2=area.r2 + by).text())
        for key in ("r1", "r2") if f.kind == "dataTable" else ():
            tag = self._input(tag, key)
        new = self._moved(f.text, f.row, f.col, raw, area)
        if tag + new != old + raw:
            self._edits[item] = f.start, f.start + len(old) + len(raw), tag + new

    def _input(self, tag: bytes, key: str) -> bytes:
        """The start tag of a what-if data table with one of its input cells moved."""
        area = parse_area(attr(tag, key) or "")
        if area is None:
            return tag
        moved = self.move.area(area)
        if moved is None:
            return set_attr(tag, "del" + key[1:], "1")
        return tag if moved == area else set_attr(tag, key, moved.text())

    def _group(self, group: list[tuple[int, Formula]]) -> None:
        """A shared formula: it becomes single ones where its members no longer read alike."""
        master = next((f for _, f in group if self._raw(f)[1]), None)
        if master is None:
            return
        columns: dict[int, tuple[bytes, Pattern | None]] = {}
        edits: dict[int, Edit] = {}
        alike = True
        for item, f in group:
            to = self.move.lands(f.row) if self._travels(f.row, f.col) else f.row
            alike = alike and to == f.row
            if to is None:
                continue
            if f.col not in columns:
                columns[f.col] = self._member(master, f)
            own, new = self._copy(f, master, to, *columns[f.col])
            alike = alike and new == own
            p = self.sheet.prefix
            edits[item] = f.start, f.end, b"<%bf>%b</%bf>" % (p, new, p)
        if not alike:
            self._edits |= edits

    def _member(self, master: Formula, f: Formula) -> tuple[bytes, Pattern | None]:
        """What the copies of *master* in the column of *f* have in common, and their pattern."""
        text = shift_formula(master.text, f.row - master.row, f.col - master.col)
        key = escape(text).replace(b"%d" % f.row, ROW)
        alike = self._copies(master.text, master.row, f.row)
        return key, self._pattern(key, text, f.row) if alike else None

    def _copy(
        self, f: Formula, master: Formula, to: int, key: bytes, pattern: Pattern | None
    ) -> tuple[bytes, bytes]:
        """A shared formula's raw text in the cell of *f*, and as it reads in row *to*."""
        if pattern and (f.row < self.move.first or self._travels(f.row, f.col)):
            if pattern.touched:
                self.seeds.add(self.move.part, f.area)
            return key.replace(ROW, b"%d" % f.row), pattern.new.replace(ROW, b"%d" % to)
        read = shift_formula(master.text, f.row - master.row, f.col - master.col)
        raw = escape(read)
        return raw, self._moved(read, f.row, f.col, raw)

    @staticmethod
    def _copies(text: str, master: int, row: int) -> bool:
        """Copies of *text* from row *master* in other rows, as in *row*, differ in that only."""
        refs = [t for t in tokens(text) if isinstance(t, RefToken) and t.shape != "columns"]
        ends = [(t.marks[1], t.area.r1) for t in refs] + [(t.marks[3], t.area.r2) for t in refs]
        return all(at != row if mark else at == master for mark, at in ends)


def _replaced(text: str, news: list[tuple[int, int, str]]) -> str:
    """*text* with new words at some places, which are in order."""
    out, at = "", 0
    for start, end, new in news:
        out += text[at:start] + new
        at = end
    return out + text[at:]


def _this_row(token: StructToken) -> bool:
    inner = token.inner.casefold()
    return "#this row" in inner or inner.lstrip().startswith("@")
