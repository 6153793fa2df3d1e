"""A template restyled elsewhere: what was added stays, and shows the account that is filled in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import DONE, main
from pipeline.sample import sample_inputs
from scoring.account_facts import Facts, gather
from scoring.presets import load_preset
from tests.office.client import Office
from tests.pipeline.tables import Rows, write_xlsx
from tests.validity import assert_valid
from tests.workbook_templates import designer
from workbook_templates.fill import Template
from workbook_templates.own_template import OwnTemplate, frames, match_columns
from workbook_templates.report import account_template, fill_scorecard

DAY = date(2026, 11, 22)
MODEL = load_preset("scorecard")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `template export` writes."""
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    assert main(["template", "export", "-o", str(path), "--as-of", str(DAY)]) == DONE
    return path


@pytest.fixture(scope="module")
def people() -> dict[str, Facts]:
    """Sample accounts by id."""
    inputs = sample_inputs(MODEL, as_of=DAY)
    return {f.account_id: f for f in gather(inputs, MODEL, as_of=DAY)}


def _values(path: Path, sheet: str) -> dict[str, object]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {c.coordinate: c.value for row in book[sheet].iter_rows() for c in row}


def test_the_export_is_a_valid_filled_workbook(exported: Path) -> None:
    """A designer sees a valid workbook that shows a plainly-sample account."""
    assert_valid(exported)
    assert str(_values(exported, "Scorecard")["B1"]).startswith("Sample Account")


@pytest.mark.parametrize("account", ["SA-003", "SA-005", "SA-015"])
def test_what_a_company_added_stays_and_follows(
    exported: Path, people: dict[str, Facts], office: Office, tmp_path: Path, account: str
) -> None:
    """Logo, colours, sheet, chart, column and moved places survive and show the new account."""
    restyled = designer.restyle(exported.read_bytes())
    template = OwnTemplate(restyled, account_template(MODEL))
    facts = people[account]
    out = tmp_path / "out.xlsx"
    out.write_bytes(fill_scorecard(template, facts))
    assert_valid(out)
    before, after = designer.unpack(restyled), designer.unpack(out.read_bytes())
    assert set(before) <= set(after)
    for part in ("xl/styles.xml", "xl/media/logo.png", "xl/drawings/drawing99.xml",
                 "xl/drawings/_rels/drawing1.xml.rels"):  # fmt: skip
        assert after[part] == before[part], part
    assert b'name="Our logo"' in after["xl/drawings/drawing1.xml"]
    assert _values(out, "Cover")["B4"] == (facts.text("csm") or "not provided")
    assert _values(out, "Scorecard")["P3"] in ("Enterprise", "Mid-market", "SMB")
    fresh = office.recalculate(out)
    scores = [s.total for s in facts.past] + [facts.total]
    assert fresh["Cover"]["B1"] == pytest.approx(2 * round(facts.total))
    assert fresh["Cover"]["B2"] == pytest.approx(max(s for s in scores if s == s))
    assert str(fresh["Checks"]["B1"]).startswith("Every formula agrees with the engine")
    plotted = _cache(after["xl/charts/chart99.xml"], "Score history")
    assert plotted == pytest.approx(scores, abs=1e-9)


def _cache(chart: bytes, sheet: str) -> list[float]:
    """Cached numbers of the first series over the sheet."""
    text = chart.decode()
    found = re.search(rf"<c:f>'{sheet}'[^<]*</c:f><c:numCache>(.*?)</c:numCache>", text, re.S)
    assert found
    return [float(v) for v in re.findall(r"<c:v>([^<]*)</c:v>", found[1])]


def test_a_column_of_the_company_keeps_its_notes(exported: Path, people: dict[str, Facts]) -> None:
    """A column added to a Table stays, with what stands in it, also for an account without rows."""
    template = OwnTemplate(designer.restyle(exported.read_bytes()), account_template(MODEL))
    for account in ("SA-003", "SA-005"):
        filled = Template(fill_scorecard(template, people[account]))
        table = filled.tables["Risks"]
        assert table.columns[-1] == "Our view"
        assert table.rows >= max(len(people[account].tables["Risks"]), 1)
        parts = designer.unpack(filled._data)
        assert b"Our note" in parts["xl/worksheets/sheet5.xml"]


