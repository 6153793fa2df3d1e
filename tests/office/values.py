"""What a cell shows, in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Value = float | str | bool | None


@dataclass(frozen=True)
class Error:
    """A cell's error, as LibreOffice shows it: ``#N/A``, ``#DIV/0!``, ``Err:504``."""

    text: str

    def __str__(self) -> str:
        return self.text


class Sheet(dict[str, "Value | Error"]):
    """Address → value of the cells that hold something; any other address is ``None``.

    Attributes:
        area: The used area from A1 on, like ``A1:K40``.
    """

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__((at, plain(value)) for at, value in told["cells"].items())
        self.area: str = told["area"]

    def __missing__(self, address: str) -> None:
        return None

    def errors(self) -> dict[str, Error]:
        """The cells that show an error."""
        return {at: value for at, value in self.items() if isinstance(value, Error)}


def plain(told: Any) -> Value | Error:
    """A value as the driver tells it."""
    return Error(told["error"]) if isinstance(told, dict) else told
