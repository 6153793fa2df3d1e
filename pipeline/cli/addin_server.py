"""What the actions of `healthsheet addin` that concern Excel's server share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scoring.errors import HostError

__all__ = ["checked", "needs_server"]

_PACKAGES = frozenset({"anyio", "cryptography", "jwt", "limits", "starlette", "uvicorn"})


@contextmanager
def needs_server() -> Iterator[None]:
    """Say what to install where the server's packages are missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package not in _PACKAGES:
            raise
        # In double quotes: the command line of Windows knows no others.
        install = 'pip install -c requirements.lock ".[server]"'
        text = f"The server needs {package}. In HealthSheet's folder run: {install}"
        raise HostError(text) from None


def checked(read: Callable[[str], str]) -> Callable[[str], str]:
    """An argparse type that shows what *read* has to say about a value."""

    def value(text: str) -> str:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return value
