"""``python -m benchmarks [JOB …]``: measure, print one table, with --write also RESULTS.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.libreoffice import calc_cells
from benchmarks.measure import Row
from benchmarks.officejs import office_cells
from benchmarks.portfolio import refresh_portfolio, write_portfolio
from benchmarks.reading import read_workbook
from benchmarks.report_jobs import report_jobs
from benchmarks.scale import scale
from benchmarks.scorecards import scorecards
from benchmarks.scoring_speed import score_many, score_single
from benchmarks.startup import start_up
from benchmarks.store import store
from benchmarks.table import markdown, plain
from benchmarks.validation import validation
from benchmarks.xlwings_host import xlwings_cells

_RESULTS = Path(__file__).with_name("RESULTS.md")
_JOBS = (
    "scorecards",
    "reports",
    "score",
    "scale",
    "one",
    "startup",
    "read",
    "portfolio",
    "refresh",
    "store",
    "validation",
    "officejs",
    "xlwings",
    "calc",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the jobs; exit status 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"of {', '.join(_JOBS)} (all)")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, no peak memory")
    parser.add_argument("--write", action="store_true", help=f"write {_RESULTS.name} too")
    args = parser.parse_args(argv)
    unknown = sorted(set(args.jobs) - set(_JOBS))
    if unknown:
        parser.error(f"no job {', '.join(unknown)}; there are {', '.join(_JOBS)}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, job in _jobs(Path(folder), quick=args.quick).items():
            if not args.jobs or name in args.jobs:
                print(f"{name} …", file=sys.stderr, flush=True)
                rows += job()
    print(plain(rows))
    if args.write:
        _RESULTS.write_text(markdown(rows), encoding="utf-8")
        print(f"\nWrote {_RESULTS}.")
    return 1 if any(row.verdict == "missed" for row in rows) else 0


def _jobs(folder: Path, *, quick: bool) -> dict[str, Callable[[], Iterator[Row]]]:
    def many() -> Iterator[Row]:
        for count in (100_000,) if quick else (100_000, 1_000_000, 10_000_000):
            yield from score_many(count, memory=not quick and count >= 1_000_000)

    def files() -> Iterator[Row]:
        for count in (100_000,) if quick else (1_000_000, 10_000_000):
            yield from scale(folder, count)

    return {
        "reports": lambda: report_jobs(folder, 50 if quick else 1_000, memory=not quick),
        "scale": files,
        "scorecards": lambda: scorecards(folder, 20 if quick else 200),
        "score": many,
        "one": score_single,
        "startup": start_up,
        "read": lambda: read_workbook(folder, 5_000 if quick else 100_000, memory=not quick),
        "portfolio": lambda: write_portfolio(5_000 if quick else 100_000, memory=not quick),
        "refresh": lambda: refresh_portfolio(folder, 5_000 if quick else 50_000, memory=not quick),
        "store": lambda: store(folder, 10_000 if quick else 100_000),
        "validation": lambda: validation(
            folder, 100 if quick else 1_000, 52 if quick else 104, memory=not quick
        ),
        "xlwings": lambda: xlwings_cells(1_000 if quick else 10_000),
        "calc": lambda: calc_cells(folder, 1_000 if quick else 10_000),
        "officejs": lambda: office_cells((1, 1_000) if quick else (1, 1_000, 10_000)),
    }


if __name__ == "__main__":
    sys.exit(main())
