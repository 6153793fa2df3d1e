"""The workbook as a file: whole or unchanged, whoever else is at it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline import workbook_file
from pipeline.workbook_file import BACKUPS, KEPT, ChangedMeanwhile, WorkbookFile
from scoring.errors import WorkbookError
from tests.modules import ROOT
from tests.workbook_templates.books import card, draw
from workbook_templates.package import Package, WorkbookLocked

OLD = draw(card)
WHEN = datetime(2026, 11, 22, 21, 30)  # noqa: DTZ001 - local, as backups are named
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX file modes and signals")


def _new() -> bytes:
    package = Package(OLD)
    package.add("ballast.bin", os.urandom(2_000_000))
    return package.to_bytes()


NEW = _new()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook in a folder of its own."""
    found = tmp_path / "portfolio.xlsx"
    found.write_bytes(OLD)
    return found


def backups(path: Path) -> list[str]:
    """Names of the backups beside a workbook."""
    folder = path.parent / BACKUPS
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_saving_keeps_what_was_there(path: Path) -> None:
    """The new file stands in its place, the old one among the backups, nothing else."""
    file = WorkbookFile(path)
    backup = file.save(NEW, file.read(), WHEN)
    assert path.read_bytes() == NEW
    assert backup is not None
    assert backup.read_bytes() == OLD
    assert backups(path) == ["portfolio-20261122-213000.xlsx"]
    assert sorted(p.name for p in path.parent.iterdir()) == [BACKUPS, "portfolio.xlsx"]


def test_the_last_ten_backups_of_a_workbook_are_kept(path: Path) -> None:
    """Older ones go; those of a workbook with a longer name, and other files, stay."""
    folder = path.parent / BACKUPS
    folder.mkdir()
    others = ["portfolio-emea-20250101-000000.xlsx", "portfolio-old.xlsx"]
    for name in others:
        (folder / name).write_bytes(b"theirs")
    file = WorkbookFile(path)
    for k in range(KEPT + 3):
        file.save((OLD, NEW)[k % 2], file.read(), WHEN + timedelta(minutes=k))
    mine = [n for n in backups(path) if n not in others]
    assert len(mine) == KEPT
    assert mine[0] == "portfolio-20261122-213300.xlsx"
    assert set(others) < set(backups(path))


def test_two_backups_of_one_second(path: Path) -> None:
    """The second has a number; none is written over."""
    file = WorkbookFile(path)
    file.save(NEW, OLD, WHEN)
    file.save(OLD, NEW, WHEN)
    assert backups(path) == ["portfolio-20261122-213000-2.xlsx", "portfolio-20261122-213000.xlsx"]


def test_a_file_that_changed_meanwhile_is_never_replaced(path: Path) -> None:
    """Somebody saved between reading and writing: theirs stands."""
    file = WorkbookFile(path)
    was = file.read()
    path.write_bytes(b"theirs")
    with pytest.raises(ChangedMeanwhile, match="changed by somebody else"):
        file.save(NEW, was, WHEN)
    assert path.read_bytes() == b"theirs"
    beside = file.keep_beside(NEW, WHEN)
    assert beside.name == "portfolio.conflict-20261122-213000.xlsx"
    assert beside.read_bytes() == NEW


def test_a_new_file_is_not_put_over_one_that_appeared(tmp_path: Path) -> None:
    """Two people make the same workbook at once: the first one's stands."""
    file = WorkbookFile(tmp_path / "new.xlsx")
    file.path.write_bytes(OLD)
    with pytest.raises(ChangedMeanwhile):
        file.save(NEW, None, WHEN)
    assert file.path.read_bytes() == OLD


@posix
def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    """What the link points to is replaced, and backed up there."""
    link = tmp_path / "elsewhere" / "link.xlsx"
    link.parent.mkdir()
    link.symlink_to(path)
    file = WorkbookFile(link)
    file.save(NEW, file.read(), WHEN)
    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert backups(path) == ["portfolio-20261122-213000.xlsx"]


