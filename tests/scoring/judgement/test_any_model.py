"""Sentences for any valid model: odd names, odd scales, any policy for missing data."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings

from scoring.account_facts import gather
from scoring.inputs import Inputs
from scoring.judgement.assessment import LETTERS as ASSESSMENT
from scoring.judgement.judge import judge
from scoring.judgement.summary import LETTERS
from scoring.model import ScoreModel
from tests.scoring.rows import AS_OF, day, scored_cases


@settings(max_examples=40)
@given(scored_cases())
def test_every_account_of_every_model_is_told(
    case: tuple[ScoreModel, list[dict[str, Any]]],
) -> None:
    """Whole sentences that fit their cells, with a history and without, and never a NaN."""
    model, records = case
    rows = [{"account_id": f"A{i}", **r} for i, r in enumerate(records)]
    past = [{**row, "date": day(30)} for row in rows[::2]]
    inputs = Inputs(pd.DataFrame(rows), {}, pd.DataFrame(past), source="test")
    for f in gather(inputs, model, as_of=AS_OF):
        found = judge(f)
        assert 0 < len(found.summary) <= LETTERS
        assert set(found.assessments) == {d.key for d in model.dimensions}
        for text in (found.summary, *found.assessments.values()):
            assert text.endswith((".", "…"))
            assert "nan" not in text.split()
            assert "None " not in text or "None of its" in text
            assert "  " not in text
        assert all(len(text) <= ASSESSMENT for text in found.assessments.values())
