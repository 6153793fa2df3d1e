"""The lines of *Alerts* are what the command finds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pipeline.alerts.found import alerts_of_history, alerts_of_source
from pipeline.portfolio_alerts import LISTED_DAYS, alert_lines
from pipeline.sample import sample_inputs
from pipeline.sources import History, read_history, read_source
from scoring.presets import load_preset
from scoring.triggers import SEVERITIES, TRIGGERS
from tests.pipeline.alert_tables import TODAY, write_history
from workbook_templates.portfolio.alerts import COLUMNS

MODEL = load_preset("four-dimension")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts of which every kind of alert fires."""
    return write_history(tmp_path_factory.mktemp("alerts") / "accounts.xlsx")


def test_lines_are_the_alerts_of_the_command(source: Path) -> None:
    """As many lines as the command tells for the same days, in its order, with its words."""
    lines = alert_lines(read_source(source, MODEL, as_of=TODAY), MODEL, as_of=TODAY)
    since = TODAY - timedelta(days=LISTED_DAYS - 1)
    found = alerts_of_source(source, MODEL, as_of=TODAY, since=since).found
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
    assert len(lines) == len(whole.found) > 10
    told = [None if pd.isna(day) else day.date() for day in lines["told"]]
    for row, day, item in zip(lines.to_dict("records"), told, whole.found, strict=True):
        assert (row["account_id"], row["trigger"], row["evidence"], day) == (
            item.alert.account, item.alert.name, item.alert.evidence, item.told
        )  # fmt: skip


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
