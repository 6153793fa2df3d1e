"""What the task pane writes to the workbook: only what a person asked for, and nothing over it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from scoring.model_sheet import model_from_rows, model_to_rows
from scoring.presets import load_preset
from tests.addin.officejs.pane_page import TODAY, PanePage, accounts_sheet

pytestmark = pytest.mark.browser

Opener = Callable[..., PanePage]


def everything(pane: PanePage) -> dict[str, Any]:
    """All cells of all sheets."""
    script = "Object.fromEntries(excelHost.book.sheets.map((s) => [s.Name, [...s.cells]]))"
    found: dict[str, Any] = pane.page.evaluate(script)
    return found


def test_looking_changes_nothing(open_pane: Opener) -> None:
    """Reading all tabs leaves every cell and every setting as it was."""
    pane = open_pane().ready()
    before = everything(pane)
    pane.show()
    for name in ("Columns", "Model", "Functions"):
        pane.tab(name)
    expect(pane.panel("Functions").get_by_text("HEALTH_ALERTS")).to_be_visible()
    assert everything(pane) == before
    assert pane.page.evaluate("excelHost.book.settings") == []


def test_sample_table_can_be_explained_at_once(open_pane: Opener) -> None:
    """Insert sample table adds a sheet with a Table, selects an account, and explains it."""
    pane = open_pane(book={"Empty": {"rows": []}}).ready()
    pane.panel("Account").get_by_role("button", name="Insert sample table").click()
    panel = pane.panel("Account")
    expect(panel.locator("h1")).to_have_text("Sample Account 3")
    expect(panel.locator(".score")).to_be_visible()
    expect(panel).to_contain_text("Change: ")
    assert pane.sheets() == ["Empty", "Sample accounts"]
    assert pane.page.evaluate("excelHost.book.sheet('Sample accounts').tables.length") == 1
    assert pane.cells("Sample accounts", "A1:B1") == [["Account", "Date"]]


def test_explanation_is_a_new_sheet(open_pane: Opener) -> None:
    """Inserting it twice makes two sheets; figures are numbers; no sheet that stood changes."""
    pane = open_pane().show()
    before = everything(pane)["Accounts"]
    for name in ("Explain Sample Account 12", "Explain Sample Account 12 2"):
        pane.show().panel("Account").get_by_role("button", name="Insert explanation").click()
        pane.until("(n) => Boolean(excelHost.book.sheet(n))", name)
    rows = pane.cells("Explain Sample Account 12", "A1:C30")
    told = {row[0]: row[1] for row in rows}
    assert told["Sample Account 12"] == "58, Red"
    assert told["CSAT (1–5)"] == pytest.approx(-3.4, abs=0.05)
    assert everything(pane)["Accounts"] == before


def test_texts_never_become_formulas(open_pane: Opener) -> None:
    """A name that looks like a formula is written as text, and under a sheet name that can be."""
    sheet = accounts_sheet(TODAY)
    rows: Any = sheet["rows"]
    rows[13][0] = "'=HYPERLINK(1)/[x]"
    pane = open_pane(book={"Accounts": sheet}).show()
    pane.panel("Account").get_by_role("button", name="Insert explanation").click()
    pane.until("excelHost.book.sheets.length === 2")
    name = pane.sheets()[1]
    assert name == "Explain =HYPERLINK(1)  x"
    assert pane.cells(name, "A1") == [["=HYPERLINK(1)/[x]"]]
    assert pane.formulas(name) == {}


def test_copy_as_text(open_pane: Opener) -> None:
    """The text of the explanation lands in the clipboard, and the pane says so."""
    pane = open_pane(permissions=["clipboard-read", "clipboard-write"]).show()
    pane.panel("Account").get_by_role("button", name="Copy as text").click()
    expect(pane.panel("Account")).to_contain_text("Copied.")
    expect(pane.page.locator("#live")).to_have_text("Copied.")
    text = pane.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Sample Account 12: 58, Red\nModel: four-dimension 1.0")


def test_columns_are_listed_by_kind(open_pane: Opener) -> None:
    """Recognised, not needed and unknown columns are told apart, with values and guesses."""
    panel = open_pane().show().tab("Columns")
    text = panel.inner_text()
    for said in (
        "16 of 21 columns recognised",
        "Accounts!A1:U1, model four-dimension",
        "2 columns not recognised",
        "did you mean Advocacy in 12 months?",
        "→ Active users of seats",
        "11 more, and 3 that the score does not need (Account, CSM, Date)",
    ):
        assert said in text
    panel.locator("summary").click()
    expect(panel).to_contain_text("Passive")


def test_renaming_a_header_can_be_undone(open_pane: Opener) -> None:
    """Choosing a name writes nothing; the button renames one cell; Undo puts it back."""
    pane = open_pane().show()
    panel = pane.tab("Columns")
    panel.get_by_label("Ref calls").select_option("Usage score")
    assert pane.cells("Accounts", "P1") == [["Ref calls"]]
    panel.get_by_label("Ref calls").select_option("Advocacy in 12 months")
    panel.get_by_role("button", name="Rename P1 to Advocacy in 12 months").click()
    expect(panel).to_contain_text("P1 said Ref calls and says Advocacy in 12 months now.")
    expect(panel.locator("h1")).to_have_text("17 of 21 columns recognised")
    panel.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text("P1 says Ref calls again.")
    assert pane.cells("Accounts", "P1") == [["Ref calls"]]
    expect(panel.locator("h1")).to_have_text("16 of 21 columns recognised")


def test_header_that_changed_meanwhile_is_left(open_pane: Opener) -> None:
    """A cell that somebody else changed is not overwritten."""
    pane = open_pane().show()
    panel = pane.tab("Columns")
    button = panel.get_by_role("button", name=re.compile("^Rename P1"))
    expect(button).to_be_visible()
    pane.page.evaluate("excelHost.book.sheet('Accounts').set(0, 15, 'Taken')")
    button.click()
    expect(panel).to_contain_text("P1 does not say Ref calls any more. Nothing was changed.")
    assert pane.cells("Accounts", "P1") == [["Taken"]]


def test_wrong_values_are_listed_with_the_way_to_them(open_pane: Opener) -> None:
    """Each wrong value has its fix and a button to its cell."""
    pane = open_pane().show()
    pane.type("Accounts", "S14", 48)
    pane.type("Accounts", "M14", "great")
    panel = pane.tab("Columns")
    expect(panel).to_contain_text("2 values to fix")
    panel.get_by_role("button", name="Go to S14").click()
    pane.until("excelHost.book.active.Address === 'Accounts!S14'")


def test_model_of_the_headers_can_be_changed(open_pane: Opener) -> None:
    """The picker says how the model came about; a choice scores anew and is kept."""
    pane = open_pane().show()
    panel = pane.tab("Model")
    picker = panel.get_by_label("Model", exact=True)
    expect(picker).to_have_value("headers")
    expect(panel).to_contain_text("four-dimension 1.0: Four dimensions")
    for said in ("Usage", "35%", "80 to 100", "6 notes on this model"):
        expect(panel).to_contain_text(said)
    panel.get_by_label("Segment").select_option("Enterprise")
    expect(panel).to_contain_text("30%")
    picker.select_option("support")
    expect(panel).to_contain_text("Yellow")
    expect(pane.page.locator("#model-label")).to_have_text(re.compile("^support "))
    assert pane.page.evaluate("excelHost.book.settings[0].Value") == "support"


def test_model_sheet_holds_the_model_and_scores(open_pane: Opener) -> None:
    """The copied sheet reads back as the same model; edits of it change the score."""
    pane = open_pane().show()
    panel = pane.tab("Model")
    panel.get_by_role("button", name="Copy to a Model sheet").click()
    expect(panel).to_contain_text("The model stands on the new sheet Model.")
    expect(panel).to_contain_text("Formulas name it as Model!$A$1:")
    expect(panel.get_by_label("Model", exact=True)).to_have_value("sheet:Model")
    rows = pane.page.evaluate("excelHost.book.sheet('Model').GetUsedRangeOrNullObject().Values")
    assert model_from_rows(rows, "the sheet") == load_preset("four-dimension")
    label = next(r for r, row in enumerate(rows) if row[1] == "Amber")
    pane.type("Model", f"C{label + 1}", 55)
    pane.tab("Account")
    pane.show()
    expect(pane.panel("Account").locator(".badge")).to_have_text("Amber")
    panel = pane.tab("Model")
    expect(panel).to_contain_text("55 to 79")


def test_model_sheet_of_the_workbook_is_found(open_pane: Opener) -> None:
    """A workbook with a Model sheet is scored by it, and the picker names it."""
    rows = [["" if v is None else v for v in row] for row in model_to_rows(load_preset("support"))]
    book = {"Accounts": accounts_sheet(TODAY), "Model": {"rows": rows}}
    pane = open_pane(book=book).ready()
    pane.select("Accounts", "D14")
    expect(pane.page.locator("#model-label")).to_have_text(re.compile("^support "))
    panel = pane.tab("Model")
    expect(panel.get_by_label("Model", exact=True)).to_have_value("sheet:Model")


def test_functions_are_found(open_pane: Opener) -> None:
    """The search looks at names and help; without a hit it says so."""
    panel = open_pane().show().tab("Functions")
    expect(panel.get_by_role("button", name=re.compile("^Insert "))).to_have_count(21)
    panel.get_by_label("Find a function").fill("renewal")
    expect(panel.locator("h2")).to_have_text(["Renewal"])
    panel.get_by_label("Find a function").fill("zzz")
    expect(panel).to_contain_text("No function matches zzz.")


def test_example_speaks_of_the_selected_row(open_pane: Opener) -> None:
    """Details name the arguments; the formula stands on the row, and its result beside it."""
    pane = open_pane().show()
    panel = pane.tab("Functions")
    name = panel.get_by_role("button", name="HEALTH_SCORE", exact=True)
    expect(name).to_have_attribute("aria-expanded", "false")
    name.click()
    details = panel.locator("#details-HEALTH_SCORE")
    expect(details).to_contain_text('=HEALTH_SCORE(D14:T14, D$1:T$1, "four-dimension")')
    expect(details).to_contain_text(re.compile(r"Result here: 57\.\d"))
    expect(details).to_contain_text("segment optional")
    expect(name).to_be_focused()
    pane.select("Accounts", "D5")
    expect(details).to_contain_text("=HEALTH_SCORE(D5:T5")
    expect(name).to_be_focused()


def test_formula_goes_into_a_blank_cell_only(open_pane: Opener) -> None:
    """A filled cell, or one that the formula reads, is refused, with a free one offered."""
    pane = open_pane().show()
    panel = pane.tab("Functions")
    insert = panel.get_by_role("button", name="Insert HEALTH_SCORE", exact=True)
    expect(panel.get_by_role("button", name=re.compile("^Insert "))).to_have_count(21)
    before = everything(pane)
    insert.click()
    expect(panel).to_contain_text("D14 is not blank. Select a blank cell, then insert.")
    pane.select("Accounts", "P14")
    insert.click()
    expect(panel).to_contain_text("P14 lies in the row that the formula reads.")
    assert everything(pane) == before
    panel.get_by_role("button", name="Insert in V14").click()
    expect(panel).to_contain_text("Inserted in V14.")
    formula = '=HEALTH_SCORE(D14:T14, D$1:T$1, "four-dimension")'
    assert pane.formulas("Accounts") == {"13,21": formula}


def test_formula_on_another_sheet_names_the_row_s_sheet(open_pane: Opener) -> None:
    """Elsewhere the formula still speaks of the account that was selected last."""
    book = {"My accounts": accounts_sheet(TODAY), "Notes": {"rows": [["x"]]}}
    pane = open_pane(book=book).ready()
    pane.select("My accounts", "D14")
    expect(pane.panel("Account").locator(".score")).to_be_visible()
    pane.select("Notes", "C3")
    expect(pane.panel("Account").locator("h1")).to_have_text("Select an account")
    panel = pane.tab("Functions")
    panel.get_by_role("button", name="HEALTH_COVERAGE", exact=True).click()
    expect(panel.locator("#details-HEALTH_COVERAGE")).to_contain_text("'My accounts'!D14")
    panel.get_by_role("button", name="Insert HEALTH_COVERAGE").click()
    expect(panel).to_contain_text("Inserted in C3.")
    (formula,) = pane.formulas("Notes").values()
    assert formula.startswith("=HEALTH_COVERAGE('My accounts'!D14:T14, 'My accounts'!D$1:T$1")


def test_example_that_cannot_be_adapted_says_so(open_pane: Opener) -> None:
    """A function that needs what the row has not is shown with example cells."""
    panel = open_pane().show().tab("Functions")
    panel.get_by_role("button", name="PORTFOLIO_SUMMARY", exact=True).click()
    details = panel.locator("#details-PORTFOLIO_SUMMARY")
    expect(details).to_contain_text("An example: change its cells to yours.")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("c.letters(25) + c.letters(26) + c.letters(702)", "ZAAAAA"),
        ("c.prefix('Accounts') + c.prefix(\"Bob's\")", "Accounts!'Bob''s'!"),
        ("c.prefix('1st')", "'1st'!"),
        ("c.freeName('a/b:c', ['A B C'])", "a b c 2"),
        ("c.freeName('x'.repeat(40), ['x'.repeat(31)])", "x" * 29 + " 2"),
        ("c.freeName(\"'''\", [])", "Sheet"),
        ("c.plain('Café %')", "cafepct"),
        ("String(c.headerIndex([['Title'], [1, 'a'], ['A', 'B'], ['x', 'y']]))", "2"),
        ("String(c.headerIndex([['Title'], [1, 2]]))", "-1"),
        ("['=1', '+1', '-1', '@x', '1.0', 'true', 'x'].map(c.safe).join()",
         "'=1,'+1,'-1,'@x,'1.0,'true,x"),
        ("['#N/A', '$5', '(5)', ' 5', '.5', '½', 'May 5', 'Jan. 2026', '€ 7'].map(c.safe).join()",
         "'#N/A,'$5,'(5),' 5,'.5,½,'May 5,'Jan. 2026,'€ 7"),
        ("['CSAT (1–5)', 'Sample Account 12', 'Q4', '(none)', '–'].map(c.safe).join()",
         "CSAT (1–5),Sample Account 12,Q4,(none),–"),
        ("JSON.stringify([c.safe(-7.4), c.safe(null), c.safe(true)])", '[-7.4,"",true]'),
    ],
)  # fmt: skip
def test_cells(open_pane: Opener, script: str, found: str) -> None:
    """Names, addresses, headers and texts are made as Excel needs them."""
    pane = open_pane(book=None, host=False)
    run = f"import('/static/pane/cells.js').then((c) => {script})"
    assert pane.page.evaluate(run) == found
