"""The day a digest compares with: a week ago, or as near to it as there is a snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.account_actions import filled
from scoring.movers import compared_with
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["compare", "trend_days"]

_WEEK = 7


def compare(p: Portfolio, days: int) -> tuple[Portfolio, date | None]:
    """The portfolio with the changes of so many days, and the day it is compared with.

    Where people refresh daily, the frame's changes are those of a day; a weekly message tells a
    week's. ``moved`` is left out where the account's change is another than the frame's.

    Args:
        p: as refreshed.
        days: how far to look back; the snapshot nearest to that counts, of two the earlier.
    """
    past = [s.as_of for s in p.timeline.past]
    wanted = p.as_of - timedelta(days=days)
    if not past:
        return p, None
    chosen = min(past, key=lambda day: (abs((day - wanted).days), day))
    if chosen == past[-1]:
        return p, compared_with(p.frame)
    kept = tuple(s for s in p.timeline.past if s.as_of <= chosen)
    timeline = replace(p.timeline, past=kept)
    history = timeline.history()
    history = history[history["score"].notna()]
    last = history.drop_duplicates("account_id", keep="last").set_index("account_id")
    last = last.reindex(p.frame["account_id"])
    before = last["score"].to_numpy(float)
    day = pd.to_datetime(last["date"]).to_numpy("datetime64[us]")
    total = np.where(p.frame["status"] == "Provisional", np.nan, p.frame["score"])
    same = day == p.frame["previous_day"].to_numpy("datetime64[us]")
    frame = p.frame.assign(
        previous_score=before,
        previous_tier=filled(last["tier"]).to_numpy(object),
        previous_day=day,
        change=total - before,
        moved=np.where(same, p.frame["moved"], ""),
    )
    frame.attrs.update(p.frame.attrs)
    return replace(p, frame=frame, timeline=timeline), compared_with(frame)


def trend_days(p: Portfolio, most: int) -> list[date]:
    """At most so many snapshots for a chart, one a week where there are more; today is the last."""
    chosen: list[date] = [p.as_of]
    past = [s.as_of for s in p.timeline.past]
    while len(chosen) < most:
        # A run that comes a day early is still the next week's.
        older = [day for day in past if (chosen[-1] - day).days >= _WEEK - 1]
        if not older:
            break
        chosen.append(min(older, key=lambda day: abs((chosen[-1] - day).days - _WEEK)))
    return chosen[::-1]
