"""A recommended model version on a recorded history: the change of version is its own step."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.cli import main
from pipeline.model_files import load_model, write_model
from scoring.model import ScoreModel
from scoring.score import score_accounts
from scoring.validation.new_model import new_model
from scoring.validation.records import Change, Interval, Recommendation
from tests.pipeline.tables import Cell, write_csv
from tests.scoring.validation.companies import simple_model

OLD = simple_model()
FIRST, SECOND = date(2026, 1, 5), date(2026, 2, 2)
POINTS = (90.0, 80.0, 70.0, 60.0, 10.0, 50.0, 40.0, 30.0, 20.0)


def recommended(kind: Any, *changes: tuple[str, float, float]) -> Recommendation:
    """A recommendation of these numbers."""
    return Recommendation(
        kind=kind, verdict="recommended", headline="+0.03 AUC", reason="", measure="AUC",
        gain=Interval(value=0.03, low=0.01, high=0.05),
        changes=tuple(Change(key=k, name=k, current=a, proposed=b) for k, a, b in changes),
    )  # fmt: skip


def score_of(model: ScoreModel, points: tuple[float, ...]) -> float:
    """The engine's score of one account."""
    frame = pd.DataFrame([dict(zip((m.key for m in OLD.metrics), points, strict=True))])
    total: float = score_accounts(frame.assign(account_id="S-1"), model, as_of=FIRST).total[0]
    return total


def table(path: Path, points: tuple[float, ...]) -> Path:
    """One account with these points."""
    head: list[Cell] = ["Account ID", "Account", *(m.name for m in OLD.metrics)]
    return write_csv(path, [head, ["S-1", "Sample Harbour", *points]])


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """The old and the new model as files; the new one weighs gamma more and lacks beta 2."""
    found = [
        recommended("weights", ("alpha", 0.4, 0.2), ("beta", 0.35, 0.3), ("gamma", 0.25, 0.5)),
        recommended("metrics", ("beta_2", 0.33, 0.0)),
    ]
    files = tmp_path / "old.toml", tmp_path / "new.toml"
    write_model(OLD, files[0])
    write_model(new_model(OLD, found, made=FIRST, source="412 outcomes"), files[1])
    return files


def run(*arguments: object, status: int = 0) -> None:
    """A command that ends with that status."""
    assert main([str(a) for a in arguments]) == status


def recorded(model: Path, folder: Path) -> tuple[Path, list[object]]:
    """The account's source, and the option that names a history where the first day stands."""
    kept: list[object] = ["--history", folder / "kept.db"]
    source = table(folder / "accounts.csv", POINTS)
    run("score", source, "-m", model, *kept, "--as-of", FIRST)
    return source, kept


def why(folder: Path) -> list[list[Any]]:
    """Rows of *Why it changed* of the only workbook."""
    (book,) = folder.glob("*.xlsx")
    sheet = openpyxl.load_workbook(book, data_only=True)["Why it changed"]
    return [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_waterfall_shows_the_new_version(versions: tuple[Path, Path], tmp_path: Path) -> None:
    """Told by 1.0, then today under 1.1: the version's step is exact, and behaviour's beside it."""
    new = versions[1]
    source, kept = recorded(versions[0], tmp_path)
    later = (*POINTS[:8], 40.0)
    table(source, later)
    run("report", source, "-m", new, *kept, "-o", tmp_path / "r", "--as-of", SECOND)
    model = load_model(new)
    told, same, today = score_of(OLD, POINTS), score_of(model, POINTS), score_of(model, later)
    rows = why(tmp_path / "r")
    (step,) = [r for r in rows if "planted 1.0 → planted 1.1" in r]
    assert step[0] == "Model version"
    assert any(isinstance(c, float) and c == pytest.approx(same - told) for c in step)
    behaviour = [r for r in rows if r and r[0] == "Gamma 3"]
    assert behaviour
    assert any(isinstance(c, float) and c == pytest.approx(today - same) for c in behaviour[0])
    assert abs(same - told) > 5


def test_changes_compare_like_with_like(
    versions: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both days are scored under 1.1, so a change is none of the version's; lint finds it whole."""
    new = versions[1]
    source, kept = recorded(versions[0], tmp_path)
    later = (*POINTS[:8], 90.0)
    table(source, later)
    capsys.readouterr()
    run("score", source, "-m", new, *kept, "--json", "--as-of", SECOND)
    said = json.loads(capsys.readouterr().out)
    model = load_model(new)
    (account,) = said["accounts"]
    change = score_of(model, later) - score_of(model, POINTS)
    assert account["change"] == pytest.approx(change, abs=0.05)
    run("model", "lint", new, status=1)
    assert "weights-not-100" not in capsys.readouterr().out


def test_a_model_that_is_written_again_is_the_same(
    versions: tuple[Path, Path], tmp_path: Path
) -> None:
    """TOML and the *Model* sheet of a workbook give the new version back."""
    model = load_model(versions[1])
    assert model.label == "planted 1.1"
    write_model(model, tmp_path / "new.xlsx")
    assert load_model(tmp_path / "new.xlsx") == model
