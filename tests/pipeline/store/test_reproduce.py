"""Any past report comes back byte for byte, and a new model version is a cause of its own."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.model_files import write_model
from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.model import ScoreModel
from scoring.presets import load_preset
from tests.pipeline.tables import Cell, Rows, write_xlsx
from workbook_templates.drawing.account.template import draw_account_template
from workbook_templates.drawing.portfolio.template import draw_portfolio_template
from workbook_templates.portfolio.report import fill_portfolio, portfolio_template
from workbook_templates.report import account_template

HEAD = ["Account ID", "Account", "CSM", "ARR", "Currency", "Start date", "Renewal date",
        "Product adoption", "Engagement", "Outcomes", "Support health", "Commercial"]  # fmt: skip
DAYS = JAN, FEB, NEXT, LATER = ("2026-01-05", "2026-02-02", "2026-02-09", "2026-03-02")
Files = dict[str, bytes]


def accounts(*ratings: float) -> Rows:
    """One account a rating, its outcomes one below."""
    rows: list[Sequence[Cell]] = [HEAD]
    for n, r in enumerate(ratings, 1):
        dates = [date(2024, 3, n), date(2026, 9, n)]
        who = [f"S-{n:03}", f"Sample Account {n:02}", f"Sample CSM {n}"]
        rows.append([*who, 1000.0 * n, "EUR", *dates, r, r, r - 1, r, r])
    return rows


def beside(word: str, *history: Rows) -> dict[str, Rows]:
    """The optional sheets, whose texts say the word."""
    day = date(2026, 3, 31)
    return {
        "Goals": [["Account ID", "Goal", "Progress"], ["S-001", f"{word} goal", "On track"]],
        "Risks": [["Account ID", "Risk", "Severity", "Mitigation"],
                  ["S-002", f"{word} risk", "High", "Call them"]],
        "Actions": [["Account ID", "Action", "Horizon", "Owner", "Due"],
                    ["S-002", f"{word} action", "This week", "Sample CSM 2", day]],
        "Overrides": [["Account ID", "Tier", "Reason", "Author", "Expires"],
                      ["S-003", "Red", f"{word} reason", "Sample CSM 3", day]],
        "Score history": [["Account ID", "Date", "Score", "Outcomes"],
                          *(row for rows in history for row in rows)],
    }  # fmt: skip


def earlier(*rows: tuple[str, date, float, float]) -> Rows:
    """Rows of the source's own history: account, date, score, outcomes."""
    return [[*row] for row in rows]


OWN = earlier(("S-001", date(2025, 11, 3), 70, 3), ("S-002", date(2025, 12, 1), 71.5, 2))


class Office:
    """A folder with a source, a model and a history, on a day that tests choose."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        self.source = folder / "accounts.xlsx"
        (folder / "healthsheet.toml").write_text('model = "model.toml"\nhistory = "h.db"\n')

    def on(self, day: str) -> None:
        """Make it that day."""
        now = date.fromisoformat(day)
        self.patch.setattr("pipeline.cli.history_option.today", lambda: now)

    def use(self, model: ScoreModel) -> None:
        """Write the model's file."""
        write_model(model, self.folder / "model.toml")

    def run(self, command: str, *more: str) -> None:
        assert main([command, str(self.source), *more]) == 0

    def report(self, name: str, *more: str) -> Files:
        """The workbooks by file name."""
        folder = self.folder / name
        self.run("report", "-o", str(folder), *more)
        return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def heavier(version: str = "2.0") -> ScoreModel:
    """The default model with twice the weight on its first dimension."""
    first, *others = load_preset("scorecard").dimensions
    dimensions = (first.model_copy(update={"weight": 60.0}), *others)
    changed = {"version": version, "dimensions": dimensions}
    return load_preset("scorecard").model_copy(update=changed)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """In January 4 accounts were recorded; in February their values are others."""
    found = Office(tmp_path, monkeypatch)
    found.use(load_preset("scorecard"))
    found.on(JAN)
    write_xlsx(found.source, {"Accounts": accounts(2, 3, 4, 5), **beside("January", OWN)})
    found.run("score")
    found.on(FEB)
    write_xlsx(found.source, {"Accounts": accounts(3, 3, 5, 4), **beside("February", OWN)})
    return found


