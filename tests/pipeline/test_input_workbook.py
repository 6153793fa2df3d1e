"""The workbook that people fill in scores as it comes, under every preset."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.input_workbook import input_columns, write_input_workbook
from pipeline.model_files import load_model
from pipeline.scored import score_source
from scoring.presets import load_preset, preset_names
from tests.validity import assert_valid


@pytest.mark.parametrize("name", preset_names())
def test_the_example_reads_without_a_problem_and_scores(name: str, tmp_path: Path) -> None:
    """The example reads without a problem and scores."""
    model = load_preset(name)
    path = tmp_path / "accounts.xlsx"
    write_input_workbook(path, model, example=True)
    assert_valid(path)
    assert load_model(path) == model
    scored = score_source(path, model, as_of=date(2026, 11, 23))
    assert scored.problems == ()
    totals = scored.scores.total
    assert totals[0] > totals[1] > totals[2]
    assert scored.scores.tier[0] == "green"
    assert scored.scores.tier[2] == "red"


def test_columns_are_validated_and_explained(tmp_path: Path) -> None:
    """Columns are validated and explained."""
    path = tmp_path / "accounts.xlsx"
    model = load_preset("four-dimension")
    write_input_workbook(path, model, example=False)
    book = openpyxl.load_workbook(path)
    sheet = book["Accounts"]
    headers = [c.value for c in sheet[1]]
    assert headers == [c.name for c in input_columns(model)]
    rules = list(sheet.data_validations.dataValidation)
    assert len(rules) == len(headers)
    share = next(r for r in rules if r.promptTitle == "Certification rate")
    assert "48%" in str(share.prompt)
    assert "Healthy" in str(share.prompt)
    assert sheet.freeze_panes == "C2"
    assert {"Read me", "Goals", "Overrides", "Model"} <= set(book.sheetnames)


def test_init_writes_a_project_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Init writes a project once."""
    folder = tmp_path / "new"
    assert main(["init", str(folder), "-m", "support"]) == 0
    assert main(["init", str(folder)]) == 2
    assert "exists already" in capsys.readouterr().err
    (folder / "a.csv").write_text("Account ID,Account\n1,One\n")
    assert main(["score", str(folder / "a.csv"), "--as-of", "2026-11-23"]) == 0
    assert "support 1.0" in capsys.readouterr().out
