"""Scorecard workbooks of a scored source: one account that fails does not stop the others."""

from __future__ import annotations

import difflib
import errno
import math
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from pipeline.scored import Scored
from scoring.errors import DataError, HealthSheetError
from workbook_templates.account.facts import Facts, gather
from workbook_templates.fill import Template
from workbook_templates.names import file_name
from workbook_templates.package import save_bytes
from workbook_templates.report import fill_scorecard

__all__ = ["Report", "choose_accounts", "sensible_jobs", "write_reports"]

Progress = Callable[[int, int], None]

_FEW = 1000
"""Accounts below which further processes take longer to start than they save."""
_MOST_JOBS = 8
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Report:
    """The scorecard workbook of one account.

    Attributes:
        row: position of the account among the scored ones.
        path: the workbook.
        problem: why it could not be written; empty when it was.
    """

    row: int
    account_id: str
    name: str
    path: Path
    problem: str = ""


def choose_accounts(scored: Scored, wanted: Sequence[str]) -> frozenset[str]:
    """Ids of the accounts that *wanted* names, by id or by name; all where nothing is wanted.

    Raises:
        DataError: names every unknown one with the closest accounts there are.
    """
    ids = [str(i) for i in scored.accounts["account_id"]]
    names = [str(n) for n in scored.accounts["account_name"]]
    known: dict[str, set[str]] = {}
    for account, name in zip(ids, names, strict=True):
        known.setdefault(name.casefold().strip(), set()).add(account)
    # An id is certain: it wins over an account of that name.
    known |= {account.casefold().strip(): {account} for account in ids}
    known |= {account: {account} for account in ids}
    unknown = [w for w in wanted if w not in known and w.casefold().strip() not in known]
    if unknown:
        told = " ".join(_unknown(w, ids, names) for w in unknown)
        raise DataError(f"{told} Ids and names stand in {scored.inputs.source}.")
    found = (known.get(w) or known[w.casefold().strip()] for w in wanted)
    return frozenset(ids) if not wanted else frozenset().union(*found)


def _unknown(wanted: str, ids: Sequence[str], names: Sequence[str]) -> str:
    spoken = {f"{i} ({n})" if i != n else i: (i, n) for i, n in zip(ids, names, strict=True)}
    text = wanted.casefold()

    def likeness(pair: tuple[str, str]) -> float:
        return max(difflib.SequenceMatcher(None, text, p.casefold()).ratio() for p in pair)

    ranked = sorted(spoken, key=lambda s: -likeness(spoken[s]))
    closest = [s for s in ranked[:_CLOSEST] if likeness(spoken[s]) > 0.4]
    return f"No account {wanted}." + (f" Closest: {', '.join(closest)}." if closest else "")


def sensible_jobs(accounts: int) -> int:
    """How many processes pay for *accounts* workbooks."""
    return 1 if accounts < _FEW else min(os.cpu_count() or 1, _MOST_JOBS)


def write_reports(
    scored: Scored,
    folder: Path,
    template: Template,
    *,
    accounts: frozenset[str],
    jobs: int = 1,
    progress: Progress | None = None,
) -> list[Report]:
    """Write a scorecard workbook for each account, replacing one that is there.

    Args:
        scored: the scored source.
        folder: where the workbooks go; made if absent.
        template: what is filled.
        accounts: ids to report.
        jobs: processes that fill at the same time; the workbooks are the same for any number.
        progress: called with (done, total).

    Returns:
        One report an account, in the order of the source; some may name a problem.

    Raises:
        DataError: the folder cannot be written to, or the disk is full.
    """
    _make(folder)
    scores = scored.scores
    chosen: list[tuple[int, Facts, Path]] = []
    taken: set[str] = set()
    for row, facts in enumerate(gather(scored.inputs, scores.model, as_of=scores.as_of)):
        path = folder / _free_name(facts, taken)
        if facts.account_id in accounts:
            chosen.append((row, facts, path))
    filled = _filled(template, [facts for _, facts, _ in chosen], jobs)
    reports = []
    for done, ((row, facts, path), data) in enumerate(zip(chosen, filled, strict=True), start=1):
        problem = data if isinstance(data, str) else _save(path, data, done - 1)
        reports.append(Report(row, facts.account_id, facts.name, path, problem))
        if progress:
            progress(done, len(chosen))
    return reports


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        message = f"{folder} is a file. Name a folder: -o reports"
        raise DataError(message) from None
    except OSError as error:
        raise DataError(_cannot(folder, error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DataError(f"{folder} cannot be written to: no permission. Choose another folder.")


def _cannot(folder: Path, error: OSError) -> str:
    return f"{folder} cannot be written to: {error.strerror or error}. Choose another folder."


def _free_name(facts: Facts, taken: set[str]) -> str:
    """A file name no other account has, also where case does not count; it is then *taken*."""
    name, number = file_name(facts.name, facts.account_id), 2
    stem = name.removesuffix(".xlsx")
    while name.casefold() in taken:
        name, number = f"{stem} {number}.xlsx", number + 1
    taken.add(name.casefold())
    return name


def _save(path: Path, data: bytes, done: int) -> str:
    """Write one workbook; what is wrong with this file alone is returned.

    Raises:
        DataError: no further file can be written either.
    """
    try:
        save_bytes(path, data)
    except HealthSheetError as error:
        return str(error)
    except OSError as error:
        if error.errno in _NO_ROOM:
            before = f"{done} workbook{' was' if done == 1 else 's were'} written before, whole."
            raise DataError(f"{_cannot(path.parent, error)} {before}") from error
        return f"{path.name} cannot be written: {error.strerror or error}. Check the file."
    return ""


def _filled(template: Template, chosen: Sequence[Facts], jobs: int) -> Iterator[bytes | str]:
    jobs = min(jobs, len(chosen))
    if jobs <= 1:
        yield from map(_fill, repeat(template), chosen)
        return
    # Fresh processes: a copy of this one would hold locks of threads that it does not have.
    fresh = multiprocessing.get_context("spawn")
    size = max(1, math.ceil(len(chosen) / (jobs * 4)))
    with ProcessPoolExecutor(jobs, mp_context=fresh) as pool:
        yield from pool.map(_fill, repeat(template), chosen, chunksize=size)


def _fill(template: Template, facts: Facts) -> bytes | str:
    """The workbook, or why this account has none."""
    try:
        return fill_scorecard(template, facts)
    except HealthSheetError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one account's fault must not take the others along
        return f"An error of ours ({type(error).__name__}: {error}). Please report it."
