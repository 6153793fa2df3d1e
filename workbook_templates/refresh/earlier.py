"""What a workbook lacks because HealthSheet could not do it yet when the workbook was made.

People's own deletions leave names without a target behind; what never was has no name at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.places import Place
from workbook_templates.portfolio.names import WORKINGS
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["Known", "Lacking"]

_NOTE = "hs_changes_note"
"""Cell that a refresh signs; a workbook without it is not one that we made."""


@dataclass(frozen=True)
class Known:
    """The names of ours that a workbook has or had.

    Attributes:
        names: in small letters, also those whose cells people deleted; none where the workbook
            does not tell.
    """

    names: frozenset[str]

    @classmethod
    def of(cls, book: Book) -> Known:
        """The names of a workbook; of one that we did not make nothing is known."""
        names = frozenset(n.name.casefold() for n in book.names if n.name[:3].casefold() == "hs_")
        return cls(names if _NOTE in names else frozenset())

    def never(self, key: str) -> bool:
        """Whether the workbook never had the cell ``hs_<key>``."""
        return bool(self.names) and f"hs_{key}".casefold() not in self.names

    def never_table(self, spec: TableSpec) -> bool:
        """Whether it never had a Table."""
        return all(self.never(f"{spec.name}_{c.key}") for c in spec.columns)


@dataclass(frozen=True)
class Lacking:
    """What newer workbooks have besides.

    Attributes:
        sheets: sheets that are not there.
        columns: Table → headers.
        cells: sheet that is there → number of named cells.
    """

    sheets: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, int]

    @classmethod
    def of(
        cls,
        known: Known,
        away: Iterable[TableSpec],
        columns: Mapping[str, tuple[str, ...]],
        keys: Iterable[str],
        standard: Mapping[str, Place],
    ) -> Lacking:
        """What is lacking.

        Args:
            known: the workbook's names.
            away: our Tables that it does not have.
            columns: Table → headers of columns that it never had.
            keys: of today's values outside Tables.
            standard: places of a workbook as it is made now.
        """
        sheets = tuple(dict.fromkeys(s.sheet for s in away if known.never_table(s)))
        places = {name.casefold(): place for name, place in standard.items()}
        cells: dict[str, int] = {}
        for key in keys:
            place = places.get(f"hs_{key}".casefold())
            shown = place is not None and place.sheet not in (*sheets, WORKINGS)
            if place is not None and shown and known.never(key):
                cells[place.sheet] = cells.get(place.sheet, 0) + 1
        return cls(sheets, {t: heads for t, heads in columns.items() if heads}, cells)

    def __bool__(self) -> bool:
        return bool(self.sheets or self.columns or self.cells)

    def short(self) -> str:
        """Such as ``lacks 2 sheets and 1 column of newer workbooks``, for *Changes*."""
        counts = (
            (len(self.sheets), "sheet"),
            (sum(map(len, self.columns.values())), "column"),
            (sum(self.cells.values()), "figure"),
        )
        told = [f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts if n]
        return f"lacks {_listed(told)} of newer workbooks"

    def text(self) -> str:
        """The same in full, with what to do."""
        word = "sheet" if len(self.sheets) == 1 else "sheets"
        parts = [f"the {word} {_listed(self.sheets)}"] if self.sheets else []
        parts += [f"{_listed(heads)} in {table}" for table, heads in self.columns.items()]
        parts += [f"figures on {_listed(list(self.cells))}"] if self.cells else []
        return (
            f"An earlier version made this workbook; new ones also have {'; '.join(parts)}. All "
            "that is here is refreshed. For the rest make a workbook under a new name and copy "
            "your columns and sheets into it."
        )


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
