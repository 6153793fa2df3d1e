"""``healthsheet model``: list, show, check and convert score models."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.presets import DEFAULT, preset_summaries

# `model list` must answer at once, so whatever builds, reads or draws a model is imported late.
if TYPE_CHECKING:
    from scoring.lint import Finding
    from scoring.model import ScoreModel

__all__ = ["configure", "run"]

DONE, FINDINGS = 0, 1
_SPEC = "a preset's name, a .toml file, or a workbook with a Model sheet"


def configure(parser: ArgumentParser) -> None:
    """Add the five actions of the command and their options to its parser."""
    parser.description = "List, show, check and convert score models."
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    added = {
        "list": actions.add_parser("list", help="the models that come with healthsheet"),
        "show": actions.add_parser("show", help="dimensions, metrics, weights and thresholds"),
        "lint": actions.add_parser("lint", help="what deserves a second look in a model"),
        "export": actions.add_parser("export", help="write a model to an .xlsx or .toml file"),
        "import": actions.add_parser("import", help="read a model, check it, write it as .toml"),
    }
    for name in ("show", "lint"):
        added[name].add_argument("model", nargs="?", default=DEFAULT, help=f"{_SPEC} ({DEFAULT})")
    added["export"].add_argument("model", help=_SPEC)
    added["import"].add_argument("model", metavar="file", help="workbook or .toml file to read")
    for name, wanted in (("export", ".xlsx or .toml"), ("import", ".toml")):
        added[name].add_argument(
            "-o", "--output", type=Path, required=True, help=f"{wanted} file to write"
        )
    for name in ("list", "show", "lint"):
        added[name].add_argument("--json", action="store_true", help="print JSON")


def run(args: Namespace) -> int:
    """Carry out the action that was asked for.

    Returns:
        Exit status: 0 done, 1 done and the model has lint warnings.

    Raises:
        HealthSheetError: it cannot be done; the message is fit to print (exit status 2).
    """
    action = {"list": _list, "show": _show, "lint": _lint, "export": _export, "import": _import}
    return action[args.action](args)


def _list(args: Namespace) -> int:
    summaries = preset_summaries()
    if args.json:
        _print_json([{k: getattr(s, k) for k in s.__slots__} for s in summaries])
        return DONE
    # Plain text: rich would take longer to import than all the rest to do.
    width = max(len(s.name) for s in summaries)
    titles = max(len(s.title) for s in summaries)
    for s in summaries:
        mark = "*" if s.name == DEFAULT else " "
        print(f"{mark} {s.name:<{width}}  {s.version:<5} {s.title:<{titles}}  {s.source}")
    print("\n* default. Details: healthsheet model show NAME")
    return DONE


def _show(args: Namespace) -> int:
    model = _load(args.model)
    if args.json:
        print(model.model_dump_json(indent=2))
        return DONE
    from pipeline.cli.model_view import print_model

    print_model(model)
    return DONE


def _lint(args: Namespace) -> int:
    model = _load(args.model)
    findings = _findings(model)
    if args.json:
        _print_json([{k: getattr(f, k) for k in f.__slots__} for f in findings])
    else:
        _print_findings(model, findings)
    return _status(findings)


def _export(args: Namespace) -> int:
    from pipeline.model_files import write_model

    model = _load(args.model)
    write_model(model, args.output)
    print(f"Wrote {model.label} to {args.output}.")
    return DONE


def _import(args: Namespace) -> int:
    from pipeline.model_files import write_model
    from scoring.errors import ModelError

    if args.output.suffix.casefold() != ".toml":
        raise ModelError(f"An imported model becomes a .toml file; {args.output.name} is none.")
    model = _load(args.model)
    write_model(model, args.output)
    print(
        f"Read {model.label} from {args.model}: {len(model.dimensions)} dimensions, "
        f"{len(model.metrics)} metrics, {len(model.gates)} gates. Wrote {args.output}."
    )
    findings = _findings(model)
    _print_findings(model, findings)
    return _status(findings)


def _load(spec: str) -> ScoreModel:
    from pipeline.model_files import load_model

    return load_model(spec)


def _findings(model: ScoreModel) -> list[Finding]:
    from scoring.lint import lint_model

    return lint_model(model)


def _status(findings: list[Finding]) -> int:
    return FINDINGS if any(f.severity == "warning" for f in findings) else DONE


def _print_findings(model: ScoreModel, findings: list[Finding]) -> None:
    for finding in findings:
        print(f"{finding.severity}: {finding} [{finding.code}]")
    warnings = sum(f.severity == "warning" for f in findings)
    print(f"{model.label}: {warnings} {'warning' if warnings == 1 else 'warnings'}.")


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))
