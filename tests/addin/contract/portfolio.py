"""Calls of `PORTFOLIO_SUMMARY`."""

from __future__ import annotations

from addin.cells import Cell, Results
from tests.addin.contract.call import (
    DIV,
    NA,
    NUM_FAULT,
    VALUE_FAULT,
    Call,
    Given,
    model_range,
    row,
)

HEAD = ("Tier", "Accounts", "Share", "ARR", "ARR share", "Average score", "Without ARR")
Numbers = tuple[float | str, ...]


def _summary(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"portfolio, {name}", "PORTFOLIO_SUMMARY", given, expected)


def _table(*numbers: Numbers, amber: str = "Amber") -> Results:
    """The answer: the numbers of green, amber, red, no score and all accounts.

    Where ARR is given and a row does not say how many accounts lack it, none does.
    """
    labels = ("Green", amber, "Red", "No score", "Total")
    given = any(row_[2] != "" for row_ in numbers)
    full = [row_ if len(row_) > 5 else (*row_, 0.0 if given else "") for row_ in numbers]
    return (HEAD, *((label, *row_) for label, row_ in zip(labels, full, strict=True)))


def _column(*cells: Cell) -> Given:
    return tuple((cell,) for cell in cells)


NONE: Numbers = (0.0, 0.0, "", "", "")
MANY = 5000
"""Scores 0, 20, 40, 60, 80 over and over: three in five red, one amber, one green."""

