"""Interleaved rounds, medians, and peak memory of a child process."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

Run = Callable[[], object]

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        job: what is measured; rows of one job were measured in the same rounds.
        case: ours, a peer or the floor.
        seconds: median of the rounds.
        shown: the figure people read, such as ``1,027 files/s``.
        ratio: seconds over the floor's (or, where there is none, ours over the peer's).
        target: highest good ratio, None for peers and floors.
        wanted: the ratio we want.
        peak: megabytes of a process that does only this, above one that does nothing.
        note: unit of the ratio, where it is no ratio.
    """

    job: str
    case: str
    seconds: float
    shown: str
    ratio: float | None = None
    target: float | None = None
    wanted: float | None = None
    peak: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """``wanted`` or ``good`` where the ratio reaches it, ``missed`` where not."""
        if self.target is None or self.ratio is None:
            return ""
        if self.wanted is not None and self.ratio <= self.wanted:
            return "wanted"
        return "good" if self.ratio <= self.target else "missed"


def rounds(cases: Mapping[str, Run], count: int = 5) -> dict[str, float]:
    """Median seconds of each case; every round runs all, each time beginning with another.

    Whatever slows the machine for a while then slows all cases, and the ratios stay true.
    """
    names = list(cases)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(count):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            gc.collect()
            started = perf_counter()
            cases[name]()
            times[name].append(perf_counter() - started)
    return {name: median(found) for name, found in times.items()}


def repeat(run: Run, times: int) -> Run:
    """One call that runs the same thing many times, for things too quick to time alone."""

    def many() -> None:
        for _ in range(times):
            run()

    return many


def peak_megabytes(job: Callable[..., object], *args: object) -> float:
    """Peak memory of a fresh process that loads and does the job, less one that does nothing."""
    return _peak(job, args) - _peak(_nothing, ())


def _nothing() -> None:
    return None


def _peak(job: Callable[..., object], args: tuple[object, ...]) -> float:
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    process = context.Process(target=_measured, args=(results, job, args))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"{job.__name__} ended with status {process.exitcode}")
    found: float = results.get()
    return found


def _measured(results: object, job: Callable[..., object], args: tuple[object, ...]) -> None:
    job(*args)
    results.put(_high_water())  # type: ignore[attr-defined]


def _high_water() -> float:
    """Most megabytes this process ever held."""
    if _STATUS.exists():
        # On Linux getrusage starts with what the parent held; this line does not.
        line = next(t for t in _STATUS.read_text().splitlines() if t.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
