"""Scorecard workbooks of a scored source: one account that fails does not stop the others."""

from __future__ import annotations

import difflib
import errno
import math
import multiprocessing
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.carry_over import Before, read_before, with_carried
from pipeline.scored import Scored, names_of
from scoring.account_facts import Facts, Snapshot, Step, Told, gather
from scoring.errors import DataError, HealthSheetError
from scoring.judgement.data import judgement_data
from scoring.judgement.judge import judge
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
_TOGETHER = 1000
"""Accounts whose earlier snapshots are held in memory at one time."""

Past = Callable[[Collection[str]], pd.DataFrame]
"""Earlier snapshots of some accounts, by their ids."""


@dataclass(frozen=True, slots=True)
class Report:
    """The scorecard workbook of one account.

    Attributes:
        row: position of the account among the scored ones.
        path: the workbook.
        problem: why it could not be written; empty when it was.
        previous: the snapshot that the change is from; None without one.
        told: what was told of it, where another model or version scored it.
        steps: why the score changed since.
        judgement: all that is said of the account, as plain data; None where nobody asked.
        backup: the workbook that was there, where people had saved it.
        left: what people wrote that stands in the backup only, a few words each.
    """

    row: int
    account_id: str
    name: str
    path: Path
    problem: str = ""
    previous: Snapshot | None = None
    told: Told | None = None
    steps: tuple[Step, ...] = ()
    judgement: Mapping[str, Any] | None = None
    backup: Path | None = None
    left: tuple[str, ...] = ()


def choose_accounts(accounts: Mapping[str, str], wanted: Sequence[str]) -> frozenset[str]:
    """Ids of the accounts that *wanted* names, by id or by name.

    Args:
        accounts: id → name of all there are.
        wanted: ids and names, without case.

    Raises:
        DataError: names every unknown one with the closest accounts there are.
    """
    ids, names = list(accounts), list(accounts.values())
    known: dict[str, set[str]] = {}
    for account, name in zip(ids, names, strict=True):
        known.setdefault(name.casefold().strip(), set()).add(account)
    # An id is certain: it wins over an account of that name.
    known |= {account.casefold().strip(): {account} for account in ids}
    known |= {account: {account} for account in ids}
    unknown = [w for w in wanted if w not in known and w.casefold().strip() not in known]
    if unknown:
        told = " ".join(_unknown(w, ids, names) for w in unknown)
        raise DataError(f"{told} Ids and names of the source are tried.")
    found = (known.get(w) or known[w.casefold().strip()] for w in wanted)
    return frozenset[str]().union(*found)


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
    jobs: int = 1,
    progress: Progress | None = None,
    names: Mapping[str, str] | None = None,
    past: Past | None = None,
    judged: bool = False,
) -> list[Report]:
    """Write a scorecard workbook for each account, replacing one that is there.

    What people wrote in the *Risks & actions* of one that they saved goes into the new one; the
    old one is kept as a backup.

    Args:
        scored: the accounts to report.
        folder: where the workbooks go; made if absent.
        template: what is filled.
        jobs: processes that fill at the same time; the workbooks are the same for any number.
        progress: called with (done, total).
        names: id → name of all accounts of the source, so that a file has the same name whoever
            is reported; without it those that are scored.
        past: gives earlier snapshots, which are asked for some accounts at a time; without it
            they are those of ``scored.inputs``.
        judged: whether each report carries its judgement.

    Returns:
        One report an account, in the order of the source; some may name a problem.

    Raises:
        DataError: the folder cannot be written to, or the disk is full.
    """
    _make(folder)
    files = _file_names(names or names_of(scored.inputs))
    reports: list[Report] = []
    before: dict[str, Before] = {}
    paths = {account: folder / name for account, name in files.items()}
    known = _facts(scored, past, paths, before)
    for facts, data in _filled(template, known, min(jobs, len(scored.scores))):
        row, path = len(reports), paths[facts.account_id]
        own = before.pop(facts.account_id, None)
        saved = _Saved(data) if isinstance(data, str) else _save(path, data, row, own)
        who = (facts.account_id, facts.name)
        said = judgement_data(judge(facts)) if judged else None
        reports.append(
            Report(row, *who, path, saved.problem, facts.previous, facts.told, facts.steps, said,
                   saved.backup, own.left if own and saved.backup else ())
        )  # fmt: skip
        if progress:
            progress(row + 1, len(scored.scores))
    return reports


