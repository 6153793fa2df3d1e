"""The zip package: raw copies, odd names, bombs, things that only look like a workbook."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import pytest

from tests.workbook_templates.books import SHEET1, card, changed, draw, part
from workbook_templates.fill import Template
from workbook_templates.ooxml import zipfmt
from workbook_templates.package import (
    MissingPlace,
    NotAWorkbook,
    Package,
    PasswordProtected,
    SignedWorkbook,
    TooLarge,
)

BOOK = draw(card)


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def _raw(data: bytes) -> list[tuple[object, ...]]:
    out: list[tuple[object, ...]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for i in archive.infolist():
            head = data[i.header_offset : i.header_offset + 30]
            n, e = struct.unpack("<2H", head[26:30])
            start = i.header_offset + 30 + n + e
            packed = data[start : start + i.compress_size]
            out.append((i.filename, i.date_time, i.external_attr, i.compress_type, i.CRC, packed))
    return out


def test_untouched_members_keep_their_compressed_bytes_order_times_and_attributes() -> None:
    """Untouched members keep their compressed bytes order times and attributes."""
    package = Package(BOOK)
    package.replace("docProps/app.xml", b"<x/>")
    before, after = _raw(BOOK), _raw(package.to_bytes())
    assert [m[0] for m in before] == [m[0] for m in after]
    differing = [a[0] for a, b in zip(before, after, strict=True) if a != b]
    assert differing == ["docProps/app.xml"]
    assert before == _raw(Package(BOOK).to_bytes())


def test_parts_can_be_added_removed_and_are_found_without_case() -> None:
    """Parts can be added removed and are found without case."""
    package = Package(BOOK)
    package.add("xl/Ünïcode.xml", b"<a/>")
    package.remove("docProps/app.xml")
    again = Package(package.to_bytes())
    assert again.read("XL/ünïcode.XML") == b"<a/>"
    assert "docProps/app.xml" not in again
    with pytest.raises(MissingPlace, match=r"no part docProps/app\.xml"):
        again.read("docProps/app.xml")
    with pytest.raises(NotAWorkbook, match="already has"):
        again.add("xl/workbook.xml", b"")


def test_stored_streamed_backslash_and_folder_members_are_read_and_kept() -> None:
    """Stored streamed backslash and folder members are read and kept."""
    out = io.BytesIO()

    class Unseekable(io.RawIOBase):
        def write(self, data: object) -> int:
            return out.write(bytes(data))  # type: ignore[call-overload]

        def writable(self) -> bool:
            return True

    with zipfile.ZipFile(Unseekable(), "w") as archive:
        archive.writestr("folder/", b"")
        archive.writestr("xl\\a.xml", b"stored")
        archive.writestr("b.xml", b"deflated" * 99, zipfile.ZIP_DEFLATED)
    package = Package(out.getvalue())
    assert package.read("xl/a.xml") == b"stored"
    package.replace("b.xml", b"new")
    with zipfile.ZipFile(io.BytesIO(package.to_bytes())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["folder/", "xl\\a.xml", "b.xml"]
        assert archive.read("b.xml") == b"new"


def test_equal_doubles_are_taken_once_and_different_ones_refused() -> None:
    """Equal doubles are taken once and different ones refused."""
    with pytest.warns(UserWarning, match="Duplicate"):
        same, other = _zip(("a", b"1"), ("a", b"1")), _zip(("a", b"1"), ("A", b"2"), ("a", b"1"))
    assert list(Package(same)) == ["a"]
    with pytest.raises(NotAWorkbook, match="two different parts named"):
        Package(other)


def test_zip64_directories_are_read_and_written() -> None:
    """Zip64 directories are read and written."""
    many = [zipfmt.new_member(f"p{n}.xml", b"x", 1) for n in range(65_600)]
    data = zipfmt.join_members(many)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == 65_600
    with pytest.raises(TooLarge, match="65,600 parts"):
        Package(data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    """A zip bomb is refused before it is unpacked."""
    bomb = _zip(("xl/workbook.xml", b"0" * (40 << 20)))
    with pytest.raises(TooLarge, match="zip bomb"):
        Package(bomb)


def test_a_directory_that_lies_about_a_size_is_found() -> None:
    """A directory that lies about a size is found."""
    data = _zip(("a.xml", b"0" * 5000))
    lie = data.replace(struct.pack("<L", 5000), struct.pack("<L", 50))
    with pytest.raises(NotAWorkbook, match="damaged"):
        Package(lie).read("a.xml")


def test_encrypted_old_and_foreign_files_get_a_clear_error() -> None:
    """Encrypted old and foreign files get a clear error."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    with pytest.raises(PasswordProtected, match="remove the password in Excel and try again"):
        Package(ole + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(NotAWorkbook, match=r"Excel 97-2003.*save it as \.xlsx"):
        Package(ole + b"Workbook")
    for junk in (b"", b"name;score\n", BOOK[:300], b"PK\3\4 nothing"):
        with pytest.raises(NotAWorkbook, match="not an Excel workbook"):
            Package(junk)


def test_a_document_or_binary_workbook_is_not_a_template() -> None:
    """A document or binary workbook is not a template."""
    rels = (
        b'<Relationships><Relationship Id="a" Type="x/officeDocument" Target="%b"/></Relationships>'
    )
    word = _zip(
        ("_rels/.rels", rels % b"word/document.xml"), ("word/document.xml", b"<w:document/>")
    )
    binary = _zip(("_rels/.rels", rels % b"xl/workbook.bin"), ("xl/workbook.bin", b"\0"))
    with pytest.raises(NotAWorkbook, match="another Office document"):
        Template(word)
    with pytest.raises(NotAWorkbook, match="binary"):
        Template(binary)
    with pytest.raises(NotAWorkbook, match="not an Excel workbook"):
        Template(_zip(("content.xml", b"<office/>")))


def test_a_signed_workbook_can_be_read_but_not_changed() -> None:
    """A signed workbook can be read but not changed."""
    package = Package(BOOK)
    package.add("_xmlsignatures/origin.sigs", b"")
    signed = package.to_bytes()
    assert Template(signed).places["score"].ref == "B2"
    with pytest.raises(SignedWorkbook, match="break the signature"):
        Template(signed).fill({"score": 1})


def test_a_part_with_a_dtd_is_refused_and_no_entity_is_resolved() -> None:
    """A part with a dtd is refused and no entity is resolved."""
    package = Package(BOOK)
    evil = b'<!DOCTYPE a [<!ENTITY b "boom">]>' + package.read("xl/worksheets/sheet1.xml")
    package.replace("xl/worksheets/sheet1.xml", evil)
    with pytest.raises(NotAWorkbook, match="DTD"):
        Template(package.to_bytes()).fill({"score": 1})


def _long(book: Any) -> None:
    sheet = book.add_worksheet("Long")
    for row in range(12_000):
        sheet.write_row(row, 0, [row + 0.25, row * 3, f"Sample {row % 7}", row % 11])
    book.define_name("first", "=Long!$A$1")
    book.define_name("middle", "=Long!$B$9001:$C$9001")
    book.define_name("last", "=Long!$D$12000")


@pytest.mark.parametrize(
    ("name", "ref"), [("first", "A1"), ("middle", "B9001"), ("last", "D12000")]
)
def test_one_cell_of_a_long_sheet_is_all_that_changes(name: str, ref: str) -> None:
    """One cell of a long sheet is all that changes."""
    before = draw(_long)
    value: Any = [[4.5, 5.5]] if name == "middle" else 4.5
    after = Template(before).fill({name: value})
    old, new = part(before, SHEET1), part(after, SHEET1)
    assert f'<c r="{ref}"><v>4.5</v></c>' in new
    first = old.index(f'<c r="{ref}">')
    assert old[:first] == new[:first]
    stop = old.index("</c>", old.index('<c r="C9001"') if name == "middle" else first)
    assert new.endswith(old[stop:])
    assert changed(before, Template(after).fill({name: [[None, None]] if name == "middle" else 1}))


def test_a_package_edited_once_renders_further_changes() -> None:
    """A package edited once renders further changes."""
    package = Package(draw(card))
    edited = package.edited({SHEET1: b"<a/>", "new.xml": b"<b/>"}, frozenset({"docProps/app.xml"}))
    both = Package(edited.render({"new.xml": [b"<", memoryview(b"c"), b"/>"]}))
    assert (both.read(SHEET1), both.read("new.xml")) == (b"<a/>", b"<c/>")
    assert "docProps/app.xml" not in both
    assert package.read(SHEET1) != b"<a/>" == edited.read(SHEET1)
    assert "new.xml" not in package
