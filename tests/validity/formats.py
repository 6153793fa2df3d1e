"""The grammar of number formats."""

from __future__ import annotations

import re

_LENGTH = 255
_PIECE = re.compile(
    r"""
    "[^"]*" | \\. | _. | \*. | (?P<bracket>\[[^\]]*\])
    | General | AM/PM | A/P | 上午/下午 | E[+-]
    | a{3,4} | b{1,4} | d+ | e+ | g+ | h+ | m+ | r+ | s+ | y+
    | [0-9\#?.,%/@] | [$\-+():!^&'~{}<>=|;\s] | [^\x00-\x7f]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BRACKET = re.compile(
    r"""
    \[(?: black|blue|cyan|green|magenta|red|white|yellow|color\s*\d{1,2}
    | (?:<=|>=|<>|<|>|=)\s*-?\d+(?:\.\d+)?(?:E[+-]?\d+)? | \$[^\]]* | h+|m+|s+
    | dbnum\d | natnum\d+ | eng )\]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def fault(code: str) -> str | None:
    """Why Excel would refuse the number format, or None."""
    if len(code) > _LENGTH:
        return f"longer than {_LENGTH} characters"
    at, sections = 0, 1
    while at < len(code):
        match = _PIECE.match(code, at)
        if match is None:
            return f"{code[at]!r} at {at} needs quotes"
        if match["bracket"] and not _BRACKET.fullmatch(match["bracket"]):
            return f"{match['bracket']} is unknown"
        sections += match[0] == ";"
        at = match.end()
    return f"{sections} sections" if sections > 4 else None
