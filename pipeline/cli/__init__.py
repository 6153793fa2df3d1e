"""The command line. Command modules are imported only when their command runs."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date

from scoring.errors import HealthSheetError

__all__ = ["COMMANDS", "DONE", "FINDINGS", "IMPOSSIBLE", "main"]

DONE, FINDINGS, IMPOSSIBLE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "demo": "score and report sample accounts into a folder",
    "init": "start a project: input workbook and settings",
    "score": "score the accounts of a workbook, file, database or project",
    "report": "write a scorecard workbook for each account",
    "refresh": "make or refresh the portfolio workbook; yours in it stays",
    "email": "mail each leader what changed, with the workbook behind it",
    "run": "refresh, alerts, reports and mail of a project in one go",
    "lint": "check finished scorecards: evidence, owners, deadlines",
    "history": "list, show, build, import and export recorded scores",
    "alerts": "list what fired, who acts by when; send it to Slack or Teams",
    "validate": "tell whether scores foretold churn, and what to change",
    "metrics": "show how metrics are counted from tables of events, as SQL",
    "template": "list, export and check templates of scorecard and portfolio",
    "model": "list, show, check, export and import score models",
    "addin": "cell functions for spreadsheet programs",
}
"""Command → one line of help. `pipeline.cli.<command>` has ``configure(parser)`` and
``run(args) -> int``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done, 1 finished with findings, 2 could not do it, 130 interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except HealthSheetError as error:
        print(f"healthsheet: {error}", file=sys.stderr)
        return IMPOSSIBLE
    except KeyboardInterrupt:
        print("healthsheet: stopped; files are either whole or unchanged.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        print("healthsheet: not enough memory for this source. Split it.", file=sys.stderr)
        return IMPOSSIBLE
    except Exception as error:  # noqa: BLE001 (the last stop before a user would see a traceback)
        print(f"healthsheet: {_logged(error, arguments)}", file=sys.stderr)
        return IMPOSSIBLE


def _run(arguments: list[str]) -> int:
    wanted = next((a for a in arguments if not a.startswith("-")), None)
    parser = _parser(wanted)
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return DONE
    status: int = importlib.import_module(f"pipeline.cli.{args.command}").run(args)
    sys.stdout.flush()
    return status


def _parser(wanted: str | None) -> argparse.ArgumentParser:
    """The whole parser, but only the wanted command's own options: the rest stay unimported."""
    parser = argparse.ArgumentParser(
        prog="healthsheet",
        description="Customer health scores where the work is done: in spreadsheets.",
        epilog="Exit status: 0 done, 1 finished with findings, 2 could not do it.",
    )
    parser.add_argument("--version", action="version", version=f"healthsheet {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, text in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name == wanted:
            importlib.import_module(f"pipeline.cli.{name}").configure(sub)
    return parser


def _version() -> str:
    if "--version" not in sys.argv:
        return ""
    from importlib.metadata import version

    return version("healthsheet")


def add_common(
    parser: argparse.ArgumentParser, *, model: bool = True, as_of: bool = True, json: bool = True
) -> None:
    """Add the options that mean the same in every command that has them."""
    if model:
        parser.add_argument("-m", "--model", metavar="MODEL",
                            help="preset, .toml file, or workbook with a Model sheet")  # fmt: skip
    if as_of:
        parser.add_argument("--as-of", metavar="DATE", type=parse_day, default=None,
                            help="score for this day, as 2026-01-31 (default: today)")  # fmt: skip
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def parse_day(text: str) -> date:
    """A day given as 2026-01-31; argparse shows the message otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date. Type it as 2026-01-31.") from None


def today() -> date:
    """The local day, where no --as-of is given."""
    from datetime import datetime

    return datetime.now().astimezone().date()


def _logged(error: Exception, arguments: Sequence[str]) -> str:
    """Save the traceback and say where; it may hold names, so it stays on this machine."""
    import traceback

    text = f"arguments: {list(arguments)}\n" + "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="healthsheet-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(text)
        kept = f"Details: {log.name}. Please report it with that file (it may hold your data)."
    except OSError:
        kept = "No log could be saved. Please report it."
    return f"an error of ours ({type(error).__name__}). {kept}"
