"""The functions behind the cells, without a spreadsheet."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import date, timedelta

import pandas as pd
import pytest

from addin.cells import CellError, CellProblem, Fault, Results
from addin.functions import accounts
from addin.records import layout, read_row
from addin.registry import FUNCTIONS
from scoring.columns import account_columns, metric_columns
from scoring.derive import derive_metrics
from scoring.model import StateCurve
from scoring.one import score_one
from scoring.parse import parse_value
from scoring.parse_text import ValueProblem
from scoring.presets import load_preset, preset_names
from scoring.score import score_accounts
from tests.addin.contract import CALLS, Call
from tests.addin.contract.call import model_range

TODAY = date(2026, 6, 30)
BY_NAME = {f.name: f for f in FUNCTIONS}


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """One day for all: ages in cells count to it."""
    monkeypatch.setattr(accounts, "today", lambda: TODAY)


def score(*given: object) -> Results:
    return BY_NAME["HEALTH_SCORE"].call(*given)


def tier(*given: object) -> Results:
    return BY_NAME["HEALTH_TIER"].call(*given)


def message(result: object) -> str:
    assert isinstance(result, Fault)
    return result.message


def same(got: object, wanted: object) -> bool:
    """Equal to 1e-12; of a fault only the code counts."""
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(wanted, Fault):
        return isinstance(got, Fault) and got.code == wanted.code
    if isinstance(wanted, float) and isinstance(got, float):
        return abs(got - wanted) <= 1e-12
    return type(got) is type(wanted) and got == wanted


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_contract(call: Call) -> None:
    """Every call of the table gives what it must."""
    assert same(BY_NAME[call.function].call(*call.given), call.expected)


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_faults_have_messages(call: Call) -> None:
    """Every error says what is wrong in a sentence that ends."""
    got = BY_NAME[call.function].call(*call.given)
    if isinstance(got, Fault):
        assert got.message.endswith(".")
        assert "report" not in got.message


def test_call_names_are_unique() -> None:
    """Names of calls tell them apart."""
    assert len({c.name for c in CALLS}) == len(CALLS)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (
            ((4.0, None, None, None, 4.0),),
            "coverage 45%, needs 50%. Missing: Engagement; Outcomes; Support health.",
        ),
        (((None, 3.0, None, None, None),), "Missing: Product adoption; Outcomes; Support health"),
        ((("", None, None, None, None),), "Missing: Product adoption; Engagement; Outcomes and 2"),
        (3.0, "1 value where scorecard expects 5, each 1 to 5: "),
        (((4.0, CellError("#REF!"), None, None, 4.0),), "Engagement rating shows #REF!"),
        (((4.0, "good", 3.0, 4.0, 4.0),), "Engagement rating: good. Text where a number belongs."),
        (((4.0, 9.0, 3.0, 4.0, 4.0),), "Engagement rating: 9. Outside the scale 1 to 5."),
        (((4.0, 9.0, 3.0, 8.0, 4.0),), "Support health rating: 8."),
        (((4.0, 3.0),), "2 values where scorecard expects 5, each 1 to 5: Product adoption,"),
    ],
)
def test_messages_of_values(given: object, text: str) -> None:
    """A message names column and value, and what would be right."""
    assert text in message(score(given))


def test_messages_of_other_arguments() -> None:
    """Models, segments and headers are named as the person typed them."""
    ratings = ((3.0,) * 5,)
    assert 'no preset "suport". Did you mean "support"?' in message(score(ratings, None, "suport"))
    assert "Segment: Gold. Not a segment." in message(score(ratings, None, None, "Gold"))
    assert "the headers are Apples, Pears" in message(score(((1.0, 2.0),), (("Apples", "Pears"),)))
    text = message(score(((1.0, 2.0, 3.0),), (("Usage", "NPS"),), "four-dimension"))
    assert text == "2 headers over 3 values. Give ranges of the same width."
    text = message(score(((1.0, 2.0, 3.0),), "Usage", "four-dimension"))
    assert text == "1 header over 3 values. Give ranges of the same width."
    assert "the headers are blank or show errors" in message(score(ratings, CellError("#REF!")))
    assert "Headers: several rows" in message(score(ratings, (("a", "b"), ("c", "d"))))
    assert message(tier(120.0)) == "Score: 120. The scale is 0 to 100; correct the value."


def test_what_is_missing_or_too_old() -> None:
    """Without a score a message says which metrics are missing, and which are too old to count."""
    headers = (("Feature adoption", "Logins per week", "NPS", "Data as of"),)
    row = ((0.48, None, 40.0, TODAY - timedelta(days=60)),)
    assert message(score(row, headers, "four-dimension")) == (
        "Insufficient data: coverage 10%, needs 50%. "
        "Missing: Usage; Engagement; CSAT (1–5) and 3 more. Too old to count: Feature adoption."
    )


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("DAYS_TO_RENEWAL", ("03/04/2026",), "Type 2026-04-03 or 2026-03-04."),
        ("HEALTH_TIER", ("67,95",), "Type 67.95."),
        ("RENEWAL_FORECAST", (80.0, "85.000"), "Type 85000 or 85."),
        ("HEALTH_SCORE", (((3.0, "4,5", 3.0, 3.0, 3.0),),), "Type 4.5."),
        ("HEALTH_WHATIF", (((3.0,) * 5,), None, "Engagement", "4,5"), "Type 4.5."),
        ("HEALTH_ALERTS", ((("Account", "Date", "Score"), ("A", "03/04/2026", 80.0)),), "-03-04."),
    ],
)
def test_texts_of_two_meanings(name: str, given: tuple[object, ...], text: str) -> None:
    """In a cell there is nowhere to declare a decimal comma or the day order, only to type."""
    found = message(BY_NAME[name].call(*given))
    assert "Ambiguous: " in found
    assert found.endswith(text)


def test_faults_of_a_model_range() -> None:
    """A message gives the cell, counted from the first one of the range, and what belongs there."""
    rows = [list(row) for row in model_range("four-dimension")]
    at = next(y for y, row in enumerate(rows) if row[0] == "usage")
    rows[at][2] = -5.0
    assert message(score(((55.0, 72.0, 61.0, 85.0),), None, rows)) == (
        f"Model range (its first cell being A1): C{at + 1} Weight: must be more than 0, it is -5. "
        "Type a larger number."
    )


def test_a_sheet_that_is_no_model() -> None:
    """Of many faults a message names the first, and says how many more there are."""
    head, names, first, *rows = model_range("four-dimension")
    notes = [(f"Note {number}", *first[1:]) for number in range(500)]
    lines = message(score(((4.0,) * 5,), None, (head, names, *notes, first, *rows))).splitlines()
    assert len(lines) == 10
    assert lines[-1].split()[0] == "And"
    assert int(lines[-1].split()[1]) > 400


def test_a_model_in_the_wrong_place() -> None:
    """A preset's name that is given as values, headers or ARR is told where it belongs."""
    wide = ((55.0, 72.0, 61.0, 85.0),)
    assert message(score(wide, "Support")) == (
        '1 header over 4 values. Give ranges of the same width. "Support" is a model: give it as '
        "argument 3, HEALTH_SCORE(values, [headers], [model], [segment])."
    )
    got = BY_NAME["PORTFOLIO_SUMMARY"].call(((80.0,), (70.0,)), "support")
    assert message(got).endswith("argument 3, PORTFOLIO_SUMMARY(scores, [arr], [model]).")
    assert "is a model" not in message(score(wide, "Usage", "four-dimension"))
    assert "is a model" not in message(BY_NAME["RENEWAL_FORECAST"].call("support", 5.0))


