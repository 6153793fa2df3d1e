"""LibreOffice for tests: recalculate, read, evaluate, convert, picture."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.office.bridge import Bridge, OfficeError, OfficeLost, OfficeMissing
from tests.office.server import Extension, Server, alive, start, stop
from tests.office.values import Error, Sheet, Value, plain

__all__ = ["Error", "Extension", "Office", "OfficeError", "Sheet", "Value"]


class Office:
    """One worker's view of the LibreOffice that all workers of a run share.

    LibreOffice does one thing at a time whoever asks, so the workers take turns under a file
    lock. The first to need it starts it; if it dies it is started again once.
    """

    def __init__(self, folder: Path, extension: Callable[[], Extension | None]) -> None:
        """Args: *folder* is the run's own; *extension* makes what to install, or None."""
        self._folder = folder
        self._extension = extension
        self._lock = FileLock(folder / "lock", timeout=300)
        self._bridge: Bridge | None = None

    def recalculate(
        self, path: Path, changes: Mapping[tuple[str, str], Value] | None = None
    ) -> dict[str, Sheet]:
        """Every sheet's values after a hard recalculation; the file itself stays as it is.

        Args:
            path: A workbook.
            changes: (sheet, address) → value to type first; a text with ``=`` is a formula,
                ``None`` empties the cell.
        """
        typed = _listed(changes or {})
        told = self._call("read", path=_existing(path), recalculate=True, changes=typed)
        return {name: Sheet(values) for name, values in told.items()}

    def without_rows(self, path: Path, sheet: str, rows: Sequence[int]) -> dict[str, Sheet]:
        """Every sheet's values after *rows* of one, counted from 1, are deleted there."""
        told = self._call("without_rows", path=_existing(path), sheet=sheet, rows=list(rows))
        return {name: Sheet(values) for name, values in told.items()}

    def trials(
        self,
        path: Path,
        trials: Sequence[Mapping[tuple[str, str], Value]],
        cells: Sequence[tuple[str, str]],
    ) -> list[list[Value | Error]]:
        """What some cells show after each of several changes, the workbook opened once.

        Args:
            path: A workbook; the file itself stays as it is.
            trials: Changes as in `recalculate`, each made to the file as it is.
            cells: (sheet, address) of what to read.
        """
        told = self._call(
            "trials",
            path=_existing(path),
            trials=[_listed(changes) for changes in trials],
            cells=[list(cell) for cell in cells],
        )
        return [[plain(value) for value in values] for values in told]

    def read(self, path: Path) -> dict[str, Sheet]:
        """Every sheet's values as the file caches them: nothing is recalculated."""
        told = self._call("read", path=_existing(path))
        return {name: Sheet(values) for name, values in told.items()}

    def evaluate(
        self,
        formulas: Mapping[str, str],
        cells: Mapping[str, Value] | None = None,
        ranges: Mapping[str, Sequence[Sequence[float | str]]] | None = None,
        only: Sequence[str] = (),
    ) -> Sheet:
        """Type formulas into a fresh sheet, as a person does in an English Calc.

        Args:
            formulas: Address → formula; a range as address makes it an array formula.
            cells: Contents typed before: numbers, texts, truth values, and formulas such as
                ``=1/0`` or ``=NA()`` for error cells.
            ranges: Address → rows of numbers and texts, blank where "": quicker for many cells.
            only: Addresses of what to read; by default all that is used.
        """
        told = self._call(
            "evaluate",
            cells=dict(cells or {}),
            formulas=dict(formulas),
            ranges={
                address: [list(row) for row in rows] for address, rows in (ranges or {}).items()
            },
            addresses=list(only),
        )
        return Sheet(told)

    def wizard(self, names: Sequence[str]) -> dict[str, list[Any]]:
        """What the function wizard tells: name → help, number of category, arguments.

        An argument is its name, its help, and whether it can be left out.
        """
        told: dict[str, list[Any]] = self._call("wizard", names=list(names))
        return told

    def convert(self, path: Path, folder: Path, kind: str, *, recalculate: bool = False) -> Path:
        """Save *path* as *kind* (csv, fods, html, ods, pdf, xls, xlsm, xlsx) in *folder*."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder.resolve() / f"{path.stem}.{kind}"
        source = _existing(path)
        self._call("convert", path=source, target=str(target), recalculate=recalculate)
        return target

    def replace(self, path: Path, target: Path, texts: Mapping[str, str]) -> Path:
        """Save *path* as *target*, with regular expressions in formulas replaced and calculated.

        Args:
            path: A workbook.
            target: Its suffix names the format, as for `convert`.
            texts: What to search → what to put there, one after the other.
        """
        pairs = [list(pair) for pair in texts.items()]
        self._call("replace", path=_existing(path), target=str(target.resolve()), texts=pairs)
        return target

    def edit(self, path: Path, target: Path, edits: Sequence[Sequence[Value]]) -> Path:
        """Save *path* as *target* after somebody worked in it.

        Args:
            path: A workbook.
            target: Its suffix names the format, as for `convert`.
            edits: Each the name of one in `edits.py`, then its arguments.
        """
        listed = [list(edit) for edit in edits]
        self._call("edit", path=_existing(path), target=str(target.resolve()), edits=listed)
        return target

    def pictures(self, path: Path, folder: Path, *, dpi: int = 80) -> list[Path]:
        """One PNG for each printed page, in order."""
        program = shutil.which("pdftoppm")
        if program is None:
            raise OfficeMissing("pdftoppm is not installed: run ./check, which installs it.")
        pdf = self.convert(path, folder, "pdf")
        stem = folder / path.stem
        subprocess.run([program, "-r", str(dpi), "-png", str(pdf), str(stem)], check=True)
        return sorted(folder.glob(f"{_escaped(path.stem)}-*.png"))

    def close(self) -> None:
        """End this worker's driver; LibreOffice runs on for the others."""
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None

    def _call(self, op: str, **arguments: object) -> Any:
        with self._lock:
            for _ in range(2):
                try:
                    return self._connected().call(op, **arguments)
                except OfficeLost as error:
                    lost = error
                    self.close()
                    shut_down(self._folder)
            raise lost

    def _connected(self) -> Bridge:
        server = _running(self._folder)
        if server is None:
            self.close()
            oxt, python_path = self._extension() or (None, "")
            server = start(self._folder / "profile", oxt, python_path=python_path)
            (self._folder / "server.json").write_text(json.dumps([server.port, server.pid]))
        if self._bridge is None or self._bridge.port != server.port:
            self.close()
            self._bridge = Bridge(server.port)
        return self._bridge


def shut_down(folder: Path) -> None:
    """End the run's LibreOffice, if one was started."""
    server = _running(folder)
    (folder / "server.json").unlink(missing_ok=True)
    if server is not None:
        stop(server)


def _running(folder: Path) -> Server | None:
    try:
        server = Server(*json.loads((folder / "server.json").read_text()))
    except FileNotFoundError:
        return None
    return server if alive(server) else None


def _listed(changes: Mapping[tuple[str, str], Value]) -> list[list[Value]]:
    return [[sheet, address, value] for (sheet, address), value in changes.items()]


def _existing(path: Path) -> str:
    if not path.is_file():
        raise FileNotFoundError(path)
    return str(path.resolve())


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "[*?" else c for c in name)
