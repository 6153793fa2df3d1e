"""The sheet *Digest*: each figure of the message is a named cell, and LibreOffice agrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from scoring.presets import load_preset
from tests.office.client import Office
from tests.validity import assert_valid
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.test_report_valid import HOSTILE
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.layout import CARDS, layout
from workbook_templates.digest.live import live_formulas
from workbook_templates.digest.places import LISTS, places
from workbook_templates.digest.records import Digest
from workbook_templates.portfolio.accounts import account_columns
from workbook_templates.portfolio.digest import fill_digest, fill_digest_alone
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.report import portfolio_template

_EPOCH = date(1899, 12, 30)


def _portfolio(name: str) -> Portfolio:
    if name == "demo":
        return samples.demo()
    return samples.with_names([n for n in HOSTILE if n.strip()])


@cache
def _made(name: str) -> tuple[Portfolio, Digest, bytes]:
    p = _portfolio(name)
    digest = digest_of(p)
    return p, digest, fill_digest(p, digest)


def _named(path: Path) -> Mapping[str, tuple[str, str]]:
    """Name → sheet and cell, as a program that is not ours reads them."""
    book = openpyxl.load_workbook(path)
    return {name: next(iter(d.destinations)) for name, d in book.defined_names.items()
            if "!" in (d.value or "")}  # fmt: skip


@pytest.mark.parametrize("name", ["demo", "hostile"])
def test_every_figure_is_a_named_cell_that_recalculates(
    office: Office, tmp_path: Path, name: str
) -> None:
    """The value under each figure's name, as LibreOffice calculates it, is the message's."""
    _, digest, data = _made(name)
    path = tmp_path / "digest.xlsx"
    path.write_bytes(data)
    fresh = office.recalculate(path)
    assert _differences({"Digest": _cached(path)["Digest"]}, {"Digest": fresh["Digest"]}) == []
    places = _named(path)
    assert len(digest.figures) > 20
    for figure in digest.figures:
        sheet, ref = places[figure.name]
        assert sheet == "Digest"
        found = fresh[sheet].get(ref.replace("$", ""))
        wanted = figure.value
        if isinstance(wanted, date):
            wanted = float((wanted - _EPOCH).days)
        if isinstance(wanted, str):
            assert (found or "") == wanted, figure.name
        else:
            assert found == pytest.approx(float(wanted), rel=1e-9, abs=1e-9), figure.name


def test_it_is_a_valid_workbook(tmp_path: Path) -> None:
    """Excel's own schema and our rules find nothing, of the whole workbook and of the small one."""
    p, digest, data = _made("hostile")
    for file, content in (("whole", data), ("small", fill_digest_alone(p, digest))):
        path = tmp_path / f"{file}.xlsx"
        path.write_bytes(content)
        assert_valid(path)


def test_the_small_workbook_holds_the_same_figures(tmp_path: Path) -> None:
    """Without the other sheets each figure still stands under its name, as a value."""
    p, digest, data = _made("demo")
    small = fill_digest_alone(p, digest)
    assert len(small) < len(data) / 10
    path = tmp_path / "small.xlsx"
    path.write_bytes(small)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Digest"]
    places = _named(path)
    for figure in digest.figures:
        sheet, ref = places[figure.name]
        found = book[sheet][ref].value
        found = found.date() if hasattr(found, "date") else found
        assert found == (figure.value if isinstance(figure.value, str | date)
                         else pytest.approx(float(figure.value))), figure.name  # fmt: skip


def test_it_opens_on_the_digest_alone(tmp_path: Path) -> None:
    """One sheet is selected: two would be typed into together."""
    path = tmp_path / "digest.xlsx"
    path.write_bytes(_made("demo")[2])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:2] == ["Summary", "Digest"]
    assert book.active is not None
    assert book.active.title == "Digest"
    selected = [ws.title for ws in book.worksheets if ws.sheet_view.tabSelected]
    assert selected == ["Digest"]


def test_it_remembers_no_source(tmp_path: Path) -> None:
    """Who is sent it cannot refresh their way to the accounts of others."""
    path = tmp_path / "digest.xlsx"
    path.write_bytes(_made("demo")[2])
    sheet, ref = _named(path)["hs_source"]
    assert openpyxl.load_workbook(path)[sheet][ref].value is None


@pytest.mark.parametrize("name", ["scorecard", "support"])
def test_no_other_sheet_has_a_figures_name(name: str) -> None:
    """A name that stood for two cells would lead each formula that reads it astray."""
    taken = {key.casefold() for key in portfolio_template(load_preset(name)).places}
    assert [p.name for p in places() if p.name.casefold() in taken] == []


def test_every_key_has_its_place() -> None:
    """A column of a list that the sheet forgot would be a number without a cell."""
    assert set(CARDS) == set(LISTS)
    for name, listed in LISTS.items():
        placed = [key for _, where in CARDS[name] for key in where]
        assert sorted(placed) == sorted(listed.columns), name


def test_each_figure_stands_once() -> None:
    """No figure is left out and none has two cells."""
    digest = _made("demo")[1]
    told = [cell.figure.name for line in layout(digest) for cell in line.cells]
    assert sorted(told) == sorted({f.name for f in digest.figures})


def test_totals_and_rows_are_live() -> None:
    """What *Accounts* can tell is a formula over it, so that the sheet follows when it changes."""
    p, digest, _ = _made("demo")
    formulas = live_formulas(p, digest, lambda key: f"<{key}>", list(account_columns(p)))
    wanted = {"hs_red_arr", "hs_total_accounts", "hs_renewals_soon_arr", "hs_newly_red_count",
              "hs_risk_1_account", "hs_risk_1_tier", "hs_risk_1_score", "hs_risk_1_days",
              "hs_newly_red_1_before_tier"}  # fmt: skip
    assert wanted <= set(formulas)
    assert formulas["hs_red_arr"] == "SUMIFS(<arr_total>,<tier>,Workings!$B$8)"
    assert len(formulas) > len(digest.figures) / 3
