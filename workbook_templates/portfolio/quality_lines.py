"""What to mend in a portfolio's data, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from scoring.data_quality import OverrideEnd, missing_metrics, override_ends
from scoring.inputs import NOT_READ, Problem
from scoring.metric_phrase import plain_name
from scoring.peers import compare_peers
from scoring.rollup import STATUSES
from workbook_templates.fill import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["MOST", "Lines", "QualityLine", "quality_lines"]

MOST = 200
"""Lines shown of each kind; further ones are counted."""
Frame = pd.DataFrame
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
    """Everything to mend: what was not read, overrides, no score, outliers, old values, facts."""
    shown: list[QualityLine] = []
    cut = 0
    for count, lines in (make(p) for make in _KINDS):
        shown += islice(lines, MOST)
        cut += max(0, count - MOST)
    note = f"{t.counted(cut, 'line')} more, not shown" if cut else ""
    return Lines(tuple(shown), note)


_Found = tuple[int, Iterator[QualityLine]]
"""How many lines there are, and the lines; of very many only the first are ever made."""
_Kind = Callable[[Portfolio], _Found]


def _not_read(p: Portfolio) -> _Found:
    found = [x for x in p.problems if x.severity == "error"]
    whose = _whose(p)
    return len(found), (_problem(x, "Value not read", whose) for x in found)


def _notes(p: Portfolio) -> _Found:
    # Overrides have lines of their own.
    found = [x for x in p.problems if x.severity == "note" and x.sheet != "Overrides"]
    kinds = ("Column not read" if x.message == NOT_READ else "Note" for x in found)
    whose = _whose(p)
    return len(found), (_problem(x, kind, whose) for x, kind in zip(found, kinds, strict=True))


def _whose(p: Portfolio) -> Callable[[str], tuple[str, str]]:
    """Name and id of the account that a row names by either."""
    ids, names = p.frame["account_id"].tolist(), p.frame["account_name"].tolist()
    known = dict(zip(ids, names, strict=True))
    by_name = dict(zip(names, ids, strict=True))

    def whose(account: str) -> tuple[str, str]:
        if account in known:
            return known[account], account
        return account, by_name.get(account, "")

    return whose


def _problem(x: Problem, kind: str, whose: Callable[[str], tuple[str, str]]) -> QualityLine:
    place = (
        f"{x.sheet}!{x.address}" if x.address else f"{x.sheet}{f', row {x.row}' if x.row else ''}"
    )
    return QualityLine(*whose(x.account), kind, x.column, place, x.value, x.message, x.fix)


def _overrides(p: Portfolio) -> _Found:
    names = dict(zip(p.frame["account_id"], p.frame["account_name"], strict=True))
    found = [x for x in override_ends(p.tables, as_of=p.as_of) if x.account_id in names]
    return len(found), (_override(p, x, names[x.account_id]) for x in found)


def _override(p: Portfolio, end: OverrideEnd, name: str) -> QualityLine:
    left = (end.day - p.as_of).days
    days = f"in {t.counted(left, 'day')}" if left else "today"
    when = f"ended on {t.day_text(end.day)}" if end.over else f"ends {days}"
    return QualityLine(
        name,
        end.account_id,
        "Override ended" if end.over else "Override ends soon",
        "Override",
        value=t.day_text(end.day),
        told=f"Set by {end.author or 'nobody named'}: {end.reason or 'no reason given'}",
        fix=f"It {when}: set it anew, or take it out.",
    )


def _no_score(p: Portfolio) -> _Found:
    places = _places(p, (p.frame["tier"] == "").to_numpy(bool))
    missing = missing_metrics(p.timeline.now) if len(places) else pd.DataFrame()
    return len(places), (_without(p, i, missing) for i in places)


def _without(p: Portfolio, i: int, missing: pd.DataFrame) -> QualityLine:
    row = p.frame.iloc[i].to_dict()
    if row["status"] == STATUSES[3]:
        told = f"New: neutral until day {p.model.lifecycle.neutral_days}, without a tier."
        return _line(row, "No tier", "Score", told, "Nothing to do.", row["status"])
    told = f"Coverage {row['coverage']:.0%}, a score needs {p.model.min_coverage:.0%}."
    weights = p.timeline.now.available.iloc[i].fillna(0.0)
    absent = sorted((m for m in missing.columns if missing.at[i, m]), key=lambda m: -weights[m])
    names = {m.key: plain_name(m.name) for m in p.model.metrics}
    more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
    listed = ", ".join(names[m] for m in absent[:_NAMED])
    fix = f"Give {listed}{more}." if absent else "Rate its dimensions."
    return _line(row, "No tier", "Score", told, fix, row["status"])


def _stale(p: Portfolio) -> _Found:
    stale = p.timeline.now.stale.to_numpy(bool)
    places = _places(p, stale.any(axis=1) if stale.size else np.zeros(len(p.frame), bool))
    metrics = {m.key: m for d in p.model.dimensions for m in d.metrics}
    ordered = [metrics[str(key)] for key in p.timeline.now.stale.columns]

    def lines() -> Iterator[QualityLine]:
        for i in places:
            row = p.frame.iloc[i].to_dict()
            for metric in (m for m, old in zip(ordered, stale[i], strict=True) if old):
                told = f"Older than {metric.max_age_days} days, so it does not count."
                yield _line(
                    row, "Value too old", plain_name(metric.name), told, "Give a newer one."
                )

    return int(stale.sum()), lines()


def _outliers(p: Portfolio) -> _Found:
    """Accounts whose score stands far from those of their segment."""
    found = compare_peers(p.frame)
    places = _places(p, (found["outlier"] != "").to_numpy(bool))
    return len(places), (_outlier(p, i, found.iloc[i].to_dict()) for i in places)


def _outlier(p: Portfolio, i: int, peer: Mapping[Any, Any]) -> QualityLine:
    row = p.frame.iloc[i].to_dict()
    low = peer["outlier"] == "low"
    way = "below" if low else "above"
    of = f"{t.segment_text(row['segment']) or 'no segment'}, {peer['peers']:.0f} accounts"
    told = f"{abs(peer['difference']):.0f} points {way} the median of its peers ({of})."
    fix = f"Check its data; if true, a {'retention risk' if low else 'possible case study'}."
    return _line(row, f"Far {way} peers", "Score", told, fix, f"{row['shown']:.0f}")


def _absent(kind: str, item: str, told: str, mask: Callable[[Frame], Any]) -> _Kind:
    """Accounts that lack a fact."""

    def make(p: Portfolio) -> _Found:
        places = _places(p, mask(p.frame).to_numpy(bool))
        rows = (p.frame.iloc[i].to_dict() for i in places)
        return len(places), (_line(row, kind, item, told, "Fill it in.") for row in rows)

    return make


def _places(p: Portfolio, mask: Any) -> list[int]:
    """Positions of the accounts meant, the larger ARR first."""
    arr = np.nan_to_num(p.frame["arr"].to_numpy(float), nan=-1.0)
    places = np.flatnonzero(mask)
    return [int(i) for i in places[np.argsort(-arr[places], kind="stable")]]


def _line(
    row: Mapping[Any, Any], kind: str, item: str, told: str, fix: str, value: str = ""
) -> QualityLine:
    name, key = row["account_name"], row["account_id"]
    return QualityLine(name, key, kind, item, value=value, told=told, fix=fix)


_KINDS: tuple[_Kind, ...] = (
    _not_read,
    _overrides,
    _no_score,
    _outliers,
    _stale,
    _absent("No ARR", "ARR", "Left out of every sum.", lambda f: f["arr"].isna()),
    _absent("No currency", "Currency", "Its ARR is in no sum of another currency.",
            lambda f: f["arr"].notna() & (f["currency"] == "")),
    _absent("No renewal date", "Renewal date", "No renewal shows it.",
            lambda f: f["renewal_date"].isna()),
    _absent("No CSM", "CSM", "Nobody sees it as theirs.", lambda f: f["csm"] == ""),
    _notes,
)  # fmt: skip
