"""A filling compiled once: which bytes of which parts change, whatever the values are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.caches import chart_parts
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.chartplan import ChartPlan, Target, compile_chart
from workbook_templates.ooxml.dependents import Cells
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheetplan import SheetPlan, compile_sheet
from workbook_templates.ooxml.stale import Dependents
from workbook_templates.ooxml.xml import Edit, close_of, escape_attr, scan, set_attr, splice
from workbook_templates.ooxml.zipfmt import Content
from workbook_templates.package import Package

__all__ = ["Plan", "Target", "Written", "full_calculation"]


_KEPT = 64
"""Plans of one sheet that are remembered."""


class Written(NamedTuple):
    """Cells that somebody else writes.

    Attributes:
        areas: parts and areas of them.
        shown: those of them that charts repeat → index of their value.
        more: these values, which follow those of the targets.
    """

    areas: Sequence[tuple[str, Area]]
    shown: Mapping[Target, int]
    more: list[Value]


class Plan:
    """Everything that a change of *targets* touches, in a workbook laid out as *book*.

    Args:
        book: the workbook.
        dependents: its formulas.
        targets: the cells; value k of a rendering goes to target k.
        written: cells that somebody else writes.
    """

    def __init__(
        self,
        book: Book,
        dependents: Dependents,
        targets: Sequence[Target],
        written: Written | None = None,
    ) -> None:
        self.book = book
        areas, self.shown, self.more = written or Written((), {}, [])
        # Of two values for one cell the first wins: places are listed before Tables.
        self.index = {target: k for k, target in reversed(list(enumerate(targets)))}
        given = Cells()
        for target in self.index:
            given.add(*target)
        for part, area in areas:
            given.add_area(part, area)
        changed = given.copy()
        stale = dependents.stale(changed, given)
        self.stale = {
            Target(part, r, c)
            for part, a in stale
            for r in range(a.r1, a.r2 + 1)
            for c in range(a.c1, a.c2 + 1)
        }
        self.parts: dict[str, SheetPlan | ChartPlan] = {}
        self._sheets(dependents)
        for part in chart_parts(book):
            self._chart(part, dependents, changed)
        self.fixed = dict(book.changed)
        if stale or book.uncalculated - self.index.keys():
            self.fixed[book.workbook] = full_calculation(book.read(book.workbook))

    def _sheets(self, dependents: Dependents) -> None:
        targets: dict[str, dict[tuple[int, int], int]] = {}
        stale: dict[str, set[tuple[int, int]]] = {}
        for (part, row, col), k in self.index.items():
            targets.setdefault(part, {})[row, col] = k
        for target in self.stale - self.index.keys():
            stale.setdefault(target.part, set()).add((target.row, target.col))
        for part in sorted(targets.keys() | stale.keys()):
            own = targets.get(part, {})
            computed = dependents.computed(part, own)
            self.parts[part] = self._sheet(part, own, stale.get(part, set()), computed)

    def _sheet(
        self,
        part: str,
        targets: dict[tuple[int, int], int],
        stale: set[tuple[int, int]],
        computed: set[tuple[int, int]],
    ) -> SheetPlan:
        # Tables of other sizes elsewhere leave this sheet, and its plan, as they were.
        sheet = self.book.sheet(part)
        key = frozenset(targets.items()), frozenset(stale), frozenset(computed & targets.keys())
        if key not in sheet.memo:
            if len(sheet.memo) > _KEPT:
                sheet.memo.clear()
            sheet.memo[key] = compile_sheet(
                sheet, targets, stale, computed, date1904=self.book.date1904
            )
        plan: SheetPlan = sheet.memo[key]
        return plan

    def _chart(self, part: str, dependents: Dependents, changed: Cells) -> None:
        stale, index = self.stale, {**self.shown, **self.index}
        plan = compile_chart(self.book, part, dependents.resolver, changed, index, stale)
        if plan is not None:
            self.parts[part] = plan

    def render(
        self, values: Sequence[Value], edits: Mapping[str, Sequence[Edit]] | None = None
    ) -> dict[str, Content]:
        """Part → new bytes, for every part that differs from the file.

        Args as for `render_changing`.
        """
        return self.fixed | self.render_changing(values, edits)

    @cached_property
    def package(self) -> Package:
        """The package with all changes that do not depend on the values, deflated once."""
        return self.book.package.edited(self.fixed, self.book.removed)

    def render_changing(
        self, values: Sequence[Value], edits: Mapping[str, Sequence[Edit]] | None = None
    ) -> dict[str, Content]:
        """Part → new bytes, for every part that differs from `package`.

        Args:
            values: one for each target.
            edits: part → further edits, in the bytes of `book`; of charts and drawings only.
        """
        out: dict[str, Content] = {}
        for part, more in (edits or {}).items():
            if part not in self.parts:
                out[part] = splice(self.book.read(part), more)
        for part, plan in self.parts.items():
            if isinstance(plan, ChartPlan):
                out[part] = plan.render(values, (edits or {}).get(part, ()))
            else:
                out[part] = plan.render(values)
        return out


_BEFORE_CALC = ("sheets", "functionGroups", "externalReferences", "definedNames")


def full_calculation(workbook: bytes) -> bytes:
    """The workbook part with the request to calculate everything when it is opened."""
    tag = next(scan(workbook, "calcPr"), None)
    if tag is not None:
        new = set_attr(workbook[tag.start : tag.end], "fullCalcOnLoad", "1")
        return workbook[: tag.start] + new + workbook[tag.end :]
    last = max(
        (close_of(workbook, t)[1] for t in scan(workbook, *_BEFORE_CALC) if not t.closing),
        default=0,
    )
    root = next(scan(workbook, "workbook"))
    prefix = root.name[: root.name.find(b":") + 1]
    new = b'<%bcalcPr calcId="%b" fullCalcOnLoad="1"/>' % (prefix, escape_attr("191029"))
    return workbook[:last] + new + workbook[last:]
