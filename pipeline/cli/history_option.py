"""The option ``--history`` of commands that score, and what they say about it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.cli import today

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.scored import Scored
    from pipeline.store import Written
    from scoring.model import ScoreModel

__all__ = ["Found", "add_history", "history_data", "history_line", "remembered"]


@dataclass(frozen=True)
class Found:
    """A scored source, and what a history had to do with it.

    Attributes:
        scored: the accounts.
        history: its address as people may see it; empty without one.
        written: what was recorded, if anything was to be.
        reproduced: the accounts are those that were recorded for that day, and so is the model.
        names: id → name of all accounts of the source, also of those that were not chosen.
        past: earlier snapshots of some accounts with all raw values; None without a history.
    """

    scored: Scored
    history: str = ""
    written: Written | None = None
    reproduced: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    past: Callable[[Collection[str]], pd.DataFrame] | None = None


def add_history(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a history, or none."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--history", metavar="FILE|URL",
                        help="earlier scores: a SQLite file, or postgresql://user@host/database "
                             "with the password in PGPASSWORD (default: history in "
                             "healthsheet.toml)")  # fmt: skip
    either.add_argument("--no-history", dest="history", action="store_const", const="",
                        help="leave the history of healthsheet.toml alone")  # fmt: skip


def remembered(
    args: argparse.Namespace,
    model: ScoreModel,
    *,
    record: bool = False,
    full: bool = False,
    choose: Callable[[Mapping[str, str]], Collection[str]] | None = None,
) -> Found:
    """Read and score the source of a command, with its history where it has one.

    Args:
        args: source, as_of, history, backtest and the options of reading.
        model: the score model.
        record: append the snapshot to the history.
        full: take every earlier snapshot with its raw inputs.
        choose: of all accounts, id → name, those to score; nothing is recorded then.

    Raises:
        HealthSheetError: source or history cannot be used.
    """
    from pipeline.backtest_file import with_backtest
    from pipeline.scored import names_of, score_inputs
    from pipeline.sources import read_source
    from pipeline.store.choice import choose_history

    address = choose_history(args.history, args.source)
    day, now = args.as_of or today(), today()
    reading: dict[str, Any] = {
        "sheet": args.sheet, "day_first": args.day_first, "decimal": args.decimal,
        "query": args.query, "as_of": day,
    }  # fmt: skip
    if address is None:
        inputs = read_source(args.source, model, **reading)
        names = names_of(inputs)
        inputs = inputs.of_accounts(choose(names)) if choose else inputs
        scored = score_inputs(inputs, model, as_of=day)
        return Found(with_backtest(scored, args.backtest, args.source), names=names)
    from pipeline.store import History
    from pipeline.store.use import score_with_history

    # Opened first: an address that cannot be used is told before a long reading.
    history = History(address, create=record)
    correct = getattr(args, "correct", False)
    done = score_with_history(
        partial(read_source, args.source, model, **reading),
        model,
        history,
        as_of=day,
        today=now,
        record=record,
        correct=correct,
        full=full,
        named=bool(args.model),
        choose=choose,
    )
    said = (history.shown, done.written, done.reproduced)
    scored = with_backtest(done.scored, args.backtest, args.source)
    return Found(scored, *said, done.names, done.past)


def history_data(found: Found) -> dict[str, Any]:
    """The same for --json; nothing without a history."""
    if not found.history:
        return {}
    written = found.written
    counts = asdict(written) if written else {}
    told = {k: v for k, v in counts.items() if k not in ("day", "model")}
    return {"history": {"address": found.history, "reproduced": found.reproduced, **told}}


def history_line(found: Found) -> str:
    """One sentence about the history."""
    from pipeline.score_view import spoken_date

    scores = found.scored.scores
    if found.reproduced:
        day = spoken_date(scores.as_of)
        return f"As recorded for {day} in {found.history}, by {scores.model.label}."
    assert found.written is not None
    return f"{found.history}: {written_text(found.written)}"


def written_text(written: Written) -> str:
    """What became of a snapshot's accounts, such as ``22 Nov 2026: 64 recorded.`` of a new one."""
    from pipeline.score_view import spoken_date

    day, w = spoken_date(written.day), written
    if not (w.new or w.corrected or w.kept):
        return f"{_accounts(w.unchanged)} for {day} stood there already; nothing changed."
    counts = {"recorded": w.new, "corrected": w.corrected, "unchanged": w.unchanged}
    told = [f"{n:,} {word}" for word, n in counts.items() if n]
    text = f"{day}: {', '.join(told)}." if told else f"{day}: nothing recorded."
    if w.kept:
        text += f" {_accounts(w.kept)} stood there with other values and stayed; --correct "
        text += "replaces them."
    return text


def _accounts(count: int) -> str:
    return f"{count:,} account{'' if count == 1 else 's'}"
