"""Values of the quality checks on *Checks*: the rules of `scoring.judgement.quality`, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.quality import ActionLine, Rated, RiskLine, Scorecard, check_scorecard
from workbook_templates.account.inputs import InputRow
from workbook_templates.account.numbers import column
from workbook_templates.account.tables import Tables
from workbook_templates.drawing.account.check_quality import QUALITY
from workbook_templates.drawing.account.evidence import STALE

__all__ = ["COUNTED_IN", "NOT_GIVEN", "quality_values"]

NOT_GIVEN = frozenset({"not rated", "no mitigation provided", "no owner", "no date"})
"""What the report writes where nothing was given."""
COUNTED_IN = {"horizon": "weekend", "after-renewal": "weekend", "no-horizon": "weekend"}
"""Checks that are counted in one line of the sheet."""


def quality_values(
    f: Facts, rows: Sequence[InputRow], tables: Tables, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Place → value.

    Args:
        f: the account.
        rows: its inputs.
        tables: risks and actions as the workbook lists them.
        values: what other places hold; scenarios and play are read.
    """
    card = _card(f, rows, tables, values)
    codes = (COUNTED_IN.get(x.code, x.code) for x in check_scorecard(card))
    found = Counter(codes)
    counts = [found[code] for code, _ in QUALITY]
    return {
        "quality_found": column(counts),
        "quality_passed": column(["No" if n else "Yes" for n in counts]),
    }


def _card(
    f: Facts, rows: Sequence[InputRow], tables: Tables, values: Mapping[str, Any]
) -> Scorecard:
    shares = [row[0] for row in values["scenarios"][:3]]
    return Scorecard(
        account=f.name,
        as_of=f.as_of,
        renewal=f.day("renewal_date"),
        tier=f.tier,
        previous=f.previous.day if f.previous else None,
        dimensions=tuple(_rated(f)),
        risks=tuple(
            RiskLine(r.risk, _given(r.severity), _given(r.plan), "") for r in tables.risks if r.risk
        ),
        actions=tuple(
            ActionLine(a.action, a.horizon or "", _given(a.owner), _day(a.due), a.status or "", "")
            for a in tables.actions
            if a.action
        ),
        probabilities=tuple((x, "") for x in shares if isinstance(x, float)),
        play=str(values["play"][0][0]),
        stale=tuple((r.name, r.as_of, "") for r in rows if r.status == STALE),
        rests_on=_rests_on(f, rows),
    )


def _rated(f: Facts) -> Iterator[Rated]:
    earlier = zip(f.dimensions, f.before_dimensions, strict=True)
    for d, part, (now, before) in zip(f.model.dimensions, f.rolled.parts, earlier, strict=True):
        seen = sum(1 for x in part.points if x == x)
        trend = now - before if now == now and before == before else None
        yield Rated(
            d.name, None if now != now else now, part.typed, seen, len(d.metrics), trend, ""
        )


def _rests_on(f: Facts, rows: Sequence[InputRow]) -> tuple[str, float] | None:
    could, metrics = sum(r.could for r in rows), rows[: len(f.model.metrics)]
    if could <= 0 or not metrics:
        return None
    most = max(metrics, key=lambda r: r.could)
    return most.name, most.could / could


def _given(text: str | None) -> str:
    return "" if not text or text.casefold() in NOT_GIVEN else text


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
