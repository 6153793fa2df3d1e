"""`healthsheet addin install`: the add-in for Excel on Windows, and what stands in its way."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE

if TYPE_CHECKING:
    from addin.hosts.xlwings.checks import Check
    from addin.hosts.xlwings.machine import Machine

_MARKS = {"ok": "ok  ", "warning": "note", "problem": "FIX "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.description = (
        "Install the cell functions and the ribbon into Excel on this Windows machine, through "
        "its own Python. Everything that could stand in the way is looked at first."
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="only look, change nothing")
    choice.add_argument("--uninstall", action="store_true", help="remove the add-in")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(args: argparse.Namespace) -> int:
    """Install, look or remove.

    Returns:
        0 all is well; 1 it is installed and something is left to do; 2 something stands in the way.
    """
    from addin.hosts.xlwings.install import check, install, uninstall

    if args.uninstall:
        removed = uninstall()
        said = "Removed. Restart Excel." if removed else "There was no add-in to remove."
        print(json.dumps({"removed": removed}) if args.json else said)
        return DONE
    machine, checks = check() if args.check else install()
    if args.json:
        where = machine.addin if machine.startup else None
        told = {"addin": where, "checks": [asdict(found) for found in checks]}
        json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        _show(machine, checks)
    return _status(checks)


def _status(checks: list[Check]) -> int:
    found = {check.status for check in checks}
    return IMPOSSIBLE if "problem" in found else FINDINGS if "warning" in found else DONE


def _show(machine: Machine, checks: list[Check]) -> None:
    from addin.registry import FUNCTIONS

    width = max(len(check.name) for check in checks)
    for check in checks:
        print(f"{_MARKS[check.status]}  {check.name:<{width}}  {check.text}")
        if check.fix:
            print(f"{'':{width + 6}}  {check.fix}")
    if not machine.startup:
        return  # the one check has said where to go instead
    if _status(checks) == IMPOSSIBLE:
        print("Next: mend what is marked FIX, then run healthsheet addin install again.")
    else:
        print(f"Installed: {machine.addin}")
        print(f"Next: start Excel and type {FUNCTIONS[0].examples[0]} into a cell.")
