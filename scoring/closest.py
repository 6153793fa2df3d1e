"""The known name that a mistyped one is most like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scoring.columns import normalise

__all__ = ["did_you_mean"]


def did_you_mean(text: str, names: Iterable[str] | Mapping[str, str]) -> str:
    """``Did you mean "Usage"?`` of a name like the text; empty where none is close.

    Args:
        text: as typed; case, spaces and punctuation do not count.
        names: what is known; or what a person may type → the name that people see.
    """
    # Most texts are known, and a cell should not wait for a module of mistakes.
    from difflib import get_close_matches

    shown = names if isinstance(names, Mapping) else {name: name for name in names}
    by_text = {normalise(text): name for text, name in shown.items()}
    close = get_close_matches(normalise(text), by_text, n=1)
    return f'Did you mean "{by_text[close[0]]}"?' if close else ""
