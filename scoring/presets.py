"""Score models as TOML: the presets that ship, and reading and writing of people's own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf
from typing import TYPE_CHECKING, Any

from scoring.errors import ModelError

# Pydantic takes longer to import than all presets to list, so it waits until a model is wanted.
if TYPE_CHECKING:
    from scoring.model import ScoreModel

__all__ = [
    "DEFAULT",
    "PresetSummary",
    "load_preset",
    "model_from_toml",
    "model_to_toml",
    "preset_metrics",
    "preset_names",
    "preset_summaries",
    "toml_table",
    "toml_value",
    "unknown_preset",
]

DEFAULT = "scorecard"
_NAMES = (DEFAULT, "four-dimension", "four-dimension-2", "support", "signals")
# TOML has no null: an open end of a range is written as -inf or inf.
_RANGES = ("scale", "healthy")


@dataclass(frozen=True, slots=True)
class PresetSummary:
    """What a list of presets shows: name, version, title and the document it comes from."""

    name: str
    version: str
    title: str
    source: str


def preset_names() -> tuple[str, ...]:
    """Names of the shipped models, the default first."""
    return _NAMES


def preset_summaries() -> tuple[PresetSummary, ...]:
    """Name, version, title and source of each shipped model, without building the models."""
    return tuple(_summary(name) for name in _NAMES)


def load_preset(name: str) -> ScoreModel:
    """A shipped model by its name, without regard to case; the same object every time.

    Raises:
        ModelError: no such preset; names the known ones and the closest.
    """
    wanted = name.strip().casefold()
    if wanted not in _NAMES:
        raise _unknown(name)
    return _loaded(wanted)


# By the name itself: the ways to type one have no end, and the cache has none either.
@cache
def _loaded(name: str) -> ScoreModel:
    return model_from_toml(_text(name), f"preset {name}")


def model_from_toml(text: str, where: str) -> ScoreModel:
    """Read a score model from TOML text; ``where`` names the file in messages.

    Raises:
        ModelError: TOML that cannot be read (with its line), or every fault of the model with
            its path, such as ``dimensions[2].metrics[0].weight``.
    """
    from scoring.model_data import model_from_data

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f"{where}: not valid TOML: {error}. Correct that line.") from error
    return model_from_data(_open_ends(data), where)


def model_to_toml(model: ScoreModel) -> str:
    """TOML text of a model, in the layout of the presets; reads back as an equal model."""
    data = model.model_dump(exclude_defaults=True)
    dimensions, tiers = data.pop("dimensions"), data.pop("tiers")
    gates, lifecycle = data.pop("gates", ()), data.pop("lifecycle", {})
    blocks = [toml_table("", data)]
    if lifecycle:
        blocks.append(toml_table("[lifecycle]", lifecycle))
    blocks += [toml_table("[[tiers]]", tier) for tier in tiers]
    blocks += [toml_table("[[gates]]", gate) for gate in gates]
    for dimension in dimensions:
        metrics = dimension.pop("metrics", ())
        blocks.append(toml_table("[[dimensions]]", dimension))
        blocks += [_metric(metric) for metric in metrics]
    return "\n".join(blocks)


@cache
def preset_metrics() -> tuple[str, ...]:
    """Keys of the metrics of all shipped models, without building the models."""
    data = [tomllib.loads(_text(name)) for name in _NAMES]
    return tuple(m["key"] for d in data for k in d["dimensions"] for m in k.get("metrics", ()))


def _text(name: str) -> str:
    return files("scoring").joinpath("models", f"{name}.toml").read_text(encoding="utf-8")


def _summary(name: str) -> PresetSummary:
    # The properties stand above the first table; the rest of the file need not be parsed.
    data = tomllib.loads(_text(name).split("\n[", 1)[0])
    return PresetSummary(data["name"], data["version"], data["title"], data["source"])


def _unknown(name: str) -> ModelError:
    own = "A model of your own is given as a .toml file or a workbook with a Model sheet."
    return ModelError(f"{unknown_preset(name)} {own}")


def unknown_preset(name: str) -> str:
    """What to say of a name that no preset has: the closest one and all that there are."""
    from scoring.closest import did_you_mean

    hint = f"{found} " if (found := did_you_mean(name, _NAMES)) else ""
    return f'There is no preset "{name}". {hint}Known presets: {", ".join(_NAMES)}.'


def _open_ends(data: dict[str, Any]) -> dict[str, Any]:
    """Turn infinite ends of the metrics' ranges into None."""
    for dimension in _tables(data.get("dimensions")):
        for metric in _tables(dimension.get("metrics")):
            for key in _RANGES:
                if isinstance(metric.get(key), list):
                    metric[key] = [None if end in (inf, -inf) else end for end in metric[key]]
    return data


def _tables(value: object) -> list[dict[str, Any]]:
    # A file that people edit may hold anything here; the model's own check reports it.
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def toml_table(heading: str, data: Mapping[str, Any]) -> str:
    """A table of TOML: its heading, "" for none, and a line a property."""
    lines = [heading] if heading else []
    for key, value in data.items():
        lines.append(f"{key} = {_range(value) if key in _RANGES else toml_value(value)}")
    return "\n".join(lines) + "\n"


def _metric(metric: Mapping[str, Any]) -> str:
    # The kind of a curve is a default of its class, yet readers choose the class by it.
    kind = "states" if metric["unit"] == "state" else "linear"
    data = {k: v for k, v in metric.items() if k != "curve"}
    head = {k: data.pop(k) for k in ("key", "name", "weight", "unit")}
    curve = {"kind": kind, "points": metric["curve"]["points"]}
    return toml_table("[[dimensions.metrics]]", {**head, "curve": curve, **data})


def _range(ends: Sequence[float | None]) -> str:
    low, high = ends
    return toml_value([-inf if low is None else low, inf if high is None else high])


def toml_value(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        # A JSON string is a TOML basic string, save that TOML also escapes DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
