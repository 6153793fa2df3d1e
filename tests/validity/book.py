"""A workbook inside its package: sheets, cells, tables, styles, names."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from tests.validity.grid import Box, box, cell, column_letters
from tests.validity.package import Package
from tests.validity.xml import MAIN, RELATION, Element, local


@dataclass(frozen=True)
class Cell:
    """One cell as the file has it; *text* is the shared string where there is one."""

    ref: str
    element: Element
    kind: str
    raw: str | None
    text: str | None
    formula: Element | None


@dataclass(frozen=True)
class Table:
    """One table part."""

    part: str
    root: Element
    area: Box | None

    @property
    def name(self) -> str:
        """The name that formulas use."""
        return self.root.get("displayName") or ""


@dataclass
class Sheet:
    """One worksheet."""

    name: str
    id: str
    part: str
    root: Element
    cells: dict[str, Cell] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)


class Book:
    """The workbook part and what hangs on it."""

    def __init__(self, package: Package, part: str) -> None:
        """Read the sheets of the workbook at *part*."""
        self.package = package
        self.part = part
        self.root = package.trees[part]
        self.entries = list(self.root.iter(MAIN + "sheet"))
        self.titles = [entry.get("name") or "" for entry in self.entries]
        self.strings = self._strings()
        self.sheets = self._sheets()

    @cached_property
    def styles(self) -> Element | None:
        """The root of the styles part."""
        found = self.package.related(self.part, "styles")
        return self.package.trees[found[0]] if found else None

    @cached_property
    def names(self) -> set[str]:
        """Every defined name, in lower case."""
        return {(n.get("name") or "").lower() for n in self.root.iter(MAIN + "definedName")}

    @cached_property
    def known(self) -> set[str]:
        """What a reference may start with: sheets and names, in lower case."""
        return {title.lower() for title in self.titles} | self.names

    def count(self, group: str, item: str) -> int:
        """How many *item* the group of the styles part holds."""
        found = None if self.styles is None else self.styles.find(MAIN + group)
        return 0 if found is None else len(found.findall(MAIN + item))

    def _strings(self) -> list[str]:
        found = self.package.related(self.part, "sharedStrings")
        if not found:
            return []
        return [_string(item) for item in self.package.trees[found[0]].findall(MAIN + "si")]

    def _sheets(self) -> list[Sheet]:
        parts = {r.id: r.target for r in self.package.relations(self.part)}
        found = []
        for entry in self.entries:
            part = parts.get(entry.get(RELATION + "id", ""), "")
            root = self.package.trees.get(part)
            if root is None or local(root) != "worksheet":
                continue
            sheet = Sheet(entry.get("name") or "", entry.get("sheetId") or "", part, root)
            sheet.cells = self._cells(root)
            for table in self.package.related(part, "table"):
                tree = self.package.trees[table]
                sheet.tables.append(Table(table, tree, box(tree.get("ref"))))
            found.append(sheet)
        return found

    def _cells(self, root: Element) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        row_number = 0
        for row in root.iter(MAIN + "row"):
            row_number = int(row.get("r") or row_number + 1)
            column = 0
            for element in row.findall(MAIN + "c"):
                at = cell(element.get("r") or "")
                column = at[0] if at else column + 1
                ref = element.get("r") or f"{column_letters(column)}{row_number}"
                cells[ref] = self._cell(ref, element)
        return cells

    def _cell(self, ref: str, element: Element) -> Cell:
        kind = element.get("t", "n")
        raw = element.findtext(MAIN + "v")
        text = raw
        if kind == "s" and raw and raw.strip().isdigit() and int(raw) < len(self.strings):
            text = self.strings[int(raw)]
        elif kind == "inlineStr":
            text = "".join(t.text or "" for t in element.iter(MAIN + "t"))
        return Cell(ref, element, kind, raw, text, element.find(MAIN + "f"))


def _string(item: Element) -> str:
    """A shared string's text without its phonetic reading."""
    texts = []
    for text in item.iter(MAIN + "t"):
        parent = text.getparent()
        if parent is not None and local(parent) != "rPh":
            texts.append(text.text or "")
    return "".join(texts)
