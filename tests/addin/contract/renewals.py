"""Calls of `RENEWAL_FORECAST` and `RENEWAL_PLAY`."""

from __future__ import annotations

from datetime import date

from addin.cells import Cell, Fault, Results
from scoring.renewal import LABEL
from tests.addin.contract.call import (
    DIV,
    NA,
    NA_FAULT,
    NUM_FAULT,
    VALUE_FAULT,
    Call,
    Given,
    row,
)

RATES = (("Score from", "Churn", "Contraction"), (0.0, 0.5, 0.25), (75.0, 0.125, 0.0))
"""A calibration: half of the accounts below 75 churn, an eighth of the others."""


def _forecast(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"forecast, {name}", "RENEWAL_FORECAST", given, expected)


def _play(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"play, {name}", "RENEWAL_PLAY", given, expected)


def _table(
    full: float, contraction: float, churn: float, arr: float | None, basis: str = LABEL
) -> Results:
    """The answer: a contraction loses a quarter of the ARR, churn all of it."""
    risks = ["" if arr is None else share * arr for share in (0.0, 0.25, 1.0)]
    expected = "" if arr is None else arr * (0.25 * contraction + churn)
    return (
        ("Scenario", "Probability", "ARR at risk", "Basis"),
        ("Full renewal", full, risks[0], basis),
        ("Contraction", contraction, risks[1], basis),
        ("Churn", churn, risks[2], basis),
        ("Expected", 1.0, expected, basis),
    )


OWN = "Your calibration"
FITTED = "Calibrated on 412 outcomes, 2 Nov 2026"
PAST = "Illustration, not calibrated: yours expired on 2020-01-31"


def _dated(basis: Cell, expires: Cell) -> Given:
    """The shares with what they rest on and their last day, as a backtest's sheet has them."""
    head, *rows = RATES
    return ((*head, "Expires", "Basis"), *((*r, expires, basis) for r in rows))


