"""What is wrong with the data behind a digest, counted, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scoring.data_quality import metric_gaps
from scoring.judgement.phrases import plainly
from workbook_templates.digest.rows import Lines
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["data_warnings"]

_METRICS = 2
"""Metrics that are told, the ones that most accounts lack."""
_LEAST = 0.05
"""Share of the accounts that must lack a metric before it is told (ours)."""


def data_warnings(p: Portfolio) -> Lines:
    """The warnings, what keeps most accounts from a score first; ``count`` is of each."""
    return [*_no_score(p), *_not_read(p), *_facts(p), *_gaps(p)]


def _told(count: int, one: str, many: str, fix: str) -> dict[str, Any]:
    return {"count": count, "what": one if count == 1 else many, "fix": fix}


def _no_score(p: Portfolio) -> Iterator[dict[str, Any]]:
    rows = p.frame[(p.frame["tier"] == "") & (p.frame["status"] != "Provisional")]
    if len(rows):
        least = f"under {p.model.min_coverage:.0%} of the weight is known"
        yield _told(len(rows), f"account has no score: {least}.",
                    f"accounts have no score: {least}.",
                    "Data quality lists what to fill in.")  # fmt: skip


def _not_read(p: Portfolio) -> Iterator[dict[str, Any]]:
    errors = [x for x in p.problems if x.severity == "error"]
    if errors:
        first = errors[0]
        where = first.address or (f"row {first.row}" if first.row else "")
        place = f"{first.sheet}, {where}" if where else first.sheet
        what = plainly(first.message, 90)
        yield _told(len(errors), f"value was not read. {place}: {what}.",
                    f"values were not read. First, {place}: {what}.",
                    plainly(first.fix, 90) + ".")  # fmt: skip


def _facts(p: Portfolio) -> Iterator[dict[str, Any]]:
    frame = p.frame
    lacks = (
        (frame["arr"].isna(), "ARR, so no sum counts"),
        (frame["renewal_date"].isna(), "renewal date, so no renewal shows"),
        (frame["csm"] == "", "CSM, so nobody sees"),
    )
    for mask, what in lacks:
        count = int(mask.sum())
        if count:
            yield _told(count, f"account has no {what} it.", f"accounts have no {what} them.",
                        "Fill it in.")  # fmt: skip


def _gaps(p: Portfolio) -> Iterator[dict[str, Any]]:
    ages = {m.key: m.max_age_days for m in p.model.metrics}
    found = [g for g in metric_gaps(p.timeline.now) if g.stale + g.missing >= 1]
    worth = [g for g in found if g.stale + g.missing >= _LEAST * len(p.frame)]
    for gap in worth[:_METRICS]:
        if gap.stale > gap.missing:
            what = f"no {gap.name} newer than {ages[gap.key]} days. It counts as missing."
            yield _told(gap.stale, f"account has {what}", f"accounts have {what}",
                        "Give a newer one.")  # fmt: skip
        else:
            what = f"no {gap.name}. It counts as missing."
            yield _told(gap.missing, f"account has {what}", f"accounts have {what}", "Fill it in.")
