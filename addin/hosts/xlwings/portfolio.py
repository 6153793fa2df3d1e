"""Refreshing the open portfolio workbook: closed, refreshed as the command line does, reopened.

Excel holds the file while it is open, and only the file is refreshed without loss. The command
runs in a process of its own, by the interpreter that answers Excel.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from addin.hosts.xlwings.sheets import Book
from scoring.errors import HostError

__all__ = ["refresh_open_portfolio"]

_OURS, _SOURCE = "hs_accounts_account_id", "hs_source"
_SETTINGS = "healthsheet.toml"
_LONGEST = 900.0
"""Seconds after which a refresh is given up; it has written nothing then, or everything."""
_LISTED = 5
# On Windows a console would flash up without this.
_NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0


def refresh_open_portfolio(book: Book) -> str | None:
    """Refresh the workbook through its file, and say what changed.

    Returns:
        None where the workbook is no portfolio of ours: then nothing was done.

    Raises:
        HostError: there is no file to refresh, or no source that is known; nothing was done.
    """
    if not book.has_name(_OURS):
        return None
    file = _file(book)
    if not (book.text_of(_SOURCE) or _in_settings(file.parent)):
        raise HostError(
            "This portfolio does not know its source yet. Close it and run once: "
            f'healthsheet refresh "{file.name}" --from SOURCE'
        )
    return _told(book.closed_while(lambda: _refreshed(file)), file.name)


def _file(book: Book) -> Path:
    place = book.place
    if "://" in place:
        raise HostError(
            f"{place} lives on a server, where only Excel can change it. Open the copy that "
            "OneDrive or SharePoint keeps in a folder of this computer, and refresh that."
        )
    if not book.saved_once:
        raise HostError("This workbook has never been saved. Save it as .xlsx and refresh again.")
    if book.read_only:
        raise HostError(f"{place} is open read-only. Open it for editing and refresh again.")
    return Path(place)


def _in_settings(folder: Path) -> bool:
    try:
        found = tomllib.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    section = found.get("refresh")
    return isinstance(section, dict) and bool(section.get("from"))


def _refreshed(file: Path) -> subprocess.CompletedProcess[str] | None:
    """What the command answers; None where it took too long."""
    # -P: modules that lie beside the workbook are nobody's business.
    command = [sys.executable, "-P", "-m", "pipeline.cli", "refresh", str(file), "--json"]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST,
            check=False,
            creationflags=_NO_WINDOW,
        )
    except subprocess.TimeoutExpired:
        return None


def _told(done: subprocess.CompletedProcess[str] | None, name: str) -> str:
    if done is None:
        return f"The refresh took too long and was stopped. {name} is whole."
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        said = lines[-1].removeprefix("healthsheet: ") if lines else "No reason was given."
        return f"Not refreshed. {said}"
    return "\n".join(_lines(answer, name))


def _lines(answer: Mapping[str, Any], name: str) -> list[str]:
    if not answer["changed"]:
        return [f"Nothing changed: {name} shows its source as it is."]
    word = "account" if answer["accounts"] == 1 else "accounts"
    lines = [f"Refreshed {answer['accounts']:,} {word} with {answer['model']}.", ""]
    for what in ("added", "removed", "returned"):
        found = [x["account"] or x["account_id"] for x in answer[what]]
        more = f" and {len(found) - _LISTED:,} more" if len(found) > _LISTED else ""
        if found:
            lines.append(f"{len(found):,} {what}: {', '.join(found[:_LISTED])}{more}")
    scores = answer["scores"]
    if scores:
        up = sum(s["after"] > s["before"] for s in scores)
        lines.append(f"{len(scores):,} scores changed: {up:,} up, {len(scores) - up:,} down")
    lines += [f"{t['accounts']:,} {t['before']} → {t['after']}" for t in answer["tiers"][:_LISTED]]
    typed = answer["typed_over"]
    if typed:
        shown = "; ".join(f"{t['place']} {t['value']} → {t['now']}" for t in typed[:_LISTED])
        more = " …" if len(typed) > _LISTED else ""
        lines.append(f"{len(typed):,} values typed over ours were replaced: {shown}{more}")
    if answer["archived"]:
        lines.append(f"{answer['archived']:,} of your entries went to the sheet Archive")
    wrong = sum(p["severity"] == "error" for p in answer["problems"])
    if wrong:
        lines.append(f"{wrong:,} values of the source need fixing; see healthsheet score")
    return [*lines, "All changes stand on the sheet Changes."]
