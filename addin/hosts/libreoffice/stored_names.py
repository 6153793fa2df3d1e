"""Names of functions inside .xlsx files: each program stores its own, and knows no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from addin.hosts.libreoffice.names import excel_name, long_name
from addin.registry import FUNCTIONS, Function

__all__ = ["PROGRAMS", "rename_functions"]

PROGRAMS: Mapping[str, Callable[[Function], str]] = {"excel": excel_name, "libreoffice": long_name}
"""Program → the name under which it finds a function in a file."""

# As files hold them: LibreOffice long, Excel with a mark of its web add-ins or of the add-in's
# workbook; LibreOffice 7 gives back in small letters what it did not know.
_STORED = {
    name.casefold(): function
    for function in FUNCTIONS
    for name in (long_name(function), function.name)
}
_FORMULA = re.compile(
    r"(<(?:\w+:)?(?:f|formula[12]?|definedName|calculatedColumnFormula)\b[^>]*(?<!/)>)([^<]+)"
)
_CALL = re.compile(
    r"(?P<text>\"[^\"]*\"|&quot;.*?&quot;)"
    r"|(?<![\w.])(?:_xldudf_|_xll\.|\[\d+\]!)?(?P<name>"
    + "|".join(re.escape(name) for name in _STORED)
    + r")(?=\s*\()",
    re.IGNORECASE | re.DOTALL,
)


def rename_functions(xml: str, program: str) -> tuple[str, int]:
    """Give every function in the formulas of a part the name that a program knows.

    Args:
        xml: a part of an .xlsx package that holds formulas, such as a sheet.
        program: of `PROGRAMS`.

    Returns:
        The part, and how many calls have another name now. Texts inside formulas stay.
    """
    named = PROGRAMS[program]
    changed = 0

    def call(found: re.Match[str]) -> str:
        nonlocal changed
        if found["text"]:
            return found[0]
        new = named(_STORED[found["name"].casefold()])
        changed += new != found[0]
        return new

    def formula(found: re.Match[str]) -> str:
        return found[1] + _CALL.sub(call, found[2])

    return _FORMULA.sub(formula, xml), changed
