"""Triggers are data, each with its source."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from scoring.triggers import SEVERITIES, TRIGGERS, Trigger

each = pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda t: t.key)


def test_keys_are_unique() -> None:
    """No trigger stands twice."""
    assert len({t.key for t in TRIGGERS}) == len(TRIGGERS)


@each
def test_plain_data(trigger: Trigger) -> None:
    """A trigger survives the way to plain data and back, and cannot be changed."""
    adapter: TypeAdapter[Trigger] = TypeAdapter(Trigger)
    assert adapter.validate_json(adapter.dump_json(trigger)) == trigger
    with pytest.raises(ValidationError):
        setattr(trigger, "within_hours", 1)  # noqa: B010 - mypy would refuse it too


@each
def test_says_what_to_do(trigger: Trigger) -> None:
    """Action and source are given, and what no document says is called ours."""
    assert trigger.action.endswith(".")
    assert trigger.owner
    assert trigger.source[:4] in ("001 ", "003 ")


def test_one_event_has_one_most_severe_trigger() -> None:
    """Within a topic no two triggers that can fire together are as severe as each other."""
    topics: dict[str, list[str]] = {}
    for trigger in TRIGGERS:
        topics.setdefault(trigger.topic, []).append(trigger.severity)
    assert all(len(set(own)) == len(own) for own in topics.values())
    assert {s for own in topics.values() for s in own} == set(SEVERITIES)


@each
def test_the_name_follows_the_limits(trigger: Trigger) -> None:
    """A name states the trigger's own limits, so that one that is changed states the new one."""
    assert "{" not in trigger.title("Red")
    limits = {"score": 61, "points": 12, "days": 61, "low": 2.5, "high": 61, "share": 0.61}
    for key, value in limits.items():
        old = getattr(trigger, key, None)
        if old is None or "{" + key not in trigger.name:
            continue
        changed = trigger.model_copy(update={key: value}).title("Red")
        assert changed != trigger.title("Red")
        assert str(value).lstrip("0.") in changed


def test_names_as_they_stand() -> None:
    """The names of the documents' triggers are those that people know."""
    assert [t.title("Red") for t in TRIGGERS] == [
        "Dropped to Red", "Score below 60", "Dropped to Red",
        "Score fell by more than 15 in 7 days", "Score fell by 10 or more in 7 days",
        "Payment failed", "Stakeholder left", "CSAT below 3.0",
        "Score below 70, renewal within 90 days", "Usage below 40",
        "Tickets up by more than 50%", "No login for more than 14 days",
    ]  # fmt: skip
