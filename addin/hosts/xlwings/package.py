"""Write the add-in for Excel on Windows: one .xlam with sources, ribbon and settings."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, unescape

from addin.hosts.xlwings.ribbon import ribbon_xml
from addin.hosts.xlwings.vba import FUNCTIONS_SHEET, SETTINGS_SHEET, modules
from addin.hosts.xlwings.vba_project import vba_project
from addin.registry import FUNCTIONS
from scoring.errors import HostError

__all__ = ["read_settings", "write_xlam"]

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = {SETTINGS_SHEET: "SettingsSheet", FUNCTIONS_SHEET: "FunctionsSheet"}
# One fixed time, so that the same settings give the same file.
_TIME = (2020, 1, 1, 0, 0, 0)
Rows = Iterable[Sequence[str | int]]


def write_xlam(path: Path, settings: Mapping[str, str], *, xlwings_version: str) -> None:
    """Write the add-in; an older one is replaced in one step.

    Args:
        path: the .xlam file; its folder is made.
        settings: what the add-in's VBA reads from its *Settings* sheet, and `read_settings`.
        xlwings_version: names the DLLs that it loads.

    Raises:
        HostError: the file cannot be written, most often because Excel has it open.
    """
    parts = _parts(settings, xlwings_version)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                entry = zipfile.ZipInfo(name, _TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, content)
        unfinished.replace(path)
    except OSError as error:
        why = f"{path} cannot be written: {error.strerror or error}."
        raise HostError(f"{why} Close Excel and run the command again.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def read_settings(path: Path) -> dict[str, str]:
    """The settings that `write_xlam` put into an add-in; none where it is missing or foreign."""
    try:
        with zipfile.ZipFile(path) as package:
            sheet = package.read("xl/worksheets/sheet1.xml").decode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return {}
    rows = (re.findall(r"<t [^>]*>(.*?)</t>", row, re.DOTALL) for row in sheet.split("<row>")[1:])
    return {unescape(row[0]): unescape(row[1]) for row in rows if len(row) == 2}


def _parts(settings: Mapping[str, str], xlwings_version: str) -> dict[str, str | bytes]:
    project = vba_project(modules(xlwings_version), tuple(_SHEETS.values()))
    rows: tuple[Rows, ...] = (settings.items(), _function_rows())
    sheets = {
        f"xl/worksheets/sheet{i}.xml": _sheet(code_name, cells)
        for i, (code_name, cells) in enumerate(zip(_SHEETS.values(), rows, strict=True), 1)
    }
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            {
                f"{_RELATION}/officeDocument": "xl/workbook.xml",
                "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility": (
                    "customUI/customUI14.xml"
                ),
            }.items()
        ),
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *((f"{_RELATION}/worksheet", f"worksheets/sheet{i}.xml") for i in (1, 2)),
                (f"{_RELATION}/styles", "styles.xml"),
                (
                    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                    "vbaProject.bin",
                ),
            ]
        ),
        "xl/styles.xml": _STYLES,
        **sheets,
        "xl/vbaProject.bin": project,
        "customUI/customUI14.xml": ribbon_xml(),
    }


def _function_rows() -> Rows:
    """One row a function: name, help, category, number of arguments, help of each."""
    for f in FUNCTIONS:
        yield f.name, f.help, "HealthSheet", len(f.arguments), *(a.help for a in f.arguments)


def _content_types() -> str:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {
        "/xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "/xl/worksheets/sheet1.xml": f"{sheet}.worksheet+xml",
        "/xl/worksheets/sheet2.xml": f"{sheet}.worksheet+xml",
        "/xl/styles.xml": f"{sheet}.styles+xml",
        "/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    }
    listed = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>\n'
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>\n'


def _workbook() -> str:
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(_SHEETS, 1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
        '<workbookPr codeName="ThisWorkbook"/><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets></workbook>\n"
    )


def _sheet(code_name: str, rows: Rows) -> str:
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr codeName="{code_name}"/>'
        f"<sheetData>{cells}</sheetData></worksheet>\n"
    )


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>\n"
)
