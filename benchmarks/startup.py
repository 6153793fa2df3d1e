"""Start-up of the command: what a person waits for before anything happens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.measure import Row, rounds

_MAIN = "import sys; from pipeline.cli import main; sys.exit(main(sys.argv[1:]))"
_COMMANDS = {
    "python -c pass": ["pass"],
    "healthsheet --help": [_MAIN, "--help"],
    "healthsheet model list": [_MAIN, "model", "list"],
    "python -c 'import pandas'": ["import pandas"],
}


def start_up() -> Iterator[Row]:
    """Rows for --help and model list against an empty Python; targets are seconds."""
    cases = {name: partial(_start, arguments) for name, arguments in _COMMANDS.items()}
    for case, seconds in rounds(cases, count=9).items():
        ours = case.startswith("healthsheet")
        yield Row(
            job="start-up",
            case=case,
            seconds=seconds,
            shown=f"{seconds * 1000:,.0f} ms",
            ratio=seconds if ours else None,
            target=0.3 if ours else None,
            wanted=0.15 if ours else None,
            note="(s)" if ours else "",
        )


def _start(arguments: list[str]) -> None:
    subprocess.run([sys.executable, "-c", *arguments], check=True, stdout=subprocess.DEVNULL)
