"""The example for people's own tables: every count checked by hand on a few rows."""

from __future__ import annotations

import csv
import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.model_files import load_model
from pipeline.scored import score_source
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


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("own_data", FOLDER / "build_accounts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    texts = {"accounts": ACCOUNTS, "subscriptions": SUBSCRIPTIONS, "feature_usage": USAGE,
             "support_tickets": TICKETS, "churn_events": CHURN}  # fmt: skip
    for name, text in texts.items():
        (folder / f"saas_{name}.csv").write_text(text, encoding="utf-8-sig")
    return folder


@pytest.fixture
def built(example: ModuleType, tables: Path, tmp_path: Path) -> Path:
    out = tmp_path / "accounts.csv"
    assert example.main([str(tables), "--as-of", AS_OF.isoformat(), "-o", str(out)]) == 0
    return out


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["account_id"]: row for row in csv.DictReader(lines)}


def test_only_customers_of_the_day(built: Path) -> None:
    """Who churned, ended that day or began later is out; who came back or leaves later is in."""
    assert set(rows(built)) == {"A-1", "A-2"}


def test_contract(built: Path) -> None:
    """ARR and seats of running subscriptions; the trial and the ended one do not count."""
    one, two = rows(built)["A-1"], rows(built)["A-2"]
    assert (float(one["arr"]), float(one["seats_licensed"])) == (60000, 25)
    assert (one["segment"], one["region"], one["start_date"]) == ("enterprise", "US", "2025-03-01")
    assert one["renewal_date"] == "2026-09-10"  # the next of 10 September and 1 March
    # A year before: 10,000 and the 20,000 that ended since. 60,000 is twice as much.
    assert (one["arr_growth"], one["expansion_history"]) == ("100.0%", "Grew")
    assert one["expansions_12m"] == "1"
    assert (two["segment"], two["renewal_date"], two["arr_growth"]) == ("mid_market", "", "")
    assert (two["expansion_history"], two["expansions_12m"]) == ("", "0")


def test_usage(built: Path) -> None:
    """Usage of all subscriptions of the account, neither later nor before it signed up."""
    one, two = rows(built)["A-1"], rows(built)["A-2"]
    assert (one["last_activity_date"], one["features_used"]) == ("2026-06-28", "3")
    assert one["features_available"] == "4"  # search was seen before; today's users lack it
    assert float(one["logins_per_week"]) == 2 / 4
    assert one["usage_trend_month"] == "100.0%"  # 20 after 10
    assert one["usage_trend_quarter"] == "275.0%"  # 30 after 8
    assert (two["last_activity_date"], two["logins_per_week"]) == ("", "")
    assert two["usage_trend_month"] == ""


def test_tickets(built: Path) -> None:
    """What was open, rated and escalated on the day; closing and rating after it are unknown."""
    one, two = rows(built)["A-1"], rows(built)["A-2"]
    assert (float(one["csat"]), one["csat_as_of"]) == (3.5, "2026-06-30")  # 4 and 3
    assert one["ticket_trend_90d"] == "300.0%"  # 4 after 1
    assert float(one["recontact_rate"]) == 1 / 4  # the second, five days after the first closed
    assert float(one["sla_compliance"]) == 3 / 4  # 121 minutes are late for "high"
    assert one["escalations_90d"] == "1"
    assert [one[k] for k in ("open_tickets", "open_p1", "open_p2", "open_p3")] == [*"1100"]
    assert (two["csat"], two["open_p3"], two["ticket_trend_90d"]) == ("", "1", "100.0%")


def test_scores_without_problems(built: Path) -> None:
    """The file scores as it is, under the example's own model and under presets."""
    for spec in (str(FOLDER / "model.toml"), "support", "four-dimension"):
        scored = score_source(built, load_model(spec), as_of=AS_OF)
        assert [p for p in scored.problems if p.severity == "error"] == []
        assert scored.accounts["csat"].iloc[0] == 3.5
    # An account without usage and ratings shows too little of the weight for a score.
    scored = score_source(built, load_model(str(FOLDER / "model.toml")), as_of=AS_OF)
    assert scored.scores.coverage[0] == pytest.approx(1.0)
    assert scored.scores.status.tolist() == ["Scored", "Insufficient data"]


def test_model_is_support_with_fewer_metrics() -> None:
    """What the example's model keeps, it keeps unchanged."""
    own, support = load_model(str(FOLDER / "model.toml")), load_preset("support")
    kept = {m.key for m in own.metrics}
    assert own.metrics == tuple(m for m in support.metrics if m.key in kept)
    assert (own.tiers, own.min_coverage) == (support.tiers, support.min_coverage)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("saas_churn_events.csv", "", "churn_events.csv has no column account_id, churn_date."),
        ("saas_accounts.csv", "account_id,signup_date\nA-1,31-02-2025\n", "accounts.csv, line 2: "),
        ("saas_accounts.csv", "account_id,signup_date\nA-1\n", "line 2: 1 values, 2 headers."),
        ("other_churn.csv", "account_id,churn_date\n", "one CSV file with “churn” in its name"),
    ],
)
def test_messages(
    example: ModuleType, tables: Path, capsys: pytest.CaptureFixture[str],
    name: str, text: str, message: str,
) -> None:  # fmt: skip
    """A file that cannot be used is named, with its line; status 2."""
    (tables / name).write_text(text, encoding="utf-8")
    assert example.main([str(tables), "--as-of", "2026-06-30"]) == 2
    assert message in capsys.readouterr().err


def test_readme_names_the_columns_the_query_reads() -> None:
    """Every column of the README's table stands in the query or in the loader."""
    code = (FOLDER / "accounts.sql").read_text() + (FOLDER / "build_accounts.py").read_text()
    table = [r for r in (FOLDER / "README.md").read_text().splitlines() if r.startswith("| `")]
    assert len(table) == 5
    for row in table:
        for column in row.split("|")[2].split(","):
            assert column.strip() in code
