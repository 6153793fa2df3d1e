"""Document properties: title, subject, creator and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.problems import MissingPlace
from workbook_templates.ooxml.xml import attr, close_of, escape, scan, splice

__all__ = ["PROPERTIES", "PropertyPlan"]

_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
PROPERTIES = {
    "title": ("dc", _DC),
    "subject": ("dc", _DC),
    "creator": ("dc", _DC),
    "description": ("dc", _DC),
    "keywords": ("cp", _CP),
    "category": ("cp", _CP),
    "lastModifiedBy": ("cp", _CP),
    "contentStatus": ("cp", _CP),
    "created": ("dcterms", _TERMS),
    "modified": ("dcterms", _TERMS),
}
_MOMENT = f' xmlns:xsi="{_XSI}" xsi:type="dcterms:W3CDTF"'
"""What an element needs that holds a moment, such as ``2026-01-31T00:00:00Z``."""
_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<cp:coreProperties xmlns:cp="{_CP}" xmlns:dc="{_DC}"></cp:coreProperties>'
)


class PropertyPlan:
    """The parts that hold document properties, cut where those named *names* stand.

    Raises:
        MissingPlace: a property other than those in `PROPERTIES`.
    """

    def __init__(self, book: Book, names: Sequence[str]) -> None:
        unknown = sorted(set(names) - PROPERTIES.keys())
        if unknown:
            raise MissingPlace(
                f"There is no document property {unknown[0]!r}. Use one of {', '.join(PROPERTIES)}."
            )
        self.fixed: dict[str, bytes] = {}
        found = book.related("", "core-properties")
        self.part = found[0] if found else _add_part(book, self.fixed)
        data = self.fixed.pop(self.part, None) or book.read(self.part)
        for k, name in enumerate(names):
            data = _set(data, name, _MARK % k)
        pieces = _MARKS.split(data)
        self._pieces, self._order = pieces, [int(k) for k in pieces[1::2]]

    def render(self, texts: Sequence[str]) -> bytes:
        """The part `part` with *texts*, one for each name."""
        pieces = self._pieces.copy()
        pieces[1::2] = [_escaped(texts[k]) for k in self._order]
        return b"".join(pieces)


_MARK, _MARKS = b"\0%d\0", re.compile(rb"\0(\d+)\0")
"""Stands for a text; XML itself holds no byte 0."""


def _escaped(text: str) -> bytes:
    return escape("".join(ch for ch in text if ch >= " " or ch in "\n\t"))


def _set(data: bytes, name: str, text: bytes) -> bytes:
    tag = next((t for t in scan(data, name) if not t.closing), None)
    if tag is not None:
        end = close_of(data, tag)[1]
        kept = tag.attrs.rstrip() if PROPERTIES[name][0] == "dcterms" else b""
        new = b"<%b%b>%b</%b>" % (tag.name, kept, text, tag.name)
        return splice(data, [(tag.start, end, new)])
    prefix, space = PROPERTIES[name]
    root = next(scan(data, "coreProperties"))
    declared = attr(root.attrs, f"xmlns:{prefix}") == space
    xmlns = "" if declared else f' xmlns:{prefix}="{space}"'
    if prefix == "dcterms":
        xmlns += _MOMENT
    new = f"<{prefix}:{name}{xmlns}>".encode() + text + f"</{prefix}:{name}>".encode()
    if root.empty:
        opened = data[root.start : root.end - 2].rstrip() + b">" + new
        return splice(data, [(root.start, root.end, opened + b"</" + root.name + b">")])
    at = close_of(data, root)[0]
    return splice(data, [(at, at, new)])


def _add_part(book: Book, parts: dict[str, bytes]) -> str:
    part = "docProps/core.xml"
    parts[part] = _EMPTY.encode()
    rels = book.read("_rels/.rels")
    ids = {r.id for r in book.relations("")}
    free = next(f"rId{n}" for n in range(1, len(ids) + 2) if f"rId{n}" not in ids)
    at = rels.rindex(b"</")
    new = f'<Relationship Id="{free}" Type="{_REL}" Target="{part}"/>'.encode()
    parts["_rels/.rels"] = rels[:at] + new + rels[at:]
    types = parts.get("[Content_Types].xml", book.read("[Content_Types].xml"))
    at = types.rindex(b"</")
    new = f'<Override PartName="/{part}" ContentType="{_TYPE}"/>'.encode()
    parts["[Content_Types].xml"] = types[:at] + new + types[at:]
    return part
