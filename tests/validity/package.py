"""The zip, its parts, their content types and relations."""

from __future__ import annotations

import posixpath
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from tests.validity.xml import PACKAGE, TYPES, Element, parse

CONTENT_TYPES = "[Content_Types].xml"


class Problem(NamedTuple):
    """One reason why Excel would repair or refuse a workbook."""

    rule: str
    part: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.part} {self.detail}".rstrip()


class Relation(NamedTuple):
    """One relation of a part; *target* is a part's name, or a URL if *external*."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """An Open Packaging file, read whole.

    Raises:
        zipfile.BadZipFile: It is no zip file.
    """

    def __init__(self, path: Path) -> None:
        """Read *path* whole and parse its XML parts."""
        self.path = path
        self.trees: dict[str, Element] = {}
        self.malformed: dict[str, str] = {}
        with zipfile.ZipFile(path) as archive:
            self.names = archive.namelist()
            for name in self.names:
                if name.endswith((".xml", ".rels", ".vml")):
                    self._parse(name, archive.read(name))
        self.known = {name.lower() for name in self.names}
        self.relations = cache(self._relations)
        types = self.trees.get(CONTENT_TYPES)
        self.overrides: dict[str, str] = {}
        self.defaults: dict[str, str] = {}
        if types is not None:
            for item in types.iter(TYPES + "Override"):
                self.overrides[item.get("PartName", "").lower()] = item.get("ContentType", "")
            for item in types.iter(TYPES + "Default"):
                self.defaults[item.get("Extension", "").lower()] = item.get("ContentType", "")

    def _parse(self, name: str, data: bytes) -> None:
        try:
            self.trees[name] = parse(data)
        except etree.XMLSyntaxError as error:
            self.malformed[name] = str(error)

    def content_type(self, part: str) -> str | None:
        """The declared content type of a part."""
        suffix = part.rsplit(".", 1)[-1].lower()
        return self.overrides.get("/" + part.lower()) or self.defaults.get(suffix)

    def _relations(self, part: str) -> list[Relation]:
        """The relations of a part, or of the package for an empty name."""
        folder, name = posixpath.split(part)
        tree = self.trees.get(posixpath.join(folder, "_rels", name + ".rels"))
        if tree is None:
            return []
        found = []
        for item in tree.iter(PACKAGE + "Relationship"):
            target, external = item.get("Target", ""), item.get("TargetMode") == "External"
            if not external and not target.startswith("#"):
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                target = target if target in self.names else unquote(target)
            kind = item.get("Type", "").rsplit("/", 1)[-1]
            found.append(Relation(item.get("Id", ""), kind, target, external))
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that *part* points to by a relation of this kind and that parse."""
        found = [r.target for r in self.relations(part) if r.kind == kind and not r.external]
        return [target for target in found if target in self.trees]
