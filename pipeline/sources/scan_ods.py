"""Error cells and extent of the sheets of an .ods package.

LibreOffice pads sheets with repeated empty rows and cells; only cells that hold something count.
"""

from __future__ import annotations

import re
import zipfile
from xml.parsers import expat

from pipeline.sources.package import Scan, damaged, part
from scoring.parse_text import ERROR_CODES

_ERROR_TEXT = re.compile(r"(?:Err:\d{3})|" + "|".join(map(re.escape, ERROR_CODES)))
_HINTS = (b'value-type="error"', b"office:currency=", b">Err:5", b">#")
_LONG = 10_000
_REPEATED = re.compile(rb'repeated="\d{3,}"')


def is_encrypted(package: zipfile.ZipFile) -> bool:
    """Whether the package is protected by a password."""
    return b"encryption-data" in part(package, "META-INF/manifest.xml")


Amounts = dict[str, dict[int, dict[int, str]]]
"""Sheet name → column position → row number → ISO code of the amount in that cell."""


def scan_sheets(package: zipfile.ZipFile, label: str) -> tuple[dict[str, Scan], Amounts]:
    """Sheet name → its error cells and how far its used cells reach; and where currencies stand.

    Empty when no errors, currencies or long repeats stand in the file: nothing can go wrong.
    """
    content = part(package, "content.xml")
    if b"<!ENTITY" in content:
        raise damaged(label)
    if not any(hint in content for hint in _HINTS) and not _REPEATED.search(content):
        return {}, {}
    walk = _Walk()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise damaged(label) from error
    scans = {name: (s.errors, s.rows, s.columns) for name, s in walk.sheets.items()}
    return scans, {name: s.amounts for name, s in walk.sheets.items()}


class _Sheet:
    def __init__(self) -> None:
        self.errors: dict[tuple[int, int], str] = {}
        self.rows = self.columns = 0
        self.amounts: dict[int, dict[int, str]] = {}


class _Walk:
    """Follows rows and cells, counting repeats, and notes what the used cells hold."""

    def __init__(self) -> None:
        self.sheets: dict[str, _Sheet] = {}
        self._sheet = _Sheet()
        self._row = self._column = 0
        self._row_repeat = self._column_repeat = 1
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name in ("table-cell", "covered-table-cell"):
            self._cell = {k.rpartition(" ")[2]: v for k, v in attributes.items()}
            if any(k.endswith("calcext:1.0 value-type") and v == "error"
                   for k, v in attributes.items()):  # fmt: skip
                self._cell["error"] = "yes"
            self._column_repeat = _count(self._cell.get("number-columns-repeated"))
            self._text = []
        elif name == "table-row":
            plain = {k.rpartition(" ")[2]: v for k, v in attributes.items()}
            self._row_repeat, self._column = _count(plain.get("number-rows-repeated")), 0
        elif name == "table":
            plain = {k.rpartition(" ")[2]: v for k, v in attributes.items()}
            self._sheet = self.sheets.setdefault(plain.get("name", ""), _Sheet())
            self._row = 0

    def text(self, data: str) -> None:
        if self._cell is not None:
            self._text.append(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._close_cell(self._cell, "".join(self._text).strip())
            self._column += self._column_repeat
            self._cell = None
        elif name == "table-row":
            self._row += self._row_repeat

    def _close_cell(self, cell: dict[str, str], text: str) -> None:
        if not text and "value-type" not in cell and "formula" not in cell:
            return
        sheet = self._sheet
        sheet.rows = max(sheet.rows, self._row + self._row_repeat)
        sheet.columns = max(sheet.columns, self._column + self._column_repeat)
        if "currency" in cell and self._row_repeat * self._column_repeat < _LONG:
            for column in range(self._column, self._column + self._column_repeat):
                rows = range(self._row + 1, self._row + 1 + self._row_repeat)
                sheet.amounts.setdefault(column, {}).update(dict.fromkeys(rows, cell["currency"]))
        failed = "error" in cell or ("formula" in cell and _ERROR_TEXT.fullmatch(text))
        # A long repeat is refused by its extent; it need not be written out here.
        if failed and self._row_repeat * self._column_repeat < _LONG:
            for row in range(self._row, self._row + self._row_repeat):
                for column in range(self._column, self._column + self._column_repeat):
                    sheet.errors[row, column] = text or "#VALUE!"


def _count(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 1
