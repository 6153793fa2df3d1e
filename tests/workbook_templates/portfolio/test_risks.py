"""*Risks*, *Risk library* and *Plays* of the portfolio as people see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.judgement.library import load_library
from scoring.judgement.risks_many import no_risks
from scoring.presets import load_preset
from workbook_templates.portfolio import library, risks
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.sheets import portfolio_tables

DAY = date(2026, 11, 23)
MODEL = load_preset("scorecard")


@pytest.fixture(scope="module")
def sample() -> Portfolio:
    """Thirty sample accounts."""
    inputs = sample_inputs(MODEL, as_of=DAY, accounts=30)
    return portfolio_of(score_inputs(inputs, MODEL, as_of=DAY))


def test_a_row_a_risk_with_what_answers_it(sample: Portfolio) -> None:
    """Each row has every cell of its Table; severity and risk are words, ARR a number."""
    filling = risks.fill(sample)
    rows = filling.tables[risks.TABLE]
    assert isinstance(rows, list)
    spec = portfolio_tables(MODEL)[risks.TABLE]
    assert len(rows) == sample.risks.total
    for row in rows:
        assert set(row) == {c.key for c in spec.columns}
        assert row["severity"] in ("High", "Medium", "Low")
        assert row["risk"]
        assert row["evidence"]
        assert row["status"] == "Open"
    assert [row["key"] for row in rows if not row["play"]] == [
        row["key"] for row in rows if str(row["key"]).startswith("typed: ")
    ]


def test_cards_and_title_agree_with_the_rows(sample: Portfolio) -> None:
    """What the formulas count is what fill writes."""
    values = risks.fill(sample).values
    rows = sample.risks.rows
    assert values["risks_sum_all"] == values["risks_sum_open"] == len(rows)
    assert values["risks_sum_accounts"] == rows["account_id"].nunique()
    for word in ("High", "Medium"):
        assert values[f"risks_sum_{word.casefold()}"] == int((rows["severity"] == word).sum())
    assert values["risks_sum_low"] == sample.risks.low > 0
    assert f"{sample.risks.low} low ones on scorecards only" in str(values["risks_note"])
    high = rows[rows["severity"] == "High"].drop_duplicates("account_id")
    assert str(values["risks_title"]).startswith(f"{len(high)} accounts with a high risk: $")
    known = high.loc[high["currency"] == "USD", "arr"].sum()
    assert sample.risks.high_arr == pytest.approx(known)
    own = rows[rows["currency"] == "USD"].drop_duplicates("account_id")
    assert values["risks_sum_arr"] == pytest.approx(own["arr"].sum())


def test_kinds_are_the_ten_with_most_arr(sample: Portfolio) -> None:
    """Name, accounts, high ones, ARR and the share of all accounts."""
    values = risks.fill(sample).values
    names, figures = values["risks_kinds_names"], values["risks_kinds"]
    assert isinstance(names, list)
    assert isinstance(figures, list)
    assert len(names) == len(figures) == risks.KINDS
    first = sample.risks.kinds.iloc[0]
    assert names[0] == [first["name"]]
    assert figures[0] == [first["accounts"], first["high"], first["arr"], first["accounts"] / 30]


def test_none_is_said() -> None:
    """An empty list says so, and so does a portfolio without accounts."""
    frame = pd.DataFrame({"account_id": ["A"], "arr": [1.0], "currency": ["USD"]})
    timeline = object()
    p = Portfolio(model=MODEL, as_of=DAY, frame=frame, timeline=timeline)  # type: ignore[arg-type]
    filling = risks.fill(p)
    assert filling.values["risks_title"] == "No high or medium risk"
    assert filling.tables[risks.TABLE] == [{"account": "No high or medium risk."}]
    empty = replace(p, frame=frame.head(0), risks=no_risks())
    assert risks.fill(empty).values["risks_title"] == "No accounts, no risks"


def test_what_is_left_out_is_told(sample: Portfolio) -> None:
    """A cap is no secret."""
    few = replace(sample.risks, rows=sample.risks.rows.head(5), left=1_234, total=1_239)
    values = risks.fill(replace(sample, risks=few)).values
    assert "the heaviest 5, 1,234 left out" in str(values["risks_note"])
    assert values["risks_sum_high_note"] == "of those listed"


def test_the_library_is_in_the_workbook(sample: Portfolio) -> None:
    """A row a definition and a row a step, with a cell for each column."""
    filling = library.fill(sample)
    shipped = load_library()
    found, plays = (filling.tables[name] for name in (library.RISK_TABLE, library.PLAY_TABLE))
    assert isinstance(found, list)
    assert isinstance(plays, list)
    assert len(found) == len(shipped.risks) + len(shipped.positives)
    assert len(plays) == sum(len(p.steps) for p in shipped.plays)
    specs = portfolio_tables(MODEL)
    assert set(found[0]) == {c.key for c in specs[library.RISK_TABLE].columns}
    assert set(plays[0]) == {c.key for c in specs[library.PLAY_TABLE].columns}