@pytest.mark.parametrize(
    ("scores", "text"),
    [
        ((("Points",), (80.0,)), "Where it is a header, begin the range below it."),
        (((80.0,), ("good",)), "Type a number or leave it blank."),
    ],
)
def test_header_over_scores(scores: object, text: str) -> None:
    """A text that begins a range of scores may be a header, one further down may not."""
    assert message(BY_NAME["PORTFOLIO_SUMMARY"].call(scores)).endswith(text)


def test_one_score_in_every_function() -> None:
    """Each function that shows an account's score shows the same number, to the last bit."""
    for name in preset_names():
        for seed in range(12):
            cells = whole_row(name, seed)
            given = (tuple(cells.values()),), (tuple(cells),)
            total = score(*given, name)
            if isinstance(total, Fault):
                continue
            change = BY_NAME["HEALTH_CHANGE"].call(given[0], *given, name)
            card = BY_NAME["HEALTH_SCORECARD"].call(*given, name)
            goal = BY_NAME["HEALTH_GOAL"].call(*given, 1.0, name)
            assert isinstance(change, tuple)
            assert isinstance(card, tuple)
            shown = [change[-1][2], card[-1][3]]
            shown += goal[-1][1:4] if isinstance(goal, tuple) else ()
            assert shown == [total] * len(shown)


