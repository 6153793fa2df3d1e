"""``healthsheet model``: what each action prints, writes and returns."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli.model import configure, run
from pipeline.cli.model_view import print_model
from pipeline.model_files import load_model, write_model
from scoring.errors import ModelError
from scoring.metric_text import healthy_text
from scoring.model import ScoreModel
from scoring.presets import load_preset, preset_names
from tests.scoring.models import small_data


def call(*words: str | Path) -> int:
    parser = ArgumentParser()
    configure(parser)
    return run(parser.parse_args([str(word) for word in words]))


def shown(model: ScoreModel, width: int = 160) -> str:
    console = Console(width=width, record=True, file=StringIO())
    print_model(model, console)
    return console.export_text()


def test_list_names_every_preset(capsys: pytest.CaptureFixture[str]) -> None:
    """List names every preset."""
    assert call("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[2:].split()[0] for line in lines[:5]] == list(preset_names())
    assert lines[0].startswith("* scorecard")
    assert lines[3].split()[1] == load_preset("support").version
    assert "003 Customer Health Scoring for Support" in lines[3]


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The list as JSON has four properties for each preset."""
    assert call("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in listed] == list(preset_names())
    assert set(listed[0]) == {"name", "version", "title", "source"}


def test_list_needs_no_heavy_import() -> None:
    """List needs no heavy import."""
    code = (
        "import sys; from argparse import ArgumentParser; from pipeline.cli import model;"
        "p = ArgumentParser(); model.configure(p); model.run(p.parse_args(['list', '--json']));"
        "print({'pydantic', 'numpy', 'pandas', 'rich', 'xlsxwriter'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize("name", preset_names())
def test_show_prints_every_metric(name: str) -> None:
    """Show prints every metric."""
    model = load_preset(name)
    text = shown(model)
    for dimension in model.dimensions:
        assert dimension.name in text
    for metric in model.metrics:
        assert metric.name in text
        assert healthy_text(metric) in text


def test_show_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Show prints tiers, smoothing and weights in words."""
    assert call("show", "support") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "support 1.0" in text
    assert "Green from 70, Yellow from 40, Red from 0, smoothed over 30 days" in text
    assert "Support health 40% weight 40" in text


def test_show_takes_the_default_preset(capsys: pytest.CaptureFixture[str]) -> None:
    """Show takes the default preset."""
    assert call("show") == 0
    assert "scorecard 1.0" in capsys.readouterr().out


def test_show_segment_weights_and_ranges() -> None:
    """Show prints segment weights and typical ranges."""
    text = shown(load_preset("four-dimension"))
    assert "weight 35, enterprise 30, smb 40, onboarding 35, typical 30 to 35" in text


def test_show_gates_and_names_that_look_like_markup() -> None:
    """Names that look like markup are printed as they are."""
    gate = {"key": "notice", "name": "Cancellation [notice]", "cap": "red"}
    text = shown(ScoreModel.model_validate(small_data(gates=[gate], title="[bold]Own")))
    assert "Gate: Cancellation [notice] caps the tier at Red." in text
    assert "[bold]Own" in text


def test_show_in_a_narrow_terminal_cuts_no_word() -> None:
    """Show in a narrow terminal cuts no word."""
    text = shown(load_preset("signals"), width=80)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert "interactions;" in text


def test_show_as_json_is_the_whole_model(capsys: pytest.CaptureFixture[str]) -> None:
    """Show as JSON is the whole model."""
    assert call("show", "support", "--json") == 0
    assert ScoreModel.model_validate_json(capsys.readouterr().out) == load_preset("support")


@pytest.mark.parametrize(("name", "status"), [("signals", 0), ("scorecard", 1), ("support", 1)])
def test_lint_status(name: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 1 with warnings and 0 without."""
    assert call("lint", name) == status
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith(f"{name} 1.0: ")
    assert any(line.startswith("warning: ") for line in lines) == bool(status)


def test_lint_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Findings as JSON have all their properties."""
    assert call("lint", "four-dimension", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert {"code", "message", "where", "next_step", "severity"} == set(found[0])
    assert "outside-typical-range" in {finding["code"] for finding in found}


@pytest.mark.parametrize("ending", [".toml", ".xlsx"])
def test_export_then_import(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What export writes, import reads, checks and writes again."""
    first, second = tmp_path / f"first{ending}", tmp_path / "second.toml"
    assert call("export", "signals", "-o", first) == 0
    assert capsys.readouterr().out == f"Wrote signals 1.0 to {first}.\n"
    assert call("import", first, "-o", second) == 0
    printed = capsys.readouterr().out
    assert f"Read signals 1.0 from {first}: 5 dimensions, 10 metrics, 0 gates." in printed
    assert "signals 1.0: 0 warnings." in printed
    assert load_model(second) == load_preset("signals")


def test_import_returns_the_status_of_its_lint(tmp_path: Path) -> None:
    """Import returns the status of its lint."""
    source, target = tmp_path / "own.toml", tmp_path / "new.toml"
    write_model(ScoreModel.model_validate(small_data()), source)
    assert call("import", source, "-o", target) == 1
    assert load_model(target).name == "small"


def test_import_writes_toml_only(tmp_path: Path) -> None:
    """Import writes TOML only."""
    with pytest.raises(ModelError, match=r"becomes a \.toml file; out\.xlsx is none"):
        call("import", "signals", "-o", tmp_path / "out.xlsx")


def test_import_of_a_faulty_model_writes_nothing(tmp_path: Path) -> None:
    """Import of a faulty model writes nothing."""
    source, target = tmp_path / "own.toml", tmp_path / "new.toml"
    source.write_text('name = "own"\n')
    with pytest.raises(ModelError, match="is missing"):
        call("import", source, "-o", target)
    assert not target.exists()


def test_unknown_model() -> None:
    """An unknown model gets the closest preset as a hint."""
    with pytest.raises(ModelError, match='Did you mean "support"'):
        call("show", "suport")


def test_an_action_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    """An action is required."""
    with pytest.raises(SystemExit) as caught:
        call()
    assert caught.value.code == 2
    assert "ACTION" in capsys.readouterr().err
