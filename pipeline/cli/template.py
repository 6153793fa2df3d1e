"""`healthsheet template`: export a workbook for a designer, check what comes back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, add_common, today
from scoring.errors import WorkbookError

if TYPE_CHECKING:
    from pipeline.templates import Kind
    from workbook_templates.template_check import Finding

_SHOWN = 5
_KINDS = ("account", "portfolio")
_GROUPS = {"moved": "stand elsewhere than in ours, and are filled there"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Sub-commands and their options."""
    parser.description = (
        "The workbooks that report and refresh fill. Export one, put your logo, colours and sheets "
        "on it in Excel or LibreOffice, check it, and give it to report (account) or to refresh "
        "(portfolio) with --template."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    listed = actions.add_parser("list", help="the templates, model by model")
    add_common(listed, model=False, as_of=False)
    export = actions.add_parser("export", help="write a template, filled with sample accounts")
    export.add_argument("kind", nargs="?", default="account", choices=_KINDS,
                        help="account: the scorecard, which report fills (default); portfolio: "
                             "all accounts, which refresh makes")  # fmt: skip
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
    from pipeline.templates import KINDS
    from scoring.presets import load_preset, preset_names

    counts = ("sheets", "places", "tables", "charts")
    rows = []
    for kind in KINDS.values():
        for name in preset_names():
            found = kind.standard(load_preset(name))
            sizes = {what: len(getattr(found, what)) for what in counts}
            rows.append({"template": kind.label, "kind": kind.key, "model": name, **sizes})
    if args.json:
        print(json.dumps(rows, indent=2))
        return DONE
    print(f"{'Template':<18} {'Model':<17} " + " ".join(f"{c.capitalize():>6}" for c in counts))
    for row in rows:
        numbers = " ".join(f"{row[c]:>6}" for c in counts)
        print(f"{row['template']:<18} {row['model']:<17} {numbers}")
    print("\nNext: healthsheet template export -m scorecard -o template.xlsx")
    print("For all accounts: healthsheet template export portfolio -o portfolio-template.xlsx")
    return DONE


def _export(args: argparse.Namespace) -> int:
    from pipeline.model_files import load_model
    from pipeline.templates import KINDS, exported
    from scoring.presets import DEFAULT
    from workbook_templates.package import save_bytes

    path: Path = args.output
    if path.suffix.casefold() != ".xlsx":
        raise WorkbookError(f"A template is an .xlsx workbook; {path.name} is none. Rename it.")
    model = load_model(args.model or DEFAULT)
    try:
        save_bytes(path, exported(model, as_of=args.as_of or today(), kind=args.kind))
    except OSError as error:
        raise WorkbookError(f"{path} cannot be written: {error.strerror or error}.") from error
    named = f" -m {args.model}" if args.model else ""
    sample = "a sample account" if args.kind == "account" else "sample accounts"
    print(f"Wrote {path}: {KINDS[args.kind].label}, {model.label}, filled with {sample}.")
    print("Change looks, add sheets, charts and columns. Keep the names that begin with hs_.")
    print(f"Next: healthsheet template check {path}{named}")
    return DONE


def _check(args: argparse.Namespace) -> int:
    from pipeline.model_choice import choose_model
    from pipeline.templates import check_file, kind_of
    from workbook_templates.template_check import errors_of

    model = choose_model(args.model, args.file)
    kind = kind_of(args.file, model)
    findings = check_file(args.file, model, as_of=args.as_of or today())
    errors = errors_of(findings)
    remarks = [f for f in findings if f.severity == "note" and f.fix]
    if args.json:
        told = [{k: getattr(f, k) for k in f.__slots__} for f in findings]
        head = {"file": str(args.file), "kind": kind.key, "model": model.label}
        document = {**head, "findings": told}
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        _print(args, (model.label, kind), findings)
    return IMPOSSIBLE if errors else FINDINGS if remarks else DONE


def _print(args: argparse.Namespace, of: tuple[str, Kind], findings: Sequence[Finding]) -> None:
    from workbook_templates.template_check import errors_of

    label, found = of
    errors = errors_of(findings)
    for error in errors:
        print(f"! {error}")
    notes = [f for f in findings if f.severity == "note"]
    for what, told in _GROUPS.items():
        group = [f for f in notes if f.kind == what]
        if len(group) > _SHOWN:
            notes = [f for f in notes if f.kind != what]
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
    print(f"Next: {found.command}{named} --template {args.file}")
