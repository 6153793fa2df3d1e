"""What a cell function is: its name, arguments, help and implementation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from addin.cells import CellProblem, Fault, Results
from scoring.presets import preset_names

__all__ = ["Argument", "ArgumentKind", "Function", "ResultKind"]

ArgumentKind = Literal[
    "rows",  # a range: one row of cells an account
    "headers",  # a row of texts, as a range or typed
    "model",  # a preset's name, or the range of a Model sheet
    "text",  # one text
    "number",  # one number
    "value",  # one cell of any kind
    "numbers",  # one number, or a range of them
    "dates",  # one date, or a range of them
    "flags",  # one yes or no, or a range of them
    "table",  # a range that begins with its header row
]

ResultKind = Literal[
    "cell",  # one cell; for ranges of the same shape, or one value for all, a result a cell
    "rows",  # one row an account
    "table",  # a header row and rows under it
]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its name as people see it, what it takes, help of at most 128 characters."""

    name: str
    kind: ArgumentKind
    help: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """One cell function.

    Attributes:
        name: what people type.
        help: what it gives, at most 128 characters.
        category: heading under which hosts and pages list it.
        arguments: in order; optional ones last.
        examples: formulas that can be typed as they are, in Excel's notation.
        result: shape of what comes back; all but a single cell spill.
        run: the implementation; takes one value an argument, None for one left out.
    """

    name: str
    help: str
    category: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]
    result: ResultKind
    run: Callable[..., Results]

    @property
    def signature(self) -> str:
        """The call as people write it: ``HEALTH_TIER(score, [model])``."""
        names = (f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({', '.join(names)})"

    def call(self, *given: object) -> Results:
        """Run with a host's arguments; whatever is wrong becomes a `Fault`, never an exception."""
        try:
            return self.run(*given)
        except CellProblem as problem:
            code, message = problem.fault.code, problem.fault.message
            return Fault(code, " ".join(filter(None, (message, self._misplaced(given)))))
        except Exception as error:  # noqa: BLE001 - a cell shows an error, never a traceback
            kind = type(error).__name__
            return Fault("#VALUE!", f"{self.name} failed ({kind}). Please report this as a bug.")

    def _misplaced(self, given: Sequence[object]) -> str:
        """Where a preset's name belongs that was given as values or headers; else empty."""
        places = [i for i, a in enumerate(self.arguments, start=1) if a.kind == "model"]
        for argument, value in zip(self.arguments, given, strict=False):
            wrong = argument.kind in ("rows", "headers") and isinstance(value, str)
            if places and wrong and str(value).strip().casefold() in preset_names():
                return f'"{value}" is a model: give it as argument {places[0]}, {self.signature}.'
        return ""
