"""The calculation chain: it is taken out rather than left stale."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.xml import attr, close_of, scan, splice

__all__ = ["without_chain"]


def without_chain(book: Book) -> tuple[dict[str, bytes], frozenset[str]]:
    """What changes, and which parts go, when *book* loses its calculation chain.

    Excel builds it anew; a stale one makes it ask for repair.
    """
    chain = book.related(book.workbook, "calcChain")
    out: dict[str, bytes] = {}
    for part in chain:
        rels = book.relations_part(book.workbook)
        gone = [r.id for r in book.relations(book.workbook) if r.target == part]
        data = out.get(rels, book.read(rels))
        tags = (t for t in scan(data, "Relationship") if attr(t.attrs, "Id") in gone)
        out[rels] = splice(data, [(t.start, close_of(data, t)[1], b"") for t in tags])
        types = out.get("[Content_Types].xml", book.read("[Content_Types].xml"))
        wanted = "/" + part.casefold()
        tags = (
            t
            for t in scan(types, "Override")
            if (attr(t.attrs, "PartName") or "").casefold() == wanted
        )
        out["[Content_Types].xml"] = splice(
            types, [(t.start, close_of(types, t)[1], b"") for t in tags]
        )
    return out, frozenset(chain)
