"""Text tables: encoding, separator and rows found out, every cell kept as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.sources.grid import Book, Grid
from scoring.errors import DataError

_SEPARATORS = (",", ";", "\t", "|")
_MOST_BYTES = 1_000_000_000
Score = Callable[[Sequence[object]], int]


def open_text(path: Path, header_score: Score) -> Book:
    """Read a text table (.csv, .tsv; UTF-8, UTF-16, Windows-1252; comma, semicolon, tab, bar).

    Args:
        path: the file.
        header_score: how many known headers a row holds; decides separator and header row.

    Raises:
        DataError: not text, or too large.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise DataError(f"{path.name} is larger than 1 GB. Split it, or save it as .parquet.")
    text = _decode(path.read_bytes(), path.name)
    first_line = text.partition("\n")[0].strip().casefold()
    declared = first_line[4:5] if first_line.startswith("sep=") else ""
    if declared:
        text = text.partition("\n")[2]
    separators = (declared,) if declared else _SEPARATORS
    head = "".join(text.splitlines(keepends=True)[:60]) if len(text) < 1e6 else text[:100_000]
    best = max(separators, key=lambda s: _fitness(head, s, header_score))
    try:
        rows = [
            list[object](row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=best)
        ]
    except csv.Error as error:
        raise DataError(f"{path.name} is no table of text: {error}.") from error
    if declared:
        rows.insert(0, [])
    return Book(
        path.name, (path.name,), lambda _: _grid(path.name, rows, header_score), single=True
    )


def _decode(data: bytes, label: str) -> str:
    if not data.strip():
        raise DataError(f"{label} is empty. Give a file with a header row and one row an account.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    sample = data[:2000]
    if sample.count(0) > len(sample) // 4:
        even = sample[::2].count(0) > sample[1::2].count(0)
        return data.decode("utf-16-be" if even else "utf-16-le", "replace")
    if 0 in sample:
        raise DataError(f"{label} is no workbook, CSV or Parquet file. Save it as .xlsx or .csv.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _fitness(head: str, separator: str, header_score: Score) -> tuple[int, int]:
    try:
        rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=separator))[:20]
    except csv.Error:
        return (0, 0)
    known = max((header_score(row) for row in rows), default=0)
    widths = [len(row) for row in rows if row]
    common = max(set(widths), key=widths.count) if widths else 0
    return (known, common)


def _grid(label: str, rows: list[list[object]], header_score: Score) -> Grid:
    """Rows made equally long; those that do not fit the header are named, not shifted."""
    scores = [header_score(row) for row in rows[:20]]
    header = scores.index(max(scores)) if scores else 0
    width = len(rows[header]) if rows else 0
    ragged: dict[int, int] = {}
    for i, row in enumerate(rows):
        found = len(row)
        if found == width:
            continue
        if found > width and all(c == "" for c in row[width:]):
            rows[i] = row[:width]
            continue
        if i > header and any(c != "" for c in row):
            ragged[i + 1] = found
        rows[i] = [*row[:width], *[""] * (width - found)]
    return Grid(label, rows, addressed=False, ragged=ragged)
