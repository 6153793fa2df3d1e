"""Would Excel open a workbook without its repair prompt?

Structural rules of our own and Microsoft's schema validator; either alone misses a third.
"""

from __future__ import annotations

from pathlib import Path

from tests.validity import sdk, structure
from tests.validity.package import Problem
from tests.validity.sdk import ValidatorMissing

__all__ = ["Problem", "ValidatorMissing", "assert_valid", "problems"]


def problems(path: Path) -> list[Problem]:
    """Every reason why Excel would repair or refuse the workbook at *path*."""
    return structure.check(path) + sdk.check(path)


def assert_valid(path: Path) -> None:
    """Fail with every problem of the workbook at *path*, if there is one."""
    found = problems(path)
    if found:
        listed = "\n  ".join(str(problem) for problem in found[:20])
        raise AssertionError(f"{path.name}: {len(found)} problems\n  {listed}")
