"""The library as TOML text: reading what people wrote, and writing it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from scoring.closest import did_you_mean
from scoring.errors import ModelError
from scoring.judgement.condition import parse
from scoring.judgement.library import Library, PositiveDefinition, RiskDefinition
from scoring.judgement.wording import places
from scoring.model_data import Place, dotted, fault_lines, faults
from scoring.presets import toml_table

__all__ = ["WHAT", "library_from_data", "library_from_toml", "library_to_toml"]

WHAT = "risk library"
_SEVERITY_ONLY = ("points",)
"""Facts that only the severity of a risk may name."""


def library_from_toml(text: str, where: str, known: Sequence[str]) -> Library:
    """Read a library from TOML text.

    Args:
        text: tables ``risks``, ``positives`` and ``plays`` as in the shipped library.
        where: file, for messages.
        known: facts that conditions and wordings may name, see `facts.known_facts`.

    Raises:
        ModelError: no TOML, or all faults at once, each with its row, column and next step.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f"{where}: not valid TOML: {error}. Correct that line.") from error

    def place(path: Sequence[str | int]) -> str:
        named = _named(data, path)
        return f"{dotted(path)}{f' ({named})' if named else ''}"

    return library_from_data(data, where, known, place)


def _named(data: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """The key of the definition that a path leads into, "" where it has none."""
    match path:
        case [str(block), int(row), *_] if isinstance(data.get(block), list):
            found = data[block][row] if row < len(data[block]) else None
            return str(found.get("key", "")) if isinstance(found, dict) else ""
    return ""


def library_from_data(
    data: Mapping[str, Any], where: str, known: Sequence[str], place: Place = dotted
) -> Library:
    """Validate plain data as a library; arguments and errors as in `library_from_toml`.

    Args:
        data: ``risks``, ``positives`` and ``plays`` as lists of mappings.
        where: file or sheet, for messages.
        known: facts that may be named.
        place: turns the path of a faulty value into the place that a person looks for.
    """
    try:
        library = Library.model_validate(data)
    except ValidationError as error:
        raise faults(where, fault_lines(error, place), WHAT) from None
    lines = [f"{place(path)}: {text}" for path, text in _unknown(library, frozenset(known))]
    if lines:
        raise faults(where, lines, WHAT)
    return library


def _unknown(
    library: Library, known: frozenset[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Facts that nobody knows, with their place and what may be meant."""
    listed: dict[str, Sequence[RiskDefinition | PositiveDefinition]] = {
        "risks": library.risks, "positives": library.positives,
    }  # fmt: skip
    for block, definitions in listed.items():
        for row, definition in enumerate(definitions):
            for field, fact in _named_facts(definition):
                severity = field in ("high", "medium") and fact in _SEVERITY_ONLY
                if fact not in known and not severity:
                    hint = did_you_mean(fact, known) or "Known facts: docs/risks.md."
                    yield (block, row, field), f'there is no fact "{fact}". {hint}'
    for row, play in enumerate(library.plays):
        for number, step in enumerate(play.steps):
            for fact, _ in places(step.text):
                if fact not in known:
                    hint = did_you_mean(fact, known) or "Known facts: docs/risks.md."
                    yield (
                        ("plays", row, "steps", number, "text"),
                        (f'there is no fact "{fact}". {hint}'),
                    )


def _named_facts(
    definition: RiskDefinition | PositiveDefinition,
) -> Iterator[tuple[str, str]]:
    """Field and fact of everything that a definition names."""
    for fact in parse(definition.condition).facts:
        yield "condition", fact
    for fact in definition.evidence:
        yield "evidence", fact
    for fact, _ in places(definition.text):
        yield "text", fact
    if isinstance(definition, RiskDefinition):
        for field, text in (("high", definition.high), ("medium", definition.medium)):
            for fact in parse(text).facts if text else ():
                yield field, fact
        for fact, _ in places(definition.mitigation):
            yield "mitigation", fact


def library_to_toml(library: Library) -> str:
    """TOML text of a library; reads back as an equal one."""
    data = library.model_dump(exclude_defaults=True)
    blocks = [toml_table("[[risks]]", risk) for risk in data.get("risks", ())]
    blocks += [toml_table("[[positives]]", positive) for positive in data.get("positives", ())]
    for play in data.get("plays", ()):
        steps = play.pop("steps")
        blocks.append(toml_table("[[plays]]", play))
        blocks += [toml_table("[[plays.steps]]", step) for step in steps]
    return "\n".join(blocks)
