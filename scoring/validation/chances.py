"""From a backtest's calibration to the shares that renewals are looked up in, and whether to."""

from __future__ import annotations

from datetime import date

from scoring.renewal import ILLUSTRATION, Bracket, Chances
from scoring.validation.records import Backtest, Calibration

__all__ = ["chances_for", "chances_of"]


def chances_of(calibration: Calibration) -> Chances:
    """A calibration as brackets of whole scores; neighbours of one share are one bracket."""
    brackets: list[Bracket] = []
    shares = zip(calibration.churn, calibration.contraction, strict=True)
    for score, (churn, contraction) in enumerate(shares):
        if not brackets or (brackets[-1].churn, brackets[-1].contraction) != (churn, contraction):
            brackets.append(Bracket(score, churn, contraction))
    return Chances(
        tuple(brackets),
        fitted=calibration.fitted,
        accounts=calibration.cases,
        expires=calibration.expires,
        meaning=calibration.meaning,
    )


def chances_for(
    backtest: Backtest, *, digest: str, as_of: date, model: str = ""
) -> tuple[Chances, str]:
    """What probabilities of a day rest on: a backtest's calibration, where it may be used.

    Args:
        backtest: the document.
        digest: of the model that scored the day.
        as_of: the day.
        model: name and version of what scored it, to say which of two models is meant.

    Returns:
        The calibration and ""; or the illustration and why.
    """
    found = backtest.calibration
    if backtest.digest != digest:
        why = _other(backtest.model, model)
    elif found is None:
        return ILLUSTRATION, f"It has no calibration. {backtest.calibration_reason}".strip()
    elif as_of < found.fitted:
        why = f"it was fitted on {_day(found.fitted)}, after {_day(as_of)}"
    elif as_of > found.expires:
        why = f"it expired on {_day(found.expires)}"
    else:
        return chances_of(found), ""
    return ILLUSTRATION, f"Its calibration is not used: {why}."


def _other(fitted: str, scored: str) -> str:
    if not scored:
        return f"it was fitted to {fitted}, not to the model that scores"
    if fitted == scored:
        return f"the model {scored} has other values now than when it was fitted"
    return f"it was fitted to {fitted}, and {scored} scores now"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
