"""The workbook that people work in, as a file: locked, backed up, replaced whole or not at all."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from shutil import copymode
from typing import IO

from pipeline.file_lock import try_lock
from scoring.errors import WorkbookError
from workbook_templates.package import check_unlocked, save_bytes

__all__ = ["BACKUPS", "KEPT", "ChangedMeanwhile", "WorkbookFile"]

BACKUPS = ".healthsheet-backups"
"""Folder beside the workbook; also holds the lock that keeps two refreshes apart."""
KEPT = 10
"""Backups of one workbook that are kept."""
_PATIENCE = 10.0
"""Seconds to wait for another refresh of the same workbook."""
_ENDINGS = (".xlsx", ".xlsm")


class ChangedMeanwhile(WorkbookError):
    """Somebody saved the workbook between reading and replacing it; theirs stands."""


class WorkbookFile:
    """A workbook's file; a link is followed, so that the link stays one.

    Args:
        path: of the workbook, which may be absent.

    Raises:
        WorkbookError: no file of that name can be a workbook.
    """

    def __init__(self, path: Path) -> None:
        self.shown = str(path)
        self.path = path.resolve()
        if self.path.is_dir():
            raise WorkbookError(f"{path} is a folder. Name a workbook, such as portfolio.xlsx.")
        ending = self.path.suffix.casefold()
        if self.path.exists():
            return
        if ending != ".xlsx":
            raise WorkbookError(f"{path} does not exist. Name a new workbook with .xlsx.")
        if not self.path.parent.is_dir():
            raise WorkbookError(f"{path.parent} does not exist. Make that folder first.")

    @property
    def exists(self) -> bool:
        """The file is there."""
        return self.path.exists()

    def read(self) -> bytes:
        """The whole file, if it may be replaced.

        Raises:
            WorkbookLocked: it is open in a spreadsheet program.
            WorkbookError: it is read-only, cannot be read, or is another kind of file.
        """
        check_unlocked(self.path)
        with self._told("read"):
            data = self.path.read_bytes()
            writable = os.access(self.path, os.W_OK) and self.path.stat().st_mode & 0o222
        if data.startswith(b"PK") and b"opendocument" in data[:200]:
            raise WorkbookError(
                f"{self.shown} is an OpenDocument spreadsheet (.ods), which a refresh cannot "
                "write. Save it as .xlsx and refresh that."
            )
        if data.startswith(b"PK") and self.path.suffix.casefold() not in _ENDINGS:
            raise WorkbookError(
                f"{self.shown} is no .xlsx or .xlsm workbook. Save it in Excel as .xlsx first."
            )
        if not writable:
            raise WorkbookError(
                f"{self.shown} is read-only. Take the write protection off, or refresh a copy."
            )
        return data

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other refreshes of the same workbook away; a crash lets go by itself.

        Raises:
            WorkbookLocked, WorkbookError: another refresh works on it for long.
        """
        with self._told("locked"):
            self._folder().mkdir(exist_ok=True)
            stream = (self._folder() / f"{self.path.name}.lock").open("a+b")
        with stream:
            _wait(stream, self.shown)
            self._clear()
            yield

    def _clear(self) -> None:
        """Remove what a killed refresh left half written; nobody else is writing now."""
        mine = re.escape(self.path.name[:40])
        backup = re.escape(self.path.stem) + r"-\d{8}-\d{6}[^/]*"
        for folder, name in ((self.path.parent, mine), (self._folder(), backup)):
            for left in folder.glob(".*.tmp"):
                if re.fullmatch(rf"\.{name}\.\w{{8}}\.tmp", left.name):
                    with suppress(OSError):
                        left.unlink()

    def save(self, data: bytes, was: bytes | None, when: datetime) -> Path | None:
        """Put *data* in the file's place, if it still is as it was read.

        Args:
            data: the new workbook.
            was: what was read; None where there was no file.
            when: names the backup.

        Returns:
            The backup of what was there.

        Raises:
            ChangedMeanwhile: somebody else saved it since.
            WorkbookLocked: it is open in a spreadsheet program.
            WorkbookError: no room, no permission; the file is as it was.
        """
        with self._told("written"):
            backup = None if was is None else self._back_up(was, when)
            save_bytes(self.path, data, lambda: self._unchanged(was))
        return backup

    def _unchanged(self, was: bytes | None) -> None:
        now = self.path.read_bytes() if self.path.exists() else None
        if now != was:
            raise ChangedMeanwhile(
                f"{self.shown} was changed by somebody else while it was refreshed. "
                "Theirs stands; refresh again."
            )

    def keep_beside(self, data: bytes, when: datetime) -> Path:
        """Save *data* under a free name beside the workbook.

        Raises:
            WorkbookError: no room, no permission.
        """
        path = _free(self.path.parent, f"{self.path.stem}.conflict", self.path.suffix, when)
        with self._told("written"):
            save_bytes(path, data)
        return path

    def _folder(self) -> Path:
        return self.path.parent / BACKUPS

    def _back_up(self, data: bytes, when: datetime) -> Path:
        folder = self._folder()
        folder.mkdir(exist_ok=True)
        path = _free(folder, self.path.stem, self.path.suffix, when)
        save_bytes(path, data)
        # What may not be read by others must not be so as a backup.
        copymode(self.path, path)
        self._prune(path)
        return path

    def _prune(self, latest: Path) -> None:
        mine = [
            p
            for p in self._folder().iterdir()
            if p.suffix == self.path.suffix and _named(p.stem, self.path.stem)
        ]
        older = sorted((p for p in mine if p != latest), key=lambda p: p.name, reverse=True)
        for path in older[KEPT - 1 :]:
            with suppress(OSError):
                path.unlink()

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WorkbookError(
                f"{self.shown} cannot be {what}: {error.strerror or error}. It is as it was."
            ) from error


def _free(folder: Path, stem: str, ending: str, when: datetime) -> Path:
    base = f"{stem}-{when:%Y%m%d-%H%M%S}"
    path, number = folder / f"{base}{ending}", 2
    while path.exists():
        path, number = folder / f"{base}-{number}{ending}", number + 1
    return path


def _named(stem: str, workbook: str) -> bool:
    """A backup's name is that of the workbook, a day and a time."""
    rest = stem.removeprefix(f"{workbook}-")
    return rest != stem and rest[:8].isdigit() and rest[8:9] == "-" and rest[9:15].isdigit()


def _wait(stream: IO[bytes], shown: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not try_lock(stream):
        if time.monotonic() > deadline:
            raise WorkbookError(
                f"Another refresh of {shown} is running. Wait until it has ended and try again."
            )
        time.sleep(0.1)
