"""`healthsheet addin`: its actions."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from pipeline.cli import main
from pipeline.cli.addin import ACTIONS


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The list of actions has a line for each that fits 80 columns, and each has its own help."""
    with pytest.raises(SystemExit) as ended:
        main(["addin", "--help"])
    assert ended.value.code == 0
    listed = " ".join(capsys.readouterr().out.split())
    assert f"{name} {ACTIONS[name]}" in listed
    with pytest.raises(SystemExit):
        main(["addin", name, "--help"])
    assert f"usage: healthsheet addin {name}" in capsys.readouterr().out
    assert importlib.import_module(f"pipeline.cli.addin_{name}").run.__doc__


def test_actions_are_light() -> None:
    """Asking for help loads neither the server nor anything heavy."""
    heavy = {"numpy", "pandas", "openpyxl", "starlette", "uvicorn", "cryptography", "xlwings"}
    code = (
        "import contextlib, sys; from pipeline.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['addin', '--help'])\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "serve" in done.stdout
    assert not heavy.intersection(eval(done.stderr))
