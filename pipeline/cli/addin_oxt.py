"""`healthsheet addin oxt`: the extension for LibreOffice Calc."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli import DONE

_OXT = Path("healthsheet.oxt")


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.description = "Build the LibreOffice extension, with all that it needs inside."
    parser.add_argument("-o", "--output", type=Path, metavar="FILE",
                        help=f"file to write (default: {_OXT})")  # fmt: skip
    then = parser.add_mutually_exclusive_group()
    then.add_argument(
        "--install",
        action="store_true",
        help="also install it in this machine's LibreOffice, over an older one",
    )
    then.add_argument(
        "--uninstall",
        action="store_true",
        help="build nothing: take it out of this machine's LibreOffice",
    )


def run(args: argparse.Namespace) -> int:
    """Build the extension; install it where that is asked for, or take it out."""
    if args.uninstall:
        _uninstall()
    else:
        _build(args.output or _OXT, install=args.install)
    return DONE


def _build(file: Path, *, install: bool) -> None:
    from addin.hosts.libreoffice import build_oxt, install_oxt
    from addin.registry import FUNCTIONS

    oxt = build_oxt(file)
    print(f"Wrote {oxt}: {len(FUNCTIONS)} functions for LibreOffice Calc.")
    if not install:
        print(f"Next: healthsheet addin oxt -o {oxt} --install, or open {oxt} with LibreOffice.")
        return
    shared = install_oxt(oxt)
    print(f"Installed for {'all users of this machine' if shared else 'you'}.")
    print(f"Next: restart LibreOffice and type {FUNCTIONS[0].examples[0]} into a cell.")


def _uninstall() -> None:
    from addin.hosts.libreoffice import uninstall_oxt

    if uninstall_oxt():
        print("Removed HealthSheet from LibreOffice; formulas that use it show #NAME? from now on.")
    else:
        print("Nothing to remove: HealthSheet is not among LibreOffice's extensions here.")
