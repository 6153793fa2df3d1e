"""`healthsheet lint`: real scorecards, edited in a real office, checked again."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from tests.workbook_templates.samples import filled

DAY = ["--as-of", "2026-11-22"]


def found(capsys: pytest.CaptureFixture[str], *paths: Path) -> list[dict[str, str]]:
    """Findings of one scorecard as JSON."""
    main(["lint", *map(str, paths), "--json", *DAY])
    findings: list[dict[str, str]] = json.loads(capsys.readouterr().out)[0]["findings"]
    return findings


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """The scorecard of an account with history, risks and actions."""
    path = tmp_path / "mixed.xlsx"
    path.write_bytes(filled("mixed"))
    return path


def test_vague_risks_are_named_with_their_cell(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A risk that a person typed in a few words is found where it stands."""
    vague = [f for f in found(capsys, mixed) if f["code"] == "no-mitigation"]
    assert vague
    assert all(f["where"].startswith("Risks & actions!B") for f in vague)
    assert main(["lint", str(mixed), *DAY]) == FINDINGS
    text = capsys.readouterr().out
    assert "has no mitigation" in text
    assert "1 scorecard checked" in text


def test_a_first_scorecard_shows_no_trend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an earlier snapshot our own scorecards show none, so nothing is found."""
    path = tmp_path / "best.xlsx"
    path.write_bytes(filled("best"))
    assert not [f for f in found(capsys, path) if f["code"] == "trend"]


def test_typed_ratings_without_metrics_lack_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gut feel is told dimension by dimension; the account rates three by hand."""
    path = tmp_path / "typed.xlsx"
    path.write_bytes(filled("typed"))
    told = [f["message"] for f in found(capsys, path) if f["code"] == "no-evidence"]
    assert all("is rated by hand" in m for m in told)


def test_a_workbook_without_cached_values_says_so(
    mixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that drops what formulas gave leaves nothing to check, and that is said."""
    book = openpyxl.load_workbook(mixed)
    bare = tmp_path / "bare.xlsx"
    book.save(bare)
    codes = {f["code"] for f in found(capsys, bare)}
    assert "no-values" in codes


def test_a_folder_lists_what_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All workbooks of a folder are checked; Excel's own lock files are not."""
    for kind in ("mixed", "best"):
        (tmp_path / f"{kind}.xlsx").write_bytes(filled(kind))
    (tmp_path / "~$mixed.xlsx").write_bytes(b"lock")
    assert main(["lint", str(tmp_path), *DAY]) == FINDINGS
    assert "2 scorecards checked" in capsys.readouterr().out


def test_what_is_no_scorecard_is_told_and_the_rest_is_checked(
    mixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of another kind makes the status 2; the scorecard beside it is still checked."""
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(b"PK no zip")
    assert main(["lint", str(other), str(damaged), str(mixed), *DAY]) == IMPOSSIBLE
    out, err = capsys.readouterr()
    assert "1 scorecard checked" in out
    assert "other.xlsx is no account scorecard" in err
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize("name", ["nope.xlsx", "empty"])
def test_a_path_without_scorecards(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file and an empty folder are errors with a next step."""
    (tmp_path / "empty").mkdir()
    assert main(["lint", str(tmp_path / name)]) == IMPOSSIBLE
    assert capsys.readouterr().err.count("\n") == 1


def test_an_edited_input_no_longer_agrees(
    mixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cell of *Checks* that says No is told with both numbers."""
    edited = tmp_path / "edited.xlsx"
    with zipfile.ZipFile(mixed) as old, zipfile.ZipFile(edited, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.startswith("xl/worksheets/"):
                data = data.replace(b"<v>Yes</v>", b"<v>No</v>", 1)
            new.writestr(item, data)
    assert [f for f in found(capsys, edited) if f["code"] == "differs"]


def test_nothing_to_mend_is_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A green account whose data are known passes, notes or not."""
    path = tmp_path / "best.xlsx"
    path.write_bytes(filled("best"))
    assert not [f for f in found(capsys, path) if f["severity"] == "finding"]
    assert main(["lint", str(path), *DAY]) == DONE
