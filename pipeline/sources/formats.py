"""The currency that a cell's number format shows: ``[$£-809]#,##0`` is pounds sterling."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from pipeline.sources.grid import column_letters
from pipeline.sources.package import chunks, xml
from scoring.parse_numbers import currency_code

# A sign that several countries share; the locale (LCID, hexadecimal) says whose it is.
_SHARED = {
    ("$", "C09"): "AUD", ("$", "1009"): "CAD", ("$", "C0C"): "CAD", ("$", "1409"): "NZD",
    ("$", "4809"): "SGD", ("$", "1004"): "SGD", ("$", "C04"): "HKD", ("$", "3C09"): "HKD",
    ("$", "80A"): "MXN", ("$", "2C0A"): "ARS", ("$", "340A"): "CLP", ("$", "240A"): "COP",
    ("¥", "804"): "CNY", ("￥", "804"): "CNY", ("￥", "411"): "JPY",
    ("kr", "41D"): "SEK", ("kr", "414"): "NOK", ("kr", "814"): "NOK", ("kr", "406"): "DKK",
    ("kr.", "406"): "DKK", ("R", "1C09"): "ZAR", ("R", "436"): "ZAR",
}  # fmt: skip
_DECLARED = re.compile(r"\[\$([^\]\-]+)(?:-([0-9A-Fa-f]+))?[^\]]*\]")
_PADDING = re.compile(r"\[[^\]]*\]|[_*].")
_LITERAL = re.compile(r'"([^"]*)"|((?:\\.)+)|([$£€¥₹₩₪₺₽₴]+)')


def format_currency(code: str) -> str | None:
    """ISO code of the currency that a number format writes beside the number, else None."""
    found = _DECLARED.search(code)
    if found:
        sign, locale = found[1].strip(), (found[2] or "").upper().lstrip("0")
        return _SHARED.get((sign, locale[-4:].lstrip("0"))) or currency_code(sign)
    positive = _PADDING.sub("", code.partition(";")[0])
    for quoted, escaped, bare in _LITERAL.findall(positive):
        literal = quoted or escaped.replace("\\", "") or bare
        if known := currency_code(literal):
            return known
    return None


def currency_styles(package: zipfile.ZipFile, name: str) -> dict[bytes, str]:
    """Cell style number (as a sheet writes it) → ISO code, of the styles that show a currency."""
    if name not in package.namelist():
        return {}
    root = xml(package, name)
    space = root.tag.rpartition("}")[0]
    space = f"{space}}}" if space else ""
    codes: dict[str, str] = {}
    for element in root.iter(f"{space}numFmt"):
        code = format_currency(element.get("formatCode", ""))
        if code:
            codes[element.get("numFmtId", "")] = code
    styles = root.find(f"{space}cellXfs")
    formats = [] if styles is None else [s.get("numFmtId", "") for s in styles]
    return {str(i).encode(): codes[f] for i, f in enumerate(formats) if f in codes}


def column_currencies(
    package: zipfile.ZipFile, part: str, styles: dict[bytes, str], position: int
) -> dict[int, str]:
    """Row number → ISO code, of the cells of one column that show a currency."""
    if not styles:
        return {}
    letters = column_letters(position).encode()
    cell = re.compile(rb'<(?:\w+:)?c r="' + letters + rb'(\d+)"(?: \w+="\w*")*? s="(\d+)"')
    return {
        int(row): styles[style]
        for row, style in _found(cell, chunks(package, part, b"<"))
        if style in styles
    }


def _found(cell: re.Pattern[bytes], pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for piece in pieces:
        yield from cell.findall(piece)
