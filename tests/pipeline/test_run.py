"""`healthsheet run`: all steps of a project, one run at a time, and what it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from pipeline.mail.recipients import declared
from pipeline.mail.way import way_of
from pipeline.run import Done, Step, alone, run_steps, steps_of
from scoring.errors import DataError
from tests.pipeline.alert_tables import TODAY, write_history
from tests.pipeline.portfolio_folder import ADA, HEAD
from tests.pipeline.test_delivery_webhook import SECRET, VARIABLE, serving

_NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
_DAY = ["--as-of", TODAY.isoformat()]
ROOT = Path(__file__).parents[2]


def project(folder: Path, text: str) -> Path:
    """A folder with accounts and settings."""
    folder.mkdir(exist_ok=True)
    write_history(folder / "accounts.xlsx")
    (folder / "healthsheet.toml").write_text(f'model = "four-dimension"\n{text}', encoding="utf-8")
    return folder


_ALL = """\
history = "history.db"
[run]
source = "accounts.xlsx"
workbook = "portfolio.xlsx"
alerts_file = "alerts.csv"
reports = "reports"
[mail]
from = "HealthSheet <health@example.com>"
via = "eml"
[[mail.recipient]]
to = "leader@example.com"
csm = ["Sample CSM 1", "Sample CSM 2"]
"""


@pytest.mark.slow
def test_everything_in_one_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Workbook, alerts, scorecards and mail are there, and the summary has a line for each."""
    folder = project(tmp_path / "p", _ALL)
    assert main(["run", str(folder), *_DAY]) == FINDINGS
    said = capsys.readouterr().out
    assert (folder / "portfolio.xlsx").is_file()
    assert "Payment failed" in (folder / "alerts.csv").read_text(encoding="utf-8")
    assert len(list((folder / "reports").glob("*.xlsx"))) == 4
    assert len(list((folder / "mail").glob("*leader@example.com*.eml"))) == 1
    summary = said.splitlines()[-5:]
    assert [line.split()[1] for line in summary[:4]] == ["refresh", "alerts", "reports", "mail"]
    assert "look at it" in summary[1]
    assert summary[4].startswith("4 of 4 steps done")


def test_a_step_that_fails_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are done; the status and the summary tell the failure with its next step."""
    text = '[run]\nsource = "accounts.xlsx"\nalerts_file = "none/alerts.csv"\nreports = "reports"'
    folder = project(tmp_path, text)
    (folder / "reports").write_text("in the way", encoding="utf-8")
    assert main(["run", str(folder), "--json", *_DAY]) == IMPOSSIBLE
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == IMPOSSIBLE
    assert [s["status"] for s in told["steps"]] == [IMPOSSIBLE, IMPOSSIBLE]
    assert all(s["line"] and not s["line"].startswith("healthsheet") for s in told["steps"])
    project(folder, text.replace("none/", ""))
    assert main(["run", str(folder), *_DAY]) == IMPOSSIBLE
    lines = capsys.readouterr().out.splitlines()[-3:]
    assert "look at it" in lines[0]
    assert "failed" in lines[1]
    assert "reports" in lines[1]
    assert lines[2].startswith("1 of 2 steps done")


def test_a_second_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While one works another does nothing and tells since when and which process."""
    folder = project(tmp_path, '[run]\nsource = "accounts.xlsx"\nalerts_file = "alerts.csv"')
    with alone(folder, _NOW):
        assert main(["run", str(folder)]) == IMPOSSIBLE
    told = capsys.readouterr().err
    assert f"since 2026-11-23T06:00:00+00:00, process {os.getpid()}" in told
    assert not (folder / "alerts.csv").exists()
    assert main(["run", str(folder), *_DAY]) == FINDINGS
    assert (folder / "alerts.csv").exists()


_KILLED = """\
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.run import alone
with alone(Path(sys.argv[1]), datetime(2026, 11, 23, 6, tzinfo=UTC)):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_bars_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its lock is void at once; the next run says that it did not end, the one after nothing."""
    folder = project(tmp_path, '[run]\nsource = "accounts.xlsx"\nalerts_file = "alerts.csv"')
    child = subprocess.Popen([sys.executable, "-c", _KILLED, str(folder)], cwd=ROOT)
    assert child.wait(60) == -signal.SIGKILL
    assert main(["run", str(folder), *_DAY]) == FINDINGS
    told = capsys.readouterr().err
    assert f"The run of 2026-11-23T06:00:00+00:00 (process {child.pid} on" in told
    assert "did not end" in told
    main(["run", str(folder), *_DAY])
    assert "did not end" not in capsys.readouterr().err


def test_alerts_are_sent_once_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second run of the day sends nothing; what could not be sent is sent by the next one."""
    folder = project(tmp_path, '[run]\nsource = "accounts.xlsx"\nalerts = ["slack"]')
    monkeypatch.delenv(VARIABLE, raising=False)
    assert main(["run", str(folder), *_DAY]) == IMPOSSIBLE
    assert f"{VARIABLE} is not set" in capsys.readouterr().out
    with serving() as service:
        monkeypatch.setenv(VARIABLE, service.url + SECRET)
        for _ in range(2):
            assert main(["run", str(folder), *_DAY]) == FINDINGS
    assert len(service.requests) == 1


def test_quiet_is_silent_when_all_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cron mails what is printed: nothing where nothing is to be looked at."""
    clean = project(tmp_path / "clean", 'history = "h.db"\n[run]\nsource = "accounts.csv"')
    (clean / "accounts.csv").write_text(HEAD + ADA, encoding="utf-8")
    assert main(["run", str(clean), "--quiet", *_DAY]) == DONE
    assert capsys.readouterr().out == ""
    folder = project(tmp_path / "p", '[run]\nsource = "accounts.xlsx"\nalerts = []')
    assert main(["run", str(folder / "healthsheet.toml"), "--quiet", *_DAY]) == FINDINGS
    assert "alerts since" in capsys.readouterr().out


