"""`healthsheet init`: an input workbook and settings to start from, or a workbook of functions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, add_common
from scoring.errors import DataError

if TYPE_CHECKING:
    from scoring.model import ScoreModel

_WORKBOOK, _FUNCTIONS = "accounts.xlsx", "functions.xlsx"
_SETTINGS = """\
# Settings of this folder. A model named on the command line (-m), or a Model sheet in the
# source, wins over this one.
model = "{model}"
# What counts as a risk: a .toml file or workbook of your own. The sheets Risk library and Plays of
# the source win over it. Take the mark away to use it.
# risks = "risks.toml"
# Keeps every day's scores: a file beside this one, or postgresql://user@host/database with the
# password in PGPASSWORD. Take the mark away to begin.
# history = "history.db"
# What healthsheet validate found: renewals then show a probability fitted to your outcomes instead
# of the illustration, until it expires; docs/backtest.md tells how to make it.
# backtest = "backtest.json"
# Instead of one workbook, [source.tables.…] and [source.sheets.…] read files and databases of your
# own; docs/own-data.md tells how.

# What `healthsheet run` does in one go; docs/schedule.md has lines for cron and Task Scheduler.
# [run]
# source = "accounts.xlsx"
# workbook = "portfolio.xlsx"
# alerts = []                     # or ["slack"], ["teams"]
# alerts_file = "alerts.xlsx"
# reports = "reports"

# Who gets a mail about which accounts; docs/mail.md tells of logins, Microsoft Graph and files.
# [mail]
# from = "HealthSheet <health@example.com>"
# [mail.smtp]
# host = "mail.example.com"
# [[mail.recipient]]
# to = "leader@example.com"
# csm = ["Sample CSM 1"]          # or segment, region, team; all = true for every account
# when = "weekly"                 # or "tier-change", "demand"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR",
                        help="folder to write into (default: this one)")  # fmt: skip
    parser.add_argument("--lambda", action="store_true", dest="functions",
                        help="instead, write functions.xlsx: HEALTH_SCORE, HEALTH_TIER and "
                             "DIMENSION_SCORE in cells of Excel 365 without add-in")  # fmt: skip
    parser.add_argument("--empty", action="store_true", help="leave out the sample accounts")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    add_common(parser, as_of=False, json=False)


def run(args: argparse.Namespace) -> int:
    """Write accounts.xlsx and healthsheet.toml, or functions.xlsx alone.

    Raises:
        DataError: a file exists already and --force is not given, or the folder cannot be made.
    """
    from pipeline.model_files import load_model
    from pipeline.settings import SETTINGS
    from scoring.presets import DEFAULT

    named = args.model or DEFAULT
    model = load_model(named)
    names = (_FUNCTIONS,) if args.functions else (_WORKBOOK, SETTINGS)
    paths = [args.folder / name for name in names]
    standing = [p for p in paths if p.exists()]
    if standing and not args.force:
        listed = " and ".join(str(p) for p in standing)
        raise DataError(f"{listed} exists already. Choose another folder, or add --force.")
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
        if args.functions:
            return _functions(paths[0], model, example=not args.empty)
        return _project(paths[0], paths[1], model, named, example=not args.empty)
    except OSError as error:
        raise DataError(f"{args.folder} cannot be written to: {error.strerror}.") from error


def _project(
    workbook: Path, settings: Path, model: ScoreModel, named: str, *, example: bool
) -> int:
    from pipeline.input_workbook import write_input_workbook

    write_input_workbook(workbook, model, example=example)
    written = named if Path(named).suffix == "" else str(Path(named).resolve())
    settings.write_text(_SETTINGS.format(model=written.replace("\\", "/")), encoding="utf-8")
    print(f"Wrote {workbook}  one row an account, model {model.label} on sheet Model")
    print(f"Wrote {settings}  settings of this folder")
    print(f"Next: healthsheet score {workbook}")
    return DONE


def _functions(workbook: Path, model: ScoreModel, *, example: bool) -> int:
    from pipeline.functions_workbook import write_functions_workbook

    write_functions_workbook(workbook, model, example=example)
    print(f"Wrote {workbook}  cell functions of model {model.label}, for Excel 365 without add-in")
    print("Next: open it in Excel and type =HEALTH_SCORE(")
    return DONE
