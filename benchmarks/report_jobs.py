"""A thousand scorecards as `healthsheet report` writes them, by one process and by two."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import Row, peak_megabytes, rounds
from benchmarks.scorecards import AS_OF, MODEL
from pipeline.reports import write_reports
from pipeline.sample import sample_inputs
from pipeline.scored import Scored, score_inputs
from scoring.presets import load_preset
from workbook_templates.report import account_template


def report_jobs(folder: Path, count: int, *, memory: bool) -> Iterator[Row]:
    """Rows for 1 and 2 jobs; the workbooks are the same byte for byte, or this fails."""
    scored = _scored(count)
    seen: dict[int, str] = {}

    def run(jobs: int) -> None:
        seen[jobs] = _digest(_reports(scored, folder / f"jobs{jobs}", jobs))

    found = rounds({f"--jobs {n}": partial(run, n) for n in (1, 2)}, count=3)
    assert seen[1] == seen[2], "two processes write other workbooks than one"
    for case, seconds in found.items():
        alone = case == "--jobs 1" and memory
        yield Row(
            job=f"{count:,} scorecards to disk, facts and snapshots included",
            case=case,
            seconds=seconds,
            shown=f"{count / seconds:,.0f} files/s",
            ratio=seconds / found["--jobs 1"],
            peak=peak_megabytes(_alone, folder / "alone", count) if alone else None,
        )


def _scored(count: int) -> Scored:
    model = load_preset(MODEL)
    return score_inputs(sample_inputs(model, as_of=AS_OF, accounts=count), model, as_of=AS_OF)


def _reports(scored: Scored, folder: Path, jobs: int) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    template = account_template(scored.scores.model)
    reports = write_reports(scored, folder, template, jobs=jobs)
    assert not any(r.problem for r in reports)
    return folder


def _digest(folder: Path) -> str:
    found = hashlib.blake2b()
    for path in sorted(folder.iterdir()):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _alone(folder: Path, count: int) -> None:
    _reports(_scored(count), folder, 1)
