"""Installing, looking and removing, on machines of tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from addin.hosts.xlwings import install as installer
from addin.hosts.xlwings.machine import Machine
from addin.hosts.xlwings.package import read_settings
from pipeline.cli import main
from scoring.errors import HostError
from tests.addin.xlwings.machines import GOOD


def _well() -> str:
    return ""


def _never() -> NoReturn:
    pytest.fail("Python was started though it need not be")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine that lacks nothing, with a startup folder of its own."""
    return replace(GOOD, startup=str(tmp_path / "XLSTART"), trusted=())


@pytest.fixture
def here(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Make the command line believe that it runs on the machine with these changes."""
    file = Path(machine.startup) / "healthsheet.xlam"

    def be(**changes: object) -> Path:
        def look() -> Machine:
            return replace(machine, installed=read_settings(file), **changes)  # type: ignore[arg-type]

        monkeypatch.setattr(installer, "look", look)
        monkeypatch.setattr(installer, "ask_server", _well)
        return file

    # On this system the path of the machine's add-in is written with the other slash.
    monkeypatch.setattr(Machine, "addin", property(lambda _: str(file)))
    return be


def test_installs_and_says_so(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The add-in lies in the startup folder, with the settings of this machine."""
    file = here()
    assert main(["addin", "install"]) == 0
    assert read_settings(file) == GOOD.wanted
    told = capsys.readouterr().out
    assert "FIX" not in told
    assert f"Installed: {file}" in told
    assert "=HEALTH_SCORE(" in told
    assert main(["addin", "install", "--check"]) == 0


def test_excel_is_running(here: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    """It is installed, and something is left to do: status 1."""
    file = here(running=True)
    assert main(["addin", "install"]) == 1
    assert file.exists()
    assert "Close every Excel window" in capsys.readouterr().out


def test_what_stands_in_the_way_stops_it(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written where it could not work, and the fix is printed: status 2."""
    file = here(excel=None)
    assert main(["addin", "install"]) == 2
    assert not file.exists()
    told = capsys.readouterr().out
    assert "FIX   Excel" in told
    assert "Next: mend what is marked FIX" in told


def test_checking_changes_nothing(
    here: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """--check says that it is not installed, and leaves it so."""
    file = here()
    assert main(["addin", "install", "--check", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["addin"] == str(file)
    assert {c["name"]: c["status"] for c in told["checks"]}["Add-in"] == "problem"
    assert not file.exists()


def test_removing(here: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    """--uninstall removes it, and says so when there was none."""
    file = here()
    main(["addin", "install"])
    assert main(["addin", "install", "--uninstall"]) == 0
    assert not file.exists()
    assert main(["addin", "install", "--uninstall", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"removed": False}


def test_a_new_version_replaces_the_old(here: Callable[..., Path]) -> None:
    """After an upgrade the check asks to install again, and that helps."""
    here()
    main(["addin", "install"])
    file = here(version="0.2.0")
    assert main(["addin", "install", "--check"]) == 1
    assert main(["addin", "install"]) == 0
    assert read_settings(file)["Version"] == "0.2.0"


def test_python_is_started_only_where_it_can_work(machine: Machine) -> None:
    """With a problem before, nothing is started; without one, its words are reported."""
    broken = replace(machine, pywin32="DLL load failed.", server=None)
    _, checks = installer.check(broken, ask=_never)
    assert next(c for c in checks if c.name == "Python").status == "warning"
    _, checks = installer.check(machine, ask=lambda: "ImportError: no pythoncom")
    assert "ImportError: no pythoncom" in next(c for c in checks if c.name == "Python").text


def test_an_open_add_in_cannot_be_removed(
    here: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel holds the file: the message says to close Excel."""
    here()

    def refuse(_: Path) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(HostError, match="Close Excel and run the command again"):
        installer.uninstall()


def test_foreign_files_have_no_settings(tmp_path: Path) -> None:
    """A missing, broken or foreign file counts as no add-in of ours."""
    assert read_settings(tmp_path / "none.xlam") == {}
    (tmp_path / "text.xlam").write_text("text")
    assert read_settings(tmp_path / "text.xlam") == {}
