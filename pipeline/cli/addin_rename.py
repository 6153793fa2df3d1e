"""`healthsheet addin rename`: a workbook from Excel for LibreOffice, and back."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from pipeline.cli import DONE

_PARTS = re.compile(r"/?xl/(workbook|worksheets/[^/]+|tables/[^/]+)\.xml", re.IGNORECASE)


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.description = (
        "Give the cell functions in a workbook the names that the other program looks for: each "
        "stores its own. LibreOffice 25 and newer read and write Excel's by themselves."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="workbook (.xlsx, .xlsm)")
    parser.add_argument("--for", dest="program", choices=("excel", "libreoffice"), required=True,
                        help="program that will open it")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="FILE",
                        help="file to write (default: beside it, FILE-PROGRAM)")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Write the workbook with the other names, where it has any of ours."""
    from addin.hosts.libreoffice.stored_names import rename_functions
    from workbook_templates.package import Package

    package, total = Package.open(args.file), 0
    for name in [part for part in package if _PARTS.fullmatch(part)]:
        text, changed = rename_functions(package.read(name).decode("utf-8"), args.program)
        if changed:
            package.replace(name, text.encode("utf-8"))
            total += changed
    if not total:
        print(f"{args.file}: no function has another name there. Nothing written.")
        return DONE
    target = args.output or args.file.with_stem(f"{args.file.stem}-{args.program}")
    package.save(target)
    print(f"Wrote {target}: renamed {total} function{'s' if total > 1 else ''}.")
    print(f"Next: open it in {_NAMES[args.program]} and recalculate with {_KEYS[args.program]}.")
    return DONE


_NAMES = {"excel": "Excel", "libreoffice": "LibreOffice"}
_KEYS = {"excel": "Ctrl+Alt+F9", "libreoffice": "Ctrl+Shift+F9"}
