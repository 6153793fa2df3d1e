"""Models in files: presets, TOML, and Model sheets of real workbooks."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import given, settings
from openpyxl import load_workbook

from pipeline.model_files import load_model, write_model
from scoring.errors import HealthSheetError, ModelError
from scoring.model import ScoreModel
from scoring.model_sheet import model_to_rows, sheet_layout
from scoring.presets import load_preset, preset_names
from tests.office.client import Office
from tests.scoring.models import score_models
from tests.validity import assert_valid

NAMES = preset_names()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".toml", ".xlsx"])
def test_round_trip_through_a_file(name: str, ending: str, tmp_path: Path) -> None:
    """A preset written to a file reads back as the same model."""
    path = tmp_path / f"model{ending}"
    write_model(load_preset(name), path)
    again = load_model(str(path))
    assert again == load_preset(name)
    assert again.digest == load_preset(name).digest


@given(model=score_models())
@settings(max_examples=15, deadline=None)
def test_any_model_round_trips_through_a_workbook(model: ScoreModel) -> None:
    """Any model written to a workbook reads back as the same model."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.xlsx"
        write_model(model, path)
        assert load_model(path) == model


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize("name", NAMES)
def test_round_trip_after_libreoffice_saved_it(
    name: str, kind: str, office: Office, tmp_path: Path
) -> None:
    """A Model sheet that LibreOffice has saved again reads back as the same model."""
    path = tmp_path / "model.xlsx"
    write_model(load_preset(name), path)
    saved = office.convert(path, tmp_path / "saved", kind)
    assert load_model(saved).digest == load_preset(name).digest


def test_preset_names_win_over_files() -> None:
    """Preset names win over files."""
    assert load_model("support") is load_preset("support")
    assert load_model(" SUPPORT ") == load_preset("support")


def test_sheet_name_matches_loosely_and_other_sheets_are_passed_over(tmp_path: Path) -> None:
    """Sheet name matches loosely and other sheets are passed over."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Accounts").write(0, 0, "Account ID")
    sheet = book.add_worksheet("model ")
    for r, row in enumerate(model_to_rows(load_preset("signals"))):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.close()
    assert load_model(path) == load_preset("signals")


def test_fault_in_a_workbook_names_file_sheet_and_cell(tmp_path: Path) -> None:
    """Fault in a workbook names file sheet and cell."""
    path = tmp_path / "own.xlsx"
    model = load_preset("support")
    write_model(model, path)
    book = load_workbook(path)
    row, column = sheet_layout(model).metric_cell("csat", "weight")
    cell = book["Model"].cell(row + 1, column + 1)
    cell.value = "a quarter"
    book.save(path)
    with pytest.raises(ModelError) as caught:
        load_model(path)
    expected = f'own.xlsx, sheet Model: {cell.coordinate}: "a quarter" is not a number.'
    assert str(caught.value).startswith(expected)


def test_error_cell_is_a_fault_and_never_a_blank(tmp_path: Path) -> None:
    """Error cell is a fault and never a blank."""
    path = tmp_path / "own.xlsx"
    model = load_preset("support")
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Model")
    for r, row in enumerate(model_to_rows(model)):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    at = sheet_layout(model).property_cell("min_coverage")
    sheet.write_formula(*at, "=1/0", None, "#DIV/0!")
    book.close()
    with pytest.raises(ModelError, match='"#DIV/0!" is not a number'):
        load_model(path)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("model.csv", b"a,b\n", "is no score model. Give a .toml file, a workbook"),
        ("model.toml", b"\xff\xfe\x00", "model.toml is not UTF-8 text. Save it as UTF-8."),
        ("model.toml", b"name = ", "model.toml: not valid TOML"),
        ("model.xlsx", b"PK\x03\x04 cut short", "model.xlsx is damaged."),
        ("model.xlsx", b"", "model.xlsx is empty"),
        ("model.xlsx", b"a,b\n1,2\n", 'model.xlsx has no sheets, but none named "Model".'),
        ("model.toml", None, "model.toml does not exist. Check the name and the folder."),
        ("model.xlsx", None, "model.xlsx does not exist. Check the name and the folder."),
        ("model.xls", None, "is no score model."),
        ("scorecrad", None, 'There is no preset'),
    ],
)  # fmt: skip
def test_what_is_no_model(name: str, content: bytes | None, expected: str, tmp_path: Path) -> None:
    """Each kind of wrong file gets its own message with the way out."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(HealthSheetError) as caught:
        load_model(path)
    assert expected in str(caught.value)


