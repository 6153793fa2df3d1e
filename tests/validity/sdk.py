"""Microsoft's Open XML SDK validator, as the npm package that ./check installs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.validity.package import Problem

_MODULES = Path(__file__).parents[1] / ".node" / "node_modules" / "@xarsh"
# openpyxl writes the children of <font> in its own order, which Excel reads without complaint.
_HARMLESS = re.compile(
    r"unexpected child element '[^']*main:(?:b|i|strike|condense|extend|outline|shadow|u|vertAlign"
    r"|sz|color|name|family|charset|scheme)'"
)


class ValidatorMissing(RuntimeError):
    """The validator is not installed: run ./check, which installs it."""


def check(path: Path) -> list[Problem]:
    """What the validator says about a copy of *path*: it can rewrite the file it checks."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"book{path.suffix.lower()}"
        shutil.copyfile(path, copy)
        done = subprocess.run([_program(), str(copy)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the Open XML validator failed: {done.stderr.strip()}")
    errors = json.loads(done.stdout)
    found = errors["errors"] if isinstance(errors, dict) else errors
    return [_problem(error) for error in found if not _font_order(error)]


def _program() -> str:
    for found in _MODULES.glob("ooxml-validator-*/ooxml-validator*"):
        if found.suffix in ("", ".exe"):
            return str(found)
    raise ValidatorMissing("The Open XML validator is not installed: run ./check once.")


def _problem(error: dict[str, str]) -> Problem:
    known = {key.lower(): value for key, value in error.items()}
    detail = f"{known.get('xpath') or ''} {known.get('description') or ''}"
    return Problem(f"sdk:{known.get('id') or 'unreadable'}", known.get("path") or "", detail)


def _font_order(error: dict[str, str]) -> bool:
    known = {key.lower(): value or "" for key, value in error.items()}
    return bool(
        re.search(r"/x:font\[\d+\]$", known.get("xpath", ""))
        and _HARMLESS.search(known.get("description", ""))
        and known.get("path", "").endswith("styles.xml")
    )
