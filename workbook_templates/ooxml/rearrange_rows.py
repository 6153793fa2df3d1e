"""The rows of the sheet whose Table's rows change places, cut out and put together again."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from io import BytesIO

from workbook_templates.ooxml.rearrange_formulas import OwnFormulas
from workbook_templates.ooxml.rearrange_model import ModelRow
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.refs import MAX_ROW
from workbook_templates.ooxml.sheet import RowSpan, SheetXml

__all__ = ["move_rows"]


def move_rows(
    sheet: SheetXml,
    move: RowMove,
    formulas: OwnFormulas,
    model: ModelRow,
    around: tuple[bytes, bytes],
) -> bytes:
    """The part with its rows moved and its formulas rewritten.

    Args:
        sheet: the part before.
        move: what moves.
        formulas: its formulas, as they will read.
        model: what new rows are made of.
        around: what stands before the rows, and what follows them, afterwards.
    """
    rows = _Rows(sheet, move, formulas, model)
    out = BytesIO()  # the rows of a long sheet are never held twice
    out.write(around[0])
    out.writelines(rows.pieces())
    out.write(around[1])
    return out.getvalue()


class _Rows:
    def __init__(
        self, sheet: SheetXml, move: RowMove, formulas: OwnFormulas, model: ModelRow
    ) -> None:
        self.sheet, self.move, self.model = sheet, move, model
        self._sliced = formulas.rewritten
        p = sheet.prefix
        self.row_tag, self.cell_tag = b"<" + p + b'row r="%d"', b"<" + p + b'c r="'
        self.quoted = sheet.data.find(b"='", sheet.start, sheet.end) >= 0
        self.number = re.compile(
            rb"(<" + re.escape(p) + rb"(?:row|c)(?:\s[^>]*?)?\sr\s*=\s*[\"'])([A-Za-z]*)\d+"
        )

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the rows, in order."""
        sheet, move, p = self.sheet, self.move, self.sheet.prefix
        if sheet.missing or sheet.collapsed:
            new = b"".join(self._whole(()) if move.whole else self._narrow(()))
            inside = b"<%bsheetData>%b</%bsheetData>" % (p, new, p) if sheet.collapsed else b""
            yield inside if new else sheet.data[sheet.start : sheet.end]
            return
        rows = sheet.rows_between(move.first, MAX_ROW)
        yield self._sliced(sheet.start, rows[0].start if rows else sheet.end)
        yield from self._whole(rows) if move.whole else self._narrow(rows)

    def _renumbered(self, raw: bytes, old: int, new: int) -> bytes:
        if old == new:
            return raw
        was = b'%d"' % old
        # Where the number ends an attribute just as often as there are cells, and once more for
        # the row, it is theirs alone.
        plain = raw.startswith(self.row_tag % old) and not self.quoted
        if plain and raw.count(was) == raw.count(self.cell_tag) + 1:
            return raw.replace(was, b'%d"' % new)
        return self.number.sub(rb"\g<1>\g<2>%d" % new, raw)

    def _whole(self, rows: tuple[RowSpan, ...]) -> Iterator[bytes]:
        move = self.move
        split = bisect_right([row.number for row in rows], move.data.r2)
        if move.ordered:
            yield from self._in_order(rows[:split])
        else:
            new = [(move.data.r1 + k, self.model.row(move.data.r1 + k)) for k in move.news]
            yield from (raw for _, raw in sorted([*self._kept(rows[:split]), *new]))
        for row in rows[split:]:
            raw = self._sliced(row.start, row.end)
            yield self._renumbered(raw, row.number, row.number + move.shift)

    def _kept(self, rows: tuple[RowSpan, ...]) -> Iterator[tuple[int, bytes]]:
        """Where each data row goes that stays, and its bytes there."""
        lands = self.move.lands
        for row in rows:
            to = lands(row.number)
            if to is not None:
                yield to, self._renumbered(self._sliced(row.start, row.end), row.number, to)

    def _in_order(self, rows: tuple[RowSpan, ...]) -> Iterator[bytes]:
        news = deque(self.move.data.r1 + place for place in self.move.news)
        for to, raw in self._kept(rows):
            while news and news[0] < to:
                yield self.model.row(news.popleft())
            yield raw
        yield from map(self.model.row, news)

    def _narrow(self, rows: tuple[RowSpan, ...]) -> Iterator[bytes]:
        """Cells of the columns that travel change rows; the rows and other cells stay."""
        move = self.move
        upto = max(move.data.r2, move.totals)
        moved: dict[int, list[tuple[int, bytes]]] = {}
        kept: dict[int, list[tuple[int, bytes]]] = {}
        tags: dict[int, bytes] = {}
        rest: list[bytes] = []
        for row in rows:
            if row.number > upto:
                rest.append(self._sliced(row.start, row.end))
                continue
            tags[row.number] = self._tag(row)
            to = move.lands(row.number)
            for cell in self.sheet.cells(row):
                raw = self._sliced(cell.start, cell.end)
                if not move.left <= cell.col <= move.right:
                    kept.setdefault(row.number, []).append((cell.col, raw))
                elif to is not None:
                    raw = self.number.sub(rb"\g<1>\g<2>%d" % to, raw) if to != row.number else raw
                    moved.setdefault(to, []).append((cell.col, raw))
        for place in move.news:
            moved[move.data.r1 + place] = self.model.cells(move.data.r1 + place)
        p = self.sheet.prefix
        for number in sorted(tags.keys() | moved.keys()):
            tag = tags.get(number) or b'<%brow r="%d">' % (p, number)
            cells = sorted(kept.get(number, []) + moved.get(number, []))
            yield tag + b"".join(raw for _, raw in cells) + b"</%brow>" % p
        yield from rest

    def _tag(self, row: RowSpan) -> bytes:
        """The row's start tag, not closed, and without the hint which columns it spans."""
        tag = self.sheet.data[row.start : row.inner]
        tag = re.sub(rb"\sspans=\"[^\"]*\"", b"", tag)
        return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
