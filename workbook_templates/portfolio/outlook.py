"""Where the mean score is heading, and what the same weeks did a year ago: a sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from scoring.projection import AHEAD_DAYS, project
from scoring.season import portfolio_season
from scoring.tier_trend import TrendPoint
from workbook_templates.account.words import signed
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["ahead_words", "outlook", "season_words"]


def outlook(p: Portfolio, points: Sequence[TrendPoint]) -> str:
    """Both sentences; "" where neither the trend is sure nor the history long enough."""
    return " ".join(filter(None, (ahead_words(p, points), season_words(p))))


def ahead_words(p: Portfolio, points: Sequence[TrendPoint]) -> str:
    """The mean score in 30 days with its interval; "" where the slope may be chance."""
    days, means = [x.day for x in points], [x.average for x in points]
    found = project(days, means, as_of=p.as_of)
    # Without a score today there is none to carry on.
    if found is None or means[-1] != means[-1]:
        return ""
    then = t.day_text(p.as_of + timedelta(days=AHEAD_DAYS))
    return (
        f"Trend of {found.points} snapshots: {signed(found.slope * AHEAD_DAYS)} points in "
        f"{AHEAD_DAYS} days. If it holds, the mean lies between {found.low:.1f} and "
        f"{found.high:.1f} on {then} (95%)."
    )


def season_words(p: Portfolio) -> str:
    """The last change beside that of the same weeks a year ago; "" without such a history."""
    found = portfolio_season(p.timeline)
    if found is None:
        return ""
    usual = " A usual fall." if found.usual else ""
    return (
        f"Last {(found.until - found.since).days} days: {signed(found.change)} points, a year ago "
        f"{signed(found.year_ago)} (mean of {t.counted(found.accounts, 'account')}).{usual}"
    )
