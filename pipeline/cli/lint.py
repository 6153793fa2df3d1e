"""`healthsheet lint`: is a finished scorecard fit to be shown?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, add_common, today

if TYPE_CHECKING:
    from pipeline.finished import Checked
    from pipeline.terminal import Line

_LISTED = 20
"""Scorecards with findings that are listed one by one."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Check finished scorecards: each rating has evidence, each risk is specific, each action "
        "has an owner and a working day, scenarios sum to 100%, trends have a scorecard to compare "
        "with. Exit status: 0 nothing to mend, 1 findings, 2 a file could not be checked."
    )
    parser.add_argument("scorecards", metavar="SCORECARD", type=Path, nargs="+",
                        help="workbook that report wrote, or a folder of them")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list every scorecard and every note")
    add_common(parser, model=False)


def run(args: argparse.Namespace) -> int:
    """Check each scorecard, and tell.

    Raises:
        DataError: a path is not there, or a folder holds no workbook.
    """
    from pipeline.finished import check_files, scorecard_files

    paths = scorecard_files(args.scorecards)
    day = args.as_of or today()
    checked = list(check_files(paths, as_of=day))
    if args.json:
        print(json.dumps(_document(checked), indent=2, ensure_ascii=False))
    else:
        from pipeline.terminal import print_lines

        print_lines(_lines(checked, everything=args.all or len(checked) == 1))
    for one in checked:
        if one.problem:
            print(f"healthsheet: {one.problem}", file=sys.stderr)
    if any(one.problem for one in checked):
        return IMPOSSIBLE
    return FINDINGS if any(one.to_fix for one in checked) else DONE


def _document(checked: Sequence[Checked]) -> list[dict[str, object]]:
    return [
        {
            "file": str(one.path),
            "account": one.account,
            "problem": one.problem,
            "findings": [{k: getattr(f, k) for k in f.__slots__} for f in one.findings],
        }
        for one in checked
    ]


def _lines(checked: Sequence[Checked], *, everything: bool) -> list[Line]:
    """Each scorecard with what is to mend, then the totals."""
    out: list[Line] = []
    to_mend = [one for one in checked if one.to_fix]
    for one in checked if everything else to_mend[:_LISTED]:
        if not one.problem:
            out += _one(one, notes=everything)
    if not everything and len(to_mend) > _LISTED:
        out.append([(f"… {len(to_mend) - _LISTED} more with findings; all with --all.", "muted")])
    return [*out, *_totals(checked)]


def _one(one: Checked, *, notes: bool) -> list[Line]:
    shown = one.findings if notes else one.to_fix
    head: Line = [(one.account or one.path.name, "bold"), (f"  {one.path.name}", "muted")]
    if not shown:
        return [head, [("  Nothing to mend.", "")], []]
    lines: list[Line] = [head]
    for f in shown:
        sign, style = ("!", "warn") if f.severity == "finding" else ("·", "muted")
        place = f"{f.where}: " if f.where else ""
        lines.append([(f"  {sign} ", style), (f"{place}{f.message} ", ""), (f.fix, "muted")])
    return [*lines, []]


def _totals(checked: Sequence[Checked]) -> list[Line]:
    read = [one for one in checked if not one.problem]
    findings = sum(len(one.to_fix) for one in read)
    mend = sum(1 for one in read if one.to_fix)
    if not read:
        return []
    cards = f"{len(read):,} scorecard{'' if len(read) == 1 else 's'} checked"
    if not findings:
        return [[(f"{cards}, nothing to mend.", "")]]
    things = f"{findings:,} finding{'' if findings == 1 else 's'}"
    return [[(f"{cards}, {things} in {mend:,}.", "")]]
