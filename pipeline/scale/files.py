"""Parquet files in, Parquet files out, on one machine: memory is bounded by a batch."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.scale.batch import BatchScorer
from scoring.errors import DataError
from scoring.model import ScoreModel

__all__ = ["Totals", "parquet_files", "score_files"]

BATCH = 65_536
"""Rows that are held at one time; two chunks of the engine."""
_TASK = 1_000_000
"""Rows of a large file that one process takes; each such part becomes a file of the result."""


@dataclass(frozen=True)
class Totals:
    """How many accounts have which tier ("" for none), and how many rows name a problem."""

    tiers: Counter[str]
    problems: int

    @property
    def accounts(self) -> int:
        """All accounts."""
        return self.tiers.total()


@dataclass(frozen=True)
class _Task:
    """Row groups of a file, and the file of the result they go to."""

    source: Path
    groups: tuple[int, ...]
    target: Path


def parquet_files(source: Path) -> list[Path]:
    """The file, or those of a folder and its folders, in order of their names.

    Raises:
        DataError: none there.
    """
    if source.is_file():
        return [source]
    # Names that begin so are Spark's own marks and unfinished work.
    found = sorted(p for p in source.rglob("*.parquet") if not p.name.startswith(("_", ".")))
    if not found:
        raise DataError(f"{source} holds no .parquet file. Name a file or a folder of them.")
    return found


def score_files(
    source: Path, target: Path, model: ScoreModel, *, as_of: date, jobs: int = 1
) -> Totals:
    """Score the accounts of Parquet files into a folder of them.

    Args:
        source: a file or a folder; all files have the same columns.
        target: folder of the result: part-00000.parquet, …, in the order of the source. It
            appears whole or not at all.
        model: the score model.
        as_of: the day to score.
        jobs: processes that score at the same time; the result is the same for any number.

    Raises:
        DataError: a file cannot be read, a column is missing, or the target is there already.
    """
    files = parquet_files(source)
    headers = tuple(_opened(files[0]).schema_arrow.names)
    scorer = BatchScorer(model, as_of, headers)
    with _appearing(target) as folder:
        tasks = _tasks(files, folder)
        jobs = min(jobs, len(tasks))
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=fresh) if jobs > 1 else nullcontext() as pool:
            run = pool.map if pool else map
            found = list(run(_score_task, repeat(scorer), tasks))
    tiers: Counter[str] = sum((t.tiers for t in found), Counter())
    return Totals(tiers, sum(t.problems for t in found))


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"{path} cannot be read as Parquet. Write it again, without encryption."
        raise DataError(message) from error


def _tasks(files: Sequence[Path], folder: Path) -> list[_Task]:
    found: list[tuple[Path, list[int]]] = []
    for path in files:
        rows, groups = 0, _opened(path).metadata
        found.append((path, []))
        for number in range(groups.num_row_groups):
            if rows >= _TASK:
                rows = 0
                found.append((path, []))
            found[-1][1].append(number)
            rows += groups.row_group(number).num_rows
    return [
        _Task(path, tuple(groups), folder / f"part-{number:05}.parquet")
        for number, (path, groups) in enumerate(found)
    ]


def _score_task(scorer: BatchScorer, task: _Task) -> Totals:
    file = _opened(task.source)
    columns = [name for name in file.schema_arrow.names if name in scorer.wanted]
    lacking = sorted(set(scorer.wanted) - set(columns))
    if lacking:
        raise DataError(
            f"{task.source} lacks the column {lacking[0]}, which other files have. Write all "
            "files with the same columns."
        )
    tiers: Counter[str] = Counter()
    problems = 0
    batches = file.iter_batches(BATCH, row_groups=list(task.groups), columns=columns)
    with pq.ParquetWriter(task.target, scorer.arrow_schema, compression="zstd") as writer:
        for scores in scorer(_whole(batches, task.source)):
            tiers.update(scores.column("tier").to_pylist())
            problems += sum(map(bool, scores.column("problems").to_pylist()))
            writer.write_batch(scores)
    return Totals(tiers, problems)


def _whole(batches: Iterator[Any], source: Path) -> Iterator[Any]:
    try:
        yield from batches
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{source} is damaged: {error}. Write it again.") from error


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A folder that gets its name when all is in it, and goes away when something fails."""
    if target.exists():
        raise DataError(f"{target} is there already. Name another folder: -o scores")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        partial.replace(target)
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
