"""Drive a running LibreOffice over UNO: JSON lines in, JSON lines out.

Runs under the system's Python, the one that can import `uno`, and imports nothing of ours but
the files beside it.

Usage: ``python3 driver.py PORT SECONDS``, the seconds to wait for it.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import edits as people  # type: ignore[import-not-found]
import sheets  # type: ignore[import-not-found]
import uno
from com.sun.star.beans import PropertyValue

FILTERS = {
    "csv": "Text - txt - csv (StarCalc)",
    "fods": "OpenDocument Spreadsheet Flat XML",
    "html": "HTML (StarCalc)",
    "ods": "calc8",
    "pdf": "calc_pdf_Export",
    "xls": "MS Excel 97",
    "xlsm": "Calc MS Excel 2007 VBA XML",
    "xlsx": "Calc MS Excel 2007 XML",
}


def prop(name: str, value: object) -> Any:
    """One UNO property."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(port: int, timeout: float) -> Any:
    """The component context of the LibreOffice that listens on *port*."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    address = f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext"
    end = time.monotonic() + timeout
    while True:
        try:
            return resolver.resolve(address)
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Driver:
    """The operations, one method each; every document is closed again."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.desktop = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context
        )

    def _open(self, path: str, macros: int = 0) -> Any:
        # As a template: an unnamed copy, so no lock file appears beside the original.
        hidden, copy = prop("Hidden", True), prop("AsTemplate", True)
        options = (hidden, copy, prop("MacroExecutionMode", macros))
        url = uno.systemPathToFileUrl(path)
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, options)
        if document is None:
            raise ValueError(f"LibreOffice refuses to open {path}")
        return document

    def _blank(self) -> Any:
        options = (prop("Hidden", True),)
        return self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, options)

    def ping(self) -> str:
        """Answer, so that the caller knows the bridge stands."""
        return "pong"

    def read(
        self, path: str, recalculate: bool = False, changes: list[list[Any]] | None = None
    ) -> dict[str, Any]:
        """Values of every sheet, after typing *changes* and, if asked, a hard recalculation."""
        document = self._open(path)
        try:
            for sheet, address, value in changes or ():
                sheets.put(document.Sheets.getByName(sheet), address, value)
            if recalculate:
                document.calculateAll()
            shown: dict[str, Any] = sheets.values(document)
            return shown
        finally:
            document.close(True)

    def without_rows(self, path: str, sheet: str, rows: list[int]) -> dict[str, Any]:
        """Values of every sheet after *rows* of one, counted from 1, are deleted."""
        document = self._open(path)
        try:
            for row in sorted(rows, reverse=True):
                document.Sheets.getByName(sheet).Rows.removeByIndex(row - 1, 1)
            document.calculateAll()
            shown: dict[str, Any] = sheets.values(document)
            return shown
        finally:
            document.close(True)

    def trials(
        self, path: str, trials: list[list[list[Any]]], cells: list[list[str]]
    ) -> list[list[Any]]:
        """What *cells* show after each trial's changes; every trial starts from the file."""
        document = self._open(path)
        try:
            return [self._trial(document, changes, cells) for changes in trials]
        finally:
            document.close(True)

    def _trial(self, document: Any, changes: list[list[Any]], cells: list[list[str]]) -> list[Any]:
        by_name = document.Sheets.getByName
        before = [(sheet, at, sheets.held(by_name(sheet), at)) for sheet, at, _ in changes]
        for sheet, address, value in changes:
            sheets.put(by_name(sheet), address, value)
        document.calculateAll()
        shown = [sheets.value(document, sheet, address) for sheet, address in cells]
        for sheet, address, old in before:
            sheets.put(by_name(sheet), address, old)
        return shown

    def evaluate(
        self,
        cells: dict[str, Any],
        formulas: dict[str, str],
        ranges: dict[str, list[list[Any]]],
        addresses: list[str],
    ) -> dict[str, Any]:
        """Type *ranges*, *cells* and *formulas* into a fresh sheet; read what it shows there."""
        document = self._blank()
        try:
            sheet = document.Sheets.getByIndex(0)
            document.enableAutomaticCalculation(False)
            for address, rows in ranges.items():
                sheet.getCellRangeByName(address).setDataArray(tuple(map(tuple, rows)))
            for address, value in cells.items():
                sheets.put(sheet, address, value, typed=True)
            for address, formula in formulas.items():
                sheets.put_formula(sheet, address, formula)
            document.calculateAll()
            found: dict[str, Any] = sheets.shown(document, sheet, addresses)
            return found
        finally:
            document.close(True)

    def macros(self, path: str, script: str, command: list[str], folder: str) -> dict[str, Any]:
        """Values of every sheet, its macros run and answered by a process: see `macros`."""
        import macros  # type: ignore[import-not-found]

        document = self._open(path, macros=4)  # always, without asking
        answers = macros.answered(document, script, command, folder)
        try:
            document.calculateAll()
            shown: dict[str, Any] = sheets.values(document)
            return shown
        finally:
            answers.close()
            document.close(True)

    def replace(self, path: str, target: str, texts: list[list[str]]) -> str:
        """Replace regular expressions in all formulas, as the dialogue does; save as *target*."""
        document = self._open(path)
        try:
            for sheet in document.Sheets:
                for search, by in texts:
                    wanted = sheet.createReplaceDescriptor()
                    wanted.SearchString, wanted.ReplaceString = search, by
                    wanted.SearchRegularExpression, wanted.SearchType = True, 0
                    sheet.replaceAll(wanted)
            document.calculateAll()
            return self._save(document, target)
        finally:
            document.close(True)

    def edit(self, path: str, target: str, edits: list[list[Any]]) -> str:
        """Do what people do, one thing after the other; save as *target*."""
        document = self._open(path)
        try:
            for name, *arguments in edits:
                people.edit(document, name, *arguments)
            return self._save(document, target)
        finally:
            document.close(True)

    def convert(self, path: str, target: str, recalculate: bool = False) -> str:
        """Save *path* as *target*, whose suffix names the format."""
        document = self._open(path)
        try:
            if recalculate:
                document.calculateAll()
            return self._save(document, target)
        finally:
            document.close(True)

    def _save(self, document: Any, target: str) -> str:
        name = FILTERS[Path(target).suffix[1:]]
        url = uno.systemPathToFileUrl(target)
        document.storeToURL(url, (prop("FilterName", name), prop("Overwrite", True)))
        return target

    def wizard(self, names: list[str]) -> dict[str, Any]:
        """What the function wizard tells of functions: help, category, arguments with theirs."""
        listed = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.sheet.FunctionDescriptions", self.context
        )
        told = {}
        for name in names:
            found = {p.Name: p.Value for p in listed.getByName(name)}
            arguments = [[a.Name, a.Description, a.IsOptional] for a in found["Arguments"]]
            told[name] = [found["Description"], found["Category"], arguments]
        return told

    def install(self, path: str) -> str:
        """Install an extension into the profile; it works from the next start on."""
        import extensions  # type: ignore[import-not-found]

        extensions.add(self.context, uno.systemPathToFileUrl(path))
        return path

    def stop(self) -> str:
        """Ask LibreOffice to end."""
        with contextlib.suppress(Exception):  # the bridge breaks while the process ends
            self.desktop.terminate()
        return "stopped"


def serve(driver: Driver) -> None:
    """Answer requests until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, object]
        try:
            method: Callable[..., object] = getattr(driver, request["op"])
            answer = {"value": method(**request["arguments"])}
        except Exception as error:  # noqa: BLE001 - told to the other side, which raises it
            lost = "Disposed" in type(error).__name__
            answer = {"error": f"{type(error).__name__}: {error}", "lost": lost}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(Driver(connect(int(sys.argv[1]), timeout=float(sys.argv[2]))))
