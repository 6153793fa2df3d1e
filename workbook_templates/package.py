"""The package of a workbook: parts in a zip, copied as raw compressed bytes unless changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cached_property
from pathlib import Path

from workbook_templates.ooxml.problems import (
    DoesNotFit,
    MissingPlace,
    NotAWorkbook,
    PasswordProtected,
    SignedWorkbook,
    TooLarge,
    WorkbookLocked,
)
from workbook_templates.ooxml.saving import check_unlocked, replace_file
from workbook_templates.ooxml.zipfmt import Content, Member, join_members, new_member, read_members

__all__ = [
    "DoesNotFit",
    "MissingPlace",
    "NotAWorkbook",
    "Package",
    "PasswordProtected",
    "SignedWorkbook",
    "TooLarge",
    "WorkbookLocked",
    "check_unlocked",
    "save_bytes",
]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LEVEL = 1
"""Deflate level of changed parts (ISA-L: 0 fastest to 3 smallest)."""
_REMEMBERED = 1 << 20
"""Bytes of a part that is kept to be compared with the next."""


class Package:
    """An .xlsx, .xlsm or .xltx package.

    Args:
        data: the whole file.
        where: what to call it in messages.

    Raises:
        NotAWorkbook, PasswordProtected, TooLarge: see there.
    """

    def __init__(self, data: bytes, where: str = "The workbook") -> None:
        _sniff(data, where)
        self.where = where
        self._members: dict[str, Member] = {}
        self._cache: dict[str, bytes] = {}
        self._packed: dict[str, tuple[bytes, Member]] = {}
        for member in read_members(data):
            self._admit(member)

    def _admit(self, member: Member) -> None:
        key = member.name.casefold()
        known = self._members.get(key)
        if known is None:
            self._members[key] = member
        elif (known.crc, known.size) != (member.crc, member.size):
            raise NotAWorkbook(
                f"{self.where} holds two different parts named {member.name}. "
                "Open it in Excel, let it repair the file, and save."
            )

    @classmethod
    def open(cls, path: str | Path) -> Package:
        """The package in the file *path*."""
        return cls(Path(path).read_bytes(), str(path))

    def __iter__(self) -> Iterator[str]:
        """Names of the parts, in the order of the file."""
        return (m.name for m in self._members.values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lstrip("/").casefold() in self._members

    @cached_property
    def signed(self) -> bool:
        """A digital signature covers the package."""
        return any(key.startswith("_xmlsignatures/") for key in self._members)

    def read(self, name: str) -> bytes:
        """Bytes of part *name* (compared without case, as the format says).

        Raises:
            MissingPlace: there is no such part.
        """
        key = name.lstrip("/").casefold()
        if key not in self._cache:
            if key not in self._members:
                raise MissingPlace(
                    f"{self.where} has no part {name}. Open it in Excel and save it again."
                )
            self._cache[key] = self._members[key].inflate()
        return self._cache[key]

    def forget(self, name: str) -> None:
        """Keep part *name* deflated only: it is inflated again when it is read."""
        self._cache.pop(name.lstrip("/").casefold(), None)

    def replace(self, name: str, content: bytes) -> None:
        """Give the existing part *name* new *content*; its place and attributes stay."""
        self._writable()
        key = name.lstrip("/").casefold()
        self.read(name)
        self._members[key] = self._members[key].with_content(content, LEVEL)
        self._cache[key] = content

    def add(self, name: str, content: bytes) -> None:
        """Add part *name* at the end. Relationships and content type are the caller's."""
        self._writable()
        if name in self:
            raise NotAWorkbook(f"{self.where} already has a part {name}; replace it instead.")
        self._members[name.casefold()] = new_member(name, content, LEVEL)

    def remove(self, name: str) -> None:
        """Remove part *name*. Relationships and content type are the caller's."""
        self._writable()
        self.read(name)
        del self._members[name.lstrip("/").casefold()]
        del self._cache[name.lstrip("/").casefold()]

    def _writable(self) -> None:
        if self.signed:
            raise SignedWorkbook(
                f"{self.where} is digitally signed, and any change would break the signature. "
                "Remove the signature in Excel (File > Info) and try again."
            )

    def render(
        self, changed: Mapping[str, Content], removed: frozenset[str] = frozenset()
    ) -> bytes:
        """A package with some parts *changed* or *removed*; this one stays as it is.

        Args:
            changed: part name → new bytes; a part that does not exist yet is added at the end.
            removed: part names to leave out.
        """
        return join_members(self._with(changed, removed).values())

    def edited(
        self, changed: Mapping[str, Content], removed: frozenset[str] = frozenset()
    ) -> Package:
        """The package with some parts changed or removed, to be rendered many times."""
        new = copy(self)
        new._members = self._with(changed, removed)
        new._cache = {
            k: v for k, v in self._cache.items() if new._members.get(k) is self._members[k]
        }
        return new

    def _with(self, changed: Mapping[str, Content], removed: frozenset[str]) -> dict[str, Member]:
        if changed or removed:
            self._writable()
        members = self._members.copy()
        for name, content in changed.items():
            key = name.lstrip("/").casefold()
            members[key] = self._pack(key, name, content)
        for name in removed:
            members.pop(name.casefold(), None)
        return members

    def _pack(self, key: str, name: str, content: Content) -> Member:
        # What is the same from one workbook to the next need not be deflated again.
        last = self._packed.get(key)
        if last is not None and last[0] == content:
            return last[1]
        old = self._members.get(key)
        if old is None:
            member = new_member(name, content, LEVEL)
        else:
            member = old.with_content(content, LEVEL)
        if isinstance(content, bytes) and len(content) <= _REMEMBERED:
            self._packed[key] = content, member
        return member

    def to_bytes(self) -> bytes:
        """The package as a file."""
        return join_members(self._members.values())

    def save(self, path: str | Path) -> None:
        """Write the package to *path* atomically (see `save_bytes`)."""
        save_bytes(path, self.to_bytes())


def save_bytes(path: str | Path, data: bytes, before: Callable[[], object] = lambda: None) -> None:
    """Put the workbook *data* at *path*: temporary file, fsync, re-open, replace, fsync folder.

    Args:
        path: the file; one of that name is replaced.
        data: the whole workbook.
        before: called right before the file is replaced, to raise if it must not be.

    Raises:
        WorkbookLocked: Excel or LibreOffice has *path* open (the message names the lock file).
        OSError: no room or no permission; the file that was there is untouched.
    """

    def check(written: bytes) -> None:
        _reopen(written)
        before()

    replace_file(Path(path), data, check)


def _reopen(data: bytes) -> None:
    for member in read_members(data):
        member.inflate()


def _sniff(data: bytes, where: str) -> None:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise PasswordProtected(
                f"{where} is password-protected: remove the password in Excel and try again."
            )
        raise NotAWorkbook(
            f"{where} is in the old Excel 97-2003 format, whatever its name says. "
            "Open it in Excel and save it as .xlsx."
        )
    if not data.startswith(b"PK") or not _has_directory(data):
        raise NotAWorkbook(
            f"{where} is not an Excel workbook (it does not start as one, or is cut short). "
            "Open it in Excel and save it as .xlsx."
        )


def _has_directory(data: bytes) -> bool:
    return b"PK\5\6" in data[-70_000:]
