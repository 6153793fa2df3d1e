"""Which risk library counts, and that editing one on a sheet changes what is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.input_workbook import write_input_workbook
from pipeline.refresh import Wanted, refresh_file
from pipeline.risk_library import library_of_workbook, load_risks
from pipeline.sample import sample_inputs
from pipeline.scored import Scored, score_inputs
from pipeline.sources import read_source
from scoring.errors import ModelError
from scoring.judgement.library import Library, RiskDefinition, load_library
from scoring.judgement.library_text import library_to_toml
from scoring.presets import load_preset
from tests.office.client import Office
from tests.pipeline.tables import write_csv

MODEL = load_preset("scorecard")
DAY = date(2026, 11, 23)
WANTED = Wanted(datetime(2026, 11, 23, 9))  # noqa: DTZ001 - the moment of a test
SHIPPED = load_library()

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def own(condition: str) -> Library:
    """The shipped library with another condition for low satisfaction."""
    risks = tuple(r.model_copy(update={"condition": condition}) if r.key == "csat_low" else r
                  for r in SHIPPED.risks)  # fmt: skip
    return SHIPPED.model_copy(update={"risks": risks})


def low(library: Library | None) -> str:
    """The condition that counts."""
    risk = library.risk("csat_low") if library else None
    assert risk is not None
    return risk.condition


def source(folder: Path) -> Path:
    """A text table without any library."""
    return write_csv(folder / "accounts.csv", [["Account ID", "Seats active"], ["A-1", 3]])


@pytest.fixture(scope="module")
def scored() -> Scored:
    """Twelve sample accounts."""
    return score_inputs(sample_inputs(MODEL, as_of=DAY, accounts=12), MODEL, as_of=DAY)


@pytest.fixture(scope="module")
def made(scored: Scored, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Their portfolio workbook."""
    path = tmp_path_factory.mktemp("risks") / "portfolio.xlsx"
    refresh_file(scored, path, WANTED)
    return path.read_bytes()


def test_without_any_the_shipped_one_counts(tmp_path: Path) -> None:
    """None stands for it."""
    assert read_source(source(tmp_path), MODEL).library is None


def test_settings_name_a_file(tmp_path: Path) -> None:
    """TOML or a workbook, beside healthsheet.toml."""
    (tmp_path / "mine.toml").write_text(library_to_toml(own("csat < 4")), encoding="utf-8")
    (tmp_path / "healthsheet.toml").write_text('risks = "mine.toml"\n')
    assert low(read_source(source(tmp_path), MODEL).library) == "csat < 4"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("absent.toml", None, "does not exist"),
        ("mine.toml", "[[risks]]\nkey = 'x'", "mine.toml: .* faults in the risk library"),
        ("mine.txt", "x", "is no risk library"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    """Scoring goes no further: a risk must not be lost in silence."""
    if text is not None:
        (tmp_path / name).write_text(text)
    (tmp_path / "healthsheet.toml").write_text(f'risks = "{name}"\n')
    with pytest.raises(ModelError, match=says):
        read_source(source(tmp_path), MODEL)


def test_init_gives_the_library_and_the_sheet_wins(tmp_path: Path) -> None:
    """An input workbook holds the shipped one; its edit counts before the settings."""
    path = tmp_path / "accounts.xlsx"
    write_input_workbook(path, MODEL, example=True)
    assert load_risks(path, MODEL) == SHIPPED
    (tmp_path / "mine.toml").write_text(library_to_toml(own("csat < 4")), encoding="utf-8")
    (tmp_path / "healthsheet.toml").write_text('risks = "mine.toml"\n')
    change(path, "csat_low", "E", "csat < 2")
    assert low(read_source(path, MODEL).library) == "csat < 2"


def change(path: Path, key: str, column: str, value: str | None) -> str:
    """Type into the row of a risk; gives the cell."""
    book = openpyxl.load_workbook(path)
    sheet = book["Risk library"]
    shift = 0 if sheet["B1"].value == "Key" else 1
    letter = chr(ord(column) + shift)
    row = next(r for r in range(1, 200) if sheet.cell(r, 2 + shift).value == key)
    sheet[f"{letter}{row}"] = value
    book.save(path)
    return f"{letter}{row}"


def test_a_portfolio_holds_its_library(made: bytes) -> None:
    """The shipped one, word for word; made workbooks can be named in the settings too."""
    assert library_of_workbook(made, "w", MODEL) == SHIPPED


def test_an_edit_counts_at_the_next_refresh(made: bytes, scored: Scored, tmp_path: Path) -> None:
    """Wording and condition of the workbook's own sheet win over the source's."""
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(made)
    change(path, "single_champion", "H", "Only {contacts} people know us")
    given = replace(scored, inputs=replace(scored.inputs, library=own("csat < 4")))
    refresh_file(given, path, WANTED)
    texts = [c.value for c in openpyxl.load_workbook(path)["Risks"]["G"]]
    assert "Only 2 people know us" in texts
    found = library_of_workbook(path.read_bytes(), "w", MODEL)
    assert low(found) == low(SHIPPED)
    assert not refresh_file(given, path, WANTED).written


def test_a_fault_in_the_workbook_names_its_cell(
    made: bytes, scored: Scored, tmp_path: Path
) -> None:
    """And the workbook stays as it was."""
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(made)
    cell = change(path, "low_seats", "E", "seat_share < 5")
    was = path.read_bytes()
    with pytest.raises(ModelError, match=rf"Risk library!{cell} Condition: .* \"seat_share\""):
        refresh_file(scored, path, WANTED)
    assert path.read_bytes() == was


def test_a_risk_of_ones_own_is_found(made: bytes, scored: Scored, tmp_path: Path) -> None:
    """Typed below the Table, its source left blank, it stays one risk at the refresh after."""
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(made)
    book = openpyxl.load_workbook(path)
    sheet = book["Risk library"]
    mine = RiskDefinition(
        key="mine", name="Seats of mine", condition="seats_licensed >= 1", topic="usage",
        text="{seats_licensed} seats", mitigation="Ask", high="always",
        evidence=("seats_licensed",), source="ours",
    )  # fmt: skip
    values = ["Risk", mine.key, mine.name, mine.topic, mine.condition, mine.high, None, mine.text,
              "seats_licensed", mine.mitigation, None, None, None, None]  # fmt: skip
    last = sheet.max_row + 1
    for column, value in enumerate(values, start=2):
        sheet.cell(last, column).value = value
    book.save(path)
    for _ in range(2):
        refresh_file(scored, path, WANTED)
        assert "Seats of mine" in [c.value for c in openpyxl.load_workbook(path)["Risks"]["F"]]
    found = library_of_workbook(path.read_bytes(), "w", MODEL)
    assert found is not None
    assert found.risk("mine") == mine


def test_libreoffice_keeps_it(made: bytes, office: Office, tmp_path: Path) -> None:
    """Saved by Calc as .xlsx and as .ods it is the same library."""
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(made)
    for kind in ("ods", "xlsx"):
        folder = tmp_path / kind
        folder.mkdir()
        assert load_risks(office.convert(path, folder, kind), MODEL) == SHIPPED
