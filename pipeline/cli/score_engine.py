"""`healthsheet score --engine`: Parquet files of any size into Parquet files."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, today

if TYPE_CHECKING:
    from pipeline.scale.files import Totals
    from scoring.model import ScoreModel

__all__ = ["add_engine", "run_engine"]


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add the options for more accounts than a sheet holds."""
    more = parser.add_argument_group("more accounts than a sheet holds")
    more.add_argument("--engine", choices=["local", "spark"],
                      help="score Parquet files (a file, a folder; for spark any address it "
                           "reaches) into a new folder of them: -o OUT")  # fmt: skip
    more.add_argument("--jobs", type=_jobs, metavar="N",
                      help="processes of the local engine (default: one a core)")  # fmt: skip


def run_engine(args: argparse.Namespace) -> int:
    """Score Parquet files; status 1 where rows hold values to fix.

    Raises:
        DataError: without -o; source or target cannot be used; Spark is not there.
    """
    from pipeline.model_choice import choose_model
    from scoring.errors import DataError

    if args.output is None:
        raise DataError("A folder for the result is missing. Add -o scores")
    if args.history:
        raise DataError("--engine keeps no history: it scores files into files. Leave one out.")
    started = time.perf_counter()
    model = choose_model(args.model, args.source)
    totals = _score(args, model)
    if args.json:
        _print_json(args, model, totals)
    else:
        _print(args, model, totals, time.perf_counter() - started)
    return FINDINGS if totals.problems else DONE


def _score(args: argparse.Namespace, model: ScoreModel) -> Totals:
    day = args.as_of or today()
    if args.engine == "spark":
        from pipeline.scale.spark import score_table

        return score_table(args.source, str(args.output), model, as_of=day)
    from pipeline.scale.files import score_files

    jobs = args.jobs or os.cpu_count() or 1
    return score_files(Path(args.source), args.output, model, as_of=day, jobs=jobs)


def _print(args: argparse.Namespace, model: ScoreModel, totals: Totals, seconds: float) -> None:
    from pipeline.results import SHAPES
    from pipeline.score_view import spoken_date
    from pipeline.terminal import Line, print_lines

    day = spoken_date(args.as_of or today())
    count = f"Scored {totals.accounts:,} account{'' if totals.accounts == 1 else 's'}"
    lines: list[Line] = [[(count, "bold"), (f"  {args.source}, {model.label}, {day}", "")], []]
    for key in ("red", "amber", "green", ""):
        word = model.tier_label(key) or "No score"
        lines.append([(SHAPES[key], key), (f" {word:<9} {totals.tiers[key]:>12,}", "")])
    if totals.problems:
        rows = f"{totals.problems:,} row{'' if totals.problems == 1 else 's'}"
        lines += [[], [("! Values to fix", "warn"), (f"  in {rows}: column problems", "")]]
    lines += [[], [(f"Wrote Parquet to {args.output}, {seconds:.1f} s", "bold")]]
    print_lines(lines)


def _print_json(args: argparse.Namespace, model: ScoreModel, totals: Totals) -> None:
    tiers = {key or "none": totals.tiers[key] for key in ("green", "amber", "red", "")}
    told = {
        "folder": str(args.output),
        "model": model.label,
        "as_of": (args.as_of or today()).isoformat(),
        "source": args.source,
        "accounts": totals.accounts,
        "tiers": tiers,
        "rows_with_problems": totals.problems,
    }
    print(json.dumps(told, indent=2))


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of processes. Type 1 or more.")
    return int(text)
