"""`healthsheet metrics`: the rules that count metrics, as SQL, and what they give."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from pipeline.cli import DONE, add_common, today
from scoring.errors import DataError

if TYPE_CHECKING:
    from pipeline.metrics.count import MetricValues

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Show how each metric of a declared source is counted: its rule as SQL, and how many "
        "accounts got a value on a day. The SQL runs on what was known by the end of that day."
    )
    parser.add_argument("source", nargs="?", default=".", metavar="SOURCE",
                        help="folder or healthsheet.toml that declares a source (default: this "
                             "folder)")  # fmt: skip
    parser.add_argument("--metric", action="append", default=[], metavar="KEY",
                        help="this metric only; may be repeated")  # fmt: skip
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Print the rules.

    Raises:
        DataError: nothing is declared, a metric has no rule, or a rule does not fit its table.
    """
    from pipeline.model_choice import choose_model
    from pipeline.project import OpenProject, read_project
    from pipeline.settings import declared_source
    from scoring.closest import did_you_mean
    from scoring.columns import account_columns

    settings = declared_source(args.source)
    if settings is None:
        raise DataError(f"{args.source} declares no source. Give a folder with healthsheet.toml.")
    model, project = choose_model(args.model, args.source), read_project(settings)
    for key in args.metric:
        if key not in project.rules:
            hint = did_you_mean(key, list(project.rules)) or f"It has {', '.join(project.rules)}."
            raise DataError(f"{settings} has no rule for the metric {key}. {hint}")
    day = args.as_of or today()
    found = OpenProject(project).metrics(account_columns(model), as_of=day)
    chosen = [f for f in found if not args.metric or f.key in args.metric]
    if args.json:
        told = [{"metric": f.key, "name": f.name, "kind": f.kind, "sql": f.sql,
                 "accounts": f.known} for f in chosen]  # fmt: skip
        print(json.dumps({"as_of": day.isoformat(), "metrics": told}, indent=2))
    else:
        _print(chosen)
    return DONE


def _print(found: list[MetricValues]) -> None:
    for metric in found:
        count = f"{metric.known:,} account{'' if metric.known == 1 else 's'}"
        print(f"{metric.key}  {metric.name}, {metric.kind}, {count}")
        print("\n".join(f"    {line}" for line in metric.sql.strip().splitlines()), end="\n\n")
    noun = "metric is" if len(found) == 1 else "metrics are"
    print(f"{len(found)} {noun} counted.")
