"""The Python behind the add-in, as a process that stands where Excel's COM server would.

Usage: ``python -m tests.addin.xlwings.answers``. Each line of input is a JSON list of module,
function and arguments, as VBA hands them over; the line that answers it is what VBA gets back.
Lists are arrays, whole numbers Longs, the rest Doubles; an error value is a Long.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.addin.xlwings import windows


def _plain(value: object) -> object:
    """JSON as pywin32 hands arrays over: tuples of tuples."""
    return tuple(map(_plain, value)) if isinstance(value, list) else value


def _bare(variant: object) -> object:
    """A VARIANT without its kind: in JSON the kinds differ by themselves."""
    if isinstance(variant, list):
        return [_bare(item) for item in variant]
    assert isinstance(variant, tuple)
    return variant[1]


def main() -> None:
    """Answer until the input ends."""
    windows.install()
    import xlwings.com_server  # only what stands now makes it importable

    server: Any = xlwings.com_server.XLPython()
    for line in sys.stdin:
        module, function, arguments = json.loads(line)
        result = server.CallUDF(module, function, _plain(arguments))
        print(json.dumps(_bare(windows.to_variant(result))), flush=True)


if __name__ == "__main__":
    main()
