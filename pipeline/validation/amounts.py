"""ARR of outcomes: taken from the history where the list has none, and in one currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.alerts.groups import counted

__all__ = ["Amounts", "with_amounts"]


@dataclass(frozen=True)
class Amounts:
    """Outcomes with their amounts.

    Attributes:
        frame: the list with arr, arr_after (NaN unknown) and currency ("" unknown).
        currency: of all amounts; "" where nobody said, or where they are in several.
        note: a sentence about them; "" for none.
    """

    frame: pd.DataFrame
    currency: str
    note: str


def with_amounts(
    outcomes: pd.DataFrame, rows: pd.DataFrame, rates: tuple[str, Mapping[str, float]] | None
) -> Amounts:
    """Complete and convert ARR.

    Args:
        outcomes: account_id, date, and arr, arr_after, currency where they were given.
        rows: the history's, with date, and arr and currency where they are known. The last ARR
            before an outcome counts where the list has none.
        rates: base currency, and currency → units of it; None leaves amounts as they are.
    """
    frame = _completed(outcomes, rows)
    if rates is not None:
        frame = _converted(frame, *rates)
    known = frame[frame["arr"].notna() | frame["arr_after"].notna()]
    codes = [str(code) for code in known["currency"].unique()]
    if len(codes) <= 1:
        return Amounts(frame, codes[0] if codes else "", "")
    count = counted(len([c for c in codes if c]), "currency").replace("currencys", "currencies")
    how = "add section rates to healthsheet.toml"
    return Amounts(frame, "", f"ARR is in {count} ({_listed(codes)}) and not added up: {how}.")


def _listed(codes: list[str]) -> str:
    return ", ".join(sorted(c or "none given" for c in codes))


def _completed(outcomes: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    frame = outcomes.reset_index(drop=True)
    for key in ("arr", "arr_after"):
        frame[key] = frame[key].astype(float) if key in frame else np.nan
    code = frame["currency"] if "currency" in frame else pd.Series(None, frame.index, dtype=object)
    frame["currency"] = code.where(code.notna(), "").astype(object)
    lacking = frame["arr"].isna()
    if not lacking.any() or "arr" not in rows.columns:
        return frame
    columns = [k for k in ("account_id", "date", "arr", "currency") if k in rows.columns]
    known = rows.loc[rows["arr"].notna(), columns].rename(columns={"arr": "then", "currency": "c"})
    known = known.assign(account_id=known["account_id"].astype(str).astype(object))
    known["date"] = pd.to_datetime(known["date"]).astype("datetime64[us]")
    asked = frame.loc[lacking, ["account_id", "date"]].reset_index(names="place")
    asked["date"] = pd.to_datetime(asked["date"]).astype("datetime64[us]")
    asked["account_id"] = asked["account_id"].astype(object)
    found = pd.merge_asof(asked.sort_values("date"), known.sort_values("date"), on="date",
                          by="account_id", allow_exact_matches=False)  # fmt: skip
    found = found[found["then"].notna()].set_index("place")
    # An amount after in one currency and one before in another could not be compared.
    own = frame.loc[found.index, "currency"]
    theirs = found["c"].where(found["c"].notna(), "") if "c" in found else own.where(False, "")
    fits = (own == "") & frame.loc[found.index, "arr_after"].isna() | (own == theirs)
    at = found.index[fits]
    frame.loc[at, "arr"] = found.loc[at, "then"]
    frame.loc[at, "currency"] = theirs[at]
    return frame


def _converted(frame: pd.DataFrame, base: str, rates: Mapping[str, float]) -> pd.DataFrame:
    rate = frame["currency"].map(dict(rates)).astype(float)
    known = rate.notna()
    out = frame.copy()
    for key in ("arr", "arr_after"):
        out[key] = (frame[key] * rate).where(known, frame[key])
    out["currency"] = frame["currency"].where(~known, base)
    return out
