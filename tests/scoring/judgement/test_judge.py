"""A judgement holds together, and is plain data."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace

from scoring.judgement.data import judgement_data
from scoring.judgement.judge import judge
from scoring.judgement.records import Judgement
from tests.scoring.judgement import acme
from tests.scoring.judgement.crowd import PRESETS, crowd


def test_every_account_of_every_preset_is_judged() -> None:
    """Odd names, no data, overrides: each has all parts, as JSON without NaN."""
    for preset in PRESETS:
        for f in crowd(preset, 40):
            found = judge(f)
            data = json.loads(json.dumps(judgement_data(found), allow_nan=False))
            assert set(data) == {x.name for x in fields(Judgement)}
            assert set(data["assessments"]) == {d.key for d in f.model.dimensions}
            assert data["summary"].strip()
            assert (data["goal"] is None) == math.isnan(f.total)
            shares = [s["probability"] for s in data["outlook"]["scenarios"]]
            assert not shares or math.isclose(sum(shares), 1.0)


def test_the_documents_account_has_all_parts() -> None:
    """002's example: risks with evidence, actions with owner and day, a goal, steps."""
    found = judge(acme.account())
    assert found.risks
    assert all(r.evidence for r in found.risks)
    assert found.actions
    assert all(a.owner and a.due for a in found.actions)
    assert found.goal is not None
    assert found.goal.reached >= found.goal.target
    assert found.strategy


def test_what_is_not_known_is_null() -> None:
    """NaN and missing days become null, days ISO texts; what only we read is left out."""
    found = judge(acme.account(arr=None))
    data = judgement_data(replace(found, outlook=replace(found.outlook, expected=math.nan)))
    assert data["outlook"]["expected"] is None
    assert data["risks"][0]["arr"] is None
    assert data["actions"][0]["due"] == found.actions[0].due.isoformat()  # type: ignore[union-attr]
    assert "given" not in data["actions"][0]


def test_twice_the_same() -> None:
    """Nothing in it is random."""
    f = acme.account()
    assert judgement_data(judge(f)) == judgement_data(judge(f))
