"""`healthsheet addin`: cell functions for spreadsheet programs."""

from __future__ import annotations

import argparse
import importlib

__all__ = ["ACTIONS", "configure", "run"]

ACTIONS = {
    "functions": "list the cell functions",
    "oxt": "build the LibreOffice extension",
    "rename": "give functions in a workbook the names Excel or LibreOffice knows",
    "install": "install the cell functions into Excel on this Windows machine",
    "manifest": "write the file by which Excel finds the server",
    "serve": "run the server behind the cell functions in Excel",
}
"""Action → one line of help. `pipeline.cli.addin_<action>` has ``configure(parser)`` and
``run(args) -> int``; what is slow to import, it imports when it runs."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    for name, text in ACTIONS.items():
        sub = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        importlib.import_module(f"pipeline.cli.addin_{name}").configure(sub)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    status: int = importlib.import_module(f"pipeline.cli.addin_{args.action}").run(args)
    return status
