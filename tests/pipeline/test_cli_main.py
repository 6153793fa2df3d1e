"""The command line as a whole: statuses, messages, start-up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.terminal import fit, paint, wants_colour


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Help names every command."""
    assert cli.main([]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has help."""
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    assert name in capsys.readouterr().out


def test_a_missing_file_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file is one line and status 2."""
    assert cli.main(["score", "nowhere.xlsx"]) == 2
    assert capsys.readouterr().err == (
        "healthsheet: nowhere.xlsx does not exist. Check the name and the folder.\n"
    )


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(KeyboardInterrupt(), 130, "stopped"), (RuntimeError("boom"), 2, "Details: ")],
)
def test_surprises_show_no_traceback(
    error: BaseException,
    status: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Surprises show no traceback."""

    def fail(arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(cli, "_run", fail)
    assert cli.main(["score"]) == status
    shown = capsys.readouterr().err
    assert words in shown
    assert "Traceback" not in shown
    if "Details: " in shown:
        log = Path(shown.split("Details: ")[1].split(". Please")[0])
        assert "boom" in log.read_text()
        log.unlink()


def test_help_imports_nothing_heavy() -> None:
    """Help imports nothing heavy."""
    code = (
        "import sys; from pipeline.cli import main; main([]); "
        "print([m for m in ('pandas', 'numpy', 'pydantic', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")


class _Terminal:
    def isatty(self) -> bool:
        return True


def test_colour_is_never_the_only_carrier() -> None:
    """Colour is never the only carrier."""
    line = [("■", "red"), (" Red", "")]
    assert paint(line, colour=False) == "■ Red"
    assert paint(line, colour=True, environ={}) == "\x1b[31m■\x1b[0m Red"
    assert "38;2;" in paint(line, colour=True, environ={"COLORTERM": "truecolor"})
    assert not wants_colour(_Terminal(), {"NO_COLOR": "1"})  # type: ignore[arg-type]
    assert wants_colour(_Terminal(), {})  # type: ignore[arg-type]


def test_names_fit_by_terminal_cells() -> None:
    """Names fit by terminal cells."""
    assert fit("Sample", 8) == "Sample  "
    assert fit("Sample Account", 8) == "Sample …"
    assert fit("株式会社", 6) == "株式 …" or len(fit("株式会社", 6)) <= 6