def test_workbook_without_a_model_sheet_lists_its_sheets(tmp_path: Path) -> None:
    """Workbook without a model sheet lists its sheets."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    for name in ("Accounts", "Goals"):
        book.add_worksheet(name).write(0, 0, "Account ID")
    book.close()
    with pytest.raises(ModelError) as caught:
        load_model(path)
    message = str(caught.value)
    assert 'has the sheets Accounts, Goals, but none named "Model"' in message
    assert "healthsheet model export scorecard -o model.xlsx" in message


def test_toml_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark, which some editors write, does no harm."""
    path = tmp_path / "model.toml"
    write_model(load_preset("signals"), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_model(path) == load_preset("signals")


@pytest.mark.parametrize("name", ["model.csv", "model", "model.xlsm"])
def test_other_endings_cannot_be_written(name: str, tmp_path: Path) -> None:
    """Other endings cannot be written."""
    with pytest.raises(ModelError, match=r"Choose a name that ends in \.toml or \.xlsx\."):
        write_model(load_preset("signals"), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    """A folder that does not exist is a clear error."""
    with pytest.raises(ModelError, match="cannot be written: No such file or directory"):
        write_model(load_preset("signals"), tmp_path / "nowhere" / "model.toml")


@pytest.mark.parametrize("name", NAMES)
def test_excel_opens_the_model_sheet_without_repair(name: str, tmp_path: Path) -> None:
    """Excel opens the Model sheet without a repair prompt."""
    path = tmp_path / "model.xlsx"
    write_model(load_preset(name), path)
    assert_valid(path)


def test_model_sheet_is_validated_and_frozen(tmp_path: Path) -> None:
    """Model sheet is validated and frozen."""
    path = tmp_path / "model.xlsx"
    model = load_preset("four-dimension")
    write_model(model, path)
    sheet = load_workbook(path)["Model"]
    assert sheet.freeze_panes == "C1"
    rules = {
        str(cell): rule
        for rule in sheet.data_validations.dataValidation
        for cells in rule.sqref.ranges
        for cell in [cells.coord.split(":")[0]]
    }

    def rule(block: str, key: str, field: str) -> tuple[str, str | None]:
        row, column = sheet_layout(model)._cell(block, key, field)
        found = rules[sheet.cell(row + 1, column + 1).coordinate]
        return found.type, found.formula1

    kind, words = rule("metrics", "csat", "unit")
    assert kind == "list"
    assert "per_week" in next(csv.reader([str(words).strip('"')]))
    assert rule("metrics", "csat", "curve") == ("list", '"linear,states"')
    assert rule("metrics", "csat", "leading") == ("list", '"Yes,No"')
    assert rule("metrics", "csat", "weight") == ("decimal", "0")
    assert rule("metrics", "csat", "max_age_days") == ("whole", "0")
    assert rule("dimensions", "usage", "smb") == ("decimal", "0")
    assert rule("properties", "missing", "value") == ("list", '"reweight,zero,neutral"')
    kind, source = rule("metrics", "csat", "dimension")
    rows = sheet_layout(model).blocks["dimensions"].rows.values()
    assert (kind, source) == ("list", f"$A${min(rows) + 1}:$A${max(rows) + 1}")


@pytest.mark.parametrize("name", NAMES)
def test_every_text_fits_its_column(name: str, tmp_path: Path) -> None:
    """Every text fits its column."""
    path = tmp_path / "model.xlsx"
    model = load_preset(name)
    write_model(model, path)
    sheet = load_workbook(path)["Model"]
    layout = sheet_layout(model)

    def width(column: int) -> float:
        spans = sheet.column_dimensions.values()
        return next(float(d.width) for d in spans if (d.min or 0) <= column + 1 <= (d.max or 0))

    for m in model.metrics:
        for field, value in (("key", m.key), ("name", m.name), ("unit", m.unit)):
            # Arial 9 needs about 0.85 of the width of the digit that Excel counts columns in.
            assert len(value) * 0.85 <= width(layout.metric_cell(m.key, field)[1])