def test_contradiction_names_its_columns() -> None:
    """A derived metric off its scale points to the columns it follows from."""
    headers = (("Seats active", "Seats licensed", "Sentiment"),)
    text = message(score(((30.0, 10.0, 60.0),), headers, "four-dimension"))
    assert text == (
        "Active users of seats: 3 follows from Seats active and Seats licensed, outside its "
        "scale. Correct Seats active and Seats licensed."
    )


def whole_row(name: str, seed: int) -> dict[str, object]:
    """Header → raw cell for every column of a model's table, plausible and different by seed."""
    out: dict[str, object] = {"Account ID": f"A-{seed}", "Account": "Acme", "CSM": "Ann"}
    for number, metric in enumerate(load_preset(name).metrics):
        share = (seed * 37 + number * 53) % 101 / 100
        if isinstance(metric.curve, StateCurve):
            words = metric.curve.words
            out[metric.name] = words[(seed + number) % len(words)]
            continue
        xs = [x for x, _ in metric.curve.points]
        low = metric.scale[0] if metric.scale[0] is not None else xs[0]
        high = metric.scale[1] if metric.scale[1] is not None else xs[-1]
        low, high = max(low, xs[0]), min(high, xs[-1])
        out[metric.name] = low + share * (high - low)
        if (seed + number) % 5 == 0:
            out[metric.name] = None
    out["Segment"] = ("Enterprise", "Mid-Market", "SMB", None)[seed % 4]
    start = TODAY - timedelta(days=seed * 13 % 400)
    out["Start date"] = float((start - date(1899, 12, 30)).days)
    out["Data as of"] = float((TODAY - timedelta(days=seed % 60) - date(1899, 12, 30)).days)
    return out


def engine_total(cells: dict[str, object], name: str) -> float:
    """The same row through the engine for tables: read, derive, score a frame of one."""
    model = load_preset(name)
    columns = {c.name: c for c in account_columns(model)}
    record = {columns[h].key: parse_value(v, columns[h]) for h, v in cells.items()}
    frame = pd.DataFrame([record])
    scored = score_accounts(derive_metrics(frame, model, TODAY), model, as_of=TODAY)
    return float(scored.total[0])


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("seed", range(12))
def test_same_number_as_the_table(name: str, seed: int) -> None:
    """A row in a cell gives bit for bit what the engine gives for the table."""
    cells = whole_row(name, seed)
    wanted = engine_total(cells, name)
    got = score((tuple(cells.values()),), (tuple(cells),), name)
    if math.isnan(wanted):
        assert same(got, Fault("#N/A"))
    else:
        assert got == wanted


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("four-dimension", {"Seats active": 41.0, "Seats licensed": 90.0}),
        ("four-dimension", {"Features used": 3.0, "Features available": 7.0}),
        ("four-dimension", {"Seats active": 0.0, "Seats licensed": 0.0}),
        ("four-dimension-2", {"Renewal date": "2026-08-15", "Last QBR": "2026-03-01"}),
        ("support", {"Renewal date": 46200.0, "Last activity": "2026-06-20"}),
        ("support", {"Daily active users": 12.0, "Monthly active users": 70.0}),
    ],
)
def test_derived_like_the_table(name: str, extra: dict[str, object]) -> None:
    """Shares of counts and days to dates are derived as for the table."""
    cells = {h: v for h, v in whole_row(name, 3).items() if h not in _derivable_names(name)}
    cells = {**cells, **extra}
    assert score((tuple(cells.values()),), (tuple(cells),), name) == engine_total(cells, name)


