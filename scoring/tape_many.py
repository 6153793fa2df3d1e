"""A tape on arrays: numpy operations into a few reused buffers that stay in the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.tape import TESTS, Symbol, Tape, operations, record

__all__ = ["run_many"]

Array = NDArray[Any]
Wanted = Literal["head", "details", "dimensions"]

_CHUNK = 16_384
"""Rows worked on at a time; buffers of this size stay in the processor's cache."""

_MOST_THREADS, _CHUNKS_EACH = 8, 4
"""Threads at most, and the fewest chunks that pay for one."""

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
    "min": np.minimum, "max": np.maximum, "floor": np.floor,
    "==": np.equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
    "and": np.logical_and, "or": np.logical_or,
}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """One operation: a function, places of its operands, place of its result.

    Places count through inputs, constants, results, number buffers and test buffers.
    """

    function: Callable[..., Any] | None
    args: tuple[int, ...]
    out: int


@dataclass(frozen=True)
class _Program:
    """Lines to run on each chunk, and what stands at which place.

    ``wanted`` gives the place of each result; ``constants`` follow the inputs.
    """

    lines: tuple[_Line, ...]
    constants: tuple[Any, ...]
    results: int
    numbers: int
    tests: int
    wanted: tuple[int, ...]


def run_many(
    model: ScoreModel,
    what: Wanted,
    inputs: Sequence[Array],
    n: int,
    absent: frozenset[int] = frozenset(),
) -> list[Array]:
    """Run the policy on n accounts.

    Args:
        model: m metrics in k dimensions.
        what: which results, `Tape.head`, `Tape.details` or the dimension scores alone.
        inputs: (n,) arrays in the order of `Tape.inputs`.
        n: how many accounts.
        absent: positions of inputs that no account has; their arrays are not read.

    Returns:
        (n,) float arrays in the order of the results. One that is an input is that array.
    """
    program = _program(model, what, absent)
    results = [np.empty(n) for _ in range(program.results)]
    chunks = range(0, n, _CHUNK)
    threads = min(os.cpu_count() or 1, _MOST_THREADS, len(chunks) // _CHUNKS_EACH)
    if threads > 1:
        # numpy lets go of the interpreter while it calculates; chunks have nothing in common.
        with ThreadPoolExecutor(threads) as pool:
            shares = (chunks[first::threads] for first in range(threads))
            list(pool.map(lambda share: _run_chunks(program, inputs, results, n, share), shares))
    else:
        _run_chunks(program, inputs, results, n, chunks)
    whole = [*inputs, *program.constants, *results]
    found = (whole[place] for place in program.wanted)
    return [w if isinstance(w, np.ndarray) else np.full(n, w, dtype=float) for w in found]


def _run_chunks(
    program: _Program, inputs: Sequence[Array], results: Sequence[Array], n: int, starts: range
) -> None:
    """Run the program on some chunks, in buffers of their own."""
    size = min(_CHUNK, n)
    buffers = [np.empty(size) for _ in range(program.numbers)]
    buffers += [np.empty(size, bool) for _ in range(program.tests)]
    with np.errstate(all="ignore"):
        for start in starts:
            part = slice(start, min(start + _CHUNK, n))
            length = part.stop - part.start
            _run(program.lines, [
                *(a[part] for a in inputs), *program.constants, *(r[part] for r in results),
                *(b[:length] for b in buffers),
            ])  # fmt: skip


def _run(lines: Sequence[_Line], places: list[Any]) -> None:
    for line in lines:
        out = places[line.out]
        if line.function is not None:
            line.function(*[places[a] for a in line.args], out=out)
        else:
            test, a, b = line.args
            np.copyto(out, places[b])
            np.copyto(out, places[a], where=places[test])


@lru_cache(maxsize=128)
def _program(model: ScoreModel, what: Wanted, absent: frozenset[int]) -> _Program:
    tape = record(model, absent)
    results = {
        "head": tape.head, "details": tape.details, "dimensions": list(tape.rolled.dimensions),
    }  # fmt: skip
    return _Writer(tape, results[what]).program()


class _Writer:
    """Gives every operation a place for its result; a buffer is free again after its last use."""

    def __init__(self, tape: Tape, wanted: Sequence[Any]) -> None:
        self.steps = operations(tape, wanted)
        self.wanted = wanted
        self.last = {a: i for i, s in enumerate(self.steps) for a in s.args if _is(a)}
        made = dict.fromkeys(w for w in wanted if _is(w) and w.op != "input")
        plain = [a for s in self.steps for a in s.args if not _is(a)]
        plain += [w for w in wanted if not _is(w)]
        self.constants = list({(type(c), repr(c)): c for c in plain}.values())
        inputs = [s for s in tape.symbols if s.op == "input"]
        self.places: dict[Any, int] = {s: i for i, s in enumerate(inputs)}
        for c in self.constants:
            self.places[type(c), repr(c)] = len(self.places)
        self.first_result = len(self.places)
        self.places |= {s: self.first_result + i for i, s in enumerate(made)}
        self.results = set(made)
        self.free: dict[bool, list[int]] = {True: [], False: []}
        self.made = {True: 0, False: 0}
        self.own: dict[Symbol, tuple[bool, int]] = {}

    def program(self) -> _Program:
        lines = [self._line(i, step) for i, step in enumerate(self.steps)]
        numbers = self.first_result + len(self.results)
        base = {False: numbers, True: numbers + self.made[False]}

        def final(place: int | tuple[bool, int]) -> int:
            return place if isinstance(place, int) else base[place[0]] + place[1]

        written = tuple(_Line(f, tuple(final(a) for a in args), final(o)) for f, args, o in lines)
        wanted = tuple(self.places[_key(w)] for w in self.wanted)
        return _Program(
            written, tuple(self.constants), len(self.results), self.made[False], self.made[True],
            wanted,
        )  # fmt: skip

    def _line(self, index: int, step: Symbol) -> tuple[Any, list[Any], Any]:
        args = [self.own[a] if a in self.own else self.places[_key(a)] for a in step.args]
        dying = [
            a for a in dict.fromkeys(step.args)
            if _is(a) and a in self.own and self.last[a] == index
        ]  # fmt: skip
        function = _FUNCTIONS.get(step.op)
        if step.op == "where" and _is_share(step):
            # A share where the test holds, else nothing: one product instead of two copies.
            function, args = np.multiply, args[:2]
        if function is not None:  # an operation may write over what it has just read
            self._release(dying)
        out = self._place(step)
        if function is None:
            self._release(dying)
        return function, args, out

    def _place(self, step: Symbol) -> int | tuple[bool, int]:
        test = step.op in TESTS
        if step in self.results:
            return self.places[step]
        if self.free[test]:
            number = self.free[test].pop()
        else:
            number = self.made[test]
            self.made[test] += 1
        self.own[step] = (test, number)
        return self.own[step]

    def _release(self, symbols: Sequence[Symbol]) -> None:
        for symbol in symbols:
            test, number = self.own[symbol]
            self.free[test].append(number)


def _is(value: Any) -> bool:
    return isinstance(value, Symbol)


def _key(value: Any) -> Any:
    return value if _is(value) else (type(value), repr(value))


def _is_share(step: Symbol) -> bool:
    _, a, b = step.args
    return not _is(a) and not _is(b) and b == 0.0 and 0.0 < a < float("inf")
