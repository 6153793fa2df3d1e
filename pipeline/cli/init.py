"""`healthsheet init`: an input workbook and settings to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli import DONE, add_common
from scoring.errors import DataError

_WORKBOOK = "accounts.xlsx"
_SETTINGS = """\
# Settings of this folder. A model named on the command line (-m), or a Model sheet in the
# source, wins over this one.
model = "{model}"
# Keeps every day's scores: a file beside this one, or postgresql://user@host/database with the
# password in PGPASSWORD. Take the mark away to begin.
# history = "history.db"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR",
                        help="folder to write into (default: this one)")  # fmt: skip
    parser.add_argument("--empty", action="store_true", help="leave out the sample accounts")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    add_common(parser, as_of=False, json=False)


def run(args: argparse.Namespace) -> int:
    """Write accounts.xlsx and healthsheet.toml.

    Raises:
        DataError: a file exists already and --force is not given, or the folder cannot be made.
    """
    from pipeline.input_workbook import write_input_workbook
    from pipeline.model_choice import SETTINGS
    from pipeline.model_files import load_model
    from scoring.presets import DEFAULT

    named = args.model or DEFAULT
    model = load_model(named)
    workbook, settings = args.folder / _WORKBOOK, args.folder / SETTINGS
    standing = [p for p in (workbook, settings) if p.exists()]
    if standing and not args.force:
        listed = " and ".join(str(p) for p in standing)
        raise DataError(f"{listed} exists already. Choose another folder, or add --force.")
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
        write_input_workbook(workbook, model, example=not args.empty)
        written = named if Path(named).suffix == "" else str(Path(named).resolve())
        settings.write_text(_SETTINGS.format(model=written.replace("\\", "/")), encoding="utf-8")
    except OSError as error:
        raise DataError(f"{args.folder} cannot be written to: {error.strerror}.") from error
    print(f"Wrote {workbook}  one row an account, model {model.label} on sheet Model")
    print(f"Wrote {settings}  settings of this folder")
    print(f"Next: healthsheet score {workbook}")
    return DONE
