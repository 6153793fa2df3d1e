"""Real LibreOffice: formulas typed, recalculated, read, saved and opened again."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter

from addin.cells import Fault, Result, today
from addin.hosts.libreoffice.names import long_name
from addin.hosts.libreoffice.uno_types import uno_type
from addin.registry import FUNCTIONS
from scoring.one import score_one
from scoring.presets import load_preset
from tests.addin.contract import CALLS
from tests.addin.contract.call import FOUR
from tests.addin.test_functions import same, whole_row
from tests.addin.typed_calls import Typed, address, as_calc_sees
from tests.office.client import Error, Office, Sheet, Value

pytestmark = pytest.mark.office

ADD_IN = 11  # com.sun.star.sheet.FunctionCategory
LONG = {f.name: long_name(f) for f in FUNCTIONS}


def result(shown: Value | Error) -> Result:
    """A cell as a function's result."""
    if isinstance(shown, Error):
        return Fault(shown.text)
    return shown if isinstance(shown, str) else float(shown or 0.0)


def test_contract(office: Office) -> None:
    """Every call of the table shows what it must, errors as the spreadsheet's own."""
    typed: list[Typed] = []
    for call in CALLS:
        top = typed[-1].top + typed[-1].height + 1 if typed else 0
        typed.append(Typed(as_calc_sees(call), top))
    formulas = {at: formula for t in typed for at, formula in t.formulas.items()}
    sheet = office.evaluate(
        formulas,
        {at: value for t in typed for at, value in t.cells.items()},
        {at: rows for t in typed for at, rows in t.ranges.items()},
        only=list(formulas),
    )
    wrong = [f"{t.call.name}: {t.formulas}: {got}" for t in typed if (got := _differs(t, sheet))]
    assert not wrong, "\n".join(wrong)


def _differs(typed: Typed, sheet: Sheet) -> str:
    """What a call shows where it is not what it must be."""
    wanted = typed.call.expected
    rows = wanted if isinstance(wanted, tuple) else ((wanted,),)
    got = tuple(
        tuple(result(sheet[address(x, typed.top + y)]) for x in range(len(row)))
        for y, row in enumerate(rows)
    )
    return "" if same(got, rows) else f"{got} instead of {rows}"[:600]


def test_function_wizard(office: Office) -> None:
    """The wizard shows every function as the registry describes it, among the add-ins."""
    told = office.wizard([f.name for f in FUNCTIONS])
    for function in FUNCTIONS:
        help_text, category, arguments = told[function.name]
        assert help_text == function.help
        assert category == ADD_IN
        assert arguments == [[a.name, a.help, uno_type(a) == "any"] for a in function.arguments]


def test_whole_rows_equal_the_engine(office: Office) -> None:
    """Rows with names, words and blanks give the engine's number, one by one and as a column."""
    model = load_preset(FOUR)
    keys = {m.name: m.key for m in model.metrics}
    rows = [
        {h: v for h, v in whole_row(FOUR, seed).items() if h in keys or h.startswith("Acc")}
        for seed in range(20)
    ]
    width = len(rows[0])
    cells: dict[str, Value] = {address(x, 0): h for x, h in enumerate(rows[0])}
    for y, cells_of_row in enumerate(rows, start=1):
        for x, value in enumerate(cells_of_row.values()):
            assert isinstance(value, float | str | None)
            cells[address(x, y)] = value
    last, head = address(width - 1, len(rows)), f"$A$1:{address(width - 1, 0)}"
    formulas = {f"AD2:AD{len(rows) + 1}": f'=HEALTH_SCORE(A2:{last};{head};"{FOUR}")'}
    for y in range(1, len(rows) + 1):
        one = f"{address(0, y)}:{address(width - 1, y)}"
        formulas[f"AC{y + 1}"] = f'=HEALTH_SCORE({one};{head};"{FOUR}")'
    shown = office.evaluate(formulas, cells)
    for y, row in enumerate(rows, start=2):
        wanted = score_one({keys[h]: v for h, v in row.items() if h in keys}, model).total
        assert shown[f"AC{y}"] == pytest.approx(wanted, abs=1e-12)
        assert shown[f"AD{y}"] == shown[f"AC{y}"]


