"""The roll-up policy as a straight line of operations, recorded once a model.

`rollup.py` is run with symbols in place of numbers, and what it does to them is written down.
Equal operations are written once; what no wanted result needs is left out. `tape_one.py` turns
the tape into Python for one account, `tape_many.py` runs it on arrays. Order and operands stay
those of the policy, so every result is the same bit for bit, only sooner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scoring.model import ScoreModel
from scoring.rollup import ONE, Circumstance, Ops, Rolled, Shown, roll_up, show

__all__ = ["CIRCUMSTANCES", "TESTS", "Symbol", "Tape", "operations", "record"]

CIRCUMSTANCES = ("age_days", "smoothed", "cap", "override_score", "override_tier")
"""Inputs after values and weights: the fields of `rollup.Circumstance`."""

_NONE = {name: getattr(Circumstance(), name) for name in CIRCUMSTANCES}

TESTS = frozenset({"==", "<", "<=", ">", ">=", "and", "or"})
"""Operations whose result is true or false."""


class Symbol:
    """A number that is not known yet: an input by name, or an operation on others.

    Attributes:
        op: "input", a binary operator, "min", "max", "floor", "where", "and" or "or".
        args: symbols and plain numbers; the name of an input.
    """

    __slots__ = ("args", "log", "op")

    def __init__(self, log: _Log, op: str, args: tuple[Any, ...]) -> None:
        self.log, self.op, self.args = log, op, args

    def __add__(self, other: object) -> Symbol:
        return self.log.note("+", self, other)

    def __radd__(self, other: object) -> Symbol:
        return self.log.note("+", other, self)

    def __sub__(self, other: object) -> Symbol:
        return self.log.note("-", self, other)

    def __rsub__(self, other: object) -> Symbol:
        return self.log.note("-", other, self)

    def __mul__(self, other: object) -> Symbol:
        return self.log.note("*", self, other)

    def __rmul__(self, other: object) -> Symbol:
        return self.log.note("*", other, self)

    def __truediv__(self, other: object) -> Symbol:
        return self.log.note("/", self, other)

    def __rtruediv__(self, other: object) -> Symbol:
        return self.log.note("/", other, self)

    def __lt__(self, other: object) -> Symbol:
        return self.log.note("<", self, other)

    def __le__(self, other: object) -> Symbol:
        return self.log.note("<=", self, other)

    def __gt__(self, other: object) -> Symbol:
        return self.log.note(">", self, other)

    def __ge__(self, other: object) -> Symbol:
        return self.log.note(">=", self, other)

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        return self.log.note("==", self, other)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        # A policy that branches on a number would be recorded with one branch only.
        raise TypeError("the roll-up must choose with ops.where, not with if")


def _is(value: Any, number: float) -> bool:
    return isinstance(value, float) and repr(value) == repr(number)


class _Log:
    """Symbols in the order in which the policy made them; equal operations are one symbol."""

    def __init__(self) -> None:
        self.symbols: list[Symbol] = []
        self._known: dict[tuple[Any, ...], Symbol] = {}

    def note(self, op: str, *args: Any) -> Symbol:
        if (op == "-" and _is(args[1], 0.0)) or (op in "*/" and _is(args[1], 1.0)):
            return args[0]  # type: ignore[no-any-return]  # the same number, bit for bit
        # Written out, so that 0.0 and −0.0, 1 and 1.0 stay apart and NaN equals itself.
        key = (op, *(id(a) if isinstance(a, Symbol) else (type(a), repr(a)) for a in args))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Symbol(self, op, args)
            self.symbols.append(found)
        return found

    def operations(self) -> Ops:
        """`rollup.Ops` on symbols; on plain numbers it calculates at once."""

        def noted(op: str, plain: Any) -> Any:
            def run(*args: Any) -> Any:
                known = not any(isinstance(a, Symbol) for a in args)
                return plain(*args) if known else self.note(op, *args)

            return run

        def where(test: Any, a: Any, b: Any) -> Any:
            return self.note("where", test, a, b) if isinstance(test, Symbol) else a if test else b

        return Ops(
            where=where,
            low=noted("min", ONE.low),
            high=noted("max", ONE.high),
            floor=noted("floor", ONE.floor),
            both=lambda a, b: self._joined("and", a, b, neutral=True),
            either=lambda a, b: self._joined("or", a, b, neutral=False),
        )

    def _joined(self, op: str, a: Any, b: Any, *, neutral: bool) -> Any:
        """A test joined with one whose outcome is known is that outcome, or the test itself."""
        for known, other in ((a, b), (b, a)):
            if not isinstance(known, Symbol):
                return other if bool(known) is neutral else known
        return self.note(op, a, b)


@dataclass(frozen=True)
class Tape:
    """A recorded policy.

    Attributes:
        inputs: names in the order of values (``model.inputs``), weights and `CIRCUMSTANCES`.
        symbols: everything that was noted, each after what it needs.
        rolled, shown: results of `roll_up` and `show`, of symbols and plain numbers.
    """

    inputs: tuple[str, ...]
    symbols: tuple[Symbol, ...]
    rolled: Rolled
    shown: Shown

    @property
    def head(self) -> list[Any]:
        """Model total, total, tier, status, low, high, coverage."""
        s = self.shown
        return [s.model_total, s.total, s.tier, s.status, s.low, s.high, self.rolled.coverage]

    @property
    def details(self) -> list[Any]:
        """Dimension scores, points, contributions, available points."""
        r = self.rolled
        return [*r.dimensions, *r.points, *r.contributions, *r.available]


@lru_cache(maxsize=256)
def record(model: ScoreModel, absent: frozenset[int] = frozenset()) -> Tape:
    """Run the policy on symbols.

    Args:
        model: gives constants and structure; none of its text comes into the tape.
        absent: positions of inputs that no account has. What they would have decided is decided
            now, so that nothing is calculated for typed dimensions, overrides or ages where
            there are none.
    """
    log = _Log()

    def inputs(letter: str, count: int) -> list[Symbol]:
        return [log.note("input", f"{letter}{i}") for i in range(count)]

    values = inputs("v", len(model.inputs))
    weights = inputs("w", len(model.dimensions))
    given = inputs("c", len(CIRCUMSTANCES))
    ops = log.operations()
    offset = len(values) + len(weights)
    known = [math.nan if i in absent else v for i, v in enumerate(values)]
    circumstance = Circumstance(**{
        name: _NONE[name] if offset + i in absent else given[i]
        for i, name in enumerate(CIRCUMSTANCES)
    })  # fmt: skip
    rolled = roll_up(model, known, weights, ops)
    shown = show(model, rolled, circumstance, ops)
    names = tuple(s.args[0] for s in (*values, *weights, *given))
    return Tape(names, tuple(log.symbols), rolled, shown)


def operations(tape: Tape, wanted: Sequence[Any]) -> list[Symbol]:
    """The operations that the wanted results need, in order, without inputs."""
    needed: set[Symbol] = set()
    waiting = [w for w in wanted if isinstance(w, Symbol)]
    while waiting:
        symbol = waiting.pop()
        if symbol not in needed:
            needed.add(symbol)
            waiting += [a for a in symbol.args if isinstance(a, Symbol)]
    return [s for s in tape.symbols if s in needed and s.op != "input"]
