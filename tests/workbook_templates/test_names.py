"""File names from account names: safe, readable, different."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.names import file_name

RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def assert_safe(name: str) -> None:
    """Fail where any file system or shell would stumble over the name."""
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert name == unicodedata.normalize("NFC", name)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name)
    assert not RESERVED.match(name)
    assert not name.startswith((" ", ".", "~$", "-"))
    assert len(name.encode()) <= 255
    assert Path(name).name == name
    stem = name.removesuffix(".xlsx")
    assert stem == stem.rstrip(" .")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Sample Ltd", "Sample Ltd "),
        ("=cmd|'/C calc'!A0", "=cmd "),
        ("../../x", "x "),
        ("CON", "account CON "),
        ("nul.txt", "account nul.txt "),
        ("...", "account "),
        ("", "account "),
        ("~$x", "x "),
        ("-rf", "rf "),
        ("株式会社サンプル", "株式会社サンプル "),
        ("مثال", "مثال "),
        ("a\u202eexe.b", "aexe.b "),
        ("tab\there", "tabhere "),
    ],
)
def test_readable_start(name: str, start: str) -> None:
    """What can be kept of a name is kept, and the rest does no harm."""
    made = file_name(name, "1")
    assert_safe(made)
    assert made.startswith(start)
    assert made.endswith(".xlsx")


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_name_is_safe(name: str, account_id: str) -> None:
    """Whatever stands in the source, the file name is safe and ends as a workbook."""
    made = file_name(name, account_id)
    assert_safe(made)
    assert made.endswith(".xlsx")


def test_half_a_character() -> None:
    """A lone surrogate, in the name or in the id, is no problem."""
    assert_safe(file_name("a\ud800b", "1\udfff"))


def test_names_equal_but_for_case_differ() -> None:
    """Accounts that differ only in case, accents composed or not, or not at all, stay apart."""
    pairs = [("Sample", "1"), ("SAMPLE", "2"), ("Sample", "3"), ("é", "4"), ("e\u0301", "5")]
    assert len({file_name(n, i).casefold() for n, i in pairs}) == len(pairs)


def test_the_same_account_has_the_same_name() -> None:
    """A second report replaces the first."""
    assert file_name("Sample Ltd", "7") == file_name("Sample Ltd", "7")


def test_long_names_are_cut_between_characters() -> None:
    """300 characters fit, also where each takes several bytes."""
    for letter in ("x", "é", "株", "😀"):
        made = file_name(letter * 300, "1")
        assert_safe(made)
        assert made.startswith(letter * 10)
