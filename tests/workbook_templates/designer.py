"""What a designer does to an exported template, done to the parts of the package."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

import xlsxwriter
from lxml import etree
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
COLOUR = "FF3B0764"
COVER = "Cover"

Parts = dict[str, bytes]


def unpack(data: bytes) -> Parts:
    """Part name → bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts: Parts) -> bytes:
    """The parts as a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def edit(parts: Parts, name: str, change: Callable[[str], str]) -> None:
    """Change the text of one part; a change that changes nothing is a fault of the test."""
    before = parts[name].decode()
    after = change(before)
    assert after != before, name
    parts[name] = after.encode()


def logo() -> bytes:
    """A small PNG."""
    rows = b"".join(b"\0" + b"\x3b\x07\x64" * 24 for _ in range(12))

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 24, 12, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(k, d) for k, d in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def portfolio_cover() -> Parts:
    """A sheet over the portfolio: formulas and a chart over our Tables, a logo."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(COVER)
        sheet.write_string("A1", "Our cover")
        sheet.write_formula("B1", "=MAX(Accounts[Score])", None, -1)
        sheet.write_formula("B2", "=COUNTA(Accounts[Account ID])", None, -1)
        chart = book.add_chart({"type": "column"})
        # The rows of the sample of 64 accounts that is exported.
        chart.add_series({"values": "=Accounts!$F$5:$F$68", "values_data": [-1] * 64})
        sheet.insert_chart("D2", chart, {"object_position": 1})
        sheet.insert_image("D20", "logo.png", {"image_data": io.BytesIO(logo())})
    return unpack(out.getvalue())


def cover(last: int) -> Parts:
    """A sheet of the company's: formulas and a chart over our cells, a logo, a cell for a place."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(COVER)
        sheet.write_string("A1", "Our cover")
        sheet.write_formula("B1", "=Scorecard!$B$6*2", None, -1)
        sheet.write_formula("B2", "=MAX(ScoreHistory[Score])", None, -1)
        sheet.write_string("A4", "Looked after by")
        chart = book.add_chart({"type": "column"})
        ours = f"='Score history'!$D$2:$D${last}"
        chart.add_series({"name": "Ours", "values": ours, "values_data": [-1] * (last - 1)})
        chart.add_series(
            {"name": "Twice", "values": f"={COVER}!$B$1:$B$2", "values_data": [-1, -1]}
        )
        sheet.insert_chart("D2", chart, {"object_position": 1})
        sheet.insert_image("D20", "logo.png", {"image_data": io.BytesIO(logo())})
    return unpack(out.getvalue())


def _history_end(parts: Parts) -> int:
    history = next(t.decode() for n, t in parts.items()
                   if n.startswith("xl/tables/") and b'name="ScoreHistory"' in t)  # fmt: skip
    found = re.search(r'ref="A1:[A-Z]+(\d+)"', history)
    assert found
    return int(found[1])


def add_cover(parts: Parts, new: Parts | None = None) -> None:
    """Put the company's sheet into the workbook: the scorecard's cover, or another one."""
    new = new or cover(_history_end(parts))
    moved = {
        "xl/worksheets/sheet1.xml": "xl/worksheets/sheet99.xml",
        "xl/worksheets/_rels/sheet1.xml.rels": "xl/worksheets/_rels/sheet99.xml.rels",
        "xl/drawings/drawing1.xml": "xl/drawings/drawing99.xml",
        "xl/drawings/_rels/drawing1.xml.rels": "xl/drawings/_rels/drawing99.xml.rels",
        "xl/charts/chart1.xml": "xl/charts/chart99.xml",
        "xl/media/image1.png": "xl/media/logo.png",
    }
    for old, name in moved.items():
        text = new[old]
        if name.endswith(".rels"):
            for part in ("drawings/drawing", "charts/chart"):
                text = text.replace(f"{part}1.xml".encode(), f"{part}99.xml".encode())
            text = text.replace(b"media/image1.png", b"media/logo.png")
        parts[name] = text.replace(b' tabSelected="1"', b"")
    kinds = (("worksheets/sheet99", "spreadsheetml.worksheet"), ("drawings/drawing99", "drawing"),
             ("charts/chart99", "drawingml.chart"))  # fmt: skip
    spoken = "".join(
        f'<Override PartName="/xl/{part}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for part, kind in kinds
    )
    spoken = '<Default Extension="png" ContentType="image/png"/>' + spoken
    edit(parts, "[Content_Types].xml", lambda t: t.replace("</Types>", f"{spoken}</Types>"))
    sheet = f'<sheet name="{COVER}" sheetId="99" r:id="rId99"/></sheets>'
    edit(parts, "xl/workbook.xml", lambda t: t.replace("</sheets>", sheet))
    relation = (
        f'<Relationship Id="rId99" Type="{OFFICE}/worksheet" Target="worksheets/sheet99.xml"/>'
    )
    edit(parts, "xl/_rels/workbook.xml.rels",
         lambda t: t.replace("</Relationships>", f"{relation}</Relationships>"))  # fmt: skip


def add_logo(parts: Parts) -> None:
    """Put the logo on *Scorecard*, beside our chart."""
    anchor = re.search(r"<xdr:(\w+)Anchor[^>]*>(?:(?!Anchor>).)*?<xdr:pic>.*?Anchor>",
                       parts["xl/drawings/drawing99.xml"].decode(), re.S)  # fmt: skip
    assert anchor
    picture = re.sub(r'r:embed="\w+"', 'r:embed="rId99"', anchor[0])
    picture = re.sub(r'<xdr:cNvPr id="\d+" name="[^"]*"',
                     '<xdr:cNvPr id="99" name="Our logo"', picture)  # fmt: skip
    ending = f"{picture}</xdr:wsDr>"
    edit(parts, "xl/drawings/drawing1.xml", lambda t: t.replace("</xdr:wsDr>", ending))
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/image" Target="../media/logo.png"/>'
    edit(parts, "xl/drawings/_rels/drawing1.xml.rels",
         lambda t: t.replace("</Relationships>", f"{relation}</Relationships>"))  # fmt: skip


def name_as_excel(parts: Parts) -> None:
    """Give the name tags of charts the inner id that Excel writes into them."""
    inner = (
        '<a:extLst><a:ext uri="{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}"><a16:creationId '
        'xmlns:a16="http://schemas.microsoft.com/office/drawing/2014/main" '
        'id="{00000000-0008-0000-0000-000002000000}"/></a:ext></a:extLst>'
    )
    for name in [n for n in parts if re.fullmatch(r"xl/drawings/drawing[1-4]\.xml", n)]:
        edit(parts, name, lambda t: re.sub(r"(<xdr:cNvPr [^>]*)/>(?=<xdr:cNvGraphicFramePr)",
                                           rf"\1>{inner}</xdr:cNvPr>", t))  # fmt: skip


def recolour(parts: Parts) -> None:
    """Other colours: the ink of all text becomes the company's."""
    edit(parts, "xl/styles.xml", lambda t: t.replace("FF1B2733", COLOUR))


