"""The tables of docs/risks.md are those of the library, and every fact is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scoring.judgement.facts import concepts
from scoring.judgement.library import load_library
from scoring.judgement.library_page import FACTS, fact_table, positive_table, risk_table
from scoring.judgement.wording import PARTS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "risks.md"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("risks", risk_table(load_library())),
        ("positives", positive_table(load_library())),
        ("facts", fact_table()),
    ],
)
def test_generated_tables_are_current(name: str, table: str) -> None:
    """Between its markers the page holds what the data give."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", text, re.DOTALL)
    assert found, f"docs/risks.md lacks the markers {name}:begin and {name}:end"
    assert found[1] == table


def test_every_fact_is_explained() -> None:
    """No fact without a word about it, and none that is not there."""
    assert set(FACTS) == set(concepts())


def test_every_part_of_a_wording_is_named() -> None:
    """What may stand after the dot."""
    text = PAGE.read_text(encoding="utf-8")
    assert [part for part in PARTS[1:] if f"`{part}`" not in text] == []
