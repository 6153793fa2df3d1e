"""Parquet files in, scores in Parquet files out: time and peak memory, out of core."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import random_accounts
from benchmarks.measure import Row, Run, peak_megabytes, rounds
from benchmarks.peers import duckdb_total, polars_total
from benchmarks.scoring_speed import AS_OF, MODEL
from pipeline.scale import score_files
from scoring.presets import load_preset

_PART = 1_000_000
_BATCH = 65_536


def scale(folder: Path, count: int) -> Iterator[Row]:
    """Rows for *count* accounts in files of a million; peaks are of processes of their own."""
    source = folder / f"accounts-{count}"
    _write(source, count)
    cases: dict[str, Callable[[Path, Path], object]] = {
        "reading the columns in batches": _read,
        "HealthSheet, 1 job": partial(_ours, jobs=1),
        "HealthSheet, 2 jobs": partial(_ours, jobs=2),
        "polars, total only, streaming": _polars,
        "DuckDB, total only": _duckdb,
    }
    target = folder / "scores"
    runs: dict[str, Run] = {
        name: partial(_fresh, job, source, target) for name, job in cases.items()
    }
    found = rounds(runs, count=3 if count <= _PART else 1)
    floor = found["reading the columns in batches"]
    for case, seconds in found.items():
        # Processes of a pool are not seen in the peak of their parent.
        alone = not case.endswith("2 jobs")
        yield Row(
            job=f"score {count:,} accounts from Parquet into Parquet",
            case=case,
            seconds=seconds,
            shown=f"{count / seconds / 1e6:.2f} M/s",
            ratio=seconds / floor,
            peak=peak_megabytes(_fresh, cases[case], source, target) if alone else None,
        )
    shutil.rmtree(source)


def _write(folder: Path, count: int) -> None:
    model = load_preset(MODEL)
    folder.mkdir()
    for number, start in enumerate(range(0, count, _PART)):
        frame = random_accounts(model, min(_PART, count - start), seed=number)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(table, folder / f"{number:03}.parquet", row_group_size=_PART // 8)


def _fresh(job: Callable[[Path, Path], object], source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    job(source, target)


def _read(source: Path, target: Path) -> None:
    for path in sorted(source.iterdir()):
        for batch in pq.ParquetFile(path).iter_batches(_BATCH):
            assert batch.num_columns


def _ours(source: Path, target: Path, *, jobs: int = 1) -> None:
    score_files(source, target, load_preset(MODEL), as_of=AS_OF, jobs=jobs)


def _polars(source: Path, target: Path) -> None:
    import polars as pl

    target.mkdir()
    scores = pl.scan_parquet(source / "*.parquet").select(
        "account_id", polars_total(load_preset(MODEL))
    )
    scores.sink_parquet(target / "scores.parquet")


def _duckdb(source: Path, target: Path) -> None:
    import duckdb

    target.mkdir()
    total = duckdb_total(load_preset(MODEL))
    query = f"SELECT account_id, {total} AS score FROM '{source}/*.parquet'"
    duckdb.sql(f"COPY ({query}) TO '{target}/scores.parquet'")
