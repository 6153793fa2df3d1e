"""The Python behind the add-in, started once a worker."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from addin.hosts.xlwings.vba import FUNCTIONS_MODULE
from tests.modules import ROOT

COMMAND = (sys.executable, "-m", "tests.addin.xlwings.answers")


class Answers:
    """A running `answers` process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def call(self, function: str, *arguments: object, module: str = FUNCTIONS_MODULE) -> Any:
        """What VBA gets back from ``CallUDF``."""
        pipe, told = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert told is not None
        pipe.write(json.dumps([module, function, arguments]) + "\n")
        pipe.flush()
        line = told.readline()
        assert line, "the process ended"
        return json.loads(line)

    def close(self) -> None:
        """End it."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


@pytest.fixture(scope="session")
def answers() -> Iterator[Answers]:
    """The unmodified Windows half of xlwings, over stubs of pywin32; see `windows`."""
    started = Answers()
    yield started
    started.close()
