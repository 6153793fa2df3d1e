"""`healthsheet addin functions`: what can be typed into a cell."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from pipeline.cli import DONE

if TYPE_CHECKING:
    from addin.registry import Function


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of text")
    form.add_argument("--markdown", action="store_true", help="print the page docs/functions.md")


def run(args: argparse.Namespace) -> int:
    """Print every function: call, arguments, examples."""
    from addin.hosts.help_page import functions_markdown
    from addin.registry import FUNCTIONS

    if args.markdown:
        print(functions_markdown(), end="")
        return DONE
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
    print("      healthsheet addin serve          puts them into Excel.")
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
