"""Triggers as a company wants them: section ``alerts`` of healthsheet.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.settings import read_settings, settings_file
from scoring.closest import did_you_mean
from scoring.errors import DataError
from scoring.triggers import TRIGGERS, Trigger

__all__ = ["changeable", "choose_triggers"]

_OFF = "off"
# What makes a trigger that one, and not another.
_FIXED = frozenset({"key", "name", "topic", "kind", "source", "fact", "tier", "more"})
_BY_KEY = {trigger.key: trigger for trigger in TRIGGERS}


def choose_triggers(source: str | Path) -> tuple[Trigger, ...]:
    """The triggers for a source: those of `TRIGGERS` as the settings beside it change them.

    ``off`` lists keys of triggers to leave out; a table under a trigger's key changes its limits,
    severity, owner, action or ``within_hours``. Names follow the limits.

    Raises:
        DataError: an unknown key or a value that cannot be, with its place and what is possible.
    """
    path = settings_file(source)
    section = read_settings(path).get("alerts", {})
    if not isinstance(section, Mapping):
        raise DataError(f"{path}: alerts is no section. Write [alerts] on a line of its own.")
    off = _off(path, section.get(_OFF, []))
    changes = {key: section[key] for key in section if key != _OFF}
    for key in changes:
        _known(path, "alerts", key, (_OFF, *_BY_KEY))
    return tuple(
        _changed(path, trigger, changes[trigger.key]) if trigger.key in changes else trigger
        for trigger in TRIGGERS
        if trigger.key not in off
    )


def changeable(trigger: Trigger) -> dict[str, Any]:
    """What of a trigger the settings may change, with its values."""
    return {k: v for k, v in trigger if k not in _FIXED and v is not None}


def _off(path: Path, keys: object) -> list[str]:
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise DataError(f'{path}, alerts.off: {keys!r}. Write a list, as off = ["drop_10"].')
    for key in keys:
        _known(path, "alerts.off", key, _BY_KEY)
    return keys


def _changed(path: Path, trigger: Trigger, changes: object) -> Trigger:
    place = f"alerts.{trigger.key}"
    if not isinstance(changes, Mapping):
        raise DataError(f"{path}: {place} is no section. Write [{place}] on a line of its own.")
    for key in changes:
        _known(path, place, key, changeable(trigger))
    try:
        return type(trigger).model_validate({**dict(trigger), **changes, "source": path.name})
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        text = f"{path}, {place}.{key}: {changes.get(key)!r}. {first['msg']}."
        raise DataError(text) from error


def _known(path: Path, place: str, key: str, names: Mapping[str, object] | tuple[str, ...]) -> None:
    if key not in names:
        hint = did_you_mean(key, list(names)) or f"Known are {', '.join(names)}."
        raise DataError(f"{path}, {place}: {key} is not known. {hint}")
