"""The history: what was scored, from what and by which model, for as long as people want it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from pipeline.store.address import Address
from pipeline.store.earlier import earlier
from pipeline.store.encode import decode_sheets
from pipeline.store.engine import make_engine, reading, writing
from pipeline.store.flags import append_flags, read_flags
from pipeline.store.known import KnownThen, known_then
from pipeline.store.own import not_kept
from pipeline.store.read import merged_kinds, read_entries, read_inputs, read_model, read_runs
from pipeline.store.rows import Snapshot
from pipeline.store.schema import ENTRIES, MODELS, RUNS, STEPS, check, migrate, state
from pipeline.store.write import Written, append
from scoring.derive import derive_metrics
from scoring.errors import HistoryError
from scoring.judgement.flags import Flag
from scoring.model import ScoreModel
from scoring.score import Scores, score_accounts

__all__ = ["Day", "History", "Recorded"]


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the list of snapshots.

    Attributes:
        day, model: of the snapshot; the model as name and version.
        accounts: how many.
        scored: how many of them have a score.
        corrections: revisions beyond the first.
        written_at: when something was last written to it, UTC.
    """

    day: date
    model: str
    accounts: int
    scored: int
    corrections: int
    written_at: str


@dataclass(frozen=True)
class Recorded:
    """A snapshot as it was recorded: n accounts that the engine scored.

    Attributes:
        model: that scored them, whole; the latest one where a correction used another content.
        day: for which.
        accounts: raw inputs, as they were read.
        tables: sheet name → rows of these accounts.
        entries: (n rows) score, model_score, tier, status, coverage and revision.
        run: the last run that wrote to it; history known then is ``known_to=run``.
        names: account id → name of all accounts of that day, also of those left out.
        source: what was read then.
    """

    model: ScoreModel
    day: date
    accounts: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    entries: pd.DataFrame
    run: int
    names: Mapping[str, str]
    source: str

    def scores(self) -> Scores:
        """Scored once more by its own model, to explain it or to compare it (`explain_change`).

        A model that smooths has its raw score here; the recorded tier stands in ``entries``.
        """
        accounts = derive_metrics(self.accounts, self.model, self.day)
        return score_accounts(accounts, self.model, as_of=self.day)


