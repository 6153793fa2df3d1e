"""Run a document's VBA functions in cells, answered by a process of ours.

Runs under the system's Python. What VBA asks of the object that `connect` gets goes as a line of
JSON to the process, whose line is what VBA gets back.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import unohelper
from com.sun.star.sheet import XFunctionAccess


class _Answers(unohelper.Base, XFunctionAccess):
    """An object with one method that takes any arguments."""

    def __init__(self, command: list[str], folder: str) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
        )

    def callFunction(self, name: str, arguments: Any) -> Any:  # noqa: N802
        """Ask the process."""
        pipe, told = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert told is not None
        pipe.write(json.dumps([name, *_numbers(arguments)]) + "\n")
        pipe.flush()
        return _rows(json.loads(told.readline()))

    def close(self) -> None:
        """End the process."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


def _numbers(value: Any) -> Any:
    """Whole numbers as Doubles: LibreOffice's Basic hands 4 over as an Integer, Excel does not."""
    if isinstance(value, tuple):
        return [_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _rows(value: Any) -> Any:
    return tuple(_rows(item) for item in value) if isinstance(value, list) else value


def answered(document: Any, script: str, command: list[str], folder: str) -> _Answers:
    """Start the process and hand it to a Sub of the document, ``Library.Module.Sub``."""
    answers = _Answers(command, folder)
    url = f"vnd.sun.star.script:{script}?language=Basic&location=document"
    document.getScriptProvider().getScript(url).invoke((answers,), (), ())
    return answers