def test_dates_count_to_today(office: Office) -> None:
    """Renewal and start dates in cells, and data that is too old, count as in the engine."""
    model, day = load_preset("four-dimension-2"), today()
    headers = ("Renewal date", "Start date", "Usage", "Engagement", "Sentiment")
    rows = {2: (45, 400), 3: (45, 60), 4: (45, 7), 5: (200, 400)}
    cells: dict[str, Value] = {address(x, 0): h for x, h in enumerate(headers)}
    wanted = {}
    for y, (left, age) in rows.items():
        cells |= {f"A{y}": f"=TODAY()+{left}", f"B{y}": f"=TODAY()-{age}"}
        cells |= {f"C{y}": 50, f"D{y}": 60, f"E{y}": 70}
        record = {"days_to_renewal": float(left), "start_date": day - timedelta(days=age)}
        record |= {"usage": 50.0, "engagement": 60.0, "sentiment": 70.0}
        wanted[f"H{y}"] = score_one(record, model, as_of=day).total
    formulas = {a: f'=HEALTH_SCORE(A{a[1]}:E{a[1]},A$1:E$1,"{model.name}")' for a in wanted}
    shown = office.evaluate(formulas, cells)
    assert {a: shown[a] for a in wanted} == pytest.approx(wanted, abs=1e-12)
    assert wanted["H4"] == 50.0


RATINGS: dict[str, Value] = {"A1": 3, "B1": 3, "C1": 3, "D1": 3, "E1": 3}


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("=HEALTH_TIER(HEALTH_SCORE(A1:E1))", "Amber"),
        ("=HEALTH_TIER(HEALTH_SCORE(A9:E9))", Error("#N/A")),
        ("=HEALTH_TIER(HEALTH_SCORE(A1:D1))", Error("#VALUE!")),
        ('=IFERROR(HEALTH_SCORE(A9:E9);"none")', "none"),
        ("=ISNA(HEALTH_SCORE(A9:E9))", True),
        ("=ROUND(HEALTH_SCORE(A1:E1)/7;1)", 8.6),
        ('=IF(HEALTH_SCORE(A1:E1)>=60;"fine";"poor")', "fine"),
        ("=HEALTH_SCORE(OFFSET(A1;0;0;1;5))", 60.0),
        ("=HEALTH_SCORE(INDIRECT(\"A1:E1\"))", 60.0),
        ('=HEALTH_SCORE(A1:D1;{"Usage"."Engagement"."Sentiment"."Financial"};"four-dimension")',
         3.0),
        ("=INDEX(RENEWAL_FORECAST(HEALTH_SCORE(A1:E1);1000);2;1)", "Full renewal"),
        ("=DAYS_TO_RENEWAL(TODAY()+45)", 45.0),
        ("=DAYS_TO_RENEWAL(TODAY()+45;A9)", 45.0),
        ("=HEALTH_TREND(60;59;;)", Error("Err:504")),
        ("=HEALTH_TREND(60;59;)", "↑"),
        # What has no cells, LibreOffice refuses for a range.
        ("=PORTFOLIO_SUMMARY(HEALTH_SCORE(A1:E1))", Error("Err:504")),
        ("=HEALTH_SCORE({4.5.3.4.4})", Error("Err:504")),
        ("=HEALTH_SCORE(4)", Error("Err:504")),
    ],
)  # fmt: skip
def test_inside_other_functions(office: Office, formula: str, wanted: object) -> None:
    """Results and errors pass on; ranges may come from functions, arrays only as headers."""
    formula = formula.replace(";", ",").replace('"."', '","').replace("4.5.3.4.4", "4,5,3,4,4")
    assert office.evaluate({"H1": formula}, RATINGS)["H1"] == wanted


def test_array_formula_takes_one_value_of_what_can_be_left_out(office: Office) -> None:
    """A range there would go with each cell of the others: it is refused, never misread."""
    cells: dict[str, Value] = {"A1": 70, "A2": 60, "B1": 60, "B2": 70, "C1": 7, "C2": 30, "D1": 10}
    shown = office.evaluate(
        {
            "F1:F2": "=HEALTH_VELOCITY(A1:A2,B1:B2,C1:C2)",
            "G1:G2": "=HEALTH_VELOCITY(A1:A2,B1:B2,D1)",
        },
        cells,
    )
    assert [shown["F1"], shown["F2"]] == [Error("#VALUE!")] * 2
    assert [shown["G1"], shown["G2"]] == [1.0, -1.0]


