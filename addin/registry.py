"""The one list of cell functions; whatever a host or a page shows about them is made from it.

Adding a function is one entry here and its implementation in `addin.functions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from addin import functions
from addin.cells import CellProblem, Fault, Results

__all__ = [
    "FUNCTIONS",
    "Argument",
    "ArgumentKind",
    "Function",
    "function_table_markdown",
]

ArgumentKind = Literal[
    "rows",  # a range: one row of cells an account
    "headers",  # a row of texts, as a range or typed
    "model",  # a preset's name, or the range of a Model sheet
    "text",  # one text
    "score",  # one number, or a range of them
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
        many_rows: whether a range of several rows gives a column of results in one call.
        run: the implementation; takes one value an argument, None for one left out.
    """

    name: str
    help: str
    category: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]
    many_rows: bool
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
            return problem.fault
        except Exception as error:  # noqa: BLE001 - a cell shows an error, never a traceback
            kind = type(error).__name__
            return Fault("#VALUE!", f"{self.name} failed ({kind}). Please report this as a bug.")


_MODEL = Argument(
    "model",
    "model",
    "Name of a preset, such as support, or the cells of a Model sheet. Without it: scorecard.",
    optional=True,
)
_SEGMENT = Argument(
    "segment",
    "text",
    "Enterprise, Mid-Market or SMB. Without it a Segment column decides, if there is one.",
    optional=True,
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        name="HEALTH_SCORE",
        help="Health score of a customer, 0 to 100, from ratings or metrics; one for each row.",
        category="Scores",
        arguments=(
            Argument(
                "values",
                "rows",
                "One row of cells for each account. Without headers: the model's dimension ratings "
                "in order.",
            ),
            Argument(
                "headers",
                "headers",
                "Header row over the values. Order, case and spaces do not matter; others are "
                "ignored.",
                optional=True,
            ),
            _MODEL,
            _SEGMENT,
        ),
        examples=(
            "=HEALTH_SCORE(B2:F2)",
            "=HEALTH_SCORE(B2:R2, B$1:R$1)",
            '=HEALTH_SCORE(B2:R2, B$1:R$1, "support")',
            '=HEALTH_SCORE(B2:R2, B$1:R$1, "four-dimension", "Enterprise")',
        ),
        many_rows=True,
        run=functions.health_score,
    ),
    Function(
        name="HEALTH_TIER",
        help="Tier of a score as a word: Green, Amber or Red, or what the model calls them.",
        category="Scores",
        arguments=(
            Argument("score", "score", "A score from 0 to 100. A blank gives an empty text."),
            _MODEL,
        ),
        examples=("=HEALTH_TIER(S2)", '=HEALTH_TIER(S2, "support")'),
        many_rows=False,
        run=functions.health_tier,
    ),
)


def function_table_markdown() -> str:
    """The functions as a Markdown table: call, what it gives, example; one line a function."""
    lines = ["| Function | Gives | Example |", "|---|---|---|"]
    lines += [f"| `{f.signature}` | {f.help} | `{f.examples[-1]}` |" for f in FUNCTIONS]
    return "\n".join(lines) + "\n"
