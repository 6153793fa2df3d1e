"""The check of a restyled template: each fault is seen, all at once, each with its fix."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from pipeline.templates import exported
from scoring.account_facts import gather
from scoring.presets import load_preset
from scoring.renewal import ILLUSTRATION
from tests.workbook_templates import designer
from tests.workbook_templates.accounts import AS_OF, accounts
from workbook_templates.ooxml.problems import MissingPlace
from workbook_templates.own_template import LATER, OwnTemplate
from workbook_templates.report import account_template, fill_scorecard
from workbook_templates.template_check import Finding, check_template, errors_of

MODEL = load_preset("scorecard")
EXPORTED = exported(MODEL, as_of=date(2026, 11, 22))
ADA = next(gather(accounts(MODEL), MODEL, as_of=AS_OF))


def _check(*changes: Callable[[designer.Parts], None], **more: object) -> list[Finding]:
    parts = designer.unpack(EXPORTED)
    for change in changes:
        change(parts)
    template = OwnTemplate(designer.pack(parts), account_template(MODEL))
    given: dict[str, object] = {"held": MODEL, **more}
    return check_template(template, MODEL, **given)  # type: ignore[arg-type]


def _drop(name: str) -> Callable[[designer.Parts], None]:
    return lambda parts: designer.drop_place(parts, name)


def _move(name: str, where: str) -> Callable[[designer.Parts], None]:
    return lambda parts: designer.move_place(parts, name, where)


def _rename_table(old: str, new: str) -> Callable[[designer.Parts], None]:
    def change(parts: designer.Parts) -> None:
        part = next(n for n, t in parts.items()
                    if n.startswith("xl/tables/") and f'name="{old}"'.encode() in t)  # fmt: skip
        designer.edit(parts, part, lambda t: t.replace(f'"{old}"', f'"{new}"'))

    return change


def test_an_export_is_complete() -> None:
    """What we export has no error and nothing to remark."""
    assert _check() == []


def test_everything_missing_is_told_at_once() -> None:
    """Missing places, a missing Table and a missing column are all named, with what to do."""
    found = _check(_drop("hs_csm"), _drop("hs_drivers"), _rename_table("Risks", "Perils"))
    assert [f.name for f in errors_of(found)] == ["hs_csm", "hs_drivers", "Risks"]
    assert all(f.kind == "missing" and f.fix for f in errors_of(found))
    assert "ours is Scorecard!B3" in found[0].message
    assert "6 × 4 cells" in found[1].message


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (_move("hs_drivers", "Scorecard!$K$15:$N$16"), "size", "needs 6 × 4"),
        (_move("hs_csm", "Detail!$H$40:$I$41"), "size", "needs 1 × 1"),
        (_move("hs_action_owner", "'Risks &amp; actions'!$I$6:$I$7"), "size", "Table Actions"),
        (_move("hs_csm", "Scorecard!$C$3"), "overlap", "both name"),
    ],
)
def test_wrong_places(change: Callable[[designer.Parts], None], kind: str, words: str) -> None:
    """A place of the wrong size, out of its Table or upon another one is an error with a fix."""
    (found,) = errors_of(_check(change))
    assert found.kind == kind
    assert words in str(found)
    assert found.fix


def test_a_moved_place_is_a_note() -> None:
    """A place that was moved is filled where it stands; losing its formula is remarked."""
    clear = lambda parts: designer.clear_cell(parts, "xl/worksheets/sheet1.xml", "B3")  # noqa: E731
    moved = _move("hs_csm", "Detail!$H$40"), _move("hs_score", "Detail!$H$41")
    found = _check(*moved, clear)
    assert errors_of(found) == []
    assert [(f.kind, f.name) for f in found] == [
        ("moved", "hs_csm"), ("moved", "hs_score"), ("plain", "hs_score"),
    ]  # fmt: skip


def test_text_of_the_sample_left_behind_is_remarked() -> None:
    """A name moved without its cell leaves the sample's text on every account's page."""
    found = _check(_move("hs_csm", "Detail!$H$40"))
    assert [(f.kind, f.name) for f in found] == [("moved", "hs_csm"), ("left", "hs_csm")]
    assert "Scorecard!B3" in found[1].message
    assert "Clear it" in found[1].fix


def test_a_renamed_column_is_a_note_and_a_lost_one_an_error() -> None:
    """A translated header is found by its place."""

    def translate(parts: designer.Parts) -> None:
        part = next(n for n, t in parts.items()
                    if n.startswith("xl/tables/") and b'name="Risks"' in t)  # fmt: skip
        designer.edit(parts, part, lambda t: t.replace('name="Severity"', 'name="Schwere"'))

    (found,) = _check(translate)
    assert (found.severity, found.kind, found.name) == ("note", "renamed", "Risks[Severity]")


def test_what_was_added_is_listed() -> None:
    """Sheets, charts, pictures, names and columns of the company are named as kept."""
    template = OwnTemplate(designer.restyle(EXPORTED), account_template(MODEL))
    found = check_template(template, MODEL, MODEL)
    assert errors_of(found) == []
    added = {f.name for f in found if f.kind == "added"}
    assert {"Cover", "logo.png", "Risks"} <= added
    assert any("on Cover" in name for name in added)
    assert {f.name for f in found if f.kind == "moved"} == {"hs_csm", "hs_segment_label"}


def test_a_chart_that_is_gone_is_remarked() -> None:
    """A deleted chart keeps nobody from filling, and is named."""

    def delete(parts: designer.Parts) -> None:
        del parts["xl/worksheets/_rels/sheet6.xml.rels"]

    found = [f for f in _check(delete) if f.kind == "chart"]
    assert [f.name for f in found] == ["Scenarios"]


def test_another_model_is_said_first_and_alone() -> None:
    """A template of another preset is not compared place by place."""
    (found,) = _check(held=load_preset("support"))
    assert found.kind == "model"
    assert "support 1.0" in found.message
    assert "-m" in found.fix


def test_changed_weights_are_an_error() -> None:
    """The formulas would follow the sheet's weights and not the engine's."""
    heavier = MODEL.model_copy(update={"min_coverage": 0.7})
    (found,) = _check(held=heavier)
    assert "with other values" in found.message


def test_a_missing_model_sheet_is_an_error() -> None:
    """Why the Model sheet cannot be read is passed on."""
    (found,) = errors_of(_check(held="There is no sheet Model."))
    assert found.message == "There is no sheet Model."


def test_a_trial_finds_what_only_filling_shows() -> None:
    """A digital signature forbids any change: only the trial meets it."""
    out = io.BytesIO(EXPORTED)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    template = OwnTemplate(out.getvalue(), account_template(MODEL))
    trial = ("one account", partial(fill_scorecard, facts=ADA))
    (found,) = errors_of(check_template(template, MODEL, MODEL, [trial]))
    assert found.kind == "trial"
    assert "signed" in found.message


def _earlier() -> OwnTemplate:
    """A template as it was exported before probabilities could be fitted."""
    parts = designer.unpack(EXPORTED)
    for names in LATER.values():
        for name in names:
            designer.drop_place(parts, name)
    return OwnTemplate(designer.pack(parts), account_template(MODEL), "old.xlsx")


def test_a_template_before_calibrations_shows_the_illustration() -> None:
    """It fills as ever, the check remarks what it lacks, and the command names the way out."""
    template = _earlier()
    trial = [("filling", partial(fill_scorecard, facts=ADA))]
    (note,) = check_template(template, MODEL, MODEL, trial)
    assert (note.severity, note.kind) == ("note", "left")
    assert "it shows the illustration" in note.message
    assert "Export the template again" in note.fix


def test_a_template_before_calibrations_never_calls_one_an_illustration() -> None:
    """Its heads are plain text: a calibration's shares are refused, with the next step."""
    fitted = replace(ILLUSTRATION, fitted=AS_OF, expires=AS_OF, accounts=240)
    with pytest.raises(MissingPlace, match=r"old\.xlsx was made before .* add --no-backtest"):
        fill_scorecard(_earlier(), replace(ADA, chances=fitted))
    assert fill_scorecard(account_template(MODEL), replace(ADA, chances=fitted))


def test_one_name_that_is_gone_is_an_error_all_the_same() -> None:
    """Only a template that has none of the later places was made before them."""
    (error,) = errors_of(_check(_drop("hs_chances_label")))
    assert error.name == "hs_chances_label"
