"""An account in a few sentences: where it stands, why, what it could cost, who does what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from scoring.account_facts import Facts
from scoring.judgement.actions import is_open, is_overdue
from scoring.judgement.phrases import day_words, plainly, sentence
from scoring.judgement.records import Action, Outlook
from scoring.judgement.summary_standing import standing
from scoring.judgement.summary_why import why
from scoring.units import money_in_full

__all__ = ["LETTERS", "account_summary", "money_words"]

LETTERS = 560
"""Letters that the summary has on *Scorecard*, on three lines."""
_RISK, _POSITIVE, _ACTION = 130, 90, 110
_SHORTER = ((True, 1.0, True), (False, 1.0, True), (False, 0.75, True), (False, 0.75, False))
"""What gives way where letters do not suffice: the positive, ends of long texts, the reason."""
_NEITHER = "ARR and renewal date are not provided"


def account_summary(
    f: Facts,
    *,
    actions: Sequence[Action] = (),
    outlook: Outlook | None = None,
    letters: int = LETTERS,
) -> str:
    """A few sentences that a leader reads instead of the page.

    Args:
        f: the account with its risks and positives.
        actions: what is planned, the most urgent first.
        outlook: what the renewal could bring; without it nothing is said of ARR at risk.
        letters: most letters; what matters less is left out first.
    """
    first, reason, money = standing(f), why(f), money_words(f, outlook)
    for positive, size, middle in _SHORTER:
        parts = [
            first,
            reason if middle else "",
            money,
            _worry(f, int(_RISK * size)),
            _positive(f) if positive else "",
            _first_action(actions, f.as_of, int(_ACTION * size)),
        ]
        text = " ".join(sentence(part) for part in parts if part)
        if len(text) <= letters:
            return text
    short = " ".join(sentence(part) for part in (first, money) if part)
    return plainly(short, letters - 1) + "."


def money_words(f: Facts, outlook: Outlook | None = None) -> str:
    """ARR, when it renews, and what of it could be lost."""
    arr, renewal = f.number("arr"), f.day("renewal_date")
    amount = "" if math.isnan(arr) else f"{money_in_full(arr, f.text('currency'))} ARR"
    if renewal is None:
        return f"{amount}, renewal date not provided" if amount else _NEITHER
    days, when = (renewal - f.as_of).days, day_words(renewal)
    what = amount or "the contract, ARR not provided,"
    if days < 0:
        return f"{what} was due for renewal on {when}, {_days(-days)} ago"
    left = "today" if days == 0 else f"in {_days(days)}"
    text = f"{what} renews on {when}, {left}"
    if outlook is None or not amount or not outlook.expected >= 0.5:
        return text
    lost = money_in_full(outlook.expected, f.text("currency"))
    label = outlook.label[:1].lower() + outlook.label[1:]
    return f"{text}; {lost} of it is lost on average ({label})"


def _days(days: int) -> str:
    return f"{days:,} day{'' if days == 1 else 's'}"


def _worry(f: Facts, letters: int) -> str:
    """The first risk with its evidence."""
    if not f.risks:
        return ""
    risk = f.risks[0]
    text = plainly(risk.text, letters)
    if len(risk.text) > letters and risk.evidence:
        text = plainly(f"{risk.name}, {risk.evidence[0].text}", letters)
    return f"{risk.severity} risk: {text}"


def _positive(f: Facts) -> str:
    return f"On the plus side: {plainly(f.positives[0].text, _POSITIVE)}" if f.positives else ""


def _first_action(actions: Sequence[Action], as_of: date, letters: int) -> str:
    """Who does what by when."""
    action = next((a for a in actions if a.text.strip() and is_open(a)), None)
    if action is None:
        return ""
    who = plainly(action.owner, 40) or "no owner"
    when = "no date" if action.due is None else f"by {day_words(action.due)}"
    if is_overdue(action, as_of) and action.due is not None:
        when = f"overdue since {day_words(action.due)}"
    return f"Next ({who}, {when}): {plainly(action.text, letters)}"
