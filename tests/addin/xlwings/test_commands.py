"""The ribbon's commands, on workbooks in memory.

On this system xlwings' decorators do nothing, so that a command is called as it is; that it can be
called through `CallUDF` is shown in `test_contract`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from addin.cells import today
from addin.hosts.xlwings import commands
from addin.hosts.xlwings.ribbon import BUTTONS
from addin.registry import FUNCTIONS
from scoring.model_sheet import model_to_rows
from scoring.one import score_one
from scoring.presets import load_preset
from tests.addin.xlwings.excel import Application, ListObject, Workbook, Worksheet

HEAD: list[Any] = ["Account", "Usage", "Engagement", "Sentiment", "Financial", "Notes"]
ROWS: list[list[Any]] = [
    HEAD,
    ["Sample Account 1", 55.0, 72.0, 61.0, 85.0, "call on Monday"],
    ["Sample Account 2", 90.0, 95.0, 88.0, 100.0, None],
    ["Sample Account 3", 20.0, None, -2146826246, None, None],
    [None, None, None, None, None, "a remark on no account"],
    ["Sample Account 4", 150.0, 72.0, "good", 85.0, None],
]
MODEL = load_preset("four-dimension")
G = len(HEAD) + 1  # the first column of ours


@pytest.fixture
def book() -> Workbook:
    """A workbook without sheets."""
    return Workbook(Application())


def run(command: str, book: Workbook) -> str:
    """What a button says."""
    ((text,),) = getattr(commands, command)(book)
    assert isinstance(text, str)
    return text


def score(*values: float) -> float:
    """The engine's score of the four dimensions."""
    keys = ("usage", "engagement", "sentiment", "financial")
    return score_one(dict(zip(keys, values, strict=True)), MODEL, as_of=today()).total


def column(sheet: Worksheet, number: int) -> list[Any]:
    """Cells of a column under the header row."""
    return [sheet.held.get((y, number)) for y in range(2, len(ROWS) + 1)]


def test_refresh_scores_every_account(book: Workbook) -> None:
    """Score, tier, coverage and top driver stand at the right end, as the engine has them."""
    sheet = book.sheet("Accounts", ROWS)
    text = run("refresh_portfolio", book)
    assert [sheet.held[1, G + i] for i in range(4)] == [
        "Health score", "Health tier", "Coverage", "Top driver",
    ]  # fmt: skip
    assert column(sheet, G) == [
        score(55.0, 72.0, 61.0, 85.0), score(90.0, 95.0, 88.0, 100.0), None, None, None,
    ]  # fmt: skip
    assert column(sheet, G + 1) == ["Amber", "Green", "Insufficient data", None, "No score"]
    assert column(sheet, G + 2)[:2] == [1.0, 1.0]
    assert re.fullmatch(r"\w+ score −\d+\.\d", column(sheet, G + 3)[0])
    assert sheet.formats[2, G] == "0.0"
    assert text.startswith(f"Scored 2 of 4 accounts with {MODEL.label}.")


def test_refresh_names_the_cells_that_are_wrong(book: Workbook) -> None:
    """Each value that cannot be used is told with its address, a lack of data with its row."""
    book.sheet("Accounts", ROWS)
    text = run("refresh_portfolio", book)
    assert "B6 (Usage score): 150." in text
    assert "D6 (Sentiment score): good." in text
    assert "Row 4 (Sample Account 3): Insufficient data: coverage" in text
    assert len(text) <= 900


def test_refresh_touches_nothing_else(book: Workbook) -> None:
    """Every other cell is never written, with ours in place or moved."""
    sheet = book.sheet("Accounts", ROWS)
    run("refresh_portfolio", book)
    assert {x for _, x in sheet.written} == {G, G + 1, G + 2, G + 3}
    assert min(y for y, _ in sheet.written) == 1
    sheet.written.clear()
    run("refresh_portfolio", book)
    assert {x for _, x in sheet.written} == {G, G + 1, G + 2, G + 3}
    assert (1, G) not in sheet.written
    assert len(list(sheet.Names)) == 4


def test_refresh_finds_its_columns_again(book: Workbook) -> None:
    """A column that was moved and renamed is filled where it is; a deleted one is added again."""
    sheet = book.sheet("Accounts", ROWS)
    run("refresh_portfolio", book)
    names = {name.Name[-1]: name for name in sheet.Names}
    names["0"].RefersTo = "='Accounts'!$M$1"
    sheet.held[1, 13] = "Our score"
    names["3"].RefersTo = "='Accounts'!#REF!"
    sheet.written.clear()
    run("refresh_portfolio", book)
    assert sheet.held[2, 13] == score(55.0, 72.0, 61.0, 85.0)
    assert sheet.held[1, 13] == "Our score"
    assert sheet.held[1, 14] == "Top driver"
    assert (2, G) not in sheet.written


def test_own_columns_are_no_inputs(book: Workbook) -> None:
    """Scores written before change no score: a tier of ours is not taken for a segment."""
    sheet = book.sheet("Accounts", ROWS)
    run("refresh_portfolio", book)
    first = column(sheet, G)
    list(sheet.Names)[1].RefersTo = "='Accounts'!$H$1"
    sheet.held[1, 8] = "Tier"
    run("refresh_portfolio", book)
    assert column(sheet, G) == first


