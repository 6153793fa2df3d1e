"""Zip, XML, content types and relations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from tests.validity.package import CONTENT_TYPES, Package, Problem
from tests.validity.xml import RELATION, local

_MAIN_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltx": "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    ".xltm": "application/vnd.ms-excel.template.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
_URL_LIMIT = 2079


def entries(package: Package) -> Iterator[Problem]:
    """Each entry has one name, also where case does not count, and a safe one."""
    for name, count in Counter(n.lower() for n in package.names).items():
        if count > 1:
            yield Problem("zip-duplicate-entry", name)
    for name in package.names:
        if "\\" in name or name.startswith("/") or ".." in name.split("/"):
            yield Problem("zip-entry-name", name)


def markup(package: Package) -> Iterator[Problem]:
    """Every part parses and none has a document type."""
    for part, error in package.malformed.items():
        yield Problem("xml-malformed", part, error)
    for part, root in package.trees.items():
        if b"<!DOCTYPE" in etree.tostring(root.getroottree())[:1000]:
            yield Problem("xml-doctype", part)


def content_types(package: Package) -> Iterator[Problem]:
    """Every part has a content type and every override a part."""
    if CONTENT_TYPES not in package.trees:
        yield Problem("content-types-missing", CONTENT_TYPES)
        return
    for part in package.overrides:
        if part.lstrip("/") not in package.known:
            yield Problem("override-without-part", part)
    for name in package.names:
        ends = name.endswith("/") or name == CONTENT_TYPES
        if not ends and package.content_type(name) is None:
            yield Problem("part-without-content-type", name)


def main_type(package: Package) -> Iterator[Problem]:
    """There is a workbook, and its content type fits the file's extension."""
    parts = package.related("", "officeDocument")
    if not parts:
        yield Problem("workbook-missing", "")
        return
    wanted = _MAIN_TYPES.get(package.path.suffix.lower())
    if wanted and package.content_type(parts[0]) != wanted:
        yield Problem("extension-content-type", parts[0], f"{package.content_type(parts[0])}")


def relations(package: Package) -> Iterator[Problem]:
    """Relations have unique ids, targets that exist and URLs that Excel takes."""
    for part in ["", *package.trees]:
        found = package.relations(part)
        for key, count in Counter(r.id for r in found).items():
            if count > 1:
                yield Problem("relation-duplicate-id", part, key)
        for relation in found:
            if relation.external:
                yield from _url(part, relation.target)
            elif not relation.target.startswith("#") and (
                relation.target.split("#")[0].lower() not in package.known | {""}
            ):
                yield Problem("relation-target-missing", part, relation.target)


def _url(part: str, url: str) -> Iterator[Problem]:
    if len(url) > _URL_LIMIT:
        yield Problem("url-too-long", part, f"{len(url)} characters")
    if re.search(r"\s", url) or re.search(r"%(?![0-9A-Fa-f]{2})", url):
        yield Problem("url-malformed", part, url[:60])


def references(package: Package) -> Iterator[Problem]:
    """Every ``r:id`` has its relation."""
    for part, root in package.trees.items():
        if part.endswith(".rels") or part == CONTENT_TYPES:
            continue
        known = {relation.id for relation in package.relations(part)}
        for element in root.iter():
            for key, value in element.attrib.items():
                if str(key).startswith(RELATION) and value and value not in known:
                    yield Problem("relation-dangling", part, f"{local(element)} {value!s}")


RULES = [entries, markup, content_types, main_type, relations, references]