def move_place(parts: Parts, name: str, where: str) -> None:
    """Point a name at another cell."""
    edit(parts, "xl/workbook.xml",
         lambda t: re.sub(rf'(<definedName name="{name}">)[^<]*', rf"\g<1>{where}", t))  # fmt: skip


def clear_cell(parts: Parts, sheet: str, ref: str) -> None:
    """Empty a cell, as cutting it does; its format stays."""
    edit(parts, sheet, lambda t: re.sub(rf'<c r="{ref}"( s="\d+")?[^>/]*>.*?</c>',
                                        rf'<c r="{ref}"\1/>', t, count=1))  # fmt: skip


def drop_place(parts: Parts, name: str) -> None:
    """Delete a name."""
    edit(parts, "xl/workbook.xml",
         lambda t: re.sub(rf'<definedName name="{name}">[^<]*</definedName>', "", t))  # fmt: skip


def add_column(parts: Parts, sheet: str, table: str, header: str) -> None:
    """Add a column of the company's to the right of a Table, with a note in its first row."""
    part = next(n for n, t in parts.items()
                if n.startswith("xl/tables/") and f' name="{table}"'.encode() in t)  # fmt: skip
    found = re.search(r'ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', parts[part].decode())
    assert found
    left, top, right, bottom = found.groups()
    new = xl_col_to_name(xl_cell_to_rowcol(f"{right}1")[1] + 1)
    old_ref, new_ref = f"{left}{top}:{right}{bottom}", f"{left}{top}:{new}{bottom}"

    def widen(text: str) -> str:
        count = text.count("<tableColumn ")
        text = text.replace(old_ref, new_ref).replace(
            f'tableColumns count="{count}"', f'tableColumns count="{count + 1}"'
        )
        column = f'<tableColumn id="{count + 1}" name="{header}"/></tableColumns>'
        return text.replace("</tableColumns>", column)

    edit(parts, part, widen)
    root = etree.fromstring(parts[sheet])
    for row, text in ((top, header), (str(int(top) + 1), "Our note")):
        _write(root, new, row, text)
    parts[sheet] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _write(root: etree._Element, column: str, row: str, text: str) -> None:
    line = root.find(f'{MAIN}sheetData/{MAIN}row[@r="{row}"]')
    assert line is not None
    for old in line.findall(f'{MAIN}c[@r="{column}{row}"]'):
        line.remove(old)
    cell = etree.Element(f"{MAIN}c", r=f"{column}{row}", t="inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = text
    at = xl_cell_to_rowcol(f"{column}1")[1]
    line.insert(sum(xl_cell_to_rowcol(c.get("r", ""))[1] < at for c in line), cell)


def restyle(data: bytes) -> bytes:
    """Everything a company does at once."""
    parts = unpack(data)
    add_cover(parts)
    add_logo(parts)
    name_as_excel(parts)
    recolour(parts)
    move_place(parts, "hs_csm", f"{COVER}!$B$4")
    move_place(parts, "hs_segment_label", "Scorecard!$P$3")
    for ref in ("B3", "C3"):
        clear_cell(parts, "xl/worksheets/sheet1.xml", ref)
    add_column(parts, "xl/worksheets/sheet5.xml", "Risks", "Our view")
    return pack(parts)


def restyle_portfolio(data: bytes) -> bytes:
    """The same to a portfolio: cover, logo, colours, a column, a heading of the company's."""
    parts = unpack(data)
    add_cover(parts, portfolio_cover())
    recolour(parts)
    accounts = "xl/worksheets/sheet2.xml"
    add_column(parts, accounts, "Accounts", "Our view")
    rename_column(parts, accounts, "Accounts", "L4", ("Leading driver", "Hauptgrund"))
    return pack(parts)


def rename_column(parts: Parts, sheet: str, table: str, ref: str, names: tuple[str, str]) -> None:
    """Translate a header: in the Table and in its cell *ref*."""
    old, new = names
    part = next(n for n, t in parts.items()
                if n.startswith("xl/tables/") and f' name="{table}"'.encode() in t)  # fmt: skip
    edit(parts, part, lambda t: t.replace(f'name="{old}"', f'name="{new}"'))
    root = etree.fromstring(parts[sheet])
    _write(root, ref.rstrip("0123456789"), ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), new)
    parts[sheet] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
