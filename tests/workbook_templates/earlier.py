"""Workbooks as an earlier version made them: before there was a sheet *Backtest*."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["before_backtest"]

_NAMES = rb'<definedName name="hs_(backtest|probabilities)_[^<]*</definedName>'


def before_backtest(data: bytes) -> bytes:
    """A portfolio workbook without the sheet's names and Table; the sheet is called otherwise."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as new, zipfile.ZipFile(target, "w") as made:
        parts = {name: new.read(name) for name in new.namelist()}
        tables = [name for name in parts if name.startswith("xl/tables/")]
        gone = {name for name in tables if b'name="Probabilities"' in parts[name]}
        assert len(gone) == 1
        for name, content in parts.items():
            if name not in gone:
                made.writestr(name, _without(name, content, parts, next(iter(gone))))
    return target.getvalue()


def _without(name: str, content: bytes, parts: dict[str, bytes], table: str) -> bytes:
    if name == "xl/workbook.xml":
        named = re.sub(_NAMES, b"", content)
        return named.replace(b'name="Backtest"', b'name="Earlier"').replace(
            b"Backtest!", b"Earlier!"
        )
    if name == "[Content_Types].xml":
        return re.sub(rb'<Override PartName="/%b"[^>]*/>' % table.encode(), b"", content)
    file = table.rpartition("/")[2].encode()
    if name.startswith("xl/worksheets/_rels/"):
        return re.sub(rb'<Relationship [^>]*tables/%b"[^>]*/>' % file, b"", content)
    if name.startswith("xl/worksheets/"):
        rels = parts.get(name.replace("worksheets/", "worksheets/_rels/") + ".rels", b"")
        content = content.replace(b"Backtest!", b"Earlier!")
        return re.sub(rb"<tableParts.*?</tableParts>", b"", content) if file in rels else content
    return content
