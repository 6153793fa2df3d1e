"""A tape as straight-line Python: scores one account in a few microseconds, without numpy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from scoring.tape import Symbol, Tape, operations

__all__ = ["compile_one"]

_SIGNS = {"min": "<", "max": ">"}


def compile_one(tape: Tape, wanted: Sequence[Any]) -> Callable[..., tuple[Any, ...]]:
    """A function of all inputs of the tape, by position, that returns the wanted results."""
    # The source holds operators, numbers and names made by `record`: no text of a model.
    names: dict[str, Any] = {"floor": _floor, "nan": math.nan, "inf": math.inf}
    exec(_source(tape, wanted), names)  # noqa: S102
    run: Callable[..., tuple[Any, ...]] = names["run"]
    return run


def _floor(x: float) -> float:
    return x if x != x else float(math.floor(x))


def _source(tape: Tape, wanted: Sequence[Any]) -> str:
    steps = operations(tape, wanted)
    uses = _uses(steps, wanted)
    texts: dict[Symbol, str] = {s: s.args[0] for s in tape.symbols if s.op == "input"}
    lines = [f"def run({', '.join(tape.inputs)}):"]
    for number, step in enumerate(steps):
        text = _expression(step, [_text(a, texts) for a in step.args])
        if uses[step] > 1:
            lines.append(f" t{number} = {text}")
            text = f"t{number}"
        texts[step] = text
    return "\n".join([*lines, f" return ({', '.join(_text(w, texts) for w in wanted)},)"])


def _uses(steps: Sequence[Symbol], wanted: Sequence[Any]) -> Counter[Symbol]:
    """How often each result is written; operands of min and max stand there twice."""
    uses: Counter[Symbol] = Counter(w for w in wanted if isinstance(w, Symbol))
    for step in steps:
        times = 2 if step.op in _SIGNS else 1
        for arg in step.args:
            if isinstance(arg, Symbol):
                uses[arg] += times
    return uses


def _text(value: Any, texts: dict[Symbol, str]) -> str:
    return texts[value] if isinstance(value, Symbol) else repr(value)


def _expression(step: Symbol, args: list[str]) -> str:
    if step.op == "where":
        return f"({args[1]} if {args[0]} else {args[2]})"
    if step.op in _SIGNS:  # as the built-ins do: the first wins unless the second is beyond it
        return f"({args[1]} if {args[1]} {_SIGNS[step.op]} {args[0]} else {args[0]})"
    if step.op == "floor":
        return f"floor({args[0]})"
    return f"({args[0]} {step.op} {args[1]})"