# The other three dimensions share the whole weight.
WITHOUT_USAGE = (25 * 72 + 25 * 61 + 15 * 85) / 65


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({}, 65.25),
        ({"B2": 100}, 81.0),
        ({"B2": "=NA()"}, WITHOUT_USAGE),
        ({"B2": None}, WITHOUT_USAGE),
        ({"B2": "x"}, Error("#VALUE!")),
        ({"B2": 500}, Error("#NUM!")),
        ({"B1": "Unknown"}, WITHOUT_USAGE),
        ({"F2": "enterprise"}, 66.1),
        ({"B2": "=50+5"}, 65.25),
    ],
)
def test_follows_its_inputs(
    office: Office, tmp_path: Path, typed: dict[str, Value], wanted: Value | Error
) -> None:
    """A saved formula follows a changed value, header or segment; the tier follows the score."""
    changes = {("Data", address): value for address, value in typed.items()}
    shown = office.recalculate(_workbook(tmp_path), changes)["Data"]
    if isinstance(wanted, float):
        assert shown["G2"] == pytest.approx(wanted, abs=1e-12)
        assert shown["H2"] == ("Green" if wanted >= 80 else "Amber")
    else:
        assert shown["G2"] == shown["H2"] == wanted


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_saved_and_opened_again(office: Office, tmp_path: Path, kind: str) -> None:
    """LibreOffice's own files keep formula and value, and go on calculating."""
    saved = office.convert(_workbook(tmp_path), tmp_path / "out", kind, recalculate=True)
    shown = office.read(saved)["Data"]
    assert shown["G2"] == pytest.approx(65.25, abs=1e-12)
    assert shown["H2"] == "Amber"
    again = office.recalculate(saved, {("Data", "B2"): 100, ("Data", "C2"): 100})["Data"]
    assert again["G2"] == pytest.approx(88.0, abs=1e-12)
    assert again["H2"] == "Green"


# What the page for people says to replace in formulas (`addin.hosts.libreoffice`).
REPAIR = {r"_xldudf_|\[\d+\]!": "", "=": "="}


@pytest.mark.parametrize("prefix", ["_xldudf_", "[1]!", ""])
def test_excel_files(office: Office, tmp_path: Path, prefix: str) -> None:
    """A formula from Excel shows its value or #NAME?, and after two replacements its value."""
    path = tmp_path / "excel.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row("A1", [3, 3, 3, 3, 3])
        sheet.write_formula("F1", f"={prefix}HEALTH_SCORE(A1:E1)", value=60)
        sheet.write_formula("G1", f'=IF(F1>0,{prefix}HEALTH_TIER(F1),"")', value="Amber")
    name = Error("#NAME?")
    assert office.recalculate(path)["Data"]["F1"] in (60.0, name)
    saved = office.replace(path, tmp_path / "saved.xlsx", REPAIR)
    shown = office.recalculate(saved)["Data"]
    assert (shown["F1"], shown["G1"]) == (60.0, "Amber")
    with zipfile.ZipFile(saved) as package:
        text = package.read("xl/worksheets/sheet1.xml").decode()
    found = re.search(r"<f[^>]*>([\w.]+)\(A1:E1\)", text)
    assert found
    assert found[1] in (LONG["HEALTH_SCORE"], "_xldudf_HEALTH_SCORE")


def _workbook(folder: Path) -> Path:
    """An Excel file with inputs and formulas under the names that LibreOffice reads there."""
    path = folder / "cells.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(
            "A1", ["Account", "Usage", "Engagement", "Sentiment", "Financial", "Segment"]
        )
        sheet.write_row("A2", ["Acme", 55, 72, 61, 85])
        sheet.write_formula("G2", f'={LONG["HEALTH_SCORE"]}(A2:F2,A$1:F$1,"four-dimension")')
        sheet.write_formula("H2", f'={LONG["HEALTH_TIER"]}(G2,"four-dimension")')
    return path