CALLS: tuple[Call, ...] = (
    _forecast("green", _table(0.90, 0.07, 0.03, 100_000.0), row(80.0), row(100_000.0)),
    _forecast("rounds up to green", _table(0.90, 0.07, 0.03, 1000.0), row(79.5), row(1000.0)),
    _forecast("amber", _table(0.70, 0.18, 0.12, 1000.0), row(79.4), row(1000.0)),
    _forecast("low amber", _table(0.40, 0.26, 0.34, 1000.0), row(60.0), 1000.0),
    _forecast("red", _table(0.10, 0.12, 0.78, 1000.0), 59.0, 1000.0),
    _forecast("score zero", _table(0.10, 0.12, 0.78, 1000.0), row(0.0), row(1000.0)),
    _forecast("no ARR", _table(0.90, 0.07, 0.03, None), row(80.0), row(None)),
    _forecast("ARR zero", _table(0.90, 0.07, 0.03, 0.0), row(80.0), row(0.0)),
    _forecast("numbers as text", _table(0.90, 0.07, 0.03, 1200.0), row("80"), row("£1,200")),
    _forecast("blank score", "", row(None), row(1000.0)),
    _forecast("error in, same error out", Fault("#DIV/0!"), row(DIV), row(1000.0)),
    _forecast("error in the ARR", NA_FAULT, row(80.0), row(NA)),
    _forecast("score as a word", VALUE_FAULT, row("good"), row(1000.0)),
    _forecast("ARR as a word", VALUE_FAULT, row(80.0), row("lots")),
    _forecast("score off its scale", NUM_FAULT, row(108.0), row(1000.0)),
    _forecast("ARR below zero", NUM_FAULT, row(80.0), row(-1.0)),
    _forecast("true is no score", VALUE_FAULT, row(True), row(1000.0)),
    _forecast("two scores", VALUE_FAULT, row(80.0, 70.0), row(1000.0)),
    _forecast(
        "your shares", _table(0.875, 0.0, 0.125, 800.0, OWN), row(80.0), row(800.0), RATES
    ),
    _forecast(
        "your shares, lower bracket", _table(0.25, 0.25, 0.5, 800.0, OWN),
        row(74.4), row(800.0), RATES,
    ),
    _forecast(
        "your shares in another order and in per cent", _table(0.25, 0.25, 0.5, 800.0, OWN),
        row(10.0), row(800.0),
        (("CHURN", "contraction ", "score_from"), ("12.5%", "0%", 75.0), ("50%", 0.25, 0.0),
         (None, None, None)),
    ),
    _forecast("blank shares", _table(0.90, 0.07, 0.03, 8.0), row(80.0), row(8.0), row(None, None)),
    _forecast("shares of 0, as a blank cell may come", _table(0.90, 0.07, 0.03, 8.0), row(80.0),
              row(8.0), row(0.0)),
    _forecast(
        "shares without a header", VALUE_FAULT, row(80.0), row(8.0), row("Score from", "Churn")
    ),
    _forecast("shares without rows", VALUE_FAULT, row(80.0), row(8.0), (RATES[0],)),
    _forecast("shares that start late", VALUE_FAULT, row(80.0), row(8.0), (RATES[0], RATES[2])),
    _forecast(
        "shares with a blank", VALUE_FAULT, row(80.0), row(8.0), (RATES[0], (0.0, 0.5, None))
    ),
    _forecast("shares above one", NUM_FAULT, row(80.0), row(8.0), (RATES[0], (0.0, 0.75, 0.5))),
    _forecast(
        "a share off its scale", NUM_FAULT, row(80.0), row(8.0), (RATES[0], (0.0, 34.0, 0.0))
    ),
    _forecast("a share as a word", VALUE_FAULT, row(80.0), row(8.0), (RATES[0], (0.0, "few", 0.0))),
    _forecast(
        "an error among the shares", NA_FAULT, row(80.0), row(8.0), (RATES[0], (0.0, NA, 0.0))
    ),
    _forecast(
        "shares that say what they rest on", _table(0.25, 0.25, 0.5, 800.0, FITTED),
        row(70.0), row(800.0), _dated(FITTED, date(2099, 12, 31)),
    ),
    _forecast(
        "shares past their last day", _table(0.7, 0.18, 0.12, 800.0, PAST),
        row(70.0), row(800.0), _dated(FITTED, date(2020, 1, 31)),
    ),
    _forecast(
        "a last day in words, no basis", _table(0.25, 0.25, 0.5, 800.0, OWN),
        row(70.0), row(800.0), _dated(None, "2099-12-31"),
    ),
    _forecast(
        "the illustration as a range", _table(0.25, 0.25, 0.5, 800.0, LABEL),
        row(70.0), row(800.0), _dated(LABEL, None),
    ),
    _forecast(
        "a last day that is none", VALUE_FAULT, row(70.0), row(800.0), _dated(FITTED, "soon")
    ),
    _play("green", "Hold", row(85.0), row(0.0), row(45.0)),
    _play("green, wants more", "Expand", row(85.0), row(0.0), row(45.0), row(True)),
    _play("yes in words", "Expand", row(85.0), row(0.0), row(45.0), row("Yes")),
    _play("one for yes", "Expand", row(85.0), row(0.0), row(45.0), row(1.0)),
    _play("no in words", "Hold", row(85.0), row(0.0), row(45.0), row("No")),
    _play("rounds up to green", "Expand", row(79.5), row(0.0), row(300.0), row(True)),
    _play("amber, far and steady", "Hold", row(70.0), row(0.0), row(91.0), row(True)),
    _play("amber, near", "Save", row(70.0), row(0.0), row(90.0)),
    _play("amber, declining", "Save", row(70.0), row(-0.2), row(300.0)),
    _play("amber, hardly declining", "Hold", row(70.0), row(-0.19), row(300.0)),
    _play("red", "Save", row(40.0), row(1.0), row(300.0)),
    _play("typed numbers", "Save", 40.0, 1.0, 300.0),
    _play("speed and days not known", "Hold", row(70.0), row(None), row(None)),
    _play("blank score", "", row(None), row(0.0), row(45.0)),
    _play("error", NA_FAULT, row(NA), row(0.0), row(45.0)),
    _play("error in the days", Fault("#DIV/0!"), row(85.0), row(0.0), row(DIV)),
    _play("speed in words", VALUE_FAULT, row(85.0), row("Stable"), row(45.0)),
    _play("neither yes nor no", VALUE_FAULT, row(85.0), row(0.0), row(45.0), row("maybe")),
    _play("off its scale", NUM_FAULT, row(850.0), row(0.0), row(45.0)),
    _play(
        "columns", (("Hold",), ("Save",), ("",), (NUM_FAULT,)),
        ((85.0,), (40.0,), (None,), (140.0,)), ((0.0,),) * 4, ((45.0,),) * 4,
    ),
    _play(
        "columns of different length", VALUE_FAULT,
        ((85.0,), (40.0,)), ((0.0,),) * 3, ((45.0,), (45.0,)),
    ),
)  # fmt: skip
