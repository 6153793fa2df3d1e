"""Triggers as healthsheet.toml changes them, and what it says about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.alerts.settings import changeable, choose_triggers
from scoring.errors import DataError
from scoring.triggers import TRIGGERS


def chosen(tmp_path: Path, text: str) -> dict[str, object]:
    """Triggers by key for a source beside settings."""
    (tmp_path / "healthsheet.toml").write_text(text, encoding="utf-8")
    return {t.key: t for t in choose_triggers(tmp_path / "accounts.xlsx")}


def test_without_settings(tmp_path: Path) -> None:
    """Without a file, and in one that is about other things, the triggers are as they are."""
    assert choose_triggers(tmp_path / "accounts.xlsx") == TRIGGERS
    assert tuple(chosen(tmp_path, 'model = "support"').values()) == TRIGGERS


def test_a_folder_has_its_own(tmp_path: Path) -> None:
    """The settings of a folder of tables lie in it."""
    (tmp_path / "healthsheet.toml").write_text('[alerts]\noff = ["drop_10"]\n')
    assert len(choose_triggers(tmp_path)) == len(TRIGGERS) - 1


def test_changes(tmp_path: Path) -> None:
    """Limits, owner and deadline change, the name follows, and the rest stays."""
    text = """
    [alerts]
    off = ["login_gap_over_14", "tickets_up_50"]

    [alerts.drop_10]
    points = 12.5
    days = 14
    owner = "Sample CSM 3"
    within_hours = 0
    severity = "high"
    action = "Call."
    """
    triggers = chosen(tmp_path, text)
    assert set(triggers) == {t.key for t in TRIGGERS} - {"login_gap_over_14", "tickets_up_50"}
    changed = triggers["drop_10"]
    assert changed.title() == "Score fell by 12.5 or more in 14 days"  # type: ignore[attr-defined]
    assert changed.source == "healthsheet.toml"  # type: ignore[attr-defined]
    assert triggers["below_60"] in TRIGGERS


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda t: t.key)
def test_what_may_change(trigger: object) -> None:
    """Every trigger lets severity, owner, action and deadline change, none what makes it up."""
    keys = changeable(trigger)  # type: ignore[arg-type]
    assert {"severity", "owner", "action", "within_hours"} <= set(keys)
    assert not set(keys) & {"key", "kind", "topic", "name", "fact", "tier", "source"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("alerts = 3", "alerts is no section. Write [alerts] on a line of its own."),
        ("[alerts", "is no valid TOML"),
        ('[alerts]\noff = "drop_10"', "alerts.off: 'drop_10'. Write a list"),
        ("[alerts]\noff = [3]", "Write a list"),
        ('[alerts]\noff = ["drop10"]', 'alerts.off: drop10 is not known. Did you mean "drop_10"?'),
        ("[alerts]\ndrop_10 = 12", "alerts.drop_10 is no section. Write [alerts.drop_10]"),
        ("[alerts.drop_1O]", 'drop_1O is not known. Did you mean "drop_10"?'),
        (
            "[alerts.drop_10]\npoint = 1",
            'alerts.drop_10: point is not known. Did you mean "points"',
        ),
        ("[alerts.drop_10]\nkind = 'rise'", "kind is not known. Known are severity, owner,"),
        ("[alerts.csat_below_3]\nhigh = 4", "high is not known"),
        ("[alerts.drop_10]\npoints = 0", "alerts.drop_10.points: 0. Input should be greater than"),
        ("[alerts.drop_10]\ndays = 'a week'", "alerts.drop_10.days: 'a week'. Input should be"),
        ("[alerts.below_60]\nscore = 600", "alerts.below_60.score: 600. Input should be less"),
        ("[alerts.drop_10]\nseverity = 'dire'", "Input should be 'medium', 'high' or 'critical'."),
    ],
)
def test_mistakes(tmp_path: Path, text: str, words: str) -> None:
    """A mistake is one sentence with the file, the place and what is possible."""
    with pytest.raises(DataError) as caught:
        chosen(tmp_path, text)
    told = str(caught.value)
    assert words in told
    assert "healthsheet.toml" in told
    assert told.endswith((".", "?"))
    assert "\n" not in told.replace("\n)", ")")
