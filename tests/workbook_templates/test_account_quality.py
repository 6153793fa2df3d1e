"""The quality checks on *Checks* count what the linter finds in the same workbook."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from scoring.judgement.quality import Scorecard, check_scorecard
from scoring.presets import load_preset
from tests.office.client import Office
from tests.workbook_templates.samples import facts, filled
from workbook_templates.account.finished import read_finished
from workbook_templates.account.quality import COUNTED_IN
from workbook_templates.drawing.account.check_quality import QUALITY
from workbook_templates.report import account_template, fill_scorecard

MODEL = load_preset("scorecard")
RISKS = [
    {"account_id": "mixed", "risk": "Low engagement", "severity": "High", "mitigation": "Call"},
    {"account_id": "mixed", "risk": "Sponsor left on 3 Nov 2026", "severity": None},
]
ACTIONS = [
    {"account_id": "mixed", "action": "Call", "horizon": "This week", "owner": None,
     "deadline": date(2026, 11, 20)},
    {"account_id": "mixed", "action": "Write", "horizon": "This week", "owner": "CSM Sample A",
     "deadline": None},
    {"account_id": "mixed", "action": "Visit", "horizon": "This week", "owner": "CSM Sample A",
     "deadline": date(2026, 11, 28)},
    {"account_id": "mixed", "action": "Train", "horizon": "This month", "owner": None,
     "deadline": None, "status": "Done"},
]  # fmt: skip


def counted(card: Scorecard) -> list[int]:
    """Findings by line of the sheet."""
    found = Counter(COUNTED_IN.get(f.code, f.code) for f in check_scorecard(card))
    return [found[code] for code, _ in QUALITY]


def on_sheet(data: bytes) -> list[int]:
    """What the block on *Checks* holds."""
    from workbook_templates.ooxml.book import Book
    from workbook_templates.ooxml.places import find_places
    from workbook_templates.ooxml.reading import area_values
    from workbook_templates.package import Package

    book = Book(Package(data))
    place = find_places(book)["hs_quality_found"]
    values = area_values(book, place.part, place.area)
    return [int(str(values[row, place.area.c1]).split(".")[0]) for row in
            range(place.area.r1, place.area.r2 + 1)]  # fmt: skip


@pytest.mark.parametrize("preset", ["scorecard", "support", "four-dimension"])
@pytest.mark.parametrize("kind", ["mixed", "typed", "stale", "best", "nothing", "override_tier"])
def test_the_sheet_counts_what_the_linter_finds(kind: str, preset: str) -> None:
    """One set of rules: read back from the workbook it finds as much as the sheet says."""
    data = filled(kind, preset)
    card = read_finished(data, lambda: load_preset(preset))
    assert on_sheet(data) == counted(card)


def test_each_planted_fault_is_counted() -> None:
    """A vague risk, one without plan and severity, a late, an ownerless and a weekend action."""
    f = facts("mixed", tables={"Risks": RISKS, "Actions": ACTIONS}, risks=())
    data = fill_scorecard(account_template(MODEL), f)
    found = dict(zip((code for code, _ in QUALITY), on_sheet(data), strict=True))
    planted = {"vague-risk": 1, "no-mitigation": 1, "no-severity": 1, "no-owner": 1,
               "no-deadline": 1, "overdue": 1, "weekend": 1}  # fmt: skip
    assert {code: found[code] for code in planted} == planted


def test_an_edit_changes_the_count(office: Office, tmp_path: Path) -> None:
    """Whoever types an owner in the workbook sees one finding less at once."""
    f = facts("mixed", tables={"Risks": RISKS, "Actions": ACTIONS}, risks=())
    path = tmp_path / "card.xlsx"
    path.write_bytes(fill_scorecard(account_template(MODEL), f))
    row = [code for code, _ in QUALITY].index("no-owner")
    cell = f"M{6 + row}"
    assert office.recalculate(path)["Checks"][cell] == 1
    owner = read_finished(path.read_bytes(), lambda: MODEL).actions[0].where.split("!")[1]
    typed = f"I{owner[1:]}"
    after = office.recalculate(path, {("Risks & actions", typed): "CSM Sample A"})
    assert after["Checks"][cell] == 0
    assert after["Checks"][f"N{6 + row}"] == "Yes"
