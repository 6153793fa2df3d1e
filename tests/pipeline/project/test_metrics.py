"""Each kind of rule, counted by hand on a few rows; and what SQL may not do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.metrics.rules import RuleAdapter
from pipeline.metrics.sentiment import make_sentiment, sentiment_value
from pipeline.metrics.sql import select_of
from pipeline.project.engine import Engine
from scoring.errors import DataError
from tests.pipeline.project.conftest import Read

SETTINGS = """
[source.tables.crm]
file = "crm.csv"
known_at = "always"
[source.tables.tickets]
file = "tickets.csv"
known_at = "opened"
known_later = { closed = ["rating"] }
[source.sheets.accounts]
table = "crm"
"""
CRM = "account_id,account\nA,Sample One\nB,Sample Two\nC,Sample Three\n"
# C is in the help desk since long, but quiet; B never was there.
TICKETS = """account_id,opened,closed,rating,priority,urgent,minutes,promised,text
A,2025-10-15,2025-10-16,2,low,false,50,60,Slow and terrible answer
A,2025-11-20,2025-11-21,3,low,false,50,60,It is fine
A,2026-01-05,2026-01-10,4,urgent,true,30,60,Great help thanks
A,2026-01-12,2026-01-13,5,urgent,false,80,60,I love it
A,2026-01-30,2026-02-03,1,low,true,20,60,This is horrible and broken
C,2025-08-01,2025-08-02,4,low,false,10,60,ok
"""


def value(read: Read, key: str, rule: str, *, model: str = "support") -> dict[str, object]:
    """What a rule gives each account on 31 January 2026."""
    settings = f"{SETTINGS}\n[metrics.{key}]\n{rule}\n"
    found = read(settings, {"crm.csv": CRM, "tickets.csv": TICKETS}, model=model)
    assert [p for p in found.problems if p.severity == "error"] == []
    column = found.accounts.set_index("account_id")[key]
    return {str(k): None if pd.isna(v) else v for k, v in column.items()}


@pytest.mark.parametrize(
    ("key", "rule", "expected"),
    [
        ("escalations_90d", 'kind = "count"\ndays = 90', {"A": 4, "B": None, "C": 0}),
        ("escalations_90d", 'kind = "count"\nnone = 0', {"A": 5, "B": 0, "C": 1}),
        ("escalations_90d", 'kind = "count"\ndays = 30\nwhere = { urgent = true }',
         {"A": 2, "B": None, "C": 0}),
        ("escalations_90d", 'kind = "count"\nwhere = { priority = ["urgent", "high"] }',
         {"A": 2, "B": None, "C": 0}),
        ("escalations_90d", 'kind = "count"\nwhere = { minutes = { above = 30, at_most = 80 } }',
         {"A": 3, "B": None, "C": 0}),
        ("escalations_90d", 'kind = "count"\nwhere = { closed = { empty = true } }',
         {"A": 1, "B": None, "C": 0}),
        ("escalations_90d", 'kind = "count"\nwhere = { text = { contains = "HELP" } }',
         {"A": 1, "B": None, "C": 0}),
        ("escalations_90d", 'kind = "count"\nwhere = { priority = { other_than = "low" } }',
         {"A": 2, "B": None, "C": 0}),
        ("features_used", 'kind = "distinct"\ncolumn = "priority"', {"A": 2, "B": None, "C": 1}),
        ("logins_per_week", 'kind = "active_days"\ndays = 28\nper = 7',
         {"A": 0.75, "B": None, "C": 0}),
        ("logins_per_week", 'kind = "sum"\ncolumn = "minutes"\ndays = 28\ntimes = 0.1',
         {"A": 13.0, "B": None, "C": 0}),
        ("csat", 'kind = "mean"\ncolumn = "rating"\ndate = "closed"\ndays = 90',
         {"A": 4, "B": None, "C": None}),
        ("csat", 'kind = "last"\ncolumn = "rating"', {"A": 5, "B": None, "C": 4}),
        ("days_since_activity", 'kind = "days_since"', {"A": 1, "B": None, "C": 183}),
        ("sla_compliance", 'kind = "share"\nmatching = { minutes = { at_most = 60 } }\ndays = 90',
         {"A": 0.75, "B": None, "C": None}),
        ("sla_compliance", 'kind = "ratio"\ncolumn = "minutes"\nover = "promised"\ndays = 28',
         {"A": pytest.approx(130 / 180), "B": None, "C": None}),
        ("ticket_trend_90d", 'kind = "trend"\ndays = 30', {"A": None, "B": None, "C": None}),
        ("ticket_trend_90d", 'kind = "trend"\ndays = 40\nat_least = 1',
         {"A": 2.0, "B": None, "C": 0.0}),
        ("ticket_trend_90d", 'kind = "trend"\ndays = 365', {"A": None, "B": None, "C": None}),
        ("usage_trend_month", 'kind = "trend"\ncolumn = "minutes"\nof = "mean"\ndays = 60',
         {"A": pytest.approx(130 / 3 / 50 - 1), "B": None, "C": None}),
        ("recontact_rate", 'kind = "recontact"\nclosed = "closed"\ndays = 90',
         {"A": 0.25, "B": None, "C": None}),
        ("recontact_rate", 'kind = "recontact"\nclosed = "closed"\ndays = 90\nwithin = 30',
         {"A": 0.5, "B": None, "C": None}),
        ("nps_index", 'kind = "nps"\ncolumn = "minutes"\ntimes = 0.5', None),
    ],
)  # fmt: skip
def test_counted(read: Read, key: str, rule: str, expected: dict[str, object] | None) -> None:
    """An account that the table knows and that did nothing has 0; one it never saw is missing."""
    found = value(read, key, f'table = "tickets"\n{rule}')
    assert found == (expected or {"A": 50.0, "B": None, "C": 50.0})


def test_a_value_has_the_date_of_its_newest_row(read: Read) -> None:
    """So that the model can refuse what is too old."""
    rule = 'kind = "mean"\ntable = "tickets"\ncolumn = "rating"\ndate = "closed"'
    settings = f"{SETTINGS}\n[metrics.csat]\n{rule}\n"
    accounts = read(settings, {"crm.csv": CRM, "tickets.csv": TICKETS}).accounts
    days = accounts.set_index("account_id")["csat_as_of"]
    assert days["A"] == pd.Timestamp(2026, 1, 13)
    assert days["C"] == pd.Timestamp(2025, 8, 2)


def test_sql_of_ones_own(read: Read) -> None:
    """A SELECT over the tables, with the day; what it lacks is told."""
    rule = "sql = \"select account_id, 'Done' as value from tickets where opened = :as_of - 1\""
    assert value(read, "qbr_completion", rule) == {"A": "Done", "B": None, "C": None}
    with pytest.raises(DataError, match=r"metrics.csat.sql gives no column value"):
        value(read, "csat", 'sql = "select account_id, 3 as rating from tickets"')
    twice = read(
        f'{SETTINGS}\n[metrics.csat]\nsql = "select account_id, rating as value from tickets"',
        {"crm.csv": CRM, "tickets.csv": TICKETS},
    )
    assert any("more than once" in p.message and p.value == "A" for p in twice.problems)


def test_large_changes_are_no_slip(read: Read) -> None:
    """A growth of 2,800 % is one, and not 28 typed without its sign."""
    rule = 'sql = "select account_id, 28.0 as value from crm"'
    assert value(read, "usage_trend_month", rule) == {"A": 28.0, "B": 28.0, "C": 28.0}


def test_mood_of_texts(read: Read) -> None:
    """Words of a state, points, or a scale; without network."""
    rule = 'kind = "sentiment"\ntable = "tickets"\ncolumn = "text"\ndays = 20'
    moods = value(read, "ticket_sentiment", rule, model="signals")
    assert moods == {"A": "Negative", "B": None, "C": None}
    better = rule.replace("days = 20", "days = 60\nwhere = { rating = { at_least = 4 } }")
    assert value(read, "ticket_sentiment", better, model="signals")["A"] == "Positive"
    words = ("Positive", "Neutral", "Negative")
    mood = make_sentiment()
    assert mood("I love it") > 0.5 > 0 > mood("This is horrible")
    assert sentiment_value(-0.4, words=words, low=None, high=None) == "Negative"
    assert sentiment_value(0.5, words=(), low=0, high=100) == 75
    assert sentiment_value(0.5, words=(), low=None, high=100) == 0.5


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('kind = "mean"\ntable = "tickets"\ncolumn = "rateing"',
         'csat.column: tickets has no column rateing. Did you mean "rating"'),
        ('kind = "count"\ntable = "tickets"\nwhere = { nope = 1 }', "where.nope: tickets has no"),
        ('kind = "mean"\ntable = "tickets"\ncolumn = "text"', "metrics.csat: .*avg"),
        ('kind = "count"\ntable = "crm"\ndays = 3', "needs date = "),
        ('sql = "select nope from tickets"', "metrics.csat: .*nope"),
        ('sql = "select 1 as account_id, 2 as value; drop table crm"', "is not one SELECT"),
        ('sql = "drop table tickets"', "metrics.csat|would not only read"),
        ('sql = "select * from read_csv(\'/etc/passwd\')"', "metrics.csat: .*disabled"),
        ('sql = "select * from \'tickets.csv\'"', "metrics.csat: .*disabled"),
        ('sql = "from read_text(\'healthsheet.toml\')"', "metrics.csat: .*disabled"),
        ('sql = "select account_id, today() as value from crm"', "asks for today.*:as_of"),
        ('sql = "select account_id, CURRENT_DATE as value from crm"', "asks for CURRENT_DATE"),
        ('sql = "select account_id, random() as value from crm"', "asks for random"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be(read: Read, rule: str, said: str) -> None:
    """The message names the rule, and repeats the engine's words; nothing outside is reached."""
    with pytest.raises(DataError, match=said) as caught:
        value(read, "csat", rule)
    assert "healthsheet.toml, metrics.csat" in str(caught.value) or "query" in str(caught.value)


