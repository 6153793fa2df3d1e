"""Messages for Slack and Teams: what they say, within the limits, whatever names say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts import AccountAlert, Alerts
from pipeline.delivery.message import LISTED, compose, plain
from pipeline.delivery.slack import BLOCKS, TEXT, slack_payload
from pipeline.delivery.teams import BYTES, teams_payload
from scoring.alerts import Alert
from scoring.presets import load_preset
from scoring.triggers import TRIGGERS

DAY = date(2026, 11, 23)


def item(number: int, name: str, **more: Any) -> AccountAlert:
    """An alert of one of the triggers."""
    trigger = TRIGGERS[number * len(TRIGGERS) // 1_000 % len(TRIGGERS)]
    alert = Alert(f"A{number}", DAY, trigger.key, trigger.title("Red"), "71 → 58",
                  trigger.severity, "CSM", trigger.action, DAY, "amber", "red")  # fmt: skip
    facts = {"csm": name, "owner": name, "arr": 128_000.0, "currency": "USD", "tier": "red",
             "overdue": False}  # fmt: skip
    return AccountAlert(alert, name, **{**facts, **more})


def alerts(*found: AccountAlert, source: str = "accounts.xlsx") -> Alerts:
    return Alerts(found, load_preset("scorecard"), date(2026, 11, 17), DAY, DAY, True, (), True,
                  source, ())  # fmt: skip


def texts(payload: object) -> Iterator[str]:
    """Every text that a service shows."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from texts(value)


ONE = alerts(item(0, "Sample Account 12", overdue=True, owner="Executive"))


def test_slack() -> None:
    """Slack gets a headline, a section a trigger and where it comes from."""
    payload = slack_payload(ONE)
    assert payload["text"] == "1 alert, $128K: 1 critical; 1 overdue"
    assert [b["type"] for b in payload["blocks"]] == ["header", "section", "context"]
    assert payload["blocks"][1]["text"] == {
        "type": "mrkdwn",
        "text": "*Dropped to Red: 1 critical*\n"
        "Reach out as an executive and agree a retention plan.\n"
        "• *71 → 58* ■ Sample Account 12, $128K. Executive, due 23 Nov (overdue)",
        "verbatim": True,
    }
    tail = payload["blocks"][2]["elements"][0]["text"]
    assert tail == "accounts.xlsx, scorecard 1.0, 23 Nov 2026"


def test_teams() -> None:
    """Teams gets the same in an Adaptive Card, in runs that know no Markdown."""
    (attachment,) = teams_payload(ONE)["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert list(texts(card)) == [
        "1 alert, $128K: 1 critical; 1 overdue",
        "Dropped to Red: 1 critical",
        "  Reach out as an executive and agree a retention plan.",
        "71 → 58",
        "  ■ Sample Account 12, $128K. Executive, due 23 Nov (overdue)",
        "accounts.xlsx, scorecard 1.0, 23 Nov 2026",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<!here> & <@U123>", "&lt;!here&gt; &amp; &lt;@U123&gt;"),
        ("<https://x.example|Sample>", "&lt;https://x.example|Sample&gt;"),
        ("@channel @Here @everyone", "@\u2060channel @\u2060Here @\u2060everyone"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("one\n• two\u202e\u200bthree\x07", "one • twothree"),
    ],
)
def test_names_call_nobody_in_slack(name: str, shown: str) -> None:
    """A name that would mention, link or hide something is shown as it is typed."""
    text = slack_payload(alerts(item(0, name)))["blocks"][1]["text"]["text"]
    assert f"■ {shown}, $128K. {shown}, due" in text
    assert text.count("\n") == 2


def test_names_link_nowhere_in_teams() -> None:
    """Markdown in a name stays text: no block that reads Markdown holds one."""
    payload = teams_payload(alerts(item(0, "[Sample](https://x.example)"), source="*a*.xlsx"))
    assert "TextBlock" not in json.dumps(payload).replace("RichTextBlock", "")
    assert any("[Sample](https://x.example)" in text for text in texts(payload))


def test_more_than_anybody_reads() -> None:
    """Of many alerts the worst are listed, the counts are of all, and the message says so."""
    many = alerts(*(item(n, f"Sample Account {n}") for n in range(1_000)))
    message = compose(many)
    assert sum(len(s.lines) for s in message.sections) == LISTED
    assert message.sections[0].title == "Dropped to Red: 84 critical"
    assert message.headline.startswith("1,000 alerts, $128.00M: 84 critical")
    assert message.more == "970 more are not listed here; healthsheet alerts --all lists them."
    assert any(message.more in text for text in texts(slack_payload(many)))
    assert any(message.more in text for text in texts(teams_payload(many)))


@given(st.lists(st.text(max_size=300), min_size=1, max_size=60), st.integers(1, 400))
def test_limits(names: list[str], step: int) -> None:
    """Whatever accounts and owners are called, a message stays within both services' limits."""
    found = [item(n * step, name) for n, name in enumerate(names)]
    found = [replace(a, alert=replace(a.alert, evidence=a.name or "x")) for a in found]
    _within(alerts(*found, source=names[0] * 9))


@pytest.mark.parametrize("letter", ["&", "€", "@channel ", "𝄞", "<"])
def test_longest_texts(letter: str) -> None:
    """The letters that take the most room fit as well; Teams then lists fewer alerts."""
    name = letter * 300
    found = [item(n * 12, name, owner=name) for n in range(80)]
    found = [replace(a, alert=replace(a.alert, evidence=name)) for a in found]
    _within(alerts(*found, source=name))
    listed = json.dumps(teams_payload(alerts(*found)), ensure_ascii=False)
    assert "more are not listed here" in listed


def _within(told: Alerts) -> None:
    slack = slack_payload(told)
    assert len(slack["blocks"]) <= BLOCKS
    assert all(0 < len(text) <= TEXT for text in texts(slack["blocks"]))
    assert len(slack["blocks"][0]["text"]["text"]) <= 150
    assert len(json.dumps(teams_payload(told), ensure_ascii=False).encode()) <= BYTES


def test_plain() -> None:
    """Text is cut to its length, and joiners that some scripts need stay."""
    assert plain("a" * 9, 5) == "aaaa…"
    assert plain("a" * 5, 5) == "aaaaa"
    assert plain("नि\u200dक", 9) == "नि\u200dक"