@contextmanager
def moved_on(office: Office) -> Iterator[None]:
    """The source changes, another version of the model scores, and the past is corrected."""
    office.on(NEXT)
    office.use(heavier())
    rows = accounts(5, 2, 3)
    more = earlier(
        ("S-001", date(2025, 11, 3), 33, 5), ("S-002", date(2025, 12, 15), 12, 1),
        ("S-001", date(2026, 2, 5), 99, 5),
    )  # fmt: skip
    write_xlsx(office.source, {"Accounts": [HEAD, *rows[:0:-1]], **beside("Later", more)})
    office.run("score")
    office.run("score", "--as-of", JAN, "--correct", "-m", "scorecard")
    office.run("score", "--as-of", "2026-01-19")
    office.on(LATER)
    yield
    assert not list(office.folder.glob("*.db-journal"))


def test_a_past_portfolio_comes_back_byte_for_byte(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new workbook of a recorded day is the one of that day; the source may be gone."""
    made = [office.folder / f"{name}.xlsx" for name in ("then", "again", "weighed")]

    def refresh(workbook: Path, today: str) -> int:
        monkeypatch.setattr("pipeline.cli.refresh.today", lambda: date.fromisoformat(today))
        day = () if today == FEB else ("--as-of", FEB)
        return main(["refresh", str(workbook), "--from", str(office.source), *day])

    assert refresh(made[0], FEB) == 0
    with moved_on(office):
        draw_portfolio_template.cache_clear()
        portfolio_template.cache_clear()
        office.source.unlink()
        capsys.readouterr()
        assert refresh(made[1], LATER) == 0
        assert "As recorded for 2 Feb 2026" in capsys.readouterr().out
    assert made[1].read_bytes() == made[0].read_bytes()
    core = zipfile.ZipFile(made[0]).read("docProps/core.xml").decode()
    assert core.count(f"{FEB}T00:00:00Z") == 2
    # A workbook whose sheet Model is another one is left as it is.
    made[2].write_bytes(fill_portfolio_of(heavier()))
    before = made[2].read_bytes()
    assert refresh(made[2], LATER) == 2
    assert "Name a new workbook for that day." in capsys.readouterr().err
    assert made[2].read_bytes() == before


def fill_portfolio_of(model: ScoreModel) -> bytes:
    """A portfolio workbook that holds a model."""
    inputs = sample_inputs(model, as_of=date(2026, 1, 5), accounts=8, months=1)
    scored = score_inputs(inputs, model, as_of=date(2026, 1, 5))
    return fill_portfolio(portfolio_template(model), portfolio_of(scored))


def test_a_past_report_comes_back_byte_for_byte(office: Office) -> None:
    """Whatever came after, each workbook of that day is the one that was written on it."""
    office.run("score")
    then = office.report("then")
    assert len(then) == 4
    with moved_on(office):
        # Another second, and a template that is drawn anew, as by the next day's process.
        time.sleep(1.1)
        account_template.cache_clear()
        draw_account_template.cache_clear()
        assert office.report("again", "--as-of", FEB) == then
        assert office.report("now") != then


def test_one_account_of_a_past_report_too(office: Office) -> None:
    """The account alone has the same name and bytes as among all, also one that is gone since."""
    office.run("score")
    then = office.report("then")
    with moved_on(office):
        office.source.unlink()  # what was recorded needs no source
        for wanted in ("S-004", "Sample Account 02"):
            alone = office.report(wanted, "--as-of", FEB, "--account", wanted)
            assert len(alone) == 1
            assert alone.items() <= then.items()


def test_a_report_after_the_sources_history_was_corrected(office: Office) -> None:
    """A row that was mended on the day itself, with all accounts as they were, is in the report."""
    office.run("score")
    mended = earlier(("S-001", date(2025, 11, 3), 75, 3), ("S-002", date(2025, 12, 1), 71.5, 2))
    write_xlsx(office.source, {"Accounts": accounts(3, 3, 5, 4), **beside("February", mended)})
    office.run("score")
    then = office.report("then")
    with moved_on(office):
        assert office.report("again", "--as-of", FEB) == then


def test_without_a_history_later_rows_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source with its own history gives the same report of a day when later rows join it."""
    office = Office(tmp_path, monkeypatch)
    office.use(load_preset("scorecard"))
    sheets = {"Accounts": accounts(3, 4), **beside("Some", OWN)}
    del sheets["Overrides"]
    write_xlsx(office.source, sheets)
    then = office.report("then", "--as-of", FEB, "--no-history")
    later = earlier(("S-001", date(2026, 2, 2), 1, 1), ("S-002", date(2026, 2, 9), 99, 5))
    write_xlsx(office.source, {**sheets, "Score history": [*sheets["Score history"], *later]})
    assert office.report("again", "--as-of", FEB, "--no-history") == then


def told(capsys: pytest.CaptureFixture[str], office: Office, *more: str) -> Any:
    capsys.readouterr()
    office.run("report", "-o", str(office.folder / "told"), "--json", *more)
    return json.loads(capsys.readouterr().out)


def test_the_models_version_is_told_apart(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Steps go from the score that was told, by version, then by behaviour, to today's."""
    office.run("score")
    office.on(NEXT)
    office.use(heavier())
    write_xlsx(office.source, {"Accounts": accounts(3, 3, 5, 5), **beside("Later", OWN)})
    document = told(capsys, office, "--account", "S-004")
    assert not document["history"]["reproduced"]
    change = document["reports"][0]["change"]
    # 4 4 3 4 4 of 5 under 30/20/20/15/15, then under 60/20/20/15/15.
    before, same = 76.0, 100 * (60 * 0.8 + 20 * 0.8 + 20 * 0.6 + 15 * 0.8 + 15 * 0.8) / 130
    assert (change["since"], change["score"], change["model"]) == (FEB, before, "scorecard 1.0")
    first, *others = change["steps"]
    assert (first["cause"], first["input"]) == ("version", None)
    assert first["points"] == pytest.approx(same - before)
    assert {s["cause"] for s in others} == {"behaviour"}
    total = sum(s["points"] for s in change["steps"])
    assert total == pytest.approx(100 * (130 - 20 * 0.2) / 130 - before)
    book = openpyxl.load_workbook(document["reports"][0]["file"])
    cells = [c.value for row in book["Why it changed"].iter_rows() for c in row if c.value]
    assert "Model version" in cells
    assert "scorecard 1.0 → scorecard 2.0" in cells


def test_a_reproduced_report_says_so(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """The last line, and --json, name the model of that day."""
    office.run("score")
    with moved_on(office):
        capsys.readouterr()
        office.report("again", "--as-of", FEB)
        shown = capsys.readouterr().out
        assert "As recorded for 2 Feb 2026 in" in shown
        assert "by scorecard 1.0." in shown
        document = told(capsys, office, "--as-of", FEB)
    assert document["history"]["reproduced"]
    assert document["model"] == "scorecard 1.0"


def test_a_model_that_is_named_is_used(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """`-m` of another name scores the source as it is; of the same name, the day as recorded."""
    office.run("score")
    with moved_on(office):
        other = told(capsys, office, "--as-of", FEB, "-m", "signals")
        assert not other["history"]["reproduced"]
        same = told(capsys, office, "--as-of", FEB, "-m", "scorecard")
        assert same["history"]["reproduced"]
