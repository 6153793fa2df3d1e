"""Rows as one table: for the terminal and for RESULTS.md."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count

from benchmarks.measure import Row

_HEAD = ("case", "figure", "ratio", "good", "wanted", "", "peak MB")
_HOW = """\
Medians of interleaved rounds. The ratio is time over the floor's of the same run, so it holds on
other machines; where a target is in µs or s, the figure itself is compared. Peaks are megabytes
of a process that does only this."""
_PEERS = (
    "numpy",
    "pandas",
    "polars",
    "duckdb",
    "xlsxwriter",
    "openpyxl",
    "python-calamine",
    "isal",
)


def plain(rows: Sequence[Row]) -> str:
    """The table for a terminal, one block a job."""
    cells = [_cells(row) for row in rows]
    widths = [max(len(r[i]) for r in [*cells, _HEAD]) for i in range(len(_HEAD))]
    out: list[str] = []
    job = ""
    for row, line in zip(rows, cells, strict=True):
        if row.job != job:
            job = row.job
            out += ["", job, _joined(_HEAD, widths)]
        out.append(_joined(line, widths))
    return "\n".join(out)


def markdown(rows: Sequence[Row]) -> str:
    """RESULTS.md: the machine, the versions, and a table a job."""
    day = datetime.now(tz=UTC).date()
    versions = ", ".join(f"{name} {version(name)}" for name in _PEERS)
    machine = f"{platform.system()} {platform.machine()}, {cpu_count()} processors"
    python = f"Python {platform.python_version()}"
    out = ["# Benchmarks", "", f"{day}, `python -m benchmarks --write`.", ""]
    out += [f"{python}, {machine}; {versions}.", "", _HOW]
    job = ""
    for row in rows:
        if row.job != job:
            job = row.job
            out += [
                "",
                f"## {job}",
                "",
                f"| {' | '.join(_HEAD)} |",
                "|---|---|---|---|---|---|---|",
            ]
        out.append(f"| {' | '.join(_cells(row))} |")
    return "\n".join(out) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.case,
        row.shown,
        "" if row.ratio is None else f"{row.ratio:,.2f}",
        _bound(row.target),
        _bound(row.wanted),
        " ".join(filter(None, (row.verdict, row.note))),
        "" if row.peak is None else f"{row.peak:,.0f}",
    )


def _bound(value: float | None) -> str:
    return "" if value is None else f"≤ {value:g}"


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (c.ljust(w) if i in (0, 5) else c.rjust(w) for i, (c, w) in
                    enumerate(zip(cells, widths, strict=True)))  # fmt: skip
    return "  ".join(["  " + first, *rest]).rstrip()
