"""Saving to disk: all or nothing, never over an open workbook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workbook_templates.books import card, cells, draw
from workbook_templates.fill import fill_file
from workbook_templates.ooxml import saving
from workbook_templates.package import DoesNotFit, Package, WorkbookLocked, save_bytes

BOOK = draw(card)


def test_fill_file_replaces_the_file_and_keeps_its_permissions(tmp_path: Path) -> None:
    """Fill file replaces the file and keeps its permissions."""
    path = tmp_path / "card.xlsx"
    path.write_bytes(BOOK)
    path.chmod(0o640)
    fill_file(path, path, {"score": 7.5})
    assert cells(path.read_bytes(), "Card")["B2"] == 7.5
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["card.xlsx"]


@pytest.mark.parametrize("lock", ["~$portfolio.xlsx", ".~lock.portfolio.xlsx#", "~$rtfolio.xlsx"])
def test_a_lock_file_beside_the_workbook_stops_the_save(tmp_path: Path, lock: str) -> None:
    """A lock file beside the workbook stops the save."""
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(b"old")
    (tmp_path / lock).touch()
    with pytest.raises(WorkbookLocked) as caught:
        save_bytes(path, BOOK)
    assert lock in str(caught.value)
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2


def test_bytes_that_do_not_open_again_never_replace_the_file(tmp_path: Path) -> None:
    """Bytes that do not open again never replace the file."""
    path = tmp_path / "card.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(Exception, match="damaged"):
        save_bytes(path, BOOK[:-30])
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_is_not_a_destination(tmp_path: Path) -> None:
    """A folder is not a destination."""
    (tmp_path / "in.xlsx").write_bytes(BOOK)
    with pytest.raises(DoesNotFit, match="is a folder"):
        fill_file(tmp_path / "in.xlsx", tmp_path, {})


def test_a_busy_file_on_windows_is_tried_again_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy file on windows is tried again for a while."""
    tries: list[int] = []
    replace = Path.replace

    def busy(self: Path, target: Path) -> Path:
        tries.append(1)
        if len(tries) < 3:
            error = PermissionError("sharing violation")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    Package(BOOK).save(tmp_path / "a.xlsx")
    assert len(tries) == 3
    monkeypatch.setattr(saving, "_PATIENCE", 0.0)
    tries.clear()
    with pytest.raises(WorkbookLocked, match="in use by another program"):
        Package(BOOK).save(tmp_path / "a.xlsx")


_WRITER = """
import sys
from pathlib import Path
from workbook_templates.package import save_bytes
path, data = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
print("ready", flush=True)
while True:
    save_bytes(path, data)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX signal")
def test_kill_9_during_save_leaves_a_whole_workbook(tmp_path: Path) -> None:
    """Kill 9 during save leaves a whole workbook."""
    path, new = tmp_path / "card.xlsx", tmp_path / "new.bin"
    path.write_bytes(BOOK)
    package = Package(BOOK)
    package.add("ballast.bin", os.urandom(3_000_000))
    new.write_bytes(package.to_bytes())
    whole = {len(BOOK), new.stat().st_size}
    for k in range(8):
        command = [sys.executable, "-c", _WRITER, str(path), str(new)]
        root = Path(__file__).resolve().parents[2]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.013 * k)
            process.send_signal(signal.SIGKILL)
        assert path.stat().st_size in whole
        assert Package.open(path).read("xl/workbook.xml")
