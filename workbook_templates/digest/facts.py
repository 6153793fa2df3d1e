"""A portfolio's digest: gathered once, for the message and for the sheet *Digest*."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from scoring.amounts import by_currency, main_currency
from scoring.groups import tier_word
from scoring.tier_trend import tier_trend
from workbook_templates.digest.compared import compare, trend_days
from workbook_templates.digest.places import LISTS, TOTALS
from workbook_templates.digest.records import Digest, Figure
from workbook_templates.digest.rows import Found, Lines, accounts_lists, as_rows
from workbook_templates.digest.sentences import headline, lines, subject
from workbook_templates.digest.show import figure
from workbook_templates.digest.totals import totals
from workbook_templates.digest.warnings import data_warnings
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["WEEK", "digest_of"]

WEEK = 7
"""Days that a message looks back."""


def digest_of(portfolio: Portfolio, *, days: int = WEEK) -> Digest:
    """What a leader is told about the portfolio.

    Args:
        portfolio: the accounts of the leader, scored.
        days: how far the changes look back; the nearest snapshot counts.

    Returns:
        Facts with the names of their cells; lists are cut to `places.LISTS`.
    """
    p, since = compare(portfolio, days)
    found = dict(accounts_lists(p))
    for name, lines_of in (("warning", data_warnings), ("trend", _trend), ("other", _other)):
        found[name] = len(told := lines_of(p)), told
    rows = {name: as_rows(p, name, found[name][1]) for name in LISTS}
    counts = totals(p, since)
    counts |= _listed(p, found)
    changed = since is None or bool(counts["worse_count"].value or counts["better_count"].value)
    return Digest(
        as_of=p.as_of,
        since=since,
        model=p.model.label,
        changed=changed,
        subject=subject(p, counts, rows, since),
        headline=headline(p, counts, changed=changed),
        lines=lines(p, counts, rows, since, changed=changed),
        labels={key: tier_word(p.model, key) for key in ("green", "amber", "red", "")},
        totals=counts,
        lists=rows,
        more={name: found[name][0] - len(rows[name]) for name in LISTS},
        currency=main_currency(p.frame),
        source=p.source,
    )


def _trend(p: Portfolio) -> Lines:
    """The ARR of the worst tier on the last days with scores, at today's ARR."""
    days: list[date] = trend_days(p, LISTS["trend"].rows)
    points = tier_trend(p.timeline, p.frame, days=days)
    code = main_currency(p.frame)
    return [
        {"day": point.day, "arr": point.arr[2], "currency": code}
        for point in points
        if sum(point.accounts) and not math.isnan(point.arr[2])
    ]


def _other(p: Portfolio) -> Lines:
    """Amounts that no sum of the main currency holds."""
    main = main_currency(p.frame)
    return [
        {"currency": x.currency or "No currency", "arr": x.arr, "accounts": x.accounts}
        for x in by_currency(p.frame)
        if x.currency != main
    ]


def _listed(p: Portfolio, found: Mapping[str, Found]) -> dict[str, Figure]:
    """Counts of the lists that are counted nowhere else, and what the ten at risk pay."""
    main = main_currency(p.frame)
    amounts = [x["arr"] for x in found["risk"][1] if x["currency"] == main and x["arr"] == x["arr"]]
    values: dict[str, float] = {
        "risk_count": found["risk"][0],
        "overrides_count": found["override"][0],
        "warnings_count": found["warning"][0],
    }
    if amounts:
        values["risk_arr"] = math.fsum(amounts)
    return {
        key: figure(key, float(value), TOTALS[key][1], TOTALS[key][0], currency=main)
        for key, value in values.items()
    }