def test_columns_of_the_same_name_are_left_alone(book: Workbook) -> None:
    """A person's own Health score is not ours: it keeps its values, ours stand beside it."""
    rows = [[*row, cell] for row, cell in zip(ROWS, ["Health score", 1, 2, 3, 4, 5], strict=True)]
    sheet = book.sheet("Accounts", rows)
    run("refresh_portfolio", book)
    assert [row[-1] for row in rows][1:] == column(sheet, G)
    assert sheet.held[2, G + 1] == score(55.0, 72.0, 61.0, 85.0)


def test_a_table_of_excels_own_grows(book: Workbook) -> None:
    """In a table under the active cell the columns are its own, and its totals are no account."""
    rows = [["Title"], [], *([None, *row] for row in ROWS), [None, "Total", 315.0]]
    sheet = book.sheet("Accounts", rows, active=(5, 3))
    table = ListObject(sheet, (3, 2), (len(rows), G), totals=True)
    sheet.ListObjects = type(sheet.ListObjects)([table])
    text = run("refresh_portfolio", book)
    assert table.Range.Columns.Count == len(HEAD) + 4
    assert sheet.held[3, G + 1] == "Health score"
    assert sheet.held[4, G + 1] == score(55.0, 72.0, 61.0, 85.0)
    assert (len(rows), G + 1) not in sheet.written
    assert "of 4 accounts" in text
    assert "C8 (Usage score): 150." in text


def test_titles_above_the_header_row(book: Workbook) -> None:
    """The header row is found under titles, and addresses count from the sheet's own corner."""
    sheet = book.sheet("Accounts", [["Portfolio"], [], [None, "as of today"], *ROWS])
    text = run("refresh_portfolio", book)
    assert sheet.held[4, G] == "Health score"
    assert "B9 (Usage score): 150." in text


def test_the_models_own_sheet_counts(book: Workbook) -> None:
    """With a Model sheet its weights and words count, and the message names it."""
    own = MODEL.model_copy(update={"name": "our-model", "version": "7"})
    book.sheet("Model", [list(row) for row in model_to_rows(own)])
    sheet = book.sheet("Accounts", ROWS, active=(2, 1))
    assert "with our-model 7." in run("refresh_portfolio", book)
    run("explain_score", book)
    page = book.ActiveSheet
    assert re.search(r",Model!\$A\$1:\$[A-Z]+\$\d+\)", page.formulas[4, 2])
    assert sheet.held[2, G] == score(55.0, 72.0, 61.0, 85.0)


def test_explain_follows_the_row(book: Workbook) -> None:
    """Score, tier, coverage, bounds, drivers and dimensions are formulas over the row."""
    book.sheet("Our Accounts'", ROWS, active=(2, 3))
    text = run("explain_score", book)
    page = book.ActiveSheet
    assert page.Name == "Explain Sample Account 1"
    given = "'Our Accounts'''!$A$2:$F$2,'Our Accounts'''!$A$1:$F$1,\"four-dimension\""
    assert page.formulas == {
        (4, 2): f"=HEALTH_SCORE({given})",
        (5, 2): '=HEALTH_TIER(B4,"four-dimension")',
        (6, 2): f"=HEALTH_COVERAGE({given})",
        (7, 2): f"=HEALTH_BOUNDS({given})",
        (9, 1): f"=HEALTH_DRIVERS({given})",
        (15, 1): f"=HEALTH_SCORECARD({given})",
    }
    assert "Explain Sample Account 1" in text
    assert "row 2" in text


def test_spilled_tables_do_not_meet(book: Workbook) -> None:
    """Each table begins below the one above it, whatever their sizes."""
    book.sheet("Accounts", ROWS, active=(2, 1))
    run("explain_score", book)
    page = book.ActiveSheet
    taken = [place for place, value in page.written.items() if value is None]
    assert len(taken) == len(set(taken))
    assert not {y for y, _ in page.formulas} & {y for y, x in taken if x > 5}


def test_explain_tells_what_is_wrong(book: Workbook) -> None:
    """Below the tables stand the sentences about cells that cannot be used or count as missing."""
    book.sheet("Accounts", ROWS, active=(6, 1))
    run("explain_score", book)
    notes = [v for v in book.ActiveSheet.held.values() if isinstance(v, str)]
    assert any(note.startswith("B6: ") for note in notes)
    assert any(note.startswith("D6: ") for note in notes)
    book.ActiveSheet = book.Sheets(1)
    book.Application.ActiveCell = book.Sheets(1).Cells(4, 1)
    run("explain_score", book)
    notes = [v for v in book.ActiveSheet.held.values() if isinstance(v, str)]
    assert any("#N/A, so it is missing" in note for note in notes)