def test_charts_are_found_as_excel_names_them(exported: Path) -> None:
    """Charts keep their names, axis and alt text when Excel has put an id into the name tag."""
    template = OwnTemplate(designer.restyle(exported.read_bytes()), account_template(MODEL))
    assert template.chart_names == {name: name for name in template.standard.charts}


def test_a_renamed_chart_is_found_by_what_it_plots(exported: Path) -> None:
    """A chart under another name is still ours; one that is gone is left out of the filling."""
    parts = designer.unpack(exported.read_bytes())
    designer.edit(parts, "xl/drawings/drawing2.xml",
                  lambda t: t.replace('name="Waterfall"', 'name="Our bridge"'))  # fmt: skip
    del parts["xl/worksheets/_rels/sheet6.xml.rels"]
    designer.edit(parts, "xl/worksheets/sheet6.xml", lambda t: re.sub(r"<drawing [^>]*/>", "", t))
    template = OwnTemplate(designer.pack(parts), account_template(MODEL))
    names = template.chart_names
    assert names["Waterfall"] == "Our bridge"
    assert set(template.standard.charts) - set(names) == {"Scenarios"}


def test_libreoffice_loses_nothing_that_filling_needs(
    exported: Path, people: dict[str, Facts], office: Office, tmp_path: Path
) -> None:
    """A template saved by LibreOffice is complete, and fills to the same numbers as ours."""
    saved = office.convert(exported, tmp_path / "saved", "xlsx")
    assert main(["template", "check", str(saved), "--as-of", str(DAY)]) == DONE
    template = OwnTemplate.load(saved, account_template(MODEL))
    assert len(template.chart_names) == len(template.standard.charts)
    for account in ("SA-003", "SA-015"):
        ours, theirs = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx"
        ours.write_bytes(fill_scorecard(template.standard, people[account]))
        theirs.write_bytes(fill_scorecard(template, people[account]))
        expected, fresh = office.recalculate(ours), office.recalculate(theirs)
        assert str(fresh["Checks"]["B1"]).startswith("Every formula agrees with the engine")
        for sheet in ("Scorecard", "Evidence", "Checks"):
            wrong = [c for c, v in expected[sheet].items() if not _same(v, fresh[sheet].get(c))]
            assert wrong == [], sheet


def _same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == pytest.approx(b, abs=1e-9)
    return (a or "") == (b or "")


def test_report_takes_the_template(exported: Path, tmp_path: Path) -> None:
    """`report --template` checks the file and fills it."""
    own = tmp_path / "own.xlsx"
    own.write_bytes(designer.restyle(exported.read_bytes()))
    rows: Rows = [["Account ID", "Account", "CSM", *(d.name for d in MODEL.dimensions)],
            ["A1", "Sample One", "CSM Sample Z", 5, 4, 3, 2, 1]]  # fmt: skip
    source = write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": rows})
    out = tmp_path / "out"
    command = ["report", str(source), "-o", str(out), "--template", str(own), "--as-of", str(DAY)]
    assert main(command) == DONE
    (made,) = out.iterdir()
    assert_valid(made)
    assert _values(made, "Cover")["B4"] == "CSM Sample Z"


def test_columns_are_matched_by_name_then_by_place() -> None:
    """A moved header is found by name, a translated one by position, a lost one not at all."""
    assert match_columns(["Risk", "Owner"], ["Owner", "Extra", "Risk"]) == ["Risk", "Owner"]
    assert match_columns(["Risk", "Owner"], ["Risiko", "owner "]) == ["Risiko", "owner "]
    assert match_columns(["Risk", "Owner"], ["Risk"]) == ["Risk", None]


def test_frames_of_our_own_template() -> None:
    """Every chart of the standard template has a name, a part and plotted cells."""
    standard = account_template(MODEL)
    found = list(frames(OwnTemplate(standard._data, standard).book))
    assert [f.name for f in found] == list(standard.charts)
    assert all(f.plotted for f in found)


def test_a_restyled_template_travels_to_a_worker(exported: Path, people: dict[str, Facts]) -> None:
    """Another process fills it alike."""
    import pickle

    template = OwnTemplate(designer.restyle(exported.read_bytes()), account_template(MODEL))
    again: OwnTemplate = pickle.loads(pickle.dumps(template))
    facts = people["SA-003"]
    assert fill_scorecard(again, facts) == fill_scorecard(template, facts)
