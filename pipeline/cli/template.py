"""`healthsheet template`: export the account workbook for a designer, check what comes back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, add_common, today
from scoring.errors import WorkbookError

if TYPE_CHECKING:
    from workbook_templates.template_check import Finding

_SHOWN = 5
_GROUPS = {"moved": "stand elsewhere than in ours, and are filled there"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Sub-commands and their options."""
    parser.description = (
        "The workbook that report fills. Export it, put your logo, colours and sheets on it in "
        "Excel or LibreOffice, check it, and give it to report with --template."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    listed = actions.add_parser("list", help="the templates, model by model")
    add_common(listed, model=False, as_of=False)
    export = actions.add_parser("export", help="write a template, filled with a sample account")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", required=True,
                        help=".xlsx file to write")  # fmt: skip
    add_common(export, json=False)
    check = actions.add_parser("check", help="what is missing in a template, and what is kept",
                               description="Exit status: 0 complete, 1 usable with remarks that "
                                           "want a look, 2 cannot be filled.")  # fmt: skip
    check.add_argument("file", type=Path, metavar="FILE", help="the template")
    add_common(check)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    return {"list": _list, "export": _export, "check": _check}[args.action](args)


def _list(args: argparse.Namespace) -> int:
    from scoring.presets import load_preset, preset_names
    from workbook_templates.report import account_template

    counts = ("sheets", "places", "tables", "charts")
    rows = []
    for name in preset_names():
        found = account_template(load_preset(name))
        sizes = {what: len(getattr(found, what)) for what in counts}
        rows.append({"template": "account scorecard", "model": name, **sizes})
    if args.json:
        print(json.dumps(rows, indent=2))
        return DONE
    print(f"{'Template':<18} {'Model':<17} " + " ".join(f"{c.capitalize():>6}" for c in counts))
    for row in rows:
        numbers = " ".join(f"{row[c]:>6}" for c in counts)
        print(f"{row['template']:<18} {row['model']:<17} {numbers}")
    print("\nNext: healthsheet template export -m scorecard -o template.xlsx")
    return DONE


def _export(args: argparse.Namespace) -> int:
    from pipeline.model_files import load_model
    from pipeline.templates import exported
    from scoring.presets import DEFAULT
    from workbook_templates.package import save_bytes

    path: Path = args.output
    if path.suffix.casefold() != ".xlsx":
        raise WorkbookError(f"A template is an .xlsx workbook; {path.name} is none. Rename it.")
    model = load_model(args.model or DEFAULT)
    try:
        save_bytes(path, exported(model, as_of=args.as_of or today()))
    except OSError as error:
        raise WorkbookError(f"{path} cannot be written: {error.strerror or error}.") from error
    named = f" -m {args.model}" if args.model else ""
    print(f"Wrote {path}: account scorecard, {model.label}, filled with a sample account.")
    print("Change looks, add sheets, charts and columns. Keep the names that begin with hs_.")
    print(f"Next: healthsheet template check {path}{named}")
    return DONE


def _check(args: argparse.Namespace) -> int:
    from pipeline.model_choice import choose_model
    from pipeline.templates import check_file
    from workbook_templates.template_check import errors_of

    model = choose_model(args.model, args.file)
    findings = check_file(args.file, model, as_of=args.as_of or today())
    errors = errors_of(findings)
    remarks = [f for f in findings if f.severity == "note" and f.fix]
    if args.json:
        told = [{k: getattr(f, k) for k in f.__slots__} for f in findings]
        document = {"file": str(args.file), "model": model.label, "findings": told}
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        _print(args, model.label, findings)
    return IMPOSSIBLE if errors else FINDINGS if remarks else DONE


def _print(args: argparse.Namespace, label: str, findings: Sequence[Finding]) -> None:
    from workbook_templates.template_check import errors_of

    errors = errors_of(findings)
    for error in errors:
        print(f"! {error}")
    notes = [f for f in findings if f.severity == "note"]
    for kind, told in _GROUPS.items():
        group = [f for f in notes if f.kind == kind]
        if len(group) > _SHOWN:
            notes = [f for f in notes if f.kind != kind]
            names = ", ".join(f.name for f in group[:_SHOWN])
            print(f"  {len(group)} places {told}: {names} … (all with --json)")
    for note in notes:
        print(f"  {note}")
    if errors:
        count = f"{len(errors)} thing{'' if len(errors) == 1 else 's'} to fix"
        print(f"{args.file} cannot be filled for {label}: {count}.")
        return
    named = f" -m {args.model}" if args.model else ""
    print(f"{args.file} can be filled for {label}.")
    print(f"Next: healthsheet report SOURCE -o reports{named} --template {args.file}")
