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
