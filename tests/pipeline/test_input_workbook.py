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
from pipeline.sources import read_source
from pipeline.validation.outcomes import read_outcomes
from scoring.parse import is_numeric
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


def test_headers_stand_over_their_values_and_fit(tmp_path: Path) -> None:
    """Headers of numbers and dates stand right, all others left; two lines show each of them."""
    path = tmp_path / "accounts.xlsx"
    model = load_preset("support")
    write_input_workbook(path, model, example=True)
    book = openpyxl.load_workbook(path)
    sheet = book["Accounts"]
    widths = {
        at: span.width
        for span in sheet.column_dimensions.values()
        for at in range(span.min or 0, (span.max or 0) + 1)
    }
    for at, (cell, column) in enumerate(zip(sheet[1], input_columns(model), strict=True), start=1):
        right = column.kind == "date" or is_numeric(column)
        assert cell.alignment.horizontal == ("right" if right else "left")
        assert 2 * (widths[at] - 4) > len(column.name)
    assert "Score history" in book.sheetnames
    # Excel keeps this name for itself.
    assert "History" not in book.sheetnames


def test_wrong_values_are_caught_where_they_are_typed(tmp_path: Path) -> None:
    """IDs are unique, other sheets' IDs known, tiers the model's, counts whole; all say how."""
    path = tmp_path / "accounts.xlsx"
    write_input_workbook(path, load_preset("support"), example=False)
    book = openpyxl.load_workbook(path)

    def rule(sheet: str, title: str) -> tuple[str, str, str]:
        rules = book[sheet].data_validations.dataValidation
        found = next(r for r in rules if r.promptTitle == title)
        return str(found.type), str(found.formula1), str(found.prompt)

    assert rule("Accounts", "Account ID")[:2] == ("custom", "SUMPRODUCT(--($A$2:$A$10001=A2))=1")
    assert rule("Accounts", "Open P1")[0] == "whole"
    assert rule("Goals", "Account ID")[:2] == ("list", "Accounts!$A$2:$A$1001")
    assert rule("Overrides", "Tier")[1] == '"Red,Yellow,Green"'
    assert "Without it the override is not applied." in rule("Overrides", "Reason")[2]
    assert "Healthy: 50% to 80%." in rule("Accounts", "Plan capacity used")[2]
    assert rule("Outcomes", "Outcome")[:2] == ("list", '"renewed,expanded,contracted,churned"')
    # A former account is not on the sheet Accounts.
    assert rule("Outcomes", "Account ID")[0] in ("None", "any")


def test_the_examples_outcomes_are_read(tmp_path: Path) -> None:
    """The sheet Outcomes is what validate reads, with nothing to fix; score takes no notice."""
    assert main(["init", str(tmp_path)]) == 0
    path = str(tmp_path / "accounts.xlsx")
    found = read_outcomes(path, {"S-001": "Sample Account 01"}, as_of=date(2026, 11, 23))
    assert found.problems == ()
    assert found.frame["outcome"].tolist() == ["renewed", "churned"]
    assert found.shown == "accounts.xlsx, sheet Outcomes"
    assert read_source(path, load_preset("scorecard")).problems == ()


def test_the_example_scores_from_the_command_line(tmp_path: Path) -> None:
    """What init writes is scored without anything to fix."""
    assert main(["init", str(tmp_path), "-m", "scorecard"]) == 0
    assert main(["score", str(tmp_path / "accounts.xlsx"), "--as-of", "2026-11-23"]) == 0
