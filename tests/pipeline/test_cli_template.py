"""`healthsheet template`: list, export, check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from scoring.presets import preset_names
from tests.validity import assert_valid
from tests.workbook_templates import designer

DAY = ["--as-of", "2026-11-22"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "t.xlsx"
    assert main(["template", "export", "-o", str(path), *DAY]) == DONE
    return path


def test_list_counts_places_and_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a workbook and model, with sheets, places, Tables and charts; as JSON too."""
    assert main(["template", "list"]) == DONE
    text = capsys.readouterr().out
    assert main(["template", "list", "--json"]) == DONE
    rows = json.loads(capsys.readouterr().out)
    both = [(kind, name) for kind in ("account", "portfolio") for name in preset_names()]
    assert [(r["kind"], r["model"]) for r in rows] == both
    assert all(r["places"] > 50 and r["tables"] >= 4 and r["charts"] >= 4 for r in rows)
    assert all(f" {r['model']} " in text for r in rows)


@pytest.mark.parametrize("model", preset_names())
def test_an_export_is_valid_and_complete(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is exported opens in Excel, checks without remark, and says what to do next."""
    path = tmp_path / "t.xlsx"
    assert main(["template", "export", "-m", model, "-o", str(path), *DAY]) == DONE
    assert f"Next: healthsheet template check {path} -m {model}" in capsys.readouterr().out
    assert_valid(path)
    assert main(["template", "check", str(path), *DAY]) == DONE
    assert f"can be filled for {model} 1.0" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["t.xls", "no/such/folder/t.xlsx"])
def test_an_export_that_cannot_be_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another ending, or a folder that is not there, is a clear error."""
    assert main(["template", "export", "-o", str(tmp_path / name)]) == IMPOSSIBLE
    assert capsys.readouterr().err.count("\n") == 1


def test_check_says_what_is_kept(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A restyled template passes; its sheets, charts and pictures are named as kept."""
    own = tmp_path / "own.xlsx"
    own.write_bytes(designer.restyle(exported.read_bytes()))
    assert main(["template", "check", str(own), *DAY]) == DONE
    shown = capsys.readouterr().out
    assert "Your sheet Cover is kept." in shown
    assert "Your picture logo.png is kept." in shown
    assert "hs_csm stands at Cover!B4 (ours: Scorecard!B3); filled there." in shown


def test_check_tells_all_faults(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All faults at once and status 2; as JSON with kind and fix."""
    parts = designer.unpack(exported.read_bytes())
    for name in ("hs_csm", "hs_note"):
        designer.drop_place(parts, name)
    own = tmp_path / "own.xlsx"
    own.write_bytes(designer.pack(parts))
    assert main(["template", "check", str(own), *DAY]) == IMPOSSIBLE
    shown = capsys.readouterr().out
    assert "! No place is named hs_csm" in shown
    assert "cannot be filled for scorecard 1.0: 2 things to fix." in shown
    assert main(["template", "check", str(own), "--json", *DAY]) == IMPOSSIBLE
    told = json.loads(capsys.readouterr().out)
    assert [f["name"] for f in told["findings"]] == ["hs_csm", "hs_note"]
    assert "Name Manager" in told["findings"][0]["fix"]


def test_check_remarks_are_status_1(exported: Path, tmp_path: Path) -> None:
    """A formula that is lost is remarked, and the template can be used."""
    parts = designer.unpack(exported.read_bytes())
    designer.move_place(parts, "hs_score", "Detail!$H$41")
    own = tmp_path / "own.xlsx"
    own.write_bytes(designer.pack(parts))
    assert main(["template", "check", str(own), *DAY]) == FINDINGS


def test_many_moved_places_are_one_line(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A block that moved as a whole is not listed place by place."""
    parts = designer.unpack(exported.read_bytes())
    names = ("csm", "segment_label", "head_arr", "head_renewal", "days_left", "model_label")
    for row, name in enumerate(names, start=60):
        designer.move_place(parts, f"hs_{name}", f"Detail!$B${row}")
    own = tmp_path / "own.xlsx"
    own.write_bytes(designer.pack(parts))
    main(["template", "check", str(own), *DAY])
    assert "6 places stand elsewhere than in ours" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"), [(None, "does not exist"), (b"no workbook", "not an Excel workbook")]
)
def test_what_is_no_template(
    content: bytes | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file and a file of another kind are one line and status 2."""
    path = tmp_path / "x.xlsx"
    if content is not None:
        path.write_bytes(content)
    assert main(["template", "check", str(path)]) == IMPOSSIBLE
    assert words in capsys.readouterr().err