CALLS: tuple[Call, ...] = (
    _summary(
        "three tiers, shares that do not divide",
        _table(
            (1.0, 0.334, 100.0, 0.167, 90.0),
            (1.0, 0.333, 200.0, 0.333, 70.0),
            (1.0, 0.333, 300.0, 0.5, 20.0),
            (0.0, 0.0, 0.0, 0.0, ""),
            (3.0, 1.0, 600.0, 1.0, 60.0),
        ),
        _column(90.0, 70.0, 20.0), _column(100.0, 200.0, 300.0),
    ),
    _summary(
        "without ARR",
        _table(
            (2.0, 0.5, "", "", 85.0), (1.0, 0.25, "", "", 60.0), (1.0, 0.25, "", "", 10.0),
            NONE, (4.0, 1.0, "", "", 60.0),
        ),
        _column(80.0, 60.0, 90.0, 10.0),
    ),
    _summary(
        "blanks and errors have no score",
        _table(
            (1.0, 0.25, 10.0, 0.1, 80.0), (0.0, 0.0, 0.0, 0.0, ""), (0.0, 0.0, 0.0, 0.0, ""),
            (3.0, 0.75, 90.0, 0.9, ""), (4.0, 1.0, 100.0, 1.0, 80.0),
        ),
        _column(80.0, None, NA, DIV), _column(10.0, 20.0, 30.0, 40.0),
    ),
    _summary(
        "empty rows at the end do not count",
        _table(
            (1.0, 0.5, "", "", 80.0), NONE, NONE, (1.0, 0.5, "", "", ""), (2.0, 1.0, "", "", 80.0)
        ),
        _column(None, 80.0, None, None, None),
    ),
    _summary(
        "ARR of a tier not known at all",
        _table(
            (1.0, 0.5, 50.0, 1.0, 80.0), (0.0, 0.0, 0.0, 0.0, ""), (1.0, 0.5, "", "", 20.0, 1.0),
            (0.0, 0.0, 0.0, 0.0, ""), (2.0, 1.0, 50.0, 1.0, 50.0, 1.0),
        ),
        _column(80.0, 20.0), _column(50.0, NA),
    ),
    _summary(
        "ARR of some accounts not known",
        _table(
            (2.0, 0.5, 30.0, 0.75, 85.0, 1.0), (0.0, 0.0, 0.0, 0.0, ""),
            (1.0, 0.25, 10.0, 0.25, 20.0), (1.0, 0.25, "", "", "", 1.0),
            (4.0, 1.0, 40.0, 1.0, 190 / 3, 2.0),
        ),
        _column(80.0, 90.0, 20.0, None), _column(30.0, "n/a", 10.0, "-"),
    ),
    _summary(
        "all ARR shows errors",
        _table(
            (1.0, 0.5, "", "", 80.0, 1.0), (0.0, 0.0, 0.0, "", "", 0.0),
            (1.0, 0.5, "", "", 20.0, 1.0), (0.0, 0.0, 0.0, "", "", 0.0),
            (2.0, 1.0, "", "", 50.0, 2.0),
        ),
        _column(80.0, 20.0), _column(NA, DIV),
    ),
    _summary(
        "whole columns with their headers",
        _table(
            (1.0, 0.5, 30.0, 0.75, 80.0), (0.0, 0.0, 0.0, 0.0, ""), (1.0, 0.5, 10.0, 0.25, 20.0),
            (0.0, 0.0, 0.0, 0.0, ""), (2.0, 1.0, 40.0, 1.0, 50.0),
        ),
        _column("Health\nscore ", 80.0, 20.0, None, None),
        _column("ARR (EUR)", 30.0, 10.0, None, None),
    ),
    _summary("only a header", "", _column("Score", None)),
    _summary(
        "n/a at the end is an account without a score",
        _table(
            (1.0, 0.5, "", "", 80.0), NONE, NONE, (1.0, 0.5, "", "", ""), (2.0, 1.0, "", "", 80.0)
        ),
        row(80.0, "n/a", None),
    ),
    _summary(
        "blank ARR is none",
        _table((1.0, 1.0, "", "", 80.0), NONE, NONE, NONE, (1.0, 1.0, "", "", 80.0)),
        _column(80.0), _column(None, None),
    ),
    _summary(
        "ARR of nothing",
        _table(
            (1.0, 1.0, 0.0, "", 80.0), (0.0, 0.0, 0.0, "", ""), (0.0, 0.0, 0.0, "", ""),
            (0.0, 0.0, 0.0, "", ""), (1.0, 1.0, 0.0, "", 80.0),
        ),
        _column(80.0), _column(0.0),
    ),
    _summary(
        "rounds before the tier",
        _table(
            (1.0, 0.5, "", "", 79.5), NONE, (1.0, 0.5, "", "", 59.25), NONE,
            (2.0, 1.0, "", "", 69.375),
        ),
        _column(79.5, 59.25),
    ),
    _summary(
        "a row of scores, numbers as text",
        _table(
            (1.0, 0.5, 1500.0, 0.6, 80.0), (1.0, 0.5, 1000.0, 0.4, 67.5),
            (0.0, 0.0, 0.0, 0.0, ""), (0.0, 0.0, 0.0, 0.0, ""), (2.0, 1.0, 2500.0, 1.0, 73.75),
        ),
        row("80", "67.5"), row("$1,500", "1k"),
    ),
    _summary(
        "another model's tiers and words",
        _table(
            (1.0, 0.5, "", "", 70.0), (1.0, 0.5, "", "", 40.0), NONE, NONE,
            (2.0, 1.0, "", "", 55.0), amber="Yellow",
        ),
        _column(70.0, 40.0), None, "support",
    ),
    _summary(
        "a model range",
        _table(
            (1.0, 0.5, "", "", 70.0), (1.0, 0.5, "", "", 40.0), NONE, NONE,
            (2.0, 1.0, "", "", 55.0), amber="Yellow",
        ),
        _column(70.0, 40.0), None, model_range("support"),
    ),
    _summary(
        "one cell", _table((1.0, 1.0, "", "", 90.0), NONE, NONE, NONE, (1.0, 1.0, "", "", 90.0)),
        row(90.0),
    ),
    _summary("nothing", "", _column(None, None)),
    _summary("text", VALUE_FAULT, _column(80.0, "good")),
    _summary("a header that is not known", VALUE_FAULT, _column("Points", 80.0)),
    _summary("a header further down", VALUE_FAULT, _column("Q3", "Score", 80.0)),
    _summary("true is no score", VALUE_FAULT, _column(80.0, True)),
    _summary("off its scale", NUM_FAULT, _column(80.0, 180.0)),
    _summary("ARR as text", VALUE_FAULT, _column(80.0), _column("lots")),
    _summary("ARR below zero", NUM_FAULT, _column(80.0, 70.0), _column(5.0, -5.0)),
    _summary("two currencies", VALUE_FAULT, _column(80.0, 70.0), _column("£5", "€5")),
    _summary("different length", VALUE_FAULT, _column(80.0, 70.0), _column(5.0, 5.0, 5.0)),
    _summary("a column and a row", VALUE_FAULT, _column(80.0, 70.0), row(5.0, 5.0)),
    _summary("unknown model", VALUE_FAULT, _column(80.0), None, "nope"),
    _summary(
        "five thousand accounts",
        _table(
            (1000.0, 0.2, 50_000.0, 0.333, 80.0),
            (1000.0, 0.2, 40_000.0, 0.267, 60.0),
            (3000.0, 0.6, 60_000.0, 0.4, 20.0),
            (0.0, 0.0, 0.0, 0.0, ""),
            (5000.0, 1.0, 150_000.0, 1.0, 40.0),
        ),
        _column(*(20.0 * (i % 5) for i in range(MANY))),
        _column(*(10.0 * (i % 5 + 1) for i in range(MANY))),
    ),
)  # fmt: skip
