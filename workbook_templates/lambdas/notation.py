"""Formulas as people read them → formulas as Excel's files hold them.

A file marks every function that came after Excel 2007, and every variable of LET and LAMBDA, with
a prefix. In the formulas of this package variables are written in small letters, and all else in
capitals, so that the two can be told apart.
"""

from __future__ import annotations

import re

__all__ = ["NEWER", "in_file", "variables"]

NEWER = frozenset(
    "IFNA ISOMITTED LAMBDA LET MAP NUMBERVALUE REDUCE SEQUENCE UNICHAR XLOOKUP XMATCH".split()
)
"""Functions of the formulas here that files name with a prefix."""

_PIECE = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    r"|(?P<optional>\[[a-z_]+\])"
    r"|(?P<variable>(?<![A-Za-z_!$])[a-z][a-z_]*)"
    r"|(?P<function>[A-Z][A-Z0-9]*(?=\())"
)


def in_file(formula: str) -> str:
    """The formula with the prefixes of a file; without line breaks and the spaces around them.

    Args:
        formula: in English notation, variables in small letters, optional parameters of a LAMBDA
            in brackets.
    """
    return _PIECE.sub(_marked, re.sub(r"\s*\n\s*", "", formula))


def variables(formula: str) -> set[str]:
    """Names of the variables of a formula."""
    return {
        piece.group().strip("[]")
        for piece in _PIECE.finditer(formula)
        if piece.lastgroup in ("variable", "optional")
    }


def _marked(piece: re.Match[str]) -> str:
    text = piece.group()
    match piece.lastgroup:
        case "variable":
            return f"_xlpm.{text}"
        case "optional":
            return f"_xlop.{text[1:-1]}"
        case "function" if text in NEWER:
            return f"_xlfn.{text}"
        case _:
            return text
