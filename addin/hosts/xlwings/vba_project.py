"""Write ``vbaProject.bin``: a VBA project from its sources alone (MS-OVBA).

Excel compiles the sources when it first needs them, as it does with the add-ins that xlwings
itself ships, which are written the same way. So no Excel is needed to make ours, and nobody has to
trust access to the VBA object model.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from itertools import chain

from addin.hosts.xlwings.compound import compound_file

__all__ = ["compressed", "encrypted", "vba_project"]

_CODE_PAGE = "cp1252"
_NAME = "HealthSheet"
_ID = "{8E6B2C1D-54A0-4B7F-9C35-2F7A61D0E3B4}"
_SEED = 0x5D
_WORKBOOK_BASE = "0{00020819-0000-0000-C000-000000000046}"
_SHEET_BASE = "0{00020820-0000-0000-C000-000000000046}"
_CHUNK = 4096
_LONGEST_SEARCH = 64


def vba_project(modules: Mapping[str, str], sheets: Collection[str]) -> bytes:
    """A project of modules.

    Args:
        modules: name → source, lines ended by CR LF; *ThisWorkbook* is the workbook's own.
        sheets: code names of the sheets; each gets its empty module.
    """
    sources = {name: _document(name) for name in sheets} | {
        name: (_document(name) if name == "ThisWorkbook" else _named(name)) + text
        for name, text in modules.items()
    }
    documents = {"ThisWorkbook", *sheets}
    return compound_file(
        {
            "PROJECT": _project(sources, documents).encode(_CODE_PAGE),
            "PROJECTwm": _name_map(sources),
            "VBA/_VBA_PROJECT": struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
            "VBA/dir": compressed(_directory(sources, documents)),
            **{f"VBA/{n}": compressed(text.encode(_CODE_PAGE)) for n, text in sources.items()},
        }
    )


def _named(name: str) -> str:
    return f'Attribute VB_Name = "{name}"\r\n'


def _document(name: str) -> str:
    base = _WORKBOOK_BASE if name == "ThisWorkbook" else _SHEET_BASE
    attributes = {
        "Base": f'"{base}"', "GlobalNameSpace": False, "Creatable": False, "PredeclaredId": True,
        "Exposed": True, "TemplateDerived": False, "Customizable": True,
    }  # fmt: skip
    return _named(name) + "".join(f"Attribute VB_{k} = {v}\r\n" for k, v in attributes.items())


def _project(names: Collection[str], documents: Collection[str]) -> str:
    """The project's properties, as text (2.3.1)."""
    lines = [f'ID="{_ID}"']
    lines += [f"Document={n}/&H00000000" if n in documents else f"Module={n}" for n in names]
    lines += [
        f'Name="{_NAME}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"',
        f'CMG="{encrypted(bytes(4), _ID, _SEED)}"',  # not protected
        f'DPB="{encrypted(bytes(1), _ID, _SEED)}"',  # no password
        f'GC="{encrypted(bytes([255]), _ID, _SEED)}"',  # visible
        "", "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "", "[Workspace]", *(f"{n}=0, 0, 0, 0, C" for n in names), "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def _name_map(names: Collection[str]) -> bytes:
    each = (n.encode(_CODE_PAGE) + b"\0" + n.encode("utf-16-le") + b"\0\0" for n in names)
    return b"".join(each) + b"\0\0"


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _text(number: int, text: str, unicode_number: int) -> bytes:
    """A text twice: in the code page and in UTF-16."""
    plain = _record(number, text.encode(_CODE_PAGE))
    return plain + _record(unicode_number, text.encode("utf-16-le"))


def _directory(names: Collection[str], documents: Collection[str]) -> bytes:
    """The directory of the project, not yet compressed (2.3.4.2)."""
    whole = struct.Struct("<I").pack
    return b"".join(
        (
            _record(0x01, whole(1)),  # Windows
            _record(0x02, whole(0x0409)),
            _record(0x14, whole(0x0409)),
            _record(0x03, struct.pack("<H", 1252)),
            _record(0x04, _NAME.encode(_CODE_PAGE)),
            _text(0x05, "", 0x40),
            _text(0x06, "", 0x3D),
            _record(0x07, whole(0)),
            _record(0x08, whole(0)),
            struct.pack("<HIIH", 0x09, 4, 1, 1),  # version; its size leaves the minor one out
            _text(0x0C, "", 0x3C),
            _record(0x0F, struct.pack("<H", len(names))),
            _record(0x13, b"\xff\xff"),
            *(_module(name, document=name in documents) for name in names),
            _record(0x10, b""),
        )
    )


def _module(name: str, *, document: bool) -> bytes:
    return b"".join(
        (
            _record(0x19, name.encode(_CODE_PAGE)),
            _record(0x47, name.encode("utf-16-le")),
            _text(0x1A, name, 0x32),
            _text(0x1C, "", 0x48),
            _record(0x31, bytes(4)),  # the source begins at once: nothing compiled before it
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x22 if document else 0x21, b""),
            _record(0x2B, b""),
        )
    )


def encrypted(data: bytes, project_id: str, seed: int) -> str:
    """Data as the project's properties hide it, in hexadecimal (2.4.3.2)."""
    key = sum(project_id.encode(_CODE_PAGE)) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    last, before, plain = out[2], out[1], key
    ignored = bytes((seed & 6) // 2)
    for byte in chain(ignored, struct.pack("<I", len(data)), data):
        out.append(byte ^ ((before + plain) & 0xFF))
        before, last, plain = last, out[-1], byte
    return bytes(out).hex().upper()


def compressed(data: bytes) -> bytes:
    """Data as a compressed container (2.4.1): chunks of 4096 bytes, each by itself."""
    pieces = (data[i : i + _CHUNK] for i in range(0, len(data), _CHUNK))
    return b"\x01" + b"".join(map(_chunk, pieces))


def _chunk(data: bytes) -> bytes:
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        flags, group = 0, bytearray()
        for bit in range(8):
            if at == len(data):
                break
            offset, length = _match(data, at, seen)
            if offset:
                # The further inside the chunk, the more bits the distance takes.
                bits = max(4, (at - 1).bit_length())
                length = min(length, (0xFFFF >> bits) + 3)
                token = (offset - 1) << (16 - bits) | length - 3
                group += token.to_bytes(2, "little")
                flags |= 1 << bit
            else:
                group.append(data[at])
                length = 1
            for i in range(at, at + length):
                seen.setdefault(data[i : i + 3], []).append(i)
            at += length
        out.append(flags)
        out += group
    if len(out) <= _CHUNK:
        return struct.pack("<H", 0xB000 | len(out) - 1) + bytes(out)
    return struct.pack("<H", 0x3000 | _CHUNK - 1) + data.ljust(_CHUNK, b"\0")


def _match(data: bytes, at: int, seen: Mapping[bytes, list[int]]) -> tuple[int, int]:
    """Distance and length of the longest earlier repetition; 0, 0 below three bytes."""
    best, length = 0, 2
    for start in seen.get(data[at : at + 3], ())[-_LONGEST_SEARCH:]:
        n = 0
        while at + n < len(data) and data[start + n] == data[at + n]:
            n += 1
        if n > length:
            best, length = at - start, n
    return (best, length) if best else (0, 0)
