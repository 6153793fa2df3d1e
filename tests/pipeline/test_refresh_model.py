"""Another version of the model for a workbook that is there."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from scoring.presets import load_preset, model_to_toml
from tests.office.client import Office
from tests.pipeline.portfolio_folder import ADA, BEA, fresh_folder, refresh, source
from tests.pipeline.test_refresh_typed import changes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the portfolio of two accounts, and a model with other weights and version."""
    text = model_to_toml(load_preset("four-dimension"))
    for before, after in (('version = "1.0"', 'version = "1.1"'), ("weight = 35", "weight = 75")):
        assert before in text
        text = text.replace(before, after, 1)
    (tmp_path / "ours.toml").write_text(text)
    return fresh_folder(tmp_path)


def test_another_version_is_refused_with_the_next_step(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names both models and the option that replaces the one by the other."""
    assert refresh(folder, "-m", str(folder / "ours.toml")) == IMPOSSIBLE
    said = capsys.readouterr().err
    assert "holds four-dimension 1.0 on its sheet Model, and four-dimension 1.1 is another" in said
    assert "Add --replace-model" in said


def test_another_model_gets_a_command_for_its_own_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other dimensions need other columns: the command that is named makes that workbook."""
    assert refresh(folder, "-m", "scorecard", "--replace-model") == IMPOSSIBLE
    said = capsys.readouterr().err.strip()
    command = shlex.split(said.partition("of its own: healthsheet ")[2])
    monkeypatch.chdir("/")
    assert main(command) == FINDINGS  # its ratings are no percentages
    assert (folder / "portfolio-scorecard.xlsx").exists()


@pytest.mark.office
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_new_version_takes_the_place(
    folder: Path, capsys: pytest.CaptureFixture[str], office: Office
) -> None:
    """Sheet and scores are the new version's; what it did to a score is a line of its own."""
    source(folder, ADA.replace("55,72", "35,72"), BEA)
    options = ("-m", str(folder / "ours.toml"), "--replace-model")
    assert refresh(folder, *options) == DONE
    assert "Model          four-dimension 1.0 → four-dimension 1.1" in capsys.readouterr().out
    told = changes(folder)
    assert told[0] == (None, "Model", "four-dimension 1.0", "four-dimension 1.1")
    assert ("Ada Ltd", "Score by the model", "58", "52") in told
    assert ("Ada Ltd", "Score", "65", "52") in told
    (folder / "lo").mkdir()
    shown: Any = openpyxl.load_workbook(
        office.convert(folder / "portfolio.xlsx", folder / "lo", "xlsx"), data_only=True
    )
    # Recalculated by another program, the formulas agree with the engine under the new weights.
    assert str(shown["Checks"]["B1"].value).startswith("Every figure agrees")
    assert refresh(folder, *options) == DONE
    assert refresh(folder) == DONE
    assert "Nothing changed" in capsys.readouterr().out


def test_a_rearranged_sheet_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row that people put into Model would shift every value: refused, and the way out said."""
    path = folder / "portfolio.xlsx"
    book: Any = openpyxl.load_workbook(path)
    book["Model"].insert_rows(2)
    book.save(path)
    before = path.read_bytes()
    options = ("-m", str(folder / "ours.toml"), "--replace-model")
    assert refresh(folder, *options) == IMPOSSIBLE
    assert "was rearranged" in capsys.readouterr().err
    assert path.read_bytes() == before
