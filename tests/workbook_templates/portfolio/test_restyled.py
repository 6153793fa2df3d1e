"""A portfolio template of a company's own: what was added stays, and shows today's accounts."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from tests.office.client import Office
from tests.pipeline.portfolio_folder import ADA, BEA, CYD, source
from tests.validity import assert_valid
from tests.workbook_templates import designer
from tests.workbook_templates.earlier import before_backtest
from workbook_templates.fill import Template

DAY = ["--as-of", "2026-11-22"]
MODEL = ["-m", "four-dimension"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `template export portfolio` writes."""
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    assert main(["template", "export", "portfolio", "-o", str(path), *MODEL, *DAY]) == DONE
    return path


def _make(folder: Path, template: Path, *rows: str) -> Path:
    """A new portfolio of some accounts, made of a template by the command."""
    source(folder, *rows)
    made = folder / "portfolio.xlsx"
    told = ["--from", str(folder / "accounts.csv"), "--template", str(template)]
    assert main(["refresh", str(made), *told, *MODEL, *DAY]) == DONE
    return made


def _texts(path: Path, sheet: str) -> dict[str, object]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {c.coordinate: c.value for row in book[sheet].iter_rows() for c in row if c.value}


def test_the_export_is_complete_and_valid(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A designer sees sample accounts, and what is exported checks without remark."""
    assert_valid(exported)
    assert str(_texts(exported, "Accounts")["B5"]).startswith("Sample Account")
    assert main(["template", "check", str(exported), *DAY]) == DONE
    shown = capsys.readouterr().out
    assert "can be filled for four-dimension 1.0" in shown
    assert "Next: healthsheet refresh portfolio.xlsx --from SOURCE" in shown


def test_what_a_company_added_stays_and_follows(
    exported: Path, office: Office, tmp_path: Path
) -> None:
    """Sheet, logo, colours, column and translated header survive, over fewer accounts."""
    restyled = designer.restyle_portfolio(exported.read_bytes())
    own = tmp_path / "own.xlsx"
    own.write_bytes(restyled)
    made = _make(tmp_path, own, ADA, BEA, CYD)
    assert_valid(made)
    before, after = designer.unpack(restyled), designer.unpack(made.read_bytes())
    for part in ("xl/styles.xml", "xl/media/logo.png", "xl/drawings/drawing99.xml"):
        assert after[part] == before[part], part
    table = Template.open(made).tables["Accounts"]
    assert (table.rows, table.columns[-1], table.columns[11]) == (3, "Our view", "Hauptgrund")
    fresh = office.recalculate(made)
    assert fresh["Cover"]["B1"] == fresh["Accounts"]["F7"]  # the best score stands last
    assert fresh["Cover"]["B2"] == 3
    assert fresh["Checks"]["B1"] == "Every figure agrees with the engine"
    plotted = re.search(rb"<c:f>Accounts[^<]*\$7</c:f><c:numCache>.*?</c:numCache>",
                        after["xl/charts/chart99.xml"])  # fmt: skip
    assert plotted
    assert plotted[0].count(b"<c:v>") == 3


def test_nothing_of_the_sample_is_left(exported: Path, tmp_path: Path) -> None:
    """One account without history, actions or alerts: no list keeps a row of the sample."""
    made = _make(tmp_path, exported, BEA)
    book = openpyxl.load_workbook(made, data_only=True)
    shown = [f"{ws.title}!{c.coordinate}: {c.value}" for ws in book for row in ws.iter_rows()
             for c in row if isinstance(c.value, str) and re.search(r"Sample|SA-\d", c.value)
             and ws.title != "Model"]  # fmt: skip
    assert shown == []


def test_it_is_made_as_ours_and_refreshed_as_ours(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every value is that of our own workbook; the next refresh finds nothing to change."""
    own = tmp_path / "own"
    own.mkdir()
    made = _make(own, exported, ADA, BEA)
    ours = tmp_path / "portfolio.xlsx"
    accounts = str(own / "accounts.csv")
    command = ["--from", accounts, *MODEL, *DAY]
    assert main(["refresh", str(ours), *command]) == DONE
    for sheet in openpyxl.load_workbook(ours, read_only=True).sheetnames:
        here, there = _texts(made, sheet), _texts(ours, sheet)
        wrong = [c for c in here | there if here.get(c) != there.get(c)]
        assert wrong == (["H1"] if sheet == "Changes" else []), sheet
    capsys.readouterr()
    assert main(["refresh", str(made), *command, "--template", str(exported)]) == DONE
    shown = capsys.readouterr().out
    assert "Nothing changed" in shown
    assert "keeps its looks" in shown


def test_libreoffice_loses_nothing_that_filling_needs(
    exported: Path, office: Office, tmp_path: Path
) -> None:
    """A template saved by LibreOffice is complete, and fills to a workbook that agrees."""
    saved = office.convert(exported, tmp_path / "saved", "xlsx")
    assert main(["template", "check", str(saved), *DAY]) == DONE
    made = _make(tmp_path, saved, ADA, BEA, CYD)
    assert_valid(made)
    fresh = office.recalculate(made)
    assert fresh["Checks"]["B1"] == "Every figure agrees with the engine"
    assert fresh["Accounts"]["B5"] == "Cyd plc"
    assert _texts(made, "Summary")["B1"] == fresh["Summary"]["B1"]


def test_check_names_what_is_kept_and_what_is_gone(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The company's column and picture are kept; a lost place and a lost column are errors."""
    own = tmp_path / "own.xlsx"
    own.write_bytes(designer.restyle_portfolio(exported.read_bytes()))
    assert main(["template", "check", str(own), *DAY]) in (DONE, FINDINGS)
    shown = capsys.readouterr().out
    assert "Your sheet Cover is kept." in shown
    assert "columns of yours: Our view; kept." in shown
    assert "calls its column Leading driver now Hauptgrund" in shown
    parts = designer.unpack(exported.read_bytes())
    designer.drop_place(parts, "hs_summary_note")
    designer.drop_place(parts, "hs_accounts_driver")
    own.write_bytes(designer.pack(parts))
    assert main(["template", "check", str(own), *DAY]) == IMPOSSIBLE
    assert "1 thing to fix" in capsys.readouterr().out


def test_a_template_of_the_other_kind_is_refused(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A portfolio cannot be filled with one account, nor a scorecard with all: each is told."""
    card = tmp_path / "card.xlsx"
    assert main(["template", "export", "-o", str(card), *MODEL, *DAY]) == DONE
    source(tmp_path, ADA)
    accounts = str(tmp_path / "accounts.csv")
    out = tmp_path / "p.xlsx"
    command = ["refresh", str(out), "--from", accounts, *MODEL, *DAY, "--template", str(card)]
    assert main(command) == IMPOSSIBLE
    assert "is a template of the account scorecard" in capsys.readouterr().err
    assert not out.exists()
    command = ["report", accounts, "-o", str(tmp_path / "o"), *MODEL, "--template", str(exported)]
    assert main(command) == IMPOSSIBLE
    assert "healthsheet refresh portfolio.xlsx" in capsys.readouterr().err


def test_a_template_made_before_the_sheet_backtest_still_works(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is filled but for that sheet, and the check says what it lacks, as no error."""
    own = tmp_path / "own.xlsx"
    own.write_bytes(before_backtest(exported.read_bytes()))
    assert main(["template", "check", str(own), *DAY]) == FINDINGS
    assert "made before there was a sheet Backtest; all else is filled" in capsys.readouterr().out
    made = _make(tmp_path, own, ADA, BEA)
    assert [_texts(made, "Accounts")[f"B{row}"] for row in (5, 6)] == ["Ada Ltd", "Bea Inc"]
