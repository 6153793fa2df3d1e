"""Reading and editing XML as bytes: tags by regular expression, changes by splicing.

Nothing here builds a tree, so whatever is not touched stays byte for byte, and no entity
beyond the five predefined ones and character references is ever resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from workbook_templates.ooxml.problems import NotAWorkbook

__all__ = [
    "Edit",
    "Tag",
    "attr",
    "clean",
    "close_of",
    "escape",
    "escape_attr",
    "rel_id",
    "scan",
    "set_attr",
    "splice",
    "unescape",
    "without",
]

Edit = tuple[int, int, bytes]
"""Replace bytes [start, end) by the third item."""

_ATTRS = rb"((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)"
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_CDATA = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.S)
_ENTITY = re.compile(r"&(#[xX]?[0-9A-Fa-f]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Tag(NamedTuple):
    """One start, end or empty tag: bytes [start, end) of the part."""

    start: int
    end: int
    closing: bool
    name: bytes
    local: str
    attrs: bytes
    empty: bool


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...]) -> re.Pattern[bytes]:
    local = "|".join(map(re.escape, names)).encode() if names else rb"[\w.\-]+"
    return re.compile(
        rb"<(/?)((?:[\w.\-]+:)?(" + local + rb"))(?=[\s/>])" + _ATTRS + rb"(/?)>", re.S
    )


def scan(data: bytes, *names: str, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """Tags with one of the local *names* (every tag if none given), in document order."""
    stop = len(data) if end is None else end
    for m in _pattern(names).finditer(data, start, stop):
        local = m.group(3).decode("ascii", "replace")
        yield Tag(m.start(), m.end(), bool(m[1]), m[2], local, m[4], bool(m[5]))


def close_of(data: bytes, tag: Tag, end: int | None = None) -> tuple[int, int]:
    """Span of the end tag that closes *tag*; for an empty tag both ends are `tag.end`.

    Raises:
        NotAWorkbook: the element is never closed.
    """
    if tag.empty:
        return tag.end, tag.end
    # Mostly there is only text inside, and the next tag is the one that is looked for.
    at = data.find(b"<", tag.end)
    plain = b"</" + tag.name + b">"
    if data.startswith(plain, at):
        return at, at + len(plain)
    depth = 1
    for other in scan(data, tag.local, start=tag.end, end=end):
        if other.name == tag.name and not other.empty:
            depth += -1 if other.closing else 1
            if depth == 0:
                return other.start, other.end
    raise NotAWorkbook(
        f"Element <{tag.name.decode('ascii', 'replace')}> is not closed: the workbook is damaged. "
        "Open it in Excel, let it repair the file, and save."
    )


def unescape(raw: bytes) -> str:
    """Text of character data or of an attribute value."""
    text = raw.decode("utf-8", "replace")
    return _ENTITY.sub(_entity, text) if "&" in text else text


def _entity(m: re.Match[str]) -> str:
    body = m[1]
    if body[0] != "#":
        return _NAMED[body]
    try:
        return chr(int(body[2:], 16) if body[1] in "xX" else int(body[1:]))
    except (ValueError, OverflowError):
        return m[0]


def escape(text: str) -> bytes:
    """*text* as character data."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode("utf-8", "replace")


def escape_attr(text: str) -> bytes:
    """*text* as the inside of a double-quoted attribute value."""
    raw = escape(text).replace(b'"', b"&quot;")
    return raw.replace(b"\n", b"&#10;").replace(b"\r", b"&#13;").replace(b"\t", b"&#9;")


@lru_cache(maxsize=256)
def _attr_pattern(name: str) -> re.Pattern[bytes]:
    return re.compile(
        rb"(?<![^\s\"'])" + name.encode() + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.S
    )


def attr(attrs: bytes, name: str) -> str | None:
    """Value of attribute *name* (with its prefix, if it has one) in the raw *attrs*."""
    m = _attr_pattern(name).search(attrs)
    if m is None:
        return None
    return unescape(m[1] if m[1] is not None else m[2])


_REL = re.compile(rb"(?<=\s)[\w.\-]+:(?:id|embed)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def rel_id(attrs: bytes) -> str | None:
    """The relationship id (`r:id`, whatever its prefix)."""
    m = _REL.search(attrs)
    return None if m is None else unescape(m[1] if m[1] is not None else m[2])


def set_attr(tag: bytes, name: str, value: str) -> bytes:
    """The start tag *tag* with attribute *name* set; every other byte as it was."""
    new = name.encode() + b'="' + escape_attr(value) + b'"'
    m = _attr_pattern(name).search(tag)
    if m is not None:
        return tag[: m.start()] + new + tag[m.end() :]
    at = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:at].rstrip() + b" " + new + tag[at:]


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """*data* with every edit applied; edits must not overlap."""
    out: list[bytes] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda e: (e[0], e[1])):
        out += (data[at:start], new)
        at = end
    out.append(data[at:])
    return b"".join(out)


def _declares(data: bytes) -> bool:
    """Whether `<!` occurs: looking for the rare character first is five times as fast."""
    at = data.find(b"!")
    for _ in range(100):
        if at < 0:
            return False
        if data[at - 1 : at] == b"<":
            return True
        at = data.find(b"!", at + 1)
    return b"<!" in data


def clean(data: bytes) -> bytes:
    """The part as UTF-8 without comments or CDATA; unchanged bytes where it had none.

    Raises:
        NotAWorkbook: the part declares a DTD, which no spreadsheet writes.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16")
        data = re.sub(r'(<\?xml[^>]*encoding=["\'])[^"\']*', r"\1UTF-8", text, count=1).encode()
    if not _declares(data):
        return data
    data = _COMMENT.sub(b"", data)
    data = _CDATA.sub(lambda m: escape(m[1].decode("utf-8", "replace")), data)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotAWorkbook(
            "A part of the workbook declares a DTD, which no spreadsheet program writes. "
            "Open the workbook in Excel and save it again."
        )
    return data


def without(attrs: bytes, *names: str) -> bytes:
    """A start tag's *attrs* without those of the *names*."""
    attrs = attrs.rstrip()
    for name in names:
        value = attr(attrs, name)
        if value is not None:
            for quote in (b'"', b"'"):
                raw = b" " + name.encode() + b"=" + quote + escape_attr(value) + quote
                attrs = attrs.replace(raw, b"")
    return attrs