@posix
def test_mode_and_owner_are_kept(path: Path) -> None:
    """Nobody gets to read the workbook or its backup who could not before."""
    path.chmod(0o640)
    owner = (1234, 2345) if os.getuid() == 0 else (os.getuid(), os.getgid())
    os.chown(path, *owner)
    file = WorkbookFile(path)
    backup = file.save(NEW, file.read(), WHEN)
    assert backup is not None
    assert path.stat().st_mode & 0o777 == backup.stat().st_mode & 0o777 == 0o640
    assert (path.stat().st_uid, path.stat().st_gid) == owner


@posix
def test_a_read_only_file_is_left_alone(path: Path) -> None:
    """Write protection is a wish, even where a new file could take its place."""
    path.chmod(0o444)
    with pytest.raises(WorkbookError, match="is read-only"):
        WorkbookFile(path).read()


@pytest.mark.parametrize("lock", ["~$portfolio.xlsx", ".~lock.portfolio.xlsx#"])
def test_an_open_workbook_is_told_before_anything_is_read(path: Path, lock: str) -> None:
    """The lock file of Excel or LibreOffice is named."""
    (path.parent / lock).touch()
    with pytest.raises(WorkbookLocked, match="is open in another program"):
        WorkbookFile(path).read()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ods", b"PK\3\4" + b"\0" * 30 + b"application/vnd.oasis.opendocument", "(.ods)"),
        ("a.zip", b"PK\3\4" + b"\0" * 60, "is no .xlsx or .xlsm workbook"),
    ],
)
def test_other_formats_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """The message says what the file is and what to do."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WorkbookError) as caught:
        WorkbookFile(tmp_path / name).read()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is a folder"),
        ("a.csv", "Name a new workbook with .xlsx"),
        ("none/a.xlsx", "Make that folder first"),
    ],
)
def test_names_that_cannot_be(tmp_path: Path, name: str, message: str) -> None:
    """A folder, another ending and a missing folder are told before any work."""
    with pytest.raises(WorkbookError, match=message):
        WorkbookFile(tmp_path / name)


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Python with our packages, its output open."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)


_HOLDER = """
import sys, time
from pathlib import Path
from pipeline.workbook_file import WorkbookFile
with WorkbookFile(Path(sys.argv[1])).alone():
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_refreshes_wait_for_each_other(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second gives up with a sentence; one that was killed no longer stands in the way."""
    monkeypatch.setattr(workbook_file, "_PATIENCE", 0.3)
    with run(_HOLDER, str(path)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(WorkbookError, match=r"Another refresh of .* is running"),
            WorkbookFile(path).alone(),
        ):
            pass
        holder.kill()
    with WorkbookFile(path).alone():
        assert path.read_bytes() == OLD


_SAVER = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline.workbook_file import WorkbookFile
path, new = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
print("ready", flush=True)
file = WorkbookFile(path)
while True:
    with file.alone():
        file.save(new, file.read(), datetime.now())
"""


@posix
def test_kill_9_leaves_whole_files(path: Path, tmp_path: Path) -> None:
    """Killed at any moment, the workbook and every backup is the old or the new one."""
    (tmp_path / "new.bin").write_bytes(NEW)
    for k in range(6):
        with run(_SAVER, str(path), str(tmp_path / "new.bin")) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.011 * k)
            process.send_signal(signal.SIGKILL)
        assert path.read_bytes() in (OLD, NEW)
        kept = (tmp_path / BACKUPS).glob("portfolio-*.xlsx")
        assert all(p.read_bytes() in (OLD, NEW) for p in kept)
    with WorkbookFile(path).alone():
        assert list(tmp_path.rglob("*.tmp")) == []


_FULL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from pipeline.workbook_file import WorkbookFile
from scoring.errors import WorkbookError
path, new = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    WorkbookFile(path).save(new, path.read_bytes(), datetime(2026, 1, 1))
except WorkbookError as error:
    print(error)
"""


@posix
def test_no_room_leaves_the_workbook_as_it_was(path: Path, tmp_path: Path) -> None:
    """The system refuses the bytes: a sentence, the old file, no leftovers."""
    (tmp_path / "new.bin").write_bytes(NEW)
    with run(_FULL, str(path), str(tmp_path / "new.bin")) as process:
        told = process.communicate()[0]
    assert "cannot be written: " in told
    assert told.endswith("It is as it was.\n")
    assert path.read_bytes() == OLD
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".tmp"]
