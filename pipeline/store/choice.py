"""Which history a command uses, and how the command line names it."""

from __future__ import annotations

from pathlib import Path

from pipeline.settings import settings_file, text_setting
from pipeline.store.address import Address, read_address

__all__ = ["choose_history"]

_NONE = "none"
"""What people write where they want no history; a file called so is ``./none``."""


def choose_history(named: str | None, source: str | Path) -> Address | None:
    """The named history, else that of healthsheet.toml beside the source, else none.

    Args:
        named: ``--history``; an empty text, or ``none``, means none, whatever the settings say.
        source: what is scored.

    Raises:
        HistoryError: the address cannot be used.
        DataError: the settings file cannot be read.
    """
    if named is not None:
        return read_address(named) if _meant(named) else None
    settings = settings_file(source)
    given = text_setting(settings, "history", "", "history.db")
    return read_address(given, folder=settings.parent) if _meant(given) else None


def _meant(name: str) -> bool:
    """Whether a text names a history, as people write it."""
    return name.strip().casefold() not in ("", _NONE)
