"""The lines of *Alerts* are what the command finds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pipeline.alerts.files import to_json
from pipeline.alerts.found import AccountAlert, alerts_of_history, alerts_of_source
from pipeline.alerts.view import alert_lines as told_lines
from pipeline.portfolio_alerts import LISTED_DAYS, alert_lines
from pipeline.sample import sample_inputs
from pipeline.sources import History, read_history, read_source
from scoring.presets import load_preset
from scoring.triggers import SEVERITIES, TRIGGERS
from tests.pipeline.alert_tables import TODAY, write_history
from tests.pipeline.tables import Rows, write_xlsx
from workbook_templates.portfolio.alerts import COLUMNS

MODEL, SCORECARD = load_preset("four-dimension"), load_preset("scorecard")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts of which every kind of alert fires."""
    return write_history(tmp_path_factory.mktemp("alerts") / "accounts.xlsx")


def newest(found: Sequence[AccountAlert]) -> list[AccountAlert]:
    """Of the command's alerts those that were not told again later."""
    told = {(a.alert.account, a.alert.trigger, a.told) for a in found}
    return [a for a in found if (a.alert.account, a.alert.trigger, a.alert.day) not in told]


def test_lines_are_the_alerts_of_the_command(source: Path) -> None:
    """What the command tells for the same days, in its order and words, what goes on once."""
    lines = alert_lines(read_source(source, MODEL, as_of=TODAY), MODEL, as_of=TODAY)
    since = TODAY - timedelta(days=LISTED_DAYS - 1)
    found = newest(alerts_of_source(source, MODEL, as_of=TODAY, since=since).found)
    assert len(lines) == len(found) > 5
    # What only triggers look at is read for the workbook, too.
    assert "Payment failed" in set(lines["trigger"])
    assert list(lines.columns) == list(COLUMNS)
    for (_, line), item in zip(lines.iterrows(), found, strict=True):
        assert (line["account_id"], line["trigger"]) == (item.alert.account, item.alert.name)
        assert line["evidence"] == item.alert.evidence
        assert line["due"].date() == item.alert.due
        assert line["owner"] == item.owner
        assert line["overdue"] == item.overdue
    ranks = [SEVERITIES.index(s) for s in lines["severity"]]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("preset", ["scorecard", "support"])
def test_years_of_history_tell_the_same(preset: str) -> None:
    """Rows that are too old to matter are left out, and not one line changes."""
    model = load_preset(preset)
    inputs = sample_inputs(model, as_of=TODAY, months=18)
    since = TODAY - timedelta(days=LISTED_DAYS - 1)
    whole = alerts_of_history(History(inputs, has_today=True), model, as_of=TODAY, since=since)
    lines = alert_lines(inputs, model, as_of=TODAY)
    expected = newest(whole.found)
    assert len(lines) == len(expected) > 10
    told = [None if pd.isna(day) else day.date() for day in lines["told"]]
    for row, day, item in zip(lines.to_dict("records"), told, expected, strict=True):
        assert (row["account_id"], row["trigger"], row["evidence"], day) == (
            item.alert.account, item.alert.name, item.alert.evidence, item.told
        )  # fmt: skip


def test_what_goes_on_is_one_line_with_its_first_day() -> None:
    """Usage that stays low for half a year: one line, the same next week, its days counted."""
    weeks = [date(2026, 5, 25) + timedelta(days=7 * k) for k in range(27)]
    inputs = sample_inputs(MODEL, as_of=TODAY, accounts=1)
    low = inputs.accounts.assign(usage=20.0)
    rows = [low.assign(date=pd.Timestamp(day), usage=20.0 if k else 90.0)
            for k, day in enumerate(weeks)]  # fmt: skip
    history = pd.concat(rows, ignore_index=True)[["account_id", "date", "usage"]]
    one = [t for t in TRIGGERS if t.key == "usage_below_40"]
    seen = []
    for day in (weeks[-2], weeks[-1]):
        past = history[history["date"] < pd.Timestamp(day)]
        now = replace(inputs, accounts=low, history=past)
        lines = alert_lines(now, MODEL, as_of=day, triggers=one)
        assert len(lines) == 1
        seen.append(lines.iloc[0])
    assert {row["first"].date() for row in seen} == {weeks[1]}
    assert [row["date"].date() for row in seen] == weeks[-2:]
    assert seen[1]["times"] == seen[0]["times"] + 1 > 20


def test_fewer_days_and_triggers(source: Path) -> None:
    """Only what fired on the last day, and only what is looked for."""
    inputs = read_history(source, MODEL).inputs
    today = alert_lines(inputs, MODEL, as_of=TODAY, days=1)
    assert set(today["date"]) == {pd.Timestamp(TODAY)}
    one = [t for t in TRIGGERS if t.key == "payment_failed"]
    lines = alert_lines(inputs, MODEL, as_of=TODAY, triggers=one)
    assert lines["trigger"].tolist() == ["Payment failed"]


def test_a_quiet_portfolio_has_typed_columns(source: Path) -> None:
    """Where nothing fires there are no lines, and dates are dates all the same."""
    lines = alert_lines(read_history(source, MODEL).inputs, MODEL, as_of=TODAY, triggers=[])
    assert lines.empty
    assert list(lines.columns) == list(COLUMNS)
    assert all(str(lines[key].dtype).startswith("datetime64") for key in ("date", "due", "told"))


def test_history_is_enough(source: Path) -> None:
    """What was read once tells the same as its source read again."""
    history = read_history(source, MODEL)
    again = alerts_of_history(history, MODEL, as_of=TODAY)
    assert again.found == alerts_of_source(source, MODEL, as_of=TODAY).found
    assert again.since == date(2026, 11, 17)


def test_a_holiday_dip_is_said_and_is_no_alert(tmp_path: Path) -> None:
    """The year before is looked up for what fell; both faces leave it out and name it."""
    names = [d.name for d in SCORECARD.dimensions]
    days = ("2025-11-17", "2025-11-24", "2026-11-16")
    past: Rows = [[account, day, *[rating] * 5] for account, fell in (("A1", 2), ("A2", 5))
            for day, rating in zip(days, (5, fell, 5), strict=True)]  # fmt: skip
    now: Rows = [[a, f"Sample {a}", *[2] * 5] for a in ("A1", "A2")]
    sheets: dict[str, Rows] = {
        "Accounts": [["Account ID", "Account", *names], *now],
        "Score history": [["Account ID", "Date", *names], *past],
    }
    path = write_xlsx(tmp_path / "accounts.xlsx", sheets)
    day = date(2026, 11, 23)
    lines = alert_lines(read_source(path, SCORECARD, as_of=day), SCORECARD, as_of=day)
    assert set(lines["account_id"]) == {"A2"}
    said = lines.attrs["usual"]
    assert said.startswith("1 fall is usual for the season and no alert: Sample A1 (")
    assert "a year before" in said
    found = alerts_of_source(path, SCORECARD, as_of=day)
    assert {a.alert.account for a in found.found} == {"A2"}
    assert {a.alert.account for a in found.usual} == {"A1"}
    told = "".join(
        text for line in told_lines(found, width=100, top=5, more="") for text, _ in line
    )
    assert said in told
    assert json.loads(to_json(found))["usual_for_season"][0]["account"] == "A1"
