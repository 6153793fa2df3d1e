"""The workbook of functions: valid, true to the engine, and plain about where it cannot work."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.functions_workbook import function_samples, write_functions_workbook
from pipeline.model_files import load_model
from scoring.errors import ModelError
from scoring.model import ScoreModel
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from tests.office.client import Error, Office
from tests.scoring.models import small_data
from tests.validity import assert_valid
from tests.workbook_templates.lambda_engine import Engine
from workbook_templates.lambdas.program import FUNCTIONS, HELPERS
from workbook_templates.lambdas.workbook import lambda_workbook

_HEAD = 3
"""Row of the headers on Accounts, counted from 0."""


@pytest.fixture(scope="module", params=preset_names())
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a preset."""
    path = tmp_path_factory.mktemp("functions") / f"{request.param}.xlsx"
    write_functions_workbook(path, load_preset(request.param), example=True)
    return path


def test_excel_would_open_it(written: Path) -> None:
    """Neither Microsoft's validator nor our rules find a fault."""
    assert_valid(written)


def test_values_are_the_engines(written: Path) -> None:
    """Score, tier and dimensions of the samples: cached and evaluated, both are the engine's."""
    model, opened = load_preset(written.stem), Engine(written)
    cached = openpyxl.load_workbook(written, data_only=True)["Accounts"]
    for row, sample in enumerate(function_samples(model), start=_HEAD + 1):
        score = score_one(sample.values, model)
        wanted = [score.total, model.tier_label(score.tier), *score.rolled.dimensions]
        shown = [opened.value("Accounts", row, 1 + at) for at in range(len(wanted))]
        assert [cached.cell(row + 1, 2 + at).value for at in range(len(wanted))] == wanted
        assert shown[1] == wanted[1]
        assert shown[:1] + shown[2:] == pytest.approx(wanted[:1] + wanted[2:], abs=1e-9)


def test_samples_are_of_all_tiers(written: Path) -> None:
    """The samples show every tier, and are plainly samples."""
    model = load_preset(written.stem)
    samples = function_samples(model)
    assert {score_one(s.values, model).tier for s in samples} == {"green", "amber", "red"}
    assert all(re.fullmatch(r"Sample Account \d\d", s.name) for s in samples)


def test_try_it(written: Path) -> None:
    """The blue cells on the first sheet drive the score and the tier beside them."""
    model, opened = load_preset(written.stem), Engine(written)
    last = 5 + len(model.dimensions)
    assert isinstance(opened.value("Read me", last, 5), float)
    for row in range(5, last):
        opened.change("Read me", row, 5, 5.0 if model.typed == "rating" else 100.0)
    assert opened.value("Read me", last, 5) == pytest.approx(100)
    assert opened.value("Read me", last, 6) == "Green"


def test_names(written: Path) -> None:
    """Every name that a formula uses is defined, and every name that is defined is used."""
    book = openpyxl.load_workbook(written)
    defined = set(book.defined_names)
    assert set(FUNCTIONS) <= defined
    texts = " ".join((*HELPERS.values(), *FUNCTIONS.values()))
    used = set(re.findall(r"_HS_[A-Z_]+", texts)) | {"_HS_WORKS"}
    assert defined - set(FUNCTIONS) == used


def test_the_model_can_be_read_back(written: Path) -> None:
    """The sheet Model is the model, for every command that takes one."""
    assert load_model(written) == load_preset(written.stem)


def test_cached_values_of_lookup_follow_from_the_model(written: Path) -> None:
    """What the engine computes on Lookup is what the file says without computing."""
    opened = Engine(written)
    cached = openpyxl.load_workbook(written, data_only=True)["Lookup"]
    formulas = openpyxl.load_workbook(written)["Lookup"]
    seen = 0
    for cells in formulas.iter_rows():
        for cell in cells:
            if cell.data_type == "f" and isinstance(cell.value, str):
                shown = opened.value("Lookup", cell.row - 1, cell.column - 1)
                kept = cached.cell(cell.row, cell.column).value
                assert shown == pytest.approx("" if kept is None else kept), cell.coordinate
                seen += 1
    assert seen > 100


def test_without_samples(tmp_path: Path) -> None:
    """Without samples the headers stand there, and no formula over nothing."""
    path = tmp_path / "functions.xlsx"
    write_functions_workbook(path, load_preset("support"), example=False)
    sheet = openpyxl.load_workbook(path)["Accounts"]
    assert sheet["A4"].value == "Account"
    assert sheet.max_row == _HEAD + 1
    assert_valid(path)


def test_texts_with_quotes(tmp_path: Path) -> None:
    """A quotation mark in a model's title does not break the formula that shows it."""
    path = tmp_path / "functions.xlsx"
    title = 'Our "own" model'
    path.write_bytes(lambda_workbook(ScoreModel.model_validate(small_data(title=title)), []))
    assert_valid(path)
    assert Engine(path).value("Read me", 1, 1) == f"{title} (small 1.0)"


def test_headers_that_cannot_be_told_apart() -> None:
    """A header that may mean two columns is refused with what to do."""
    data = small_data()
    data["dimensions"][0]["metrics"][0]["aliases"] = ["usage"]
    with pytest.raises(ModelError, match=r'"usage" may mean Logins or Usage score.* another name'):
        lambda_workbook(ScoreModel.model_validate(data), [])


def test_init(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the workbook of a preset or of a user's model, and replaces no file."""
    assert main(["init", str(tmp_path), "--lambda", "-m", "signals"]) == 0
    assert "functions.xlsx" in capsys.readouterr().out
    assert load_model(tmp_path / "functions.xlsx").name == "signals"
    assert main(["init", str(tmp_path), "--lambda"]) == 2
    assert "exists already" in capsys.readouterr().err
    own = tmp_path / "own.toml"
    assert main(["model", "export", "support", "-o", str(own)]) == 0
    assert main(["init", str(tmp_path), "--lambda", "--force", "-m", str(own)]) == 0
    assert load_model(tmp_path / "functions.xlsx") == load_preset("support")
    assert {p.name for p in tmp_path.iterdir()} == {"functions.xlsx", "own.toml"}


@pytest.mark.office
def test_where_lambda_is_unknown(office: Office, tmp_path: Path) -> None:
    """LibreOffice says at once why it shows errors, and shows them only where a function stands.

    A version that takes the add-in's function for ours gives the engine's number instead.
    """
    path = tmp_path / "functions.xlsx"
    write_functions_workbook(path, load_preset("scorecard"), example=True)
    sheets = office.read(path)
    shown = sheets["Accounts"]["B5"]
    for name, where in (("Read me", "B2"), ("Accounts", "A2")):
        warned = str(sheets[name][where]).startswith("This program cannot evaluate the functions")
        assert warned == isinstance(shown, Error)
    sample = function_samples(load_preset("scorecard"))[0]
    wanted = score_one(sample.values, load_preset("scorecard")).total
    assert isinstance(shown, Error) or shown == pytest.approx(wanted)
    assert sheets["Model"].errors() == {}
    assert set(sheets["Lookup"].errors()) <= {"B3"}