def _facts(
    scored: Scored, past: Past | None, paths: Mapping[str, Path], before: dict[str, Before]
) -> Iterator[Facts]:
    """Facts of all accounts in their order, some of them at a time.

    What people wrote in the workbooks that are there is among them; *before* takes those.
    """
    model, day, ids = scored.scores.model, scored.scores.as_of, scored.scores.account_id
    for start in range(0, len(ids), _TOGETHER):
        wanted = ids[start : start + _TOGETHER].tolist()
        inputs = scored.inputs if len(wanted) == len(ids) else scored.inputs.of_accounts(wanted)
        if past:
            inputs = replace(inputs, history=past(wanted))
        theirs = {i: b for i in map(str, wanted) if (b := read_before(paths[i])) is not None}
        before |= theirs
        inputs = with_carried(inputs, theirs) if theirs else inputs
        yield from gather(inputs, model, as_of=day)


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


def _file_names(names: Mapping[str, str]) -> dict[str, str]:
    """Account id → a file name no other account has, also where case does not count."""
    taken: set[str] = set()
    found = {}
    for account, called in names.items():
        name, number = file_name(called, account), 2
        stem = name.removesuffix(".xlsx")
        while name.casefold() in taken:
            name, number = f"{stem} {number}.xlsx", number + 1
        taken.add(name.casefold())
        found[account] = name
    return found


@dataclass(frozen=True, slots=True)
class _Saved:
    """What became of one workbook: why it was not written, or the backup of what was there."""

    problem: str = ""
    backup: Path | None = None


def _save(path: Path, data: bytes, done: int, before: Before | None) -> _Saved:
    """Write one workbook; what is wrong with this file alone is returned.

    Raises:
        DataError: no further file can be written either.
    """
    try:
        if before is not None and before.saved:
            return _Saved(backup=before.replace_by(data))
        save_bytes(path, data)
    except HealthSheetError as error:
        return _Saved(str(error))
    except OSError as error:
        if error.errno in _NO_ROOM:
            whole = f"{done} workbook{' was' if done == 1 else 's were'} written before, whole."
            raise DataError(f"{_cannot(path.parent, error)} {whole}") from error
        return _Saved(f"{path.name} cannot be written: {error.strerror or error}. Check the file.")
    return _Saved()


def _filled(
    template: Template, facts: Iterator[Facts], jobs: int
) -> Iterator[tuple[Facts, bytes | str]]:
    """Each account with its workbook; accounts are taken some at a time."""
    # Fresh processes: a copy of this one would hold locks of threads that it does not have.
    fresh = multiprocessing.get_context("spawn")
    many = ProcessPoolExecutor(jobs, fresh, _keep, (template,)) if jobs > 1 else nullcontext()
    with many as pool:
        while some := list(islice(facts, _TOGETHER)):
            if pool is None:
                yield from ((one, _fill(template, one)) for one in some)
            else:
                size = max(1, math.ceil(len(some) / (jobs * 4)))
                made = pool.map(_fill_kept, some, chunksize=size)
                yield from zip(some, made, strict=True)


_KEPT: list[Template] = []
"""The template of a filling process, which it lays out once for all its accounts."""


def _keep(template: Template) -> None:
    _KEPT[:] = [template]


def _fill_kept(facts: Facts) -> bytes | str:
    return _fill(_KEPT[0], facts)


def _fill(template: Template, facts: Facts) -> bytes | str:
    """The workbook, or why this account has none."""
    try:
        return fill_scorecard(template, facts)
    except HealthSheetError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one account's fault must not take the others along
        return f"An error of ours ({type(error).__name__}: {error}). Please report it."