def test_a_dry_run_prints_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line can be pasted; nothing is written."""
    folder = project(tmp_path, _ALL)
    before = sorted(folder.iterdir())
    assert main(["run", str(folder), "--dry-run"]) == DONE
    assert capsys.readouterr().out.splitlines() == [
        "healthsheet refresh portfolio.xlsx --from accounts.xlsx",
        "healthsheet alerts history.db -o alerts.csv",
        "healthsheet report accounts.xlsx -o reports",
        "healthsheet email portfolio.xlsx",
    ]
    assert sorted(folder.iterdir()) == before


_DATABASE = """\
[refresh]
from = "sqlite:///crm.db"
query = "q.sql"
[run]
workbook = "p.xlsx"
reports = "r"
"""


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ('history = "h.db"\n[run]\nsource = "a.csv"', ["score a.csv"]),
        (_DATABASE, ["refresh p.xlsx", "report sqlite:///crm.db --query q.sql -o r"]),
        ('[source]\n[run]\nreports = "r"\nmail = true', ["report . -o r", "email ."]),
        ('[mail]\n[run]\nsource = "a.csv"\nworkbook = "p.xlsx"\nmail = false',
         ["refresh p.xlsx --from a.csv"]),
    ],
)  # fmt: skip
def test_what_the_settings_ask_for(text: str, commands: list[str]) -> None:
    """Sources are taken from where they stand, and each step from its key."""
    steps = steps_of(tomllib.loads(text), "t.toml", TODAY, "")
    assert [" ".join(s.arguments) for s in steps] == commands


@pytest.mark.parametrize(
    ("last", "arguments"),
    [
        ("", ["--slack", "--teams"]),
        ("2026-11-23", []),
        ("2026-11-20", ["--since", "2026-11-21", "--slack", "--teams"]),
        ("2025-01-01", ["--since", "2026-10-23", "--slack", "--teams"]),
        ("no day", ["--slack", "--teams"]),
    ],
)
def test_alerts_go_on_where_the_last_ones_ended(last: str, arguments: list[str]) -> None:
    """From the day after those that were sent, at most a month back, and never of today again."""
    settings = {"run": {"source": "a.csv", "alerts": ["slack", "teams"]}}
    (step,) = steps_of(settings, "t.toml", TODAY, last)
    assert list(step.arguments) == ["alerts", "a.csv", *arguments]
    assert step.told == bool(arguments)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing says where the accounts are"),
        ('[run]\nsource = "a.csv"', "asks for nothing to run"),
        ("run = 3", "run is no section"),
        ('[run]\nsources = "a.csv"', "sources is not known.*source"),
        ('[run]\nsource = "a.csv"\nalerts = ["mail"]', r"run.alerts.*slack"),
        (
            '[run]\nsource = "a.csv"\nreports = true',
            r'run.reports: True. Write reports = "reports"',
        ),
        ('[run]\nsource = "a.csv"\nmail = "yes"', "run.mail: 'yes'. Write mail = true"),
    ],
)
def test_settings_that_cannot_be_used(text: str, told: str) -> None:
    """File, key and what to write."""
    with pytest.raises(DataError, match=f"t.toml.*{told}"):
        steps_of(tomllib.loads(text), "t.toml", date(2026, 11, 23), "")


def test_no_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without settings is told with what makes them."""
    assert main(["run", str(tmp_path)]) == IMPOSSIBLE
    assert "healthsheet init" in capsys.readouterr().err


def test_the_settings_of_init_show_the_sections(tmp_path: Path) -> None:
    """With their marks taken away, the lines for runs and mail are settings that work."""
    assert main(["init", str(tmp_path)]) == DONE
    path = tmp_path / "healthsheet.toml"
    text = path.read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {"model"}
    head, mark, tail = text.partition("# [run]\n")
    shown = re.sub(r"^# (?!What|Who)", "", mark + tail, flags=re.MULTILINE)
    settings = tomllib.loads(head + shown)
    steps = steps_of(settings, path.name, TODAY, "")
    assert [s.name for s in steps] == ["refresh", "alerts", "reports", "mail"]
    login = {"HEALTHSHEET_SMTP_USER": "a", "HEALTHSHEET_SMTP_PASSWORD": "b"}
    assert way_of(settings["mail"], path, login).name == "smtp"
    (recipient,) = declared(settings["mail"], path.name)
    assert (recipient.to, recipient.when) == ("leader@example.com", "weekly")


def test_an_interrupted_step_ends_the_run() -> None:
    """Who presses Ctrl+C means the whole run; what was done before is told."""
    steps = [Step(name, (name,)) for name in ("refresh", "alerts", "mail")]
    told: list[str] = []

    def call(step: Step) -> Done:
        return Done(step, 130 if step.name == "alerts" else 0, 0.1, "", "")

    done = run_steps(steps, call, lambda d: told.append(d.step.name))
    assert told == ["refresh", "alerts"]
    assert [d.status for d in done] == [0, 130]
