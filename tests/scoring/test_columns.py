"""Header rows matched to columns."""

from __future__ import annotations

import pytest

from scoring.columns import (
    account_columns,
    fact_columns,
    history_columns,
    match_headers,
    normalise,
)
from scoring.presets import load_preset, preset_names


@pytest.mark.parametrize(
    ("headers", "keys", "repeated"),
    [
        (["Account"], ["account_name"], {}),
        (["Account", "Account name"], ["account_id", "account_name"], {}),
        (["Customer", "account"], ["account_name", "account_id"], {}),
        (["Account ID", "ACCOUNT"], ["account_id", "account_name"], {}),
        (["Account", "account "], ["account_name"], {1: 0}),
        (["Tier", "Segment"], ["segment"], {1: 0}),
    ],
)
def test_headers_that_can_mean_two_things(
    headers: list[str], keys: list[str], repeated: dict[int, int]
) -> None:
    """A header takes the meaning that the other headers leave; a second of its kind is named."""
    matched, unknown, again = match_headers(headers, account_columns(load_preset("scorecard")))
    assert ([c.key for c in matched.values()], unknown, again) == (keys, [], repeated)


@pytest.mark.parametrize("preset", preset_names())
def test_own_headers_always_mean_themselves(preset: str) -> None:
    """The headers that the product writes are read back as the same columns."""
    columns = account_columns(load_preset(preset))
    matched, unknown, repeated = match_headers([c.name for c in columns], columns)
    assert (list(matched.values()), unknown, repeated) == (list(columns), [], {})


@pytest.mark.parametrize("name", preset_names())
def test_facts_take_no_header_from_a_model(name: str) -> None:
    """What triggers look for besides the model's columns has headers of its own."""
    model = load_preset(name)
    known, facts = history_columns(model), fact_columns(model)
    assert not {c.key for c in known} & {c.key for c in facts}
    taken = {normalise(t) for c in known for t in (c.name, c.key, *c.aliases)}
    assert not taken & {normalise(t) for c in facts for t in (c.name, *c.aliases)}
    assert {"tickets", "payment_failed", "stakeholder_left"} <= {c.key for c in facts}
