"""The demo, run for real: what it prints, writes, refuses and repeats."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipeline.backtest_file import read_backtest
from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from pipeline.results import result_frame
from pipeline.scored import score_source
from pipeline.sources import read_source
from scoring.presets import load_preset

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's folder and what it printed."""
    folder, printed = tmp_path_factory.mktemp("demo") / "out", io.StringIO()
    with redirect_stdout(printed):
        assert main(["demo", str(folder), "--as-of", DAY]) == DONE
    return folder, printed.getvalue()


@pytest.fixture(scope="module")
def made(run: tuple[Path, str]) -> Path:
    """The demo's folder."""
    return run[0]


def test_writes_input_results_and_scorecards(made: Path) -> None:
    """An input workbook that reads, a result row for each account, a scorecard for each."""
    model = load_preset("scorecard")
    inputs = read_source(made / "accounts.xlsx", model)
    count = len(inputs.accounts)
    assert count >= 60
    assert inputs.history["date"].nunique() == 12
    results = CalamineWorkbook.from_path(str(made / "scored.xlsx"))
    rows = results.get_sheet_by_name("Accounts").to_python()
    ids = set(inputs.accounts["account_id"])
    assert ids == {str(cell) for row in rows for cell in row} & ids
    reports = sorted((made / "scorecards").iterdir())
    assert len(reports) == count
    assert {p.suffix for p in reports} == {".xlsx"}


def test_the_portfolio_shows_all_accounts(made: Path) -> None:
    """Every account is listed, Checks agree, and refresh knows where it came from."""
    book = CalamineWorkbook.from_path(str(made / "portfolio.xlsx"))
    ids = {row[0] for row in book.get_sheet_by_name("Accounts").to_python()[4:]}
    inputs = read_source(made / "accounts.xlsx", load_preset("scorecard"))
    assert ids == set(inputs.accounts["account_id"])
    checks = [str(c) for row in book.get_sheet_by_name("Checks").to_python() for c in row]
    assert "Every figure agrees with the engine" in checks
    assert "No" not in checks
    arguments = ["refresh", str(made / "portfolio.xlsx"), "--dry-run", "--as-of", DAY]
    assert main(arguments) in (DONE, FINDINGS)


def test_renewals_rest_on_the_sample_outcomes(made: Path) -> None:
    """A backtest finds the planted relation; portfolio, page and scorecards use its fit."""
    found = read_backtest(made / "backtest.json")
    assert found.verdict.key == "evidence"
    assert found.calibration is not None
    told = f"Calibrated on {found.calibration.cases} outcomes, 22 Nov 2026"
    book = CalamineWorkbook.from_path(str(made / "portfolio.xlsx"))
    page = [cell for row in book.get_sheet_by_name("Backtest").to_python() for cell in row]
    assert found.verdict.headline.rstrip(".") in page
    assert told in page
    renewals = [str(c) for row in book.get_sheet_by_name("Renewals").to_python() for c in row]
    assert any(told in cell for cell in renewals)
    card = CalamineWorkbook.from_path(str(next((made / "scorecards").iterdir())))
    shown = [str(c) for name in ("Scorecard", "Renewal")
             for row in card.get_sheet_by_name(name).to_python() for c in row]  # fmt: skip
    assert any("alibrated on" in cell for cell in shown)
    analysis = CalamineWorkbook.from_path(str(made / "backtest.xlsx")).get_sheet_by_index(0)
    assert found.verdict.headline in [cell for row in analysis.to_python() for cell in row]


def test_a_leaders_mail_is_there_to_look_at(made: Path) -> None:
    """One message that no server ever saw, with its workbook, and a page that shows it."""
    (mail,) = (made / "mail").glob("*.eml")
    text = mail.read_text(encoding="ascii")
    assert "To: leader@example.com" in text
    assert 'filename="portfolio-2026-11-22.xlsx"' in text
    page = (made / "mail" / "preview.html").read_text(encoding="utf-8")
    assert mail.name in page


def test_scorecards_show_the_scores(made: Path) -> None:
    """A scorecard workbook names its account and shows the rounded score of the results."""
    from datetime import date

    scored = score_source(
        made / "accounts.xlsx", load_preset("scorecard"), as_of=date.fromisoformat(DAY)
    )
    frame = result_frame(scored).set_index("account_id")
    for account in ("SA-001", "SA-007", "SA-012"):
        name, score = str(frame.loc[account, "account_name"]), frame.loc[account, "score"]
        path = next((made / "scorecards").glob(f"{name} *.xlsx"))
        cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Scorecard").to_python()
        flat = [cell for row in cells for cell in row]
        assert name in flat
        assert score in flat


def test_prints_what_it_made_and_what_is_next(run: tuple[Path, str]) -> None:
    """The table, the planted slips, paths, counts, seconds and the commands to try."""
    folder, out = run
    assert "Scored 64 accounts" in out
    assert "SA-012" in out  # the account that stands twice is reported
    assert re.search(rf"Made in {re.escape(str(folder))}, \d+\.\d s", out)
    assert "64 sample accounts" in out
    assert "12 months of history" in out
    assert "64 scorecard workbooks" in out
    first = re.search(r"open (.+\.xlsx) first", out)
    assert first is not None
    assert (folder / "scorecards" / first[1]).is_file()
    assert f"healthsheet score {folder / 'accounts.xlsx'} --all" in out


def test_works_again_on_its_own_folder(made: Path) -> None:
    """A second run replaces what the first one made, with the same content."""
    before = (made / "accounts.xlsx").stat().st_mtime_ns
    names = {p.name for p in made.rglob("*")}
    assert main(["demo", str(made), "--as-of", DAY]) == DONE
    assert {p.name for p in made.rglob("*")} == names
    assert (made / "accounts.xlsx").stat().st_mtime_ns > before


def test_refuses_a_folder_with_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written among files that the demo did not make; the message says what to do."""
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", str(tmp_path)]) == IMPOSSIBLE
    assert "holds other files" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_refuses_a_file_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file where the folder should be is a clear error."""
    path = tmp_path / "demo"
    path.write_text("mine")
    assert main(["demo", str(path)]) == IMPOSSIBLE
    assert "cannot be written to" in capsys.readouterr().err
    assert path.read_text() == "mine"


@pytest.mark.parametrize("preset", ["four-dimension", "support"])
def test_other_models(preset: str, tmp_path: Path) -> None:
    """The demo works under another preset."""
    assert main(["demo", str(tmp_path / "d"), "-m", preset, "--as-of", DAY]) == DONE
    assert len(list((tmp_path / "d" / "scorecards").iterdir())) >= 60
