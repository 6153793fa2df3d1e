"""Account rows as JSON and back, value for value.

A row's text holds what is there and nothing else, with its keys in order, so that equal rows have
equal texts and a new empty column changes none. What kind of column a value stood in is kept once
for all rows of a writing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["decode_rows", "decode_sheets", "digest", "encode_rows", "encode_sheets", "kinds_of"]

Kinds = Mapping[str, str]
"""Column key → kind of its frame column, as pandas writes it (``float64``, ``object``)."""

_text: Callable[[str], str] = json.encoder.encode_basestring_ascii


def kinds_of(frame: pd.DataFrame) -> dict[str, str]:
    """The kind of each column."""
    return {str(key): str(frame[key].dtype) for key in frame.columns}


def encode_rows(frame: pd.DataFrame) -> list[str]:
    """One JSON object a row, in ASCII; missing values are left out.

    Args:
        frame: n rows; numbers, yes/no, dates (datetime64) and texts.

    Returns:
        (n,) texts; equal rows give equal texts whatever the order of the columns.
    """
    keys = sorted(map(str, frame.columns))
    if not keys:
        return ["{}"] * len(frame)
    parts = [_members(key, frame[key]) for key in keys]
    return ["{" + ",".join(filter(None, row)) + "}" for row in zip(*parts, strict=True)]


def _members(key: str, column: pd.Series[Any]) -> list[str]:
    """``"key":value`` of each row, empty where the value is missing."""
    head = _text(key) + ":"
    if column.dtype.kind == "M":
        days = [None if v is pd.NaT else _day(v) for v in column.tolist()]
        return ["" if v is None else f'{head}"{v}"' for v in days]
    values = column.tolist()
    if column.dtype.kind == "f" and not np.isinf(column.to_numpy()).any():
        return [f"{head}{v!r}" if v == v else "" for v in values]
    return ["" if _missing(v) else head + _value(v) for v in values]


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        # A date among other things says so itself; a column of dates does not have to.
        return json.dumps({"date": _day(value)})
    return json.dumps(value.item() if isinstance(value, np.generic) else value)


def _day(value: date) -> str:
    """``2026-01-31``, with the time of day only where there is one."""
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat()
    return value.isoformat()


def decode_rows(texts: Sequence[str], kinds: Kinds) -> pd.DataFrame:
    """The frame whose rows were encoded.

    Args:
        texts: (n,) JSON objects.
        kinds: its columns, in order; a whole number or a yes/no that is missing in some row
            makes the column a float or an object.
    """
    rows: list[dict[str, Any]] = json.loads("[" + ",".join(texts) + "]")
    columns = {key: _column([r.get(key) for r in rows], kind) for key, kind in kinds.items()}
    return pd.DataFrame(columns, index=range(len(rows)))


def _column(values: list[Any], kind: str) -> pd.Series[Any]:
    if kind.startswith("datetime64"):
        return pd.Series(np.array(values, dtype=f"datetime64[{kind[11:-1]}]"))
    if kind.startswith("float"):
        return pd.Series(np.array(values, dtype=kind))
    if kind in ("object", "str"):
        plain = [_plain(v) for v in values] if any(type(v) is dict for v in values) else values
        return pd.Series(plain, dtype=kind)
    gaps = None in values
    return pd.Series(values, dtype=("object" if kind == "bool" else "float64") if gaps else kind)


def _plain(value: Any) -> Any:
    return pd.Timestamp(value["date"]) if isinstance(value, dict) else value


def encode_sheets(
    tables: Mapping[str, pd.DataFrame], account_ids: Sequence[str]
) -> list[str | None]:
    """What stands on other sheets about each account, as one JSON object; None for nothing."""
    found: dict[Hashable, dict[str, list[str]]] = {}
    for name in sorted(tables):
        frame = tables[name]
        if frame.empty:
            continue
        about = frame.drop(columns="account_id")
        for account, row in zip(frame["account_id"].tolist(), encode_rows(about), strict=True):
            found.setdefault(account, {}).setdefault(name, []).append(row)
    return [_sheets(found[a]) if a in found else None for a in account_ids]


def _sheets(rows: Mapping[str, Sequence[str]]) -> str:
    return "{" + ",".join(f"{_text(n)}:[{','.join(r)}]" for n, r in rows.items()) + "}"


def decode_sheets(texts: Mapping[str, str], kinds: Mapping[str, Kinds]) -> dict[str, pd.DataFrame]:
    """Sheet name → its rows of all accounts.

    Args:
        texts: account id → what `encode_sheets` made of it.
        kinds: sheet name → the kinds of its columns, ``account_id`` among them.
    """
    ids: dict[str, list[str]] = {name: [] for name in kinds}
    rows: dict[str, list[str]] = {name: [] for name in kinds}
    for account, text in texts.items():
        for name, some in json.loads(text).items():
            ids[name] += repeat(account, len(some))
            rows[name] += [json.dumps(row) for row in some]
    out = {}
    for name, columns in kinds.items():
        frame = decode_rows(rows[name], {k: v for k, v in columns.items() if k != "account_id"})
        frame.insert(
            0, "account_id", pd.Series(ids[name], dtype=columns.get("account_id", "object"))
        )
        out[name] = frame
    return out


def digest(*parts: object) -> str:
    """32 hexadecimal digits that stand for a row's whole content."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()
