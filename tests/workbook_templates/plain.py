"""A workbook as text that people can compare: one line a cell, other parts as pretty XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.dom import minidom

_CELL = re.compile(r"<c r=\"([A-Z]+\d+)\"([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_STRING = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_DATES = re.compile(r"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
# The window of whoever saved last says nothing about the workbook.
_WINDOW = re.compile(r"<workbookView[^>]*/>")


def workbook_text(data: bytes) -> str:
    """All parts of a workbook in order of their names, without dates and window state."""
    return _told(_parts(data, formulas=True))


def filled_text(data: bytes, template: bytes) -> str:
    """What a filled workbook holds that its template does not; formulas stay, so are not told."""
    before = _parts(template, formulas=False)
    out = {}
    for name, lines in _parts(data, formulas=False).items():
        known = set(before.get(name, ()))
        out[name] = [line for line in lines if line not in known]
    return _told(out)


def _told(parts: Mapping[str, Sequence[str]]) -> str:
    told = ["\n".join([f"━━ {name}", *lines]) for name, lines in parts.items() if lines]
    return "\n".join(told) + "\n"


def _parts(data: bytes, *, formulas: bool) -> dict[str, list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name).decode() for name in sorted(package.namelist())}
    strings = [_words(x) for x in _STRING.findall(parts.pop("xl/sharedStrings.xml", ""))]
    del parts["xl/theme/theme1.xml"]  # XlsxWriter's own, always the same
    return {name: _lines(text, strings, formulas=formulas) for name, text in parts.items()}


def _lines(text: str, strings: Sequence[str], *, formulas: bool) -> list[str]:
    text = _WINDOW.sub("", _DATES.sub("", text))
    cells = []
    if "<sheetData>" in text:
        cells = [_cell(found, strings, formulas=formulas) for found in _CELL.findall(text)]
        text = _CELL.sub("", text)
    # Rows with nothing of their own left only count.
    text = re.sub(r"<row r=\"\d+\"(?: spans=\"[\d:]+\")?(?:/>|></row>)", "", text)
    pretty = minidom.parseString(text).toprettyxml(indent=" ")
    return [*cells, *(line for line in pretty.splitlines()[1:] if line.strip())]


def _cell(found: tuple[str, str, str], strings: Sequence[str], *, formulas: bool) -> str:
    address, attributes, inner = found
    formula = re.search(r"<f[^>]*>(.*?)</f>", inner)
    value = re.search(r"<v>(.*?)</v>", inner)
    shown = value.group(1) if value else _words(inner) if "<is>" in inner else ""
    if 't="s"' in attributes:
        shown = strings[int(shown)]
    style = re.search(r's="(\d+)"', attributes)
    text = [address, f"s{style.group(1)}" if style else "-", shown.replace("\n", "⏎")]
    return " ".join([*text, f"= {formula.group(1)}"] if formula and formulas else text).rstrip()


def _words(xml: str) -> str:
    return "".join(re.findall(r"<t[^>]*>(.*?)</t>", xml, re.DOTALL)).replace("\n", "⏎")
