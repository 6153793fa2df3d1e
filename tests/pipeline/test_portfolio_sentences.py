"""The portfolio's sentences reach programs with their numbers."""

from __future__ import annotations

import json

from pipeline.portfolio_data import to_do_data
from tests.workbook_templates.portfolio import samples


def test_sentences_are_plain_data_with_their_figures() -> None:
    """Each has kind and text, and each number its exact value and where it stands."""
    p = samples.demo(count=3)
    told = json.loads(json.dumps(to_do_data(p), allow_nan=False))["summary"]
    assert [s["text"] for s in told] == [s.text for s in p.sentences]
    first = told[0]
    assert first["kind"] == "standing"
    accounts = next(x for x in first["figures"] if x["key"] == "accounts")
    assert accounts == {
        "key": "accounts", "text": "3", "value": 3.0, "source": "summary_tier_table",
    }  # fmt: skip
    assert all(x["text"] in s["text"] or x["text"].lower() in s["text"].lower()
               for s in told for x in s["figures"])  # fmt: skip
