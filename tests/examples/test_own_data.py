"""The example for people's own tables: every count checked by hand on a few rows."""

from __future__ import annotations

import importlib.util
import json
import shutil
from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from pipeline.cli import main
from pipeline.model_choice import choose_model
from pipeline.model_files import load_model
from pipeline.scored import Scored, score_source
from scoring.presets import load_preset

FOLDER = Path(__file__).parents[2] / "examples" / "own_data"
AS_OF = date(2026, 6, 30)

ACCOUNTS = """account_id,account_name,country,signup_date,plan_tier,churn_flag
A-1,Sample One,US,01-03-2025,Basic,TRUE
A-2,Sample Two,DE,15-05-2026,Pro,FALSE
A-3,Sample Three,US,01-01-2025,Pro,FALSE
A-4,Sample Four,US,01-02-2025,Pro,FALSE
A-5,Sample Five,US,01-07-2026,Pro,FALSE
"""
SUBSCRIPTIONS = """\
subscription_id,account_id,start_date,end_date,plan_tier,seats,arr_amount,\
is_trial,billing_frequency
S-11,A-1,01-03-2025,,Basic,5,10000,FALSE,annual
S-12,A-1,10-09-2025,15-07-2026,Enterprise,20,50000,FALSE,annual
S-13,A-1,01-04-2026,,Pro,3,7000,TRUE,monthly
S-14,A-1,01-05-2025,31-12-2025,Pro,3,20000,FALSE,monthly
S-21,A-2,15-05-2026,,Pro,8,9600,FALSE,monthly
S-31,A-3,01-01-2025,,Pro,8,9600,FALSE,monthly
S-41,A-4,01-02-2025,30-06-2026,Pro,8,9600,FALSE,monthly
S-51,A-5,01-07-2026,,Pro,8,9600,FALSE,monthly
"""
USAGE = """usage_id,subscription_id,usage_date,feature_name,usage_count
U-1,S-11,28-06-2026,export,10
U-2,S-12,28-06-2026,alerts,4
U-3,S-12,10-06-2026,export,6
U-4,S-11,20-05-2026,forms,10
U-5,S-11,15-02-2026,forms,8
U-6,S-11,01-07-2026,search,99
U-7,S-11,01-02-2025,search,99
"""
TICKETS = """\
ticket_id,account_id,submitted_at,closed_at,priority,first_response_time_minutes,\
satisfaction_score,escalation_flag
T-1,A-1,01-06-2026,03-06-2026 09:00,urgent,45,4,FALSE
T-2,A-1,08-06-2026,10-06-2026 10:00,high,121,,TRUE
T-3,A-1,25-06-2026,30-06-2026 18:00,low,240,3,FALSE
T-4,A-1,29-06-2026,02-07-2026 08:00,urgent,10,5,FALSE
T-5,A-1,01-03-2026,02-03-2026 08:00,low,10,1,FALSE
T-6,A-2,28-06-2026,05-07-2026 08:00,medium,10,1,FALSE
"""
CHURN = """churn_event_id,account_id,churn_date
C-1,A-1,15-08-2025
C-2,A-3,31-05-2026
C-3,A-2,15-07-2026
"""


SURVEYS = """survey_id,account_id,answered_at,answer,comment
Q-1,A-1,01-02-2026,10,Great
Q-2,A-1,15-03-2026,9,Good
Q-3,A-1,20-06-2026,3,Slow
Q-4,A-1,01-07-2026,0,Awful
"""
TEXTS = {"accounts": ACCOUNTS, "subscriptions": SUBSCRIPTIONS, "feature_usage": USAGE,
         "support_tickets": TICKETS, "churn_events": CHURN, "surveys": SURVEYS}  # fmt: skip
