"""File names from account names: readable, safe everywhere, and never two alike."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_MOST = 80


def file_name(name: str, account_id: str, suffix: str = ".xlsx") -> str:
    """A safe file name for an account.

    Keeps letters, digits and spaces of any script; drops path separators, control and direction
    characters, leading dots and ``~$``. A short hash of the id keeps two accounts apart whose
    names differ in nothing that a file system sees (case, accents composed or not).
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    text = _UNSAFE.sub(" ", text)
    text = re.sub(r"\s+", " ", text).strip(" .~$-'")
    text = _short(text)
    if not text or _RESERVED.match(text.split(".")[0].strip()):
        text = f"account {text}".strip()
    mark = hashlib.sha256(account_id.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{text} {mark}{suffix}"


def _short(text: str) -> str:
    """Cut to what a file system takes, in bytes, not in the middle of a character."""
    cut = text.encode()[:_MOST].decode(errors="ignore")
    return cut.rstrip(" .")
