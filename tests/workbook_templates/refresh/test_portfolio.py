"""The oracle of a refresh: a workbook refreshed to a day reads as one made on that day."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.presets import load_preset
from tests.workbook_templates.refresh.small import WHEN
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.report import fill_portfolio, portfolio_template
from workbook_templates.portfolio.sheets import fill_sheets, portfolio_tables
from workbook_templates.refresh.workbook import Refresh, refresh_workbook

MODEL = load_preset("four-dimension")


def portfolio(day: date, *gone: str) -> Portfolio:
    """The sample's accounts on a day, without some."""
    inputs = sample_inputs(MODEL, as_of=day)
    there = inputs.accounts[~inputs.accounts["account_id"].isin(gone)].reset_index(drop=True)
    return portfolio_of(score_inputs(replace(inputs, accounts=there), MODEL, as_of=day))


def values(data: bytes) -> dict[str, dict[str, Any]]:
    """Sheet → cell → value, rounded where it is a number."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        sheet.title: {
            c.coordinate: round(c.value, 9) if isinstance(c.value, float) else c.value
            for row in sheet.iter_rows()
            for c in row
            if c.value not in (None, "")
        }
        for sheet in book
    }


def by_account(cells: dict[str, Any]) -> dict[str, list[Any]]:
    """Account id → the other values of its row, in whatever order the accounts stand."""
    rows: dict[str, list[tuple[str, Any]]] = {}
    for at, value in cells.items():
        number = "".join(filter(str.isdigit, at))
        rows.setdefault(number, []).append((at.removesuffix(number), value))
    found = {dict(row).get("A", ""): sorted(row, key=lambda c: c[0]) for row in rows.values()}
    return {key: row for key, row in found.items() if str(key).startswith("SA-")}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_refreshed_reads_as_made_anew() -> None:
    """Seven weeks later, one account gone and two new: every sheet has the values of a new one."""
    early = portfolio(date(2026, 10, 1), "SA-003", "SA-010")
    late = portfolio(date(2026, 11, 22), "SA-001")
    template = portfolio_template(MODEL)
    given = Refresh(portfolio_tables(MODEL), fill_sheets(late), template, when=WHEN)
    found = refresh_workbook(fill_portfolio(template, early), given)
    assert found.data is not None
    refreshed, new = values(found.data), values(fill_portfolio(template, late))
    assert by_account(refreshed["Accounts"]) == by_account(new["Accounts"])
    for sheet in new.keys() - {"Accounts", "Changes", "Archive"}:
        assert refreshed[sheet] == new[sheet], sheet
    assert [(x.what, x.account_id) for x in found.diff.lines[:3]] == [
        ("Removed", "SA-001"), ("Added", "SA-010"), ("Added", "SA-003"),
    ]  # fmt: skip
    assert refresh_workbook(found.data, given).data is None