SETTINGS = ("healthsheet.toml", "contracts.sql", "model.toml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example's settings beside a few rows whose counts anybody can check."""
    folder = tmp_path / "shop"
    (folder / "tables").mkdir(parents=True)
    for name in SETTINGS:
        shutil.copy(FOLDER / name, folder)
    for name, text in TEXTS.items():
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return folder


def score(project: Path, day: date = AS_OF) -> Scored:
    return score_source(project, choose_model(None, project), as_of=day)


def rows(project: Path, day: date = AS_OF) -> pd.DataFrame:
    return score(project, day).inputs.accounts.set_index("account_id")


def test_only_customers_of_the_day(project: Path) -> None:
    """Who churned, ended that day or began later is out; who came back or leaves later is in."""
    assert list(rows(project).index) == ["A-1", "A-2"]


def test_contract(project: Path) -> None:
    """ARR and seats of running subscriptions; the trial and the ended one do not count."""
    found = rows(project)
    one, two = found.loc["A-1"], found.loc["A-2"]
    assert (one["arr"], one["seats_licensed"], one["currency"]) == (60000, 25, "USD")
    assert (one["segment"], one["region"]) == ("enterprise", "US")
    assert one["start_date"] == pd.Timestamp(2025, 3, 1)
    assert one["renewal_date"] == pd.Timestamp(2026, 9, 10)  # not the later 1 March
    # A year before: 10,000 and the 20,000 that ended since. 60,000 is more.
    assert (one["expansion_history"], two["expansion_history"]) == ("Grew", None)
    assert two["segment"] == "mid_market"
    assert two[["renewal_date"]].isna().all()


def test_usage(project: Path) -> None:
    """Usage of all subscriptions of the account, neither later nor before it signed up."""
    found = rows(project)
    one, two = found.loc["A-1"], found.loc["A-2"]
    assert (one["last_activity_date"], one["features_used"]) == (pd.Timestamp(2026, 6, 28), 3)
    assert one["logins_per_week"] == 2 / 4
    assert one["usage_trend_month"] == 1.0  # 20 after 10
    columns = ["last_activity_date", "features_used", "logins_per_week", "usage_trend_month"]
    assert two[columns].isna().all()


def test_tickets(project: Path) -> None:
    """What was open, rated and escalated on the day; closing and rating after it are unknown."""
    found = rows(project)
    one, two = found.loc["A-1"], found.loc["A-2"]
    assert (one["csat"], one["csat_as_of"]) == (3.5, pd.Timestamp(2026, 6, 30))  # 4 and 3
    assert one["recontact_rate"] == 1 / 4  # the second, five days after the first closed
    assert one["sla_compliance"] == 3 / 4  # 121 minutes are late for "high"
    assert (one["escalations_90d"], one["open_tickets"], one["open_p1"]) == (1, 1, 1)
    assert (two["open_tickets"], two["open_p1"]) == (1, 0)
    assert two[["csat"]].isna().all()
    # The help desk's first ticket is of March: there are no 180 days to compare.
    assert pd.isna(one["ticket_trend_90d"])


def test_survey(project: Path) -> None:
    """Two promoters and one detractor are 33 %; tomorrow's answer is not there."""
    found = rows(project).loc["A-1"]
    assert found["nps_index"] == pytest.approx(100 / 3)
    assert found["nps_index_as_of"] == pd.Timestamp(2026, 6, 20)


def test_scores_without_problems(project: Path) -> None:
    """The tables score as they are; an account without usage and ratings shows too little."""
    scored = score(project)
    assert scored.problems == ()
    assert scored.scores.status.tolist() == ["Scored", "Insufficient data"]


def test_model_is_support_with_fewer_metrics() -> None:
    """What the example's model keeps, it keeps unchanged."""
    own, support = load_model(str(FOLDER / "model.toml")), load_preset("support")
    kept = {m.key for m in own.metrics}
    assert own.metrics == tuple(m for m in support.metrics if m.key in kept)
    assert (own.tiers, own.min_coverage) == (support.tiers, support.min_coverage)


def test_every_rule_is_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`healthsheet metrics` tells each metric's SQL and how many accounts have a value."""
    assert main(["metrics", str(project), "--as-of", "2026-06-30", "--json"]) == 0
    told = {m["metric"]: m for m in json.loads(capsys.readouterr().out)["metrics"]}
    assert told["csat"]["accounts"] == 1
    assert "avg(x)" in told["csat"]["sql"]
    assert "DATE '2026-06-30'" in told["sla_compliance"]["sql"]


@pytest.fixture(scope="module")
def sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample", FOLDER / "sample_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_from_tables_to_a_scorecard(
    sample: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example as its page tells it: tables, monthly snapshots, scores, a scorecard."""
    folder = tmp_path / "shop"
    assert sample.main([str(folder)]) == 0
    day = ["--as-of", "2026-06-30"]
    built = ["history", "build", str(folder), "--from", "2026-03-31", "--to", "2026-06-30"]
    assert main(built) == 0
    assert "Built 4 snapshots" in capsys.readouterr().out
    assert main(built) == 0
    assert "Built 0 snapshots" in capsys.readouterr().out
    assert main(["score", str(folder), *day, "--json"]) == 0
    accounts = json.loads(capsys.readouterr().out)["accounts"]
    assert len(accounts) == 21
    worst = min(accounts, key=lambda a: a["score"])["account_id"]
    out = tmp_path / "reports"
    assert main(["report", str(folder), "-o", str(out), "--account", worst, *day]) == 0
    assert [p.suffix for p in out.iterdir()] == [".xlsx"]
    assert sample.main([str(folder)]) == 2  # not over what stands there


def test_readme_names_the_columns_that_are_read() -> None:
    """Every column of the README's table stands in the settings or the query."""
    code = "".join((FOLDER / name).read_text() for name in SETTINGS[:2])
    table = [r for r in (FOLDER / "README.md").read_text().splitlines() if r.startswith("| `")]
    assert len(table) == len(TEXTS)
    for row in table:
        for column in row.split("|")[2].split(","):
            assert column.strip() in code
