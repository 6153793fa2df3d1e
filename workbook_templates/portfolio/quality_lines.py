"""What to mend in a portfolio's data, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scoring.data_quality import missing_metrics, override_ends
from scoring.inputs import NOT_READ, Problem
from scoring.metric_phrase import plain_name
from scoring.rollup import STATUSES
from workbook_templates.fill import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["MOST", "Lines", "QualityLine", "quality_lines"]

MOST = 200
"""Lines shown of each kind; further ones are counted."""
_NAMED = 4
"""Missing metrics named for an account, the heaviest first."""


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One thing to mend; texts, "" where there is nothing to say."""

    account: str = ""
    account_id: str = ""
    kind: str = ""
    item: str = ""
    place: str = ""
    value: str = ""
    told: str = ""
    fix: str = ""

    def row(self) -> dict[str, Value]:
        """A row of the Table."""
        return {key: text or None for key, text in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to show, and how many there are of which only some are shown.

    Attributes:
        shown: the lines, kind by kind.
        note: what is not shown, in words; "" where all is.
    """

    shown: tuple[QualityLine, ...]
    note: str


def quality_lines(p: Portfolio) -> Lines:
    """Everything to mend: what was not read, overrides, no score, old values, facts not given."""
    shown: list[QualityLine] = []
    cut = 0
    for make in _KINDS:
        lines = list(make(p))
        shown += lines[:MOST]
        cut += max(0, len(lines) - MOST)
    note = f"{cut:,} further lines not shown" if cut else ""
    return Lines(tuple(shown), note)


def _not_read(p: Portfolio) -> Iterator[QualityLine]:
    yield from (_problem(x, "Value not read") for x in p.problems if x.severity == "error")


def _notes(p: Portfolio) -> Iterator[QualityLine]:
    for x in p.problems:
        # Overrides have lines of their own.
        if x.severity == "note" and x.sheet != "Overrides":
            yield _problem(x, "Column not read" if x.message == NOT_READ else "Note")


def _problem(x: Problem, kind: str) -> QualityLine:
    place = (
        f"{x.sheet}!{x.address}" if x.address else f"{x.sheet}{f', row {x.row}' if x.row else ''}"
    )
    return QualityLine("", "", kind, x.column, place, x.value, x.message, x.fix)


def _overrides(p: Portfolio) -> Iterator[QualityLine]:
    names = dict(zip(p.frame["account_id"], p.frame["account_name"], strict=True))
    for end in override_ends(p.tables, as_of=p.as_of):
        if end.account_id not in names:
            continue
        left = (end.day - p.as_of).days
        when = f"ended on {t.day_text(end.day)}" if end.over else f"ends in {left} days"
        yield QualityLine(
            names[end.account_id],
            end.account_id,
            "Override ended" if end.over else "Override ends soon",
            "Override",
            value=t.day_text(end.day),
            told=f"Set by {end.author or 'nobody named'}: {end.reason or 'no reason given'}",
            fix=f"It {when}: set it anew, or take it out.",
        )


def _no_score(p: Portfolio) -> Iterator[QualityLine]:
    missing = missing_metrics(p.timeline.now)
    weights = p.timeline.now.available
    needed = p.model.min_coverage
    for i, row in _rows(p, (p.frame["tier"] == "").to_numpy(bool)):
        if row["status"] == STATUSES[3]:
            days = p.model.lifecycle.neutral_days
            told, fix = f"New: neutral until day {days}, without a tier.", "Nothing to do."
        else:
            told = f"Coverage {row['coverage']:.0%}, a score needs {needed:.0%}."
            heaviest = weights.iloc[i][missing.columns].fillna(0.0)
            absent = [m for m in missing.columns if missing.at[i, m]]
            absent.sort(key=lambda m: -heaviest[m])
            names = {m.key: plain_name(m.name) for m in p.model.metrics}
            more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
            listed = ", ".join(names[m] for m in absent[:_NAMED])
            fix = f"Give {listed}{more}." if absent else "Rate its dimensions."
        yield _line(row, "No tier", "Score", told, fix, row["status"])


def _stale(p: Portfolio) -> Iterator[QualityLine]:
    stale = p.timeline.now.stale.to_numpy(bool)
    metrics = [m for d in p.model.dimensions for m in d.metrics]
    columns = list(p.timeline.now.stale.columns)
    for i, row in _rows(p, stale.any(axis=1) if stale.size else np.zeros(len(p.frame), bool)):
        for metric in metrics:
            if stale[i, columns.index(metric.key)]:
                told = f"Older than {metric.max_age_days} days, so it does not count."
                name = plain_name(metric.name)
                yield _line(row, "Value too old", name, told, "Give a newer one.")


def _facts(p: Portfolio) -> Iterator[QualityLine]:
    kinds = (
        ("arr", "No ARR", "ARR", "Left out of every sum.", p.frame["arr"].isna()),
        ("currency", "No currency", "Currency", "Its ARR is left out of sums in a currency.",
         p.frame["arr"].notna() & (p.frame["currency"] == "")),
        ("renewal_date", "No renewal date", "Renewal date", "No renewal shows it.",
         p.frame["renewal_date"].isna()),
        ("csm", "No CSM", "CSM", "Nobody sees it as theirs.", p.frame["csm"] == ""),
    )  # fmt: skip
    for _, kind, item, told, mask in kinds:
        for _, row in _rows(p, mask.to_numpy(bool)):
            yield _line(row, kind, item, told, "Fill it in.")


def _rows(p: Portfolio, mask: Any) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    """Position and facts of the accounts meant, the larger ARR first; at most a few."""
    arr = np.nan_to_num(p.frame["arr"].to_numpy(float), nan=-1.0)
    places = np.flatnonzero(mask)
    places = places[np.argsort(-arr[places], kind="stable")]
    for i in places.tolist():
        yield i, p.frame.iloc[i].to_dict()


def _line(
    row: Mapping[Any, Any], kind: str, item: str, told: str, fix: str, value: str = ""
) -> QualityLine:
    name, key = row["account_name"], row["account_id"]
    return QualityLine(name, key, kind, item, value=value, told=told, fix=fix)


_KINDS: tuple[Callable[[Portfolio], Iterator[QualityLine]], ...] = (
    _not_read,
    _overrides,
    _no_score,
    _stale,
    _facts,
    _notes,
)
