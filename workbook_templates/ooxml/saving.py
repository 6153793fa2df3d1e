"""Writing a workbook to disk so that a crash leaves the old file or the new one, never half."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workbook_templates.ooxml.problems import WorkbookLocked

__all__ = ["check_unlocked", "replace_file"]

_BUSY = {5, 32, 33}  # Windows: access denied, sharing violation, lock violation
_PATIENCE = 10.0
"""Seconds to wait for a virus scanner or a sync client to let go of the file."""


def lock_files(path: Path) -> list[Path]:
    """Lock files that Excel or LibreOffice would keep beside *path* while it is open."""
    names = [f"~${path.name}", f".~lock.{path.name}#"]
    if len(path.stem) > 6:
        # Excel shortens the owner file's name by two characters for long file names.
        names.append(f"~${path.name[2:]}")
    return [path.with_name(name) for name in names]


def check_unlocked(path: Path) -> None:
    """Make sure that nobody has *path* open.

    Raises:
        WorkbookLocked: names the lock file that stands beside it.
    """
    for lock in lock_files(path):
        if lock.exists():
            raise WorkbookLocked(
                f"{path} is open in another program ({lock.name} stands beside it). "
                "Close it there and try again; if nobody has it open, delete that lock file."
            )


def replace_file(path: Path, data: bytes, check: Callable[[bytes], object]) -> None:
    """Write *data* to *path* atomically, keeping permissions and owner of a file that was there.

    Args:
        path: the destination; its folder must exist.
        data: the whole new content.
        check: is given the bytes as read back from disk, before they take the place.

    Raises:
        WorkbookLocked: the file is open elsewhere. OSError: the disk is full, no permission.
    """
    path = path.resolve()
    check_unlocked(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        check(temporary.read_bytes())
        _copy_mode(path, temporary)
        check_unlocked(path)
        _move(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _copy_mode(path: Path, temporary: Path) -> None:
    if path.exists():
        there = path.stat()
        mode = there.st_mode & 0o7777
        # Only an administrator may give a file away; others keep what they may keep.
        if sys.platform != "win32":
            with suppress(OSError):
                os.chown(temporary, -1, there.st_gid)
            with suppress(OSError):
                os.chown(temporary, there.st_uid, -1)
    else:
        # mkstemp makes files private; a new workbook gets what the user's umask gives.
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    temporary.chmod(mode)


def _move(source: Path, target: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            source.replace(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in _BUSY:
                raise
            if time.monotonic() > deadline:
                raise WorkbookLocked(
                    f"{target} is in use by another program. Close it there and try again; "
                    "the file is as it was."
                ) from error
            time.sleep(0.1)
        else:
            return


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
