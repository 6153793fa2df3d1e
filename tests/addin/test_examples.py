"""Every example of the registry gives an answer over a sheet such as its letters suggest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from addin.cells import Cell, Fault, Results, on_day
from addin.registry import FUNCTIONS
from scoring.columns import match_headers, metric_columns
from scoring.presets import load_preset, preset_names
from tests.addin.test_functions import TODAY, whole_row

BY_NAME = {f.name: f for f in FUNCTIONS}
EXAMPLES = [(f.name, example) for f in FUNCTIONS for example in f.examples]
Sheet = dict[str, Cell]

ROWS = range(2, 13)
# Beside the model's metrics in B to R stand what a renewal and a survey need.
FIXED: dict[str, tuple[str, Cell]] = {
    "F": ("ARR", 120_000.0),
    "G": ("Renewal date", TODAY + timedelta(days=45)),
    "H": ("NPS", 40.0),
    "I": ("CSAT", 4.2),
}
# Score, the one before, velocity and days to renewal.
RESULTS: Sheet = {"S": 67.0, "T": 62.0, "U": 0.2, "V": 45.0}


def letters(first: str, last: str) -> list[str]:
    return [chr(x) for x in range(ord(first), ord(last) + 1)]


def accounts(model: str, seed: int) -> Sheet:
    """Headers in row 1, a row an account under them."""
    known, _, _ = match_headers(["NPS", "CSAT"], metric_columns(load_preset(model)))
    taken = {column.name for column in known.values()}
    cells = whole_row(model, seed)
    names = iter(m.name for m in load_preset(model).metrics if m.name not in taken)
    sheet: Sheet = {}
    for letter in letters("B", "R"):
        header, value = FIXED.get(letter) or (name := next(names, ""), cells.get(name))
        sheet[f"{letter}1"] = header
        sheet |= dict.fromkeys((f"{letter}{row}" for row in ROWS), value)  # type: ignore[arg-type]
    return sheet | {f"{letter}{row}": x for letter, x in RESULTS.items() for row in ROWS}


def ratings() -> Sheet:
    """Five ratings in B to F."""
    return dict(zip(("B2", "C2", "D2", "E2", "F2"), (4.0, 5.0, 3.0, 4.0, 4.0), strict=True))


def table(*rows: tuple[Cell, ...]) -> Sheet:
    places = ((x, y, cell) for y, row in enumerate(rows, 1) for x, cell in enumerate(row))
    return {f"{chr(65 + x)}{y}": cell for x, y, cell in places}


RATES = table(
    ("Score from", "Churn", "Contraction"), (0.0, 0.7, 0.1), (60.0, 0.3, 0.2), (70.0, 0.1, 0.1),
    (80.0, 0.02, 0.05),
)  # fmt: skip
HISTORY = table(
    ("Account", "Date", "Score", "Renewal date", "Usage", "CSAT"),
    ("Sample Account 1", TODAY - timedelta(days=7), 82.0, TODAY, 60.0, 4.0),
    ("Sample Account 1", TODAY, 58.0, TODAY, 38.0, 2.9),
)


def book(example: str) -> dict[str, Sheet]:
    """The sheets that an example speaks of; its own has no name."""
    model = next((name for name in preset_names() if f'"{name}"' in example), "scorecard")
    own = ratings() if "B2:F2" in example else accounts(model, 3)
    earlier = accounts(model, 5)
    return {"": own, "Last month": earlier, "Rates": RATES, "Score history": HISTORY}


TOKEN = re.compile(
    r"""\s*(?:(?P<call>[A-Z_]+)\(|(?P<end>\))|(?P<comma>,)|"(?P<text>[^"]*)"|(?P<number>-?[\d.]+)
    |(?P<flag>TRUE|FALSE)
    |(?:'?(?P<sheet>[A-Za-z ]+?)'?!)?(?P<first>\$?[A-Z]+\$?\d+)(?::(?P<last>\$?[A-Z]+\$?\d+))?)""",
    re.VERBOSE,
)


def evaluate(formula: str) -> object:
    """What the formula gives, nested calls first."""
    return _value(iter(list(TOKEN.finditer(formula.removeprefix("=")))), book(formula))


def _value(tokens: Iterator[re.Match[str]], sheets: dict[str, Sheet]) -> object:
    token = next(tokens)
    if token["end"] or token["comma"]:
        return token
    if name := token["call"]:
        given: list[object] = []
        while not isinstance(value := _value(tokens, sheets), re.Match) or value["comma"]:
            given += [] if isinstance(value, re.Match) else [value]
        return TODAY if name == "TODAY" else BY_NAME[name].call(*given)
    if token["first"]:
        return _range(sheets[token["sheet"] or ""], token["first"], token["last"])
    if token["flag"]:
        return token["flag"] == "TRUE"
    return float(token["number"]) if token["number"] else token["text"]


def _range(sheet: Sheet, first: str, last: str | None) -> object:
    (left, top), (right, bottom) = (_split(at or first) for at in (first, last))
    rows = tuple(
        tuple(sheet.get(f"{letter}{row}") for letter in letters(left, right))
        for row in range(top, bottom + 1)
    )
    return rows if last else rows[0][0]


def _split(address: str) -> tuple[str, int]:
    plain = address.replace("$", "")
    return plain[0], int(plain[1:])


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[e for _, e in EXAMPLES])
def test_example(name: str, example: str) -> None:
    """An example gives a value or a table, and no error."""
    with on_day(TODAY):
        got: Results = evaluate(example)  # type: ignore[assignment]
    cells = [cell for row in got for cell in row] if isinstance(got, tuple) else [got]
    assert [cell for cell in cells if isinstance(cell, Fault)] == []
    assert "" not in cells[:1]
    assert (BY_NAME[name].result == "table") == (isinstance(got, tuple) and len(got) > 1)


def test_evaluation() -> None:
    """Texts, numbers, ranges of other sheets and calls in calls reach the function."""
    assert evaluate('=HEALTH_TIER(S2, "support")') == "Yellow"
    assert evaluate("=VELOCITY_LABEL(HEALTH_VELOCITY(S2, T2))") == "Stable"
    assert isinstance(evaluate("=HEALTH_TIER(B1)"), Fault)
    assert evaluate("=DAYS_TO_RENEWAL(G2, TODAY())") == 45.0
    assert date(2026, 6, 30) == TODAY
