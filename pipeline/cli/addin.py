"""`healthsheet addin`: cell functions for spreadsheet programs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from addin.registry import FUNCTIONS, Function
from pipeline.cli import DONE

_OXT = Path("healthsheet.oxt")


def configure(parser: argparse.ArgumentParser) -> None:
    """Sub-commands and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    functions = actions.add_parser("functions", help="list the cell functions")
    functions.add_argument("--json", action="store_true", help="print JSON instead of text")
    oxt = actions.add_parser(
        "oxt",
        help="build the LibreOffice extension",
        description="Build the LibreOffice extension, with all that it needs inside.",
    )
    oxt.add_argument("-o", "--output", type=Path, metavar="FILE",
                     help=f"file to write (default: {_OXT})")  # fmt: skip
    oxt.add_argument(
        "--install",
        action="store_true",
        help="also install it in this machine's LibreOffice, over an older one",
    )


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    return _functions(args) if args.action == "functions" else _oxt(args)


def _functions(args: argparse.Namespace) -> int:
    if args.json:
        json.dump([_as_data(f) for f in FUNCTIONS], sys.stdout, indent=2, ensure_ascii=False)
        print()
        return DONE
    for function in FUNCTIONS:
        print(f"{function.signature}\n  {function.help}")
        width = max(len(a.name) for a in function.arguments)
        for argument in function.arguments:
            print(f"    {argument.name:<{width}}  {argument.help}")
        print(*(f"  {example}" for example in function.examples), "", sep="\n")
    print("Next: healthsheet addin oxt --install  puts them into LibreOffice.")
    return DONE


def _as_data(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "signature": function.signature,
        "help": function.help,
        "category": function.category,
        "arguments": [
            {"name": a.name, "kind": a.kind, "optional": a.optional, "help": a.help}
            for a in function.arguments
        ],
        "examples": list(function.examples),
    }


def _oxt(args: argparse.Namespace) -> int:
    from addin.hosts.libreoffice import build_oxt, install_oxt

    oxt = build_oxt(args.output or _OXT)
    print(f"Wrote {oxt}: {', '.join(f.name for f in FUNCTIONS)} for LibreOffice Calc.")
    if not args.install:
        print(f"Next: healthsheet addin oxt -o {oxt} --install, or open {oxt} with LibreOffice.")
        return DONE
    shared = install_oxt(oxt)
    print(f"Installed for {'all users of this machine' if shared else 'you'}.")
    print(f"Next: restart LibreOffice and type {FUNCTIONS[0].examples[0]} into a cell.")
    return DONE
