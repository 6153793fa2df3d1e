"""Every workbook that report writes opens in Excel, whatever stands in the source."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.cli import DONE, main
from pipeline.reports import write_reports
from pipeline.scored import Scored, score_source
from scoring.account_facts import gather
from scoring.presets import load_preset, preset_names
from scoring.score import score_accounts
from tests.office.client import Office
from tests.pipeline.tables import write_csv, write_xlsx
from tests.validity import assert_valid
from tests.workbook_templates.accounts import AS_OF, accounts
from tests.workbook_templates.designer import unpack
from tests.workbook_templates.test_names import assert_safe
from workbook_templates.ooxml.cells import clean_text
from workbook_templates.report import account_template, fill_scorecard

DAY = date(2026, 11, 23)
HOSTILE = {
    "formula": "=cmd|'/C calc'!A0",
    "path": "../../x",
    "device": "CON",
    "long": "x" * 300,
    "emoji": "Sample 😀👩‍👩‍👧 Ltd",
    "right": "شركة عينة",
    "override": "a\u202egnp.exe",
    "control": "tab\there\x01\x1f\x7f",
    "escape": "_x0041_",
    "surrogate": "half\ud83d",
    "dots": "...",
    "case": "Sample Twin",
    "CASE": "SAMPLE TWIN",
    "null": "NA",
    "link": "http://example.invalid/?a=1&b=<2>",
    "quote": "\"Sample\" 'Ltd'",
    "plus": "+1+1",
    "at": "@SUM(A1)",
}
MODEL = load_preset("scorecard")


def _hostile() -> Scored:
    """The hostile accounts as a program may hand them over, with the names in every text."""
    names = list(HOSTILE.values())
    texts = {"account_id": list(map(_id, names)), "account_name": names, "csm": names}
    frame = pd.DataFrame(texts, dtype=object).assign(**{d.key: 3.0 for d in MODEL.dimensions})
    inputs = replace(accounts(MODEL), accounts=frame, tables=_tables(names), history=pd.DataFrame())
    source = score_source(_plain_source(), MODEL, as_of=DAY)
    scores = score_accounts(frame, MODEL, as_of=DAY)
    return replace(source, inputs=inputs, accounts=frame, scores=scores)


def _id(name: str) -> str:
    """The name itself as id; half a character cannot be one, for no source can hold it."""
    return name.encode(errors="replace").decode()


def _tables(names: list[str]) -> dict[str, pd.DataFrame]:
    risks, actions = [], []
    for n in names:
        risks.append({"account_id": _id(n), "risk": n, "severity": "High"})
        action = {"account_id": _id(n), "action": n, "horizon": "This week", "owner": n}
        actions.append(action)
    return {
        "Risks": pd.DataFrame(risks, dtype=object),
        "Actions": pd.DataFrame(actions, dtype=object),
    }


_FOLDER: list[Path] = []


def _plain_source() -> Path:
    return write_csv(_FOLDER[0] / "plain.csv", [["Account", "Engagement"], ["Sample", 3]])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Hostile name → its workbook."""
    folder = tmp_path_factory.mktemp("hostile")
    _FOLDER[:] = [folder]
    scored = _hostile()
    reports = write_reports(scored, folder / "r", account_template(MODEL))
    assert [r.problem for r in reports] == [""] * len(HOSTILE)
    return {r.name: r.path for r in reports}


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_writes_valid_workbooks(name: str, tmp_path: Path) -> None:
    """Complete, empty, extreme, new, stale, typed and overridden accounts are all valid."""
    model = load_preset(name)
    template = account_template(model)
    few = {"mixed", "nothing", "extreme", "typed", "override_tier", "no_facts"}
    for facts in gather(accounts(model), model, as_of=AS_OF):
        # The validator takes a second a file: all kinds for the default, the oddest for others.
        if name != "scorecard" and facts.account_id not in few:
            continue
        path = tmp_path / f"{facts.account_id}.xlsx"
        path.write_bytes(fill_scorecard(template, facts))
        assert_valid(path)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_gives_a_valid_workbook(hostile: dict[str, Path], kind: str) -> None:
    """The workbook is valid, the file name safe, and the name stands in it as text."""
    name = HOSTILE[kind]
    path = hostile[name]
    assert_valid(path)
    assert_safe(path.name)
    told = openpyxl.load_workbook(path, data_only=True)
    shown = str(told["Scorecard"]["B1"].value)
    expected = clean_text(name if len(name) <= 70 else f"{name[:69]}…")
    assert _spoken(shown) == _spoken(expected)
    formulas = openpyxl.load_workbook(path)["Scorecard"]["B1"]
    assert formulas.data_type == "s"


def _spoken(text: str) -> str:
    """Text as people see it: escapes of control characters and the characters alike are gone."""
    text = re.sub(r"_x00(?:[01][0-9A-F]|7F)_|_x005F(?=_x)", "", text)
    return "".join(c for c in text if c.isprintable() or c in "\u200d\u202e")


def test_hostile_text_is_never_a_formula(hostile: dict[str, Path]) -> None:
    """No formula of any workbook holds text of the account, nor links to it."""
    for path in hostile.values():
        parts = unpack(path.read_bytes())
        sheets = [t for n, t in parts.items() if n.startswith("xl/worksheets/")]
        formulas = b"".join(f for text in sheets for f in re.findall(rb"<f[ >].*?</f>", text, re.S))
        assert b"cmd|" not in formulas
        assert b"A0" not in re.findall(rb"\bA0\b", formulas)
        assert not any(b"hyperlink" in text.lower() for text in sheets)


def test_file_names_are_unique_without_case(hostile: dict[str, Path]) -> None:
    """No two accounts share a file on a file system that ignores case."""
    assert len({p.name.casefold() for p in hostile.values()}) == len(HOSTILE)


def test_libreoffice_shows_the_name_as_text(hostile: dict[str, Path], office: Office) -> None:
    """Recalculated, a name that looks like a formula is still that text."""
    for kind in ("formula", "plus", "at", "escape"):
        sheets = office.recalculate(hostile[HOSTILE[kind]])
        assert sheets["Scorecard"]["B1"] == HOSTILE[kind]


def test_names_typed_in_a_source(tmp_path: Path) -> None:
    """From a workbook to reports by the command itself: hostile names, ids and an empty name."""
    head = ["Account ID", "Account", *(d.name for d in MODEL.dimensions)]
    typed = [n for n in HOSTILE.values() if n.isprintable()]
    rows: list[list[str | float | bool | date | None]] = [[*head]]
    rows += [[f"{i}", n, 3, 3, 3, 3, 3] for i, n in enumerate(typed)]
    rows.append(["only-id", None, 3, 3, 3, 3, 3])
    source = write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": rows})
    out = tmp_path / "r"
    assert main(["report", str(source), "-o", str(out), "--as-of", str(DAY)]) == DONE
    made = list(out.iterdir())
    assert len(made) == len(rows) - 1
    assert any(p.name.startswith("only-id ") for p in made)
    for path in made:
        assert_safe(path.name)
        assert path.parent == out