class History:
    """A history in a SQLite file or a PostgreSQL database.

    Args:
        address: where it is.
        create: make it where it is absent; without it an absent one is an error.

    Raises:
        HistoryError: it cannot be opened, is another program's or was written by a newer version.
    """

    def __init__(self, address: Address, *, create: bool = False) -> None:
        self._address = address
        self.shown = address.shown
        if not create and address.path is not None and not address.path.exists():
            raise HistoryError(
                f"{self.shown} does not exist. `healthsheet score SOURCE --history {self.shown}` "
                "makes it."
            )
        self._engine = make_engine(address)
        with self._reading() as connection:
            found = check(state(connection), self.shown, len(STEPS))
        if found == 0 and not create:
            raise HistoryError(
                f"{self.shown} holds no history yet. `healthsheet score SOURCE --history …` "
                "begins one."
            )
        if found < len(STEPS):
            with writing(self._engine, address) as connection:
                migrate(connection, self.shown)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with reading(self._engine, self._address) as connection:
            yield connection

    def record(self, snapshot: Snapshot, *, correct: bool, mark: bool = False) -> Written:
        """Append a snapshot, whole or not at all.

        An account that stands there with the same content stays as it is. One with another
        content gets a revision, which counts from then on, or is left alone.

        Args:
            snapshot: the accounts; see `snapshot_of`.
            correct: whether another content is written as a revision.
            mark: see `pipeline.store.write.append`.
        """
        with writing(self._engine, self._address) as connection:
            return append(connection, snapshot, correct=correct, mark=mark)

    def flag(self, flags: Sequence[Flag]) -> int:
        """Keep false positives that are not kept yet; how many those were."""
        with writing(self._engine, self._address) as connection:
            return append_flags(connection, flags)

    def flags(self, known_to: date | None = None) -> list[Flag]:
        """False positives that people flagged, oldest first; those read up to a day."""
        with self._reading() as connection:
            return read_flags(connection, known_to)

    def not_kept(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Earlier rows of a source that are not kept yet; see `pipeline.store.own.not_kept`."""
        with self._reading() as connection:
            return not_kept(connection, rows)

    def days(self) -> list[Day]:
        """All snapshots, oldest first."""
        accounts = func.count(ENTRIES.c.account_id.distinct())
        scored = select(ENTRIES.c.account_id).where(ENTRIES.c.score.is_not(None))
        counted = func.count()
        query = (
            select(ENTRIES.c.day, ENTRIES.c.model, accounts, counted, func.max(RUNS.c.written_at))
            .join(RUNS, RUNS.c.id == ENTRIES.c.run_id)
            .group_by(ENTRIES.c.day, ENTRIES.c.model)
            .order_by(ENTRIES.c.day, ENTRIES.c.model)
        )
        with_score = scored.with_only_columns(ENTRIES.c.day, ENTRIES.c.model, accounts).group_by(
            ENTRIES.c.day, ENTRIES.c.model
        )
        with self._reading() as connection:
            scores = {(day, model): n for day, model, n in connection.execute(with_score)}
            return [
                Day(day, model, n, scores.get((day, model), 0), total - n, written)
                for day, model, n, total, written in connection.execute(query)
            ]

    def earlier(
        self,
        model: ScoreModel,
        *,
        before: date,
        full: bool,
        known_to: int | None = None,
        accounts: Collection[str] | None = None,
    ) -> pd.DataFrame:
        """Snapshots before a day as a history frame; see `pipeline.store.earlier.earlier`."""
        with self._reading() as connection:
            return earlier(
                connection, model, before=before, full=full, known_to=known_to, accounts=accounts
            )

    def known_then(self, model: ScoreModel, *, before: date) -> KnownThen:
        """Snapshots as they were known in their time; see `pipeline.store.known.known_then`."""
        with self._reading() as connection:
            return known_then(connection, model, before=before)

    def last_model(self, *, before: date) -> ScoreModel | None:
        """The model that scored the latest day before one; None where nothing was scored."""
        query = (
            select(RUNS.c.model_digest)
            .where(RUNS.c.origin == "score", RUNS.c.day < before)
            .order_by(RUNS.c.day.desc(), RUNS.c.id.desc())
        )
        with self._reading() as connection:
            digest = connection.scalar(query.limit(1))
            return None if digest is None else read_model(connection, digest)

    def versions(self, name: str) -> set[str]:
        """Every version under which a model of that name is kept."""
        with self._reading() as connection:
            return set(connection.scalars(select(MODELS.c.version).where(MODELS.c.name == name)))

    def label_of(self, day: date, model: ScoreModel, *, named: bool) -> str | None:
        """Name and version under which the engine recorded a day, or None.

        Args:
            day: the day.
            model: today's. Its own version counts before another one of its name.
            named: whether only models of its name count; else the one written last does.
        """
        query = (
            select(RUNS.c.model, MODELS.c.name)
            .join(MODELS, MODELS.c.digest == RUNS.c.model_digest)
            .where(RUNS.c.day == day, RUNS.c.origin == "score")
            .order_by(RUNS.c.id)
        )
        with self._reading() as connection:
            found: dict[str, str] = {}
            for label, name in connection.execute(query):
                found.pop(label, None)  # so that the one written last stands last
                found[label] = name
        ours = [label for label, name in found.items() if name == model.name]
        if model.label in found:
            return model.label
        return next(reversed(ours if ours or named else [*found]), None)

    def recorded(
        self,
        day: date,
        label: str,
        choose: Callable[[Mapping[str, str]], Collection[str]] | None = None,
    ) -> Recorded | None:
        """What the engine scored for a day under a model's name and version, or None.

        Args:
            day: the day.
            label: name and version.
            choose: of the accounts, id → name, those to read; all without it.
        """
        with self._reading() as connection:
            entries = read_entries(connection, ENTRIES.c.day == day, ENTRIES.c.model == label)
            runs = read_runs(connection, entries["run_id"].tolist())
            scored = entries["run_id"].map({n: r.origin == "score" for n, r in runs.items()})
            entries = entries[scored.astype(bool)].reset_index(drop=True)
            if entries.empty:
                return None
            names = _names(entries)
            if choose is not None:
                mine = entries["account_id"].isin(choose(names))
                entries = entries[mine].reset_index(drop=True)
            accounts, sheets = read_inputs(connection, entries, runs, few=choose is not None)
            last = _last_run(connection, day, label)
            run = read_runs(connection, [last])[last]
            model = read_model(connection, run.digest)
        kinds = [runs[n].kinds["sheets"] for n in sorted(set(entries["run_id"].tolist()))]
        tables = decode_sheets(sheets, _kinds_by_sheet(kinds))
        return Recorded(model, day, accounts, tables, entries, last, names, run.source)

    def of_account(self, named: str) -> pd.DataFrame:
        """All entries of an account, oldest first; revisions that no longer count among them.

        Args:
            named: its id, or a name it went by, without case.

        Raises:
            HistoryError: nobody of that id or name.
        """
        with self._reading() as connection:
            found = read_entries(connection, ENTRIES.c.account_id == named, revisions=True)
            if found.empty:
                called = func.lower(ENTRIES.c.account_name) == named.strip().lower()
                ids = connection.scalars(select(ENTRIES.c.account_id).where(called).distinct())
                known = ids.all()
                found = read_entries(connection, ENTRIES.c.account_id.in_(known), revisions=True)
            runs = read_runs(connection, found["run_id"].tolist())
        if found.empty:
            raise HistoryError(
                f"{self.shown} knows no account {named}. Ids and whole names are tried; "
                "`healthsheet history export` lists all."
            )
        source = found["run_id"].map({n: r.source for n, r in runs.items()})
        ordered = found.assign(source=source).sort_values(["day", "model", "revision"])
        return ordered.reset_index(drop=True)

    def names(self) -> dict[str, str]:
        """Account id → the name it went by last; its id where it never had one."""
        latest = func.max(ENTRIES.c.id)
        query = (
            select(ENTRIES.c.account_id, ENTRIES.c.account_name, latest)
            .group_by(ENTRIES.c.account_id, ENTRIES.c.account_name)
            .order_by(latest)
        )
        with self._reading() as connection:
            return {account: name or account for account, name, _ in connection.execute(query)}

    def everything(self, account: str | None = None) -> pd.DataFrame:
        """Every entry that counts, with its raw inputs; oldest first.

        Args:
            account: only this account's id.
        """
        where = [] if account is None else [ENTRIES.c.account_id == account]
        with self._reading() as connection:
            entries = read_entries(connection, *where)
            runs = read_runs(connection, entries["run_id"].tolist())
            inputs, _ = read_inputs(connection, entries, runs)
        known = [k for k in inputs.columns if k not in ("account_id", "account_name", "date")]
        joined = entries.join(inputs[known].add_prefix("in_"))
        return joined.sort_values(["day", "model"], kind="stable").reset_index(drop=True)


def _kinds_by_sheet(of_runs: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Sheet name → one kind a column, of several runs."""
    names = sorted({name for kinds in of_runs for name in kinds})
    return {n: merged_kinds([kinds[n] for kinds in of_runs if n in kinds]) for n in names}


def _names(entries: pd.DataFrame) -> dict[str, str]:
    pairs = zip(entries["account_id"].tolist(), entries["account_name"].tolist(), strict=True)
    return {account: name or account for account, name in pairs}


def _last_run(connection: Connection, day: date, label: str) -> int:
    """The last run that scored a day; it may have found nothing new to write."""
    query = select(func.max(RUNS.c.id)).where(
        RUNS.c.day == day, RUNS.c.model == label, RUNS.c.origin == "score"
    )
    return int(connection.scalar(query) or 0)