def _derivable_names(name: str) -> set[str]:
    keys = {"seats_active_share", "feature_breadth", "dau_mau", "days_since_qbr"}
    keys |= {"days_since_activity", "days_to_renewal"}
    return {m.name for m in load_preset(name).metrics if m.key in keys} | {"Start date"}


@pytest.mark.parametrize("cell", [0.48, "48%", "48 %", "0.48"])
def test_three_ways_to_type_a_share(cell: object) -> None:
    """48% means 0.48 however it is typed."""
    model = load_preset("four-dimension")
    wanted = score_one({"feature_breadth": 0.48, "engagement": 72.0, "sentiment": 61.0}, model)
    headers = (("Feature adoption", "Engagement", "Sentiment"),)
    assert score(((cell, 72.0, 61.0),), headers, "four-dimension") == wanted.total


def test_first_days_are_neutral() -> None:
    """The start date counts to today: a week-old account has the neutral score."""
    headers = (("Usage", "Engagement", "Sentiment", "Financial", "Start date"),)
    values = ((55.0, 72.0, 61.0, 85.0, TODAY - timedelta(days=7)),)
    assert score(values, headers, "four-dimension") == 50.0


def test_next_day_counts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was scored yesterday does not stand in today's cell."""
    headers = (("Usage", "Engagement", "Sentiment", "Financial", "Start date"),)
    values = ((55.0, 72.0, 61.0, 85.0, TODAY - timedelta(days=14)),)
    assert score(values, headers, "four-dimension") == 50.0
    monkeypatch.setattr(accounts, "today", lambda: TODAY + timedelta(days=100))
    assert score(values, headers, "four-dimension") == 65.25


def test_true_is_no_rating() -> None:
    """TRUE is refused also right after 1 was scored in its place."""
    assert score(((1.0, 3.0, 3.0, 3.0, 3.0),)) == 48.0
    assert same(score(((True, 3.0, 3.0, 3.0, 3.0),)), Fault("#VALUE!"))


def test_plain_floats_are_read_as_parsing_reads_them() -> None:
    """The short way for floats accepts exactly what `parse_value` accepts."""
    probes = [-101.0, -5.1, -2.1, -1.0, -0.5, 0.0, 0.3, 1.0, 1.01, 2.0, 2.01, 5.0, 10.0, 48.0, 1e6]
    for name in preset_names():
        model = load_preset(name)
        for column in metric_columns(model):
            if column.words or column.kind == "date" or column.key not in model.inputs:
                continue
            how = layout((column.name,), model)
            for x in probes:
                try:
                    wanted: object = parse_value(x, column)
                except ValueProblem:
                    wanted = "#NUM!"
                try:
                    got: object = read_row((x,), how, TODAY).values[column.key]
                except CellProblem as problem:
                    got = problem.fault.code
                assert got == wanted, (name, column.name, x)


def test_tier_keeps_the_shape_of_a_range() -> None:
    """A block of scores gives a block of words."""
    assert tier(((90.0, 70.0), (10.0, None))) == (("Green", "Amber"), ("Red", ""))


def test_bugs_become_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of ours is an error in the cell, with a message and without a traceback."""
    monkeypatch.setattr(accounts, "score_one", lambda *a, **k: 1 / 0)
    got = score(((2.5, 3.5, 3.5, 3.5, 3.5),))
    assert same(got, Fault("#VALUE!"))
    assert "ZeroDivisionError" in message(got)


def test_cells_need_no_pandas() -> None:
    """The path of a cell, Model range included, loads neither numpy nor pandas."""
    code = (
        "import sys; from addin.registry import FUNCTIONS; import scoring.model_sheet;"
        "print(FUNCTIONS[0].call(((3.0,) * 5,)), {'numpy', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["60.0", "set()"]