def test_scorecard_is_coloured_by_its_tier(book: Workbook) -> None:
    """The sheet bears the account's name, and each tier its word and colour."""
    book.sheet("Accounts", ROWS, active=(3, 1))
    text = run("insert_scorecard", book)
    page = book.ActiveSheet
    assert page.Name == "Sample Account 2"
    assert page.held[1, 1] == "Sample Account 2"
    assert page.formulas[6, 1].startswith("=HEALTH_SCORECARD('Accounts'!$A$3:$F$3,")
    rules = page.rules[4, 2].added
    assert [rule.Formula1 for rule in rules] == [
        '=$B$4="Green"', '=$B$4="Amber"', '=$B$4="Red"',
    ]  # fmt: skip
    assert rules[0].Interior.Color == 0xE8F3DB  # blue, green, red
    assert page.formats[7, 3] == "0%"
    assert "Sample Account 2" in text


def test_sheet_names_are_allowed_and_free(book: Workbook) -> None:
    """Signs that Excel refuses, long names and names that stand already are no obstacle."""
    rows = [HEAD, ["A/S [Sample]: a name of more than thirty-one letters", *ROWS[1][1:]]]
    book.sheet("Accounts", rows, active=(2, 1))
    for number in ("", " 2"):
        run("insert_scorecard", book)
        name = book.ActiveSheet.Name
        assert len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.endswith(number)
        book.ActiveSheet = book.Sheets(1)


def test_a_name_is_no_formula(book: Workbook) -> None:
    """A name that looks like a formula or a date is written as the text it is."""
    rows = [HEAD, ["=1+1", *ROWS[1][1:]]]
    sheet = book.sheet("Accounts", rows, active=(2, 1))
    raw: list[object] = []
    put = Worksheet.put

    def keep(self: Worksheet, place: tuple[int, int], value: object) -> None:
        raw.append(value)
        put(self, place, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worksheet, "put", keep)
        run("insert_scorecard", book)
    assert "'=1+1" in raw
    assert all(v[0] == "'" for v in raw if isinstance(v, str))
    assert sheet.held[2, 1] == "=1+1"


def test_old_excel_gets_array_formulas() -> None:
    """Where nothing spills, a table is an array formula over as many cells as it fills."""
    book = Workbook(Application(old=True))
    book.sheet("Accounts", ROWS, active=(2, 1))
    run("explain_score", book)
    page = book.ActiveSheet
    assert page.formulas[9, 1].startswith("{=HEALTH_DRIVERS(")
    assert (13, 5) in page.written


@pytest.mark.parametrize("command", ["explain_score", "insert_scorecard"])
def test_no_account_is_selected(command: str, book: Workbook) -> None:
    """The message says which rows hold accounts; no sheet is added."""
    book.sheet("Accounts", ROWS, active=(1, 1))
    assert run(command, book) == "Row 1 holds no account. Choose one in the rows 2 to 6."
    assert book.Sheets.Count == 1


@pytest.mark.parametrize(
    "rows", [[], [["a", "b"], [1.0, 2.0]], [["Account", "CSM"], ["Sample Account 1", "x"]]]
)
def test_no_accounts_on_the_sheet(rows: list[list[Any]], book: Workbook) -> None:
    """A sheet without a header row over metrics is told, and left as it is."""
    sheet = book.sheet("Other", rows)
    assert run("refresh_portfolio", book).startswith("No row of this sheet is the header row")
    assert sheet.written == {}


def test_a_protected_sheet_is_told(book: Workbook) -> None:
    """Excel's own words reach the person."""
    book.sheet("Accounts", ROWS).protected = True
    assert "protected sheet" in run("refresh_portfolio", book)


def test_a_bug_is_logged(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours is a sentence with the file to send, never a traceback."""
    book.sheet("Accounts", ROWS)
    monkeypatch.setattr(commands, "score_table", lambda *_: 1 / 0)
    text = run("refresh_portfolio", book)
    found = re.fullmatch(r"An error of ours \(ZeroDivisionError\)\. .* with (\S+\.log)\.", text)
    assert found
    log = Path(found[1])
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    log.unlink()


def test_many_problems_fit_into_a_message(book: Workbook) -> None:
    """Ten are told, the rest is counted, and VBA's message box holds it all."""
    rows = [HEAD, *([f"Sample Account {i}", "x", "y", "z", "a", None] for i in range(40))]
    book.sheet("Accounts", rows)
    text = run("refresh_portfolio", book)
    assert len(text) <= 900
    assert text.startswith("Scored 0 of 40 accounts")


def test_help_lists_the_functions(book: Workbook) -> None:
    """A new workbook, so that the person's own stays as it is."""
    sheet = book.sheet("Accounts", ROWS)
    run("show_help", book)
    (added,) = book.Application.opened
    page = added.Sheets(1)
    assert page.held[2, 1] == FUNCTIONS[0].signature
    assert page.held[len(FUNCTIONS) + 1, 3] == FUNCTIONS[-1].examples[-1]
    assert page.formulas == {}
    assert sheet.written == {}


def test_every_button_has_its_command() -> None:
    """What the ribbon names is there, and nothing else."""
    assert sorted(b.command for b in BUTTONS) == sorted(commands.__all__)