@pytest.mark.parametrize("name", ['a" from x; drop table t; --', "a'b", "select", "ü ; --"])
def test_names_and_values_are_never_sql(name: str) -> None:
    """Whatever a column is called or compared with, it is a name or a value."""
    import pyarrow as pa

    engine = Engine(10)
    engine.add("t", pa.table({"account_id": ["A", "A"], name: [name, "other"]}))
    given = {"kind": "count", "table": "t", "where": {name: name}}
    rule = RuleAdapter.validate_python(given)
    sql = select_of(rule, account="account_id", known_at=None, as_of=date(2026, 1, 31))
    assert engine.select(sql, "rule").to_pylist() == [{"account_id": "A", "value": 1}]
    assert engine.columns("t") == ["account_id", name]


def test_endless_sql_is_stopped() -> None:
    """After the patience of the settings; memory and threads are limited, settings locked."""
    engine = Engine(1)
    endless = "select count(*) from range(10000000000) a, range(10) b"
    with pytest.raises(DataError, match="took longer than 1 s"):
        engine.select(endless, "rule")
    limits = "select current_setting('threads') as n, current_setting('lock_configuration') as l"
    assert engine.run(limits, "limits").to_pylist() == [{"n": 1, "l": True}]


def test_a_rule_that_the_model_does_not_ask_for(read: Read) -> None:
    """It is not run, and a note says so, with what it may have been meant to be."""
    settings = f'{SETTINGS}\n[metrics.cast]\nsql = "select nonsense"\n'
    (note,) = read(settings, {"crm.csv": CRM, "tickets.csv": TICKETS}).problems
    assert (note.severity, "no metric cast" in note.message) == ("note", True)
    assert "csat" in note.fix


def test_the_command_shows_rules(
    read: Read, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`healthsheet metrics` prints each rule's SQL; one that is not there is told."""
    from pipeline.cli import main

    rule = '[metrics.csat]\nkind = "mean"\ntable = "tickets"\ncolumn = "rating"\ndate = "closed"'
    read(f"{SETTINGS}\n{rule}", {"crm.csv": CRM, "tickets.csv": TICKETS})
    asked = ["metrics", str(tmp_path), "-m", "support", "--as-of", "2026-01-31"]
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert out.startswith("csat  CSAT (1–5), mean, 2 accounts\n    SELECT account_id")
    assert "1 metric is counted." in out
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"][0]["metric"] == "csat"
    assert main([*asked, "--metric", "cast"]) == 2
    assert 'Did you mean "csat"' in capsys.readouterr().err
    assert main(["metrics", str(tmp_path / "crm.csv")]) == 2
    assert "declares no source" in capsys.readouterr().err
