"""What an account's renewal could bring: three scenarios, what is lost on average, the play."""

from __future__ import annotations

import math

from scoring.account_facts import Facts
from scoring.judgement.records import Outlook
from scoring.renewal import (
    Play,
    Scenario,
    as_displayed,
    expected_loss,
    renewal_play,
    scenarios,
)
from scoring.rollup import round_half_up
from scoring.trend import velocity

__all__ = ["days_left", "expanding", "leaving", "outlook", "play_of", "seats_used"]


def outlook(f: Facts) -> Outlook:
    """Scenarios in whole per cents that sum to 100, the ARR they lose, and the play.

    Args:
        f: the account; its displayed score, its currency and its probabilities count.

    Returns:
        No scenarios where there is no tier; amounts NaN where ARR is not known.
    """
    found: tuple[Scenario, ...] = ()
    if f.tier and f.total == f.total:
        shares = f.chances.brackets
        found = as_displayed(
            scenarios(round_half_up(f.total), f.number("arr"), seats_used(f), shares)
        )
    lost = expected_loss(found) if found else math.nan
    return Outlook(found, lost, play_of(f), f.chances.label)


def play_of(f: Facts) -> Play:
    """The recommended play of an account."""
    earlier, days = f.month_ago
    speed = velocity(f.total, earlier, days)
    return renewal_play(f.tier, speed, days_left(f), expanding=expanding(f), leaving=leaving(f))


def days_left(f: Facts) -> float:
    """Days to the renewal, below 0 where it has passed, NaN where its date is not known."""
    renewal = f.day("renewal_date")
    return math.nan if renewal is None else float((renewal - f.as_of).days)


def expanding(f: Facts) -> bool:
    """Whether the account shows expansion signals."""
    return _signalled(f, "expansion_signals", "expansion_details")


def leaving(f: Facts) -> bool:
    """Whether the account shows downgrade or cancellation signals."""
    return _signalled(f, "downgrade_signals", "downgrade_details")


def _signalled(f: Facts, state: str, details: str) -> bool:
    return _yes(f, state if f.record.get(state) is not None else details)


def _yes(f: Facts, key: str) -> bool:
    """Whether a signal is given: a Yes state, or details in words."""
    value = f.record.get(key)
    return value is True or (isinstance(value, str) and value.casefold() not in ("", "no"))


def seats_used(f: Facts) -> float:
    """Active over licensed seats, NaN where not known."""
    given = f.number("seats_active_share")
    licensed, active = f.number("seats_licensed"), f.number("seats_active")
    return given if not math.isnan(given) else active / licensed if licensed > 0 else math.nan
