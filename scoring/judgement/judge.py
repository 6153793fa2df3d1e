"""All that is said of one account: risks, what to do, the goal, the renewal, and sentences."""

from __future__ import annotations

from scoring.account_facts import Facts
from scoring.judgement.actions import plan_actions
from scoring.judgement.assessment import assessments
from scoring.judgement.case import case_of
from scoring.judgement.library import Library, load_library
from scoring.judgement.month_goal import month_goal
from scoring.judgement.outlook import outlook
from scoring.judgement.records import Judgement
from scoring.judgement.strategy import renewal_strategy
from scoring.judgement.summary import account_summary

__all__ = ["judge"]


def judge(f: Facts, library: Library | None = None) -> Judgement:
    """From facts to what to do on Monday.

    Args:
        f: an account with the risks and positives that were found of it.
        library: plays that actions are taken from; the one shipped when not
            given.

    Returns:
        The same for the same facts: nothing in it is random, and nothing is asked of a network.
    """
    plays = library or f.library or load_library()
    actions = plan_actions(case_of(f), plays)
    ahead = outlook(f)
    return Judgement(
        risks=f.risks,
        positives=f.positives,
        actions=actions,
        goal=month_goal(f),
        strategy=renewal_strategy(f),
        outlook=ahead,
        summary=account_summary(f, actions=actions, outlook=ahead),
        assessments=assessments(f),
    )
