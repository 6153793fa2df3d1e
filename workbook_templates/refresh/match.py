"""Which row of a workbook's Table is which row of today's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scoring.errors import WorkbookError
from scoring.judgement.actions_kept import OWN, own_key
from workbook_templates.ooxml.cells import Value
from workbook_templates.refresh.cells import key_text
from workbook_templates.refresh.find import Found

__all__ = ["Rows", "match_listed", "match_standing", "row_key"]

_SHOWN = 5


@dataclass(frozen=True)
class Rows:
    """The data rows of a Table afterwards, n of them.

    Attributes:
        source: (n) the row, counted from 0, that each was before; None for a new one.
        take: (n) the row of today's values that it shows; −1 leaves it as it is.
        gone: rows of before that leave.
        strange: rows of before that are no account, which stay as they are.
    """

    source: tuple[int | None, ...]
    take: tuple[int, ...]
    gone: tuple[int, ...] = ()
    strange: tuple[int, ...] = ()

    @property
    def added(self) -> list[int]:
        """Rows of today's values that were not there before."""
        return [t for s, t in zip(self.source, self.take, strict=True) if s is None and t >= 0]


def match_standing(
    found: Found,
    old: Mapping[str, Sequence[Value]],
    new: Mapping[str, Sequence[Value]],
    stays: Callable[[int], bool],
) -> Rows:
    """Rows that stay where people put them; new ones go below.

    Args:
        found: the Table.
        old: the rows of before by key of column, as read.
        new: today's, likewise.
        stays: whether a row of before stays although today's values do not have it.

    Raises:
        WorkbookError: an account stands there twice.
    """
    known = _places(found, old, new)
    _refuse_twins(found, known, old)
    source: list[int | None] = []
    take: list[int] = []
    gone: list[int] = []
    strange: list[int] = []
    keys = _labels(found, old) if None in known else []
    for row, at in enumerate(known):
        if at is None and not stays(row):
            gone.append(row)
            continue
        if at is None and not keys[row]:
            strange.append(row)
        source.append(row)
        take.append(-1 if at is None else at)
    there = {at for at in known if at is not None}
    fresh = [at for at in range(_count(new)) if at not in there]
    return Rows((*source, *(None for _ in fresh)), (*take, *fresh), tuple(gone), tuple(strange))


def match_listed(
    spec_key: Sequence[str],
    old: Mapping[str, Sequence[Value]],
    new: Mapping[str, Sequence[Value]],
) -> Rows:
    """Rows in today's order; what stood beside a row of the same key goes along."""
    count, before = _count(new), _count(old)
    keys = [k for k in spec_key if k in old and k in new]
    waiting: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(_keys_of(old, keys)):
        waiting.setdefault(key, []).append(row)
    source: list[int | None] = [None] * count
    if not spec_key:
        # Rows that nothing tells apart stay by their place.
        source = [at if at < before else None for at in range(count)]
    for at, key in enumerate(_keys_of(new, keys)):
        rows = waiting.get(key, [])
        source[at] = rows.pop(0) if rows else None
    kept = {row for row in source if row is not None}
    gone = tuple(row for row in range(before) if row not in kept)
    return Rows(tuple(source), tuple(range(count)), gone)


def _count(columns: Mapping[str, Sequence[Value]]) -> int:
    return max((len(column) for column in columns.values()), default=0)


def _joined(columns: Mapping[str, Sequence[Value]], keys: Sequence[str]) -> list[tuple[str, ...]]:
    texts = [[key_text(v) for v in columns[k]] for k in keys]
    return list(zip(*texts, strict=True))


_BY_KEY = ("account_id", "key")
_TYPED = ("account_id", "account", "action", "tier", "score", "reason", "author", "expires")


def _keys_of(columns: Mapping[str, Sequence[Value]], keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Keys of rows; those of rows that people added follow from what they typed there."""
    found = _joined(columns, keys)
    if tuple(keys) != _BY_KEY:
        return found
    # People may type an account's name, and the refresh finds its id: that is the same row.
    named = ((account, row_key(columns, row)) for row, (account, _) in enumerate(found))
    return [("" if key.startswith(OWN) else account, key) for account, key in named]


def row_key(columns: Mapping[str, Sequence[Value]], row: int) -> str:
    """The key of a row whose Table has the column ``key``; people leave it blank in theirs."""
    known = key_text(columns["key"][row]) if "key" in columns else ""
    texts = (key_text(columns[k][row]) for k in _TYPED if k in columns)
    return known or own_key(*texts)


def _labels(found: Found, old: Mapping[str, Sequence[Value]]) -> list[str]:
    """What names each row: its id, else its name; "" for a row that is no account."""
    keys = [*found.spec.key, "account_name", "account"]
    columns = [[key_text(v) for v in old[k]] for k in keys if k in old]
    return [next((t for t in row if t), "") for row in zip(*columns, strict=True)]


def _places(
    found: Found, old: Mapping[str, Sequence[Value]], new: Mapping[str, Sequence[Value]]
) -> list[int | None]:
    """For each row of before the row of today's values that it is, by id, else by name."""
    key, name = found.spec.key[0], "account_name"
    count = found.rows
    ids = [key_text(v) for v in new[key]]
    by_id = {text: at for at, text in enumerate(ids)}
    by_number = _unique([text.lstrip("0") if text.isdigit() else "" for text in ids])
    names = _unique([key_text(v).casefold() for v in new.get(name, ())])
    old_ids, old_names = old.get(key, [None] * count), old.get(name, [None] * count)
    out: list[int | None] = []
    for value, called in zip(old_ids, old_names, strict=True):
        text = key_text(value)
        at = by_id.get(text) if text else None
        if at is None and isinstance(value, float):
            # Excel makes the number 123 of a typed 00123.
            at = by_number.get(text.lstrip("0"))
        if not text:
            at = names.get(key_text(called).casefold())
            if at == _SEVERAL:
                raise WorkbookError(
                    f"Several accounts of the source are named {called}, and Table "
                    f"{found.table.name} has no id for it. Add a column "
                    f"{found.spec.column(key).header} with their ids."
                )
        out.append(None if at == _SEVERAL else at)
    return out


_SEVERAL = -2


def _unique(texts: Sequence[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for at, text in enumerate(texts):
        if text:
            out[text] = _SEVERAL if text in out else at
    return out


def _refuse_twins(
    found: Found, known: Sequence[int | None], old: Mapping[str, Sequence[Value]]
) -> None:
    rows: dict[int, list[int]] = {}
    for row, at in enumerate(known):
        if at is not None:
            rows.setdefault(at, []).append(row)
    twins = [there for there in rows.values() if len(there) > 1]
    if not twins:
        return
    first, labels = found.table.data.r1, _labels(found, old)
    told = "; ".join(
        f"{labels[there[0]]} in rows {', '.join(str(first + r) for r in there)}"
        for there in twins[:_SHOWN]
    )
    more = f"; and {len(twins) - _SHOWN} more" if len(twins) > _SHOWN else ""
    raise WorkbookError(
        f"Accounts stand twice in Table {found.table.name} on sheet {found.table.sheet}: "
        f"{told}{more}. Delete one row of each and refresh again."
    )
