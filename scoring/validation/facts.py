"""Who an account was and what it paid when it decided, where the list of outcomes does not say."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from scoring.validation.cases import Cases

__all__ = ["known_before", "one_currency", "with_facts"]

_FACTS = ("account_name", "arr", "currency")


def with_facts(cases: Cases, facts: pd.DataFrame) -> Cases:
    """The cases with names, and ARR where nobody gave one.

    An ARR of the history never meets one of the list in another currency.

    Args:
        cases: joined.
        facts: of the history: account_id, date and any of account_name, arr, currency.
    """
    frame = cases.frame.copy()
    if "account_name" in facts.columns:
        named = facts[facts["account_name"].notna()].sort_values("date", kind="stable")
        last = named.drop_duplicates("account_id", keep="last").set_index("account_id")
        lacking = frame["account_name"] == ""
        frame.loc[lacking, "account_name"] = (
            frame.loc[lacking, "account_id"].map(last["account_name"]).fillna("")
        )
    lacking = frame["arr"].isna()
    if "arr" in facts.columns and lacking.any():
        then = known_before(frame[lacking], facts)
        fits = (frame["currency"] == "") & frame["arr_after"].isna()
        fits |= frame["currency"] == then["currency"].reindex(frame.index)
        at = then.index[then["arr"].notna() & fits[lacking]]
        frame.loc[at, ["arr", "currency"]] = then.loc[at, ["arr", "currency"]]
    return replace(cases, frame=frame)


def known_before(frame: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The last known ARR of each account before a day.

    Args:
        frame: n rows with account_id and date.
        facts: as for `with_facts`, with arr.

    Returns:
        (n rows, index of *frame*) arr, NaN where none is known, and its currency, "" for none.
    """
    known = facts[facts["arr"].notna()]
    code = known["currency"] if "currency" in known.columns else pd.Series(None, known.index)
    then = pd.DataFrame({
        "account_id": known["account_id"].astype(str).astype(object),
        "date": _stamps(known["date"]), "arr": known["arr"].astype(float),
        "currency": code.where(code.notna(), "").astype(object),
    }).sort_values("date", kind="stable")  # fmt: skip
    asked = pd.DataFrame({
        "account_id": frame["account_id"].astype(object), "date": _stamps(frame["date"]),
        "place": frame.index,
    }).sort_values("date", kind="stable")  # fmt: skip
    found = pd.merge_asof(asked, then, on="date", by="account_id", allow_exact_matches=False)
    out = found.set_index("place")[["arr", "currency"]].reindex(frame.index)
    return out.assign(currency=out["currency"].fillna("").astype(object))


def one_currency(frame: pd.DataFrame) -> str:
    """The currency of all known amounts; "" where it is not known or there are several."""
    known = frame[frame["arr"].notna() | frame["arr_after"].notna()]
    codes = [str(code) for code in known["currency"].unique()]
    return codes[0] if len(codes) == 1 else ""


def _stamps(days: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(days).astype("datetime64[us]")
