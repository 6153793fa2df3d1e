"""Plain data → a score model, with every fault as a sentence that names its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from scoring.errors import ModelError
from scoring.model import ScoreModel

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["Place", "dotted", "fault_lines", "faults", "model_from_data"]

Place = Callable[[Sequence[str | int]], str]
"""Path inside a model → where a person finds it: ``dimensions[2].weight`` or a cell address."""

# Pydantic puts the tag of a union into the path; nobody wrote it there.
_TAGS = frozenset({"linear", "states"})

_SENTENCES: Mapping[str, str] = {
    "missing": "is missing. Add it.",
    "extra_forbidden": "is not a property of a model. Remove it or correct its spelling.",
    "greater_than": "must be more than {gt}, it is {input}. Type a larger number.",
    "greater_than_equal": "must be {ge} or more, it is {input}. Type a larger number.",
    "less_than_equal": "must be {le} or less, it is {input}. Type a smaller number.",
    "float_type": "must be a number, it is {input}. Type a number.",
    "float_parsing": "must be a number, it is {input}. Type a number.",
    "int_type": "must be a whole number, it is {input}. Type a whole number.",
    "int_parsing": "must be a whole number, it is {input}. Type a whole number.",
    "int_from_float": "must be a whole number, it is {input}. Type a whole number.",
    "finite_number": "must be a finite number, it is {input}. Type a number.",
    "bool_type": "must be true or false, it is {input}. Type true or false.",
    "bool_parsing": "must be true or false, it is {input}. Type true or false.",
    "string_type": "must be text, it is {input}. Put it in quotes.",
    "string_too_short": "is empty. Give it a text.",
    "string_too_long": "is longer than {max_length} characters. Shorten it.",
    "literal_error": "must be {expected}, it is {input}. Use one of these words.",
    "union_tag_invalid": "must be {expected_tags}, it is {tag}. Use one of these words.",
    "union_tag_not_found": "names no kind of curve. Set it to linear or states.",
    "too_short": "needs at least {min_length}, it has {actual_length}. Add what is missing.",
    "too_long": "may have at most {max_length}, it has {actual_length}. Remove some.",
}


def dotted(path: Sequence[str | int]) -> str:
    """Path inside a model as people write it: ``dimensions[2].metrics[0].weight``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "the model"


def model_from_data(data: Mapping[str, Any], where: str, place: Place = dotted) -> ScoreModel:
    """Validate plain data as a score model.

    Args:
        data: nested mappings and lists as TOML gives them; open ends are None.
        where: file or sheet, for messages.
        place: turns the path of a faulty value into the place that a person looks for.

    Raises:
        ModelError: all faults at once, one line each with place, fault and next step.
    """
    try:
        return ScoreModel.model_validate(data)
    except ValidationError as error:
        lines = fault_lines(error, place)
    raise faults(where, lines)


def fault_lines(error: ValidationError, place: Place) -> list[str]:
    """Each fault of plain data as a sentence: place, fault, next step."""
    return [_sentence(detail, place) for detail in _causes(error.errors(include_url=False))]


def faults(where: str, lines: Sequence[str], what: str = "score model") -> ModelError:
    """One error for all faults of a model, or of what else people edit so."""
    if len(lines) == 1:
        return ModelError(f"{where}: {lines[0]}")
    return ModelError("\n  ".join([f"{where}: {len(lines)} faults in the {what}", *lines]))


def _causes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out "too few" of a list whose own items are faulty: those do not count for pydantic."""

    def follows(detail: ErrorDetails) -> bool:
        path = detail["loc"]
        return detail["type"] == "too_short" and any(
            len(d["loc"]) > len(path) and d["loc"][: len(path)] == path for d in details
        )

    return [detail for detail in details if not follows(detail)]


def _sentence(detail: ErrorDetails, place: Place) -> str:
    path = [part for part in detail["loc"] if part not in _TAGS]
    kind = detail["type"]
    limits = {k: _shown(v) if isinstance(v, float) else v for k, v in detail.get("ctx", {}).items()}
    facts = {"input": _shown(detail["input"]), **limits}
    if kind == "value_error":
        # The model's own checks already say what is wrong and what would be right.
        text = f"{detail['ctx']['error']}. Correct it."
    elif kind == "string_pattern_mismatch":
        text = f"{facts['input']} {_pattern_help(path)}"
    elif kind in _SENTENCES:
        text = _SENTENCES[kind].format(**facts)
    else:
        text = f"{detail['msg']}, it is {facts['input']}. Correct it."
    return f"{place(path)}: {text}"


def _pattern_help(path: Sequence[str | int]) -> str:
    field = path[-1] if path else ""
    if field == "version":
        return 'is not a version. Write numbers with dots, such as "1.2".'
    if field == "name":
        return "is not a model name. Use small letters, digits and hyphens."
    if "aliases" in path:
        return "is not one header. Write each alias by itself, without a semicolon."
    return "is not a key. Use small letters, digits and underscores, a letter first."


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
