"""`healthsheet score --engine`: what it prints, and what it asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from tests.pipeline.scale.samples import MODEL, local, mixed, write

COMMON = ["-m", "support", "--as-of", "2026-03-09", "--engine", "local", "--jobs", "1"]
Captured = pytest.CaptureFixture[str]


def test_totals_are_told(tmp_path: Path, capsys: Captured) -> None:
    """How many accounts have which tier, and where the files are."""
    frame = mixed(400)
    source, out = write(tmp_path / "in", frame), tmp_path / "out"
    assert main(["score", str(source), "-o", str(out), *COMMON]) == DONE
    shown = capsys.readouterr().out
    assert "Scored 400 accounts" in shown
    tiers = local(frame).tier.tolist()
    for shape, word, key in (("■", "Red", "red"), ("▲", "Yellow", "amber"), ("○", "No score", "")):
        line = next(text for text in shown.splitlines() if text.startswith(f"{shape} {word}"))
        assert line.split()[-1] == str(tiers.count(key))
    assert f"Wrote Parquet to {out}" in shown


def test_json_and_values_to_fix(tmp_path: Path, capsys: Captured) -> None:
    """Rows with problems make the status 1, and JSON counts them."""
    frame = mixed(50)
    frame.loc[3, next(m.key for m in MODEL.metrics if m.scale[1] is not None)] = -1e9
    source = write(tmp_path / "in", frame)
    arguments = ["score", str(source), "-o", str(tmp_path / "out"), *COMMON]
    assert main([*arguments, "--json"]) == FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert (told["accounts"], told["rows_with_problems"]) == (50, 1)
    assert sum(told["tiers"].values()) == 50
    assert main(["score", str(source), "-o", str(tmp_path / "two"), *COMMON]) == FINDINGS
    assert "! Values to fix  in 1 row: column problems" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "said"),
    [([], "Add -o scores"), (["-o", "x", "--history", "h.db"], "keeps no history")],
)
def test_what_is_missing_is_told(
    more: list[str], said: str, tmp_path: Path, capsys: Captured
) -> None:
    """No folder for the result, or a history that would not be kept."""
    source = write(tmp_path / "in", mixed(5))
    assert main(["score", str(source), *COMMON, *more]) == IMPOSSIBLE
    assert said in capsys.readouterr().err
