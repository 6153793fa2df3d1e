"""What a workbook consists of: its sheets, defined names, Tables and the parts round them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workbook_templates.ooxml.problems import NotAWorkbook
from workbook_templates.ooxml.refs import Area, parse_area
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import attr, clean, close_of, rel_id, scan, unescape
from workbook_templates.package import Package

__all__ = ["Book", "DefinedName", "Relation", "Sheet", "Table"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship: id, last word of its type, target part (or address if external)."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its part, and whether it has cells (a chart sheet has none)."""

    name: str
    part: str
    has_cells: bool


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A defined name; *local* is the sheet's name for a sheet-scoped one, else ""."""

    name: str
    local: str
    formula: str


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel Table: *area* is the whole of it, header and totals rows included."""

    name: str
    sheet: str
    part: str
    area: Area
    headers: int
    totals: int
    columns: tuple[str, ...]

    @property
    def data(self) -> Area:
        """The data rows."""
        a = self.area
        return Area(a.r1 + self.headers, a.c1, a.r2 - self.totals, a.c2)


@dataclass
class Book:
    """A package read as a workbook, with parts that differ from the file in *changed*.

    Raises:
        NotAWorkbook: the package holds no workbook, or a binary one.
    """

    package: Package
    changed: dict[str, bytes] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    uncalculated: frozenset[tuple[str, int, int]] = frozenset()
    """Cells (part, row, column) whose formula was copied and has no value yet."""

    def read(self, part: str) -> bytes:
        """Bytes of *part*, cleaned for scanning (see `xml.clean`), as changed so far."""
        if part in self.changed:
            return self.changed[part]
        raw = self.package.read(part)
        known = self._cleaned.get(part)
        if known is None or known[0] is not raw:
            self._cleaned[part] = known = raw, clean(raw)
        return known[1]

    @cached_property
    def _cleaned(self) -> dict[str, tuple[bytes, bytes]]:
        """Parts as they are in the file, and cleaned (mostly the same bytes)."""
        return {}

    def has(self, part: str) -> bool:
        """There is such a part."""
        return part in self.package and part not in self.removed

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Relationships that start at *part* ("" for the package itself)."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    @cached_property
    def _relations(self) -> dict[str, tuple[Relation, ...]]:
        return {}

    @staticmethod
    def relations_part(part: str) -> str:
        """Name of the part that holds the relationships of *part*."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", name + ".rels")

    def _read_relations(self, part: str) -> tuple[Relation, ...]:
        folder, rels = posixpath.dirname(part), self.relations_part(part)
        if not self.has(rels):
            return ()
        out = []
        for tag in scan(self.read(rels), "Relationship"):
            target, kind = attr(tag.attrs, "Target") or "", attr(tag.attrs, "Type") or ""
            external = attr(tag.attrs, "TargetMode") == "External"
            if not external:
                target = target.replace("\\", "/")
                target = target if target.startswith("/") else posixpath.join("/" + folder, target)
                target = posixpath.normpath(target).lstrip("/")
            kind = kind.rpartition("/")[2]
            out.append(Relation(attr(tag.attrs, "Id") or "", kind, target, external))
        return tuple(out)

    def related(self, part: str, *kinds: str) -> list[str]:
        """Existing parts that *part* has relationships of one of the *kinds* to."""
        found = self.relations(part)
        return [
            r.target for r in found if r.kind in kinds and not r.external and self.has(r.target)
        ]

    @cached_property
    def workbook(self) -> str:
        """Name of the workbook part."""
        found = self.related("", "officeDocument")
        if not found or found[0].endswith(".bin"):
            kind = "a binary (.xlsb) workbook" if found else "an Excel workbook"
            raise NotAWorkbook(
                f"{self.package.where} is {'' if found else 'not '}{kind}. "
                "Open it in Excel and save it as .xlsx."
            )
        if not any(True for _ in scan(self.read(found[0])[:2000], "workbook")):
            raise NotAWorkbook(
                f"{self.package.where} is not a workbook but another Office document. "
                "Give an .xlsx, .xlsm or .xltx file."
            )
        return found[0]

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets in the order of their tabs."""
        targets = {r.id: r for r in self.relations(self.workbook)}
        out = []
        data = self.read(self.workbook)
        for tag in scan(data, "sheet"):
            relation = targets.get(rel_id(tag.attrs) or "")
            if tag.closing or relation is None or not self.has(relation.target):
                continue
            name = attr(tag.attrs, "name") or ""
            out.append(Sheet(name, relation.target, relation.kind == "worksheet"))
        return tuple(out)

    @cached_property
    def date1904(self) -> bool:
        """The workbook counts dates from 1904."""
        tags = scan(self.read(self.workbook), "workbookPr")
        return any(attr(t.attrs, "date1904") in ("1", "true", "on") for t in tags)

    @cached_property
    def names(self) -> tuple[DefinedName, ...]:
        """Defined names, as they stand."""
        data = self.read(self.workbook)
        out = []
        for tag in scan(data, "definedName"):
            if tag.closing or tag.empty:
                continue
            text = unescape(data[tag.end : close_of(data, tag)[0]]).strip()
            local = attr(tag.attrs, "localSheetId")
            out.append(DefinedName(attr(tag.attrs, "name") or "", self._tab(local), text))
        return tuple(out)

    @cached_property
    def _tabs(self) -> list[str]:
        # localSheetId counts every tab, also those whose part is missing.
        tags = scan(self.read(self.workbook), "sheet")
        return [attr(t.attrs, "name") or "" for t in tags if not t.closing]

    def _tab(self, index: str | None) -> str:
        if index is None or not index.isdigit():
            return ""
        return self._tabs[int(index)] if int(index) < len(self._tabs) else ""

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every Table of every sheet."""
        out = []
        for sheet in self.sheets:
            for part in self.related(sheet.part, "table"):
                found = _table(self.read(part), sheet.name, part)
                if found is not None:
                    out.append(found)
        return tuple(out)

    def part_of(self, sheet: str) -> str:
        """Part of the sheet named *sheet* (compared without case), "" when there is none."""
        return self._parts.get(sheet.casefold(), "")

    def has_cells(self, part: str) -> bool:
        """*part* is a worksheet of this workbook."""
        return any(s.part == part and s.has_cells for s in self.sheets)

    @cached_property
    def _parts(self) -> dict[str, str]:
        return {s.name.casefold(): s.part for s in self.sheets if s.has_cells}

    def sheet(self, part: str) -> SheetXml:
        """The worksheet part *part*, scanned once."""
        if part not in self._sheets:
            self._sheets[part] = SheetXml(self.read(part), part)
        return self._sheets[part]

    @cached_property
    def _sheets(self) -> dict[str, SheetXml]:
        return {}

    def forget(self, part: str) -> None:
        """Keep nothing of a worksheet *part* of the file: it is read again when it is wanted."""
        if part not in self.changed:
            self._sheets.pop(part, None)
            self._cleaned.pop(part, None)
            self.package.forget(part)

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The shared strings, as plain text."""
        out: list[str] = []
        for part in self.related(self.workbook, "sharedStrings"):
            out += _string_items(self.read(part))
        return tuple(out)

    def edited(self, changed: dict[str, bytes], removed: frozenset[str] = frozenset()) -> Book:
        """A workbook with more parts changed; what was known of untouched parts is kept."""
        new = Book(self.package, {**self.changed, **changed}, self.removed | removed)
        new.__dict__.update(self._still_true(changed))
        new.references = self.references
        kept = {part: xml for part, xml in self._sheets.items() if part not in changed}
        new._sheets.update(kept)
        return new

    def _still_true(self, changed: dict[str, bytes]) -> dict[str, object]:
        """What was worked out before and does not depend on *changed*."""
        keep = {"workbook", "sheets", "date1904", "strings", "_parts", "_cleaned"}
        if not any(part.endswith(".rels") for part in changed):
            keep.add("_relations")
        if self.workbook not in changed:
            keep.add("names")
        if not any(table.part in changed for table in self.tables):
            keep.add("tables")
        return {key: value for key, value in self.__dict__.items() if key in keep}

    @cached_property
    def references(self) -> dict[tuple[str, str, int], tuple[Any, Any]]:
        """(formula, sheet, row) → what was consulted to work out its areas, and the areas."""
        return {}


def _string_items(data: bytes) -> Iterator[str]:
    """Texts of a part of shared strings, in order."""
    _, *items = data.split(b"<si>")
    usual = data.count(b"</si>") == len(items)
    if not (usual and items) or any(data.count(b"<si" + end) for end in (b"/", b" ", b"\n")):
        tags = (t for t in scan(data, "si") if not t.closing)
        yield from (rich_text(data[t.end : close_of(data, t)[0]]) for t in tags)
        return
    for item in items:
        inside = item[: item.find(b"</si>")]
        if inside.startswith(b"<t>") and inside.endswith(b"</t>") and inside.count(b"<") == 2:
            yield unescape(inside[3:-4])
        else:
            yield rich_text(inside)


def rich_text(data: bytes) -> str:
    """Text of a string item: its runs joined, phonetic hints left out."""
    out: list[str] = []
    phonetic = False
    for tag in scan(data, "t", "rPh"):
        if tag.local == "rPh":
            phonetic = not tag.closing and not tag.empty
        elif not tag.closing and not phonetic:
            out.append(unescape(data[tag.end : close_of(data, tag)[0]]))
    return "".join(out)


def _table(data: bytes, sheet: str, part: str) -> Table | None:
    root = next(scan(data, "table"), None)
    if root is None:
        return None
    area = parse_area(attr(root.attrs, "ref") or "")
    if area is None:
        return None
    headers = int(attr(root.attrs, "headerRowCount") or 1)
    totals = int(attr(root.attrs, "totalsRowCount") or 0)
    columns = [attr(t.attrs, "name") or "" for t in scan(data, "tableColumn") if not t.closing]
    name = attr(root.attrs, "displayName") or attr(root.attrs, "name") or ""
    return Table(name, sheet, part, area, headers, totals, tuple(columns))
