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
    parser.add_argument(
        "--install",
        action="store_true",
        help="also install it in this machine's LibreOffice, over an older one",
    )


def run(args: argparse.Namespace) -> int:
    """Build the extension; install it where that is asked for."""
    from addin.hosts.libreoffice import build_oxt, install_oxt
    from addin.registry import FUNCTIONS

    oxt = build_oxt(args.output or _OXT)
    print(f"Wrote {oxt}: {', '.join(f.name for f in FUNCTIONS)} for LibreOffice Calc.")
    if not args.install:
        print(f"Next: healthsheet addin oxt -o {oxt} --install, or open {oxt} with LibreOffice.")
        return DONE
    shared = install_oxt(oxt)
    print(f"Installed for {'all users of this machine' if shared else 'you'}.")
    print(f"Next: restart LibreOffice and type {FUNCTIONS[0].examples[0]} into a cell.")
    return DONE
