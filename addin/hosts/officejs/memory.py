"""What functions remember between calls, and how a server forgets it.

Functions keep the headers, models and rows that they have read: a sheet asks thousands of times
about the same. On a person's own computer it may stay. A server works for many people and promises
to keep nothing, so what a request brought goes with its answer.
"""

from __future__ import annotations

import sys
from functools import _lru_cache_wrapper

__all__ = ["forget"]

_PACKAGES = frozenset({"addin", "scoring"})


def forget() -> None:
    """Forget all that calls have left behind; requests that still run read theirs once more.

    A cache without a bound stays: it cannot hold what people send, which has no end, but what is
    ours, such as the presets.
    """
    # Some modules are loaded when they are first needed, so all are looked through each time.
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _PACKAGES:
            for found in list(vars(module).values()):
                if isinstance(found, _lru_cache_wrapper) and found.cache_parameters()["maxsize"]:
                    found.cache_clear()
