"""The backtest as a file: written whole, read with care, chosen, used only where it may be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.backtest_file import choose_backtest, read_backtest, save_backtest, with_backtest
from pipeline.cli import main
from pipeline.scored import Scored, score_source
from scoring.errors import DataError
from scoring.presets import load_preset
from scoring.renewal import ILLUSTRATION
from scoring.validation.records import Backtest
from tests.pipeline.tables import write_xlsx
from tests.pipeline.test_cli_score import ACCOUNTS, ARGS
from tests.scoring.validation.documents import evidence, no_evidence, nothing, windows

MODEL = load_preset("scorecard")
DAY = date(2026, 11, 23)
LABEL = "Calibrated on 412 outcomes, 2 Nov 2026"


@pytest.mark.parametrize("make", [evidence, no_evidence, windows, nothing])
def test_what_is_written_is_read(make: Any, tmp_path: Path) -> None:
    """Every kind of document comes back equal, and nothing else lies in the folder."""
    path = tmp_path / "backtest.json"
    path.write_text("old")
    save_backtest(path, make(MODEL))
    assert read_backtest(path) == make(MODEL)
    assert [p.name for p in tmp_path.iterdir()] == ["backtest.json"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message names the file and what to do."""
    with pytest.raises(DataError, match=r"cannot be written: .*Choose another folder"):
        save_backtest(tmp_path / "none" / "backtest.json", evidence(MODEL))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\xff", "it is not JSON"),
        (b"[1, 2]", "is no backtest"),
        (b'{"format": 1, "name": "scorecard"}', "is no backtest"),
        (b'{"format": 2}', "written by a newer HealthSheet"),
        (b'{"format": 1, "verdict": {"key": "maybe"}}', "is broken at"),
    ],
)
def test_what_is_no_backtest_says_so(content: bytes, said: str, tmp_path: Path) -> None:
    """No traceback: what is wrong, and how to make it anew."""
    path = tmp_path / "backtest.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said) as found:
        read_backtest(path)
    assert "anew" in str(found.value)
    with pytest.raises(DataError, match="does not exist"):
        read_backtest(tmp_path / "other.json")
    with pytest.raises(DataError, match="cannot be read"):
        read_backtest(tmp_path)


def test_the_option_wins_over_the_settings(tmp_path: Path) -> None:
    """Settings name it relative to themselves; an empty name or ``none`` means none."""
    source = tmp_path / "accounts.csv"
    assert choose_backtest(None, source) is None
    (tmp_path / "healthsheet.toml").write_text('backtest = "fits/backtest.json"\n')
    assert choose_backtest(None, source) == tmp_path / "fits" / "backtest.json"
    assert choose_backtest("mine.json", source) == Path("mine.json")
    assert choose_backtest("", source) is None
    assert choose_backtest("None", source) is None
    (tmp_path / "healthsheet.toml").write_text("backtest = 3\n")
    with pytest.raises(DataError, match=r'Write backtest = "backtest.json"'):
        choose_backtest(None, source)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A workbook of four accounts."""
    return write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": ACCOUNTS})


def used(source: Path, found: Backtest, day: date = DAY) -> Scored:
    """The source scored with a backtest."""
    path = source.with_name("backtest.json")
    save_backtest(path, found)
    return with_backtest(score_source(source, MODEL, as_of=day), str(path), source)


def test_a_calibration_of_the_model_is_used(source: Path) -> None:
    """Inputs carry it, and nothing is said; four accounts are too few to look moved."""
    scored = used(source, evidence(MODEL))
    assert scored.inputs.chances.label == LABEL
    assert scored.inputs.backtest == evidence(MODEL)
    assert not [p for p in scored.problems if p.sheet == "backtest.json"]


@pytest.mark.parametrize(
    ("found", "day", "said", "step"),
    [
        (no_evidence(MODEL), DAY, "It has no calibration.", "Renewals show the illustration."),
        (evidence(load_preset("signals")), DAY, "and scorecard 1.0 scores now.", "model (-m)."),
        (evidence(MODEL), date(2027, 6, 1), "it expired on 1 May 2027", "validate again."),
        (evidence(MODEL), date(2026, 10, 1), "it was fitted on 2 Nov 2026, after 1 Oct 2026",
         "healthsheet validate --as-of 2026-10-01."),
    ],
)  # fmt: skip
def test_the_illustration_stays_and_a_note_says_why(
    source: Path, found: Backtest, day: date, said: str, step: str
) -> None:
    """The first of all notes, no error, with its own next step; the document stays to be shown."""
    scored = used(source, found, day)
    assert scored.inputs.chances == ILLUSTRATION
    assert scored.inputs.backtest == found
    first = scored.problems[0]
    assert (first.sheet, first.severity) == ("backtest.json", "note")
    assert said in first.message
    assert first.fix.startswith("Renewals show the illustration.")
    assert first.fix.endswith(step)


def test_moved_scores_are_told_and_used_all_the_same(tmp_path: Path) -> None:
    """Forty accounts at the foot of a scale whose cases stood at its top."""
    head = ("Account ID", "Product Adoption", "Engagement", "Outcomes", "Support Health",
            "Commercial")  # fmt: skip
    rows: list[Sequence[str | float]] = [head]
    rows += [(f"{i:03}", 1, 1, 1, 1, 1) for i in range(40)]
    source = write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": rows})
    scored = used(source, evidence(MODEL))
    assert scored.inputs.chances.label == LABEL
    note = scored.problems[0]
    assert note.message.startswith("Scores have moved since the fit of 2 Nov 2026, PSI ")
    assert note.fix == "Run healthsheet validate again."


def test_commands_take_it_from_the_settings(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`score --json --judgement` tells the calibration, --no-backtest the illustration."""
    save_backtest(source.with_name("backtest.json"), evidence(MODEL))
    source.with_name("healthsheet.toml").write_text('backtest = "backtest.json"\n')
    labels = []
    for more in ((), ("--no-backtest",), ("--backtest", str(source.with_name("backtest.json")))):
        main(["score", str(source), *ARGS, "--json", "--judgement", *more])
        outlook = json.loads(capsys.readouterr().out)["judgement"]["002"]["outlook"]
        assert sum(s["probability"] for s in outlook["scenarios"]) == pytest.approx(1.0)
        labels.append(outlook["label"])
    assert labels == [LABEL, "Illustration, not calibrated", LABEL]
