"""Whether a calibration still fits: scores that moved since, churn that came otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.score import MANY
from scoring.validation.cases import Cases
from scoring.validation.intervals import Z95
from scoring.validation.records import Backtest, Calibration

__all__ = ["MOVED", "SOME", "ScoreDrift", "drift_since", "score_drift"]

SOME, MOVED = 0.1, 0.25
"""Population stability index from which scores have moved somewhat, and much (Siddiqi 2006,
"Credit Risk Scorecards", the limits in general use)."""
_CHANCE_Z = 1.644854
"""Normal quantile that 95 % lie below."""


@dataclass(frozen=True)
class ScoreDrift:
    """How far today's scores are from those a calibration was fitted to.

    Attributes:
        psi: population stability index; NaN where nobody has a score.
        by_chance: what samples of these sizes give in 95 % of draws although nothing moved.
        sentence: "" where the index is below `SOME`, or no more than chance gives.
    """

    psi: float
    by_chance: float
    sentence: str


def score_drift(calibration: Calibration, scores: Floats) -> ScoreDrift:
    """Compare scores with those of a calibration, by tens.

    Args:
        calibration: with its shares of cases.
        scores: (n,) raw scores of today, NaN where there is none.

    Source: the index is Σ (p − q) ln(p / q) over the tens; of equal populations it is about
    (1/n + 1/m) χ² with one degree less than there are tens (Yurdakul and Naranjo 2020). Half a
    case is added to each, so that an empty one has a logarithm.
    """
    known = round_half_up(scores[~np.isnan(scores)], MANY)
    if not len(known):
        return ScoreDrift(math.nan, math.nan, "")
    # A score of 100 is with the nineties: alone it would be empty nearly always.
    shares = np.array((*calibration.scores[:9], sum(calibration.scores[9:])))
    now = np.bincount(np.clip(known // 10, 0, 9).astype(np.intp), minlength=10)
    p, q = _shares(now.astype(float)), _shares(shares * calibration.cases)
    psi = float(((p - q) * np.log(p / q)).sum())
    chance = (1 / len(known) + 1 / calibration.cases) * _chi_square(len(p) - 1)
    if psi < SOME or psi <= chance:
        return ScoreDrift(psi, chance, "")
    word = "Scores have moved" if psi >= MOVED else "Scores have moved somewhat"
    text = f"{word} since the fit of {_day(calibration.fitted)}, PSI {psi:.2f}."
    return ScoreDrift(psi, chance, text)


def _shares(counts: Floats) -> Floats:
    return np.asarray((counts + 0.5) / (counts + 0.5).sum())


def _chi_square(freedom: int) -> float:
    """What χ² stays below in 95 % (Wilson and Hilferty 1931)."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + _CHANCE_Z * math.sqrt(part)) ** 3)


def drift_since(older: Backtest, cases: Cases) -> tuple[str, ...]:
    """What an earlier backtest's calibration said of outcomes after its fit, and what came.

    Args:
        older: the earlier document.
        cases: joined today; those that ended after the fit count.

    Returns:
        One sentence, number first; none where it has no calibration.
    """
    found = older.calibration
    if found is None:
        return ()
    if older.digest != cases.snapshots.model.digest:
        return (f"{older.model} of the earlier backtest scores otherwise: not compared.",)
    if older.design != cases.design:
        return ("The earlier backtest counted its cases otherwise: not compared.",)
    place = np.asarray(cases.landmark)
    later = (cases.frame["date"].to_numpy("datetime64[D]") > np.datetime64(found.fitted)) & (
        place >= 0
    )
    since = f"since the fit of {_day(found.fitted)}"
    if not later.any():
        return (f"0 outcomes with a score {since}: nothing to compare yet.",)
    score = np.clip(round_half_up(cases.snapshots.total[place[later]], MANY), 0, 100)
    chance = np.array(found.churn)[score.astype(np.intp)]
    churned, count = int(cases.churned[later].sum()), int(later.sum())
    expected = math.fsum(chance)
    spread = Z95 * math.sqrt(math.fsum(chance * (1 - chance)))
    low, high = max(expected - spread, 0.0), min(expected + spread, float(count))
    text = f"{churned:,} of {count:,} churned {since}; {_span(expected, low, high)} were expected"
    if churned > high + 0.5:
        return (f"{text}: more than the calibration told.",)
    if churned < low - 0.5:
        return (f"{text}: fewer than the calibration told.",)
    return (f"{text}: as the calibration told.",)


def _span(expected: float, low: float, high: float) -> str:
    """``9.2 (4 to 15)``: whole numbers that hold the interval."""
    return f"{expected:,.1f} ({math.floor(low):,} to {math.ceil(high):,})"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
