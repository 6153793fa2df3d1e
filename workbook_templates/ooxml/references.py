"""References in the XML of parts, wherever rows move: texts of elements, links of controls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook_templates.ooxml.xml import Edit, Tag, attr, close_of, escape, scan, set_attr, unescape

__all__ = ["VML_LINKS", "form_control", "texts_moved"]

VML_LINKS = ("FmlaLink", "FmlaRange", "FmlaPict", "FmlaTxbx", "FmlaGroup")
"""Elements of a legacy drawing whose text names cells."""


def texts_moved(
    data: bytes,
    names: tuple[str, ...],
    moved: Callable[[Tag, str], str],
    start: int = 0,
    end: int | None = None,
) -> Iterator[Edit]:
    """An edit for each element of *names* in [start, end) whose text *moved* changes.

    Args:
        data: a part.
        names: local names of elements.
        moved: tag and text → the text afterwards.
        start: first byte that is looked at.
        end: byte to stop before; the part's end.
    """
    for tag in scan(data, *names, start=start, end=end):
        if tag.closing or tag.empty:
            continue
        stop = close_of(data, tag)[0]
        raw = data[tag.end : stop]
        if b"<" in raw:
            continue  # the newer kind of formula holds its text in an element of its own
        old = unescape(raw)
        new = moved(tag, old)
        if new != old:
            yield tag.end, stop, escape(new)


def form_control(data: bytes, moved: Callable[[str], str]) -> list[Edit]:
    """Edits of a form control's part: the cells it is linked to and lists."""
    tag = next(scan(data, "formControlPr"), None)
    if tag is None:
        return []
    raw = new = data[tag.start : tag.end]
    for key in ("fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup"):
        old = attr(tag.attrs, key)
        if old and (text := moved(old)) != old:
            new = set_attr(new, key, text)
    return [(tag.start, tag.end, new)] if new != raw else []
