"""Every name a digest's figure can have: what the sheet *Digest* must hold a cell for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook_templates.digest.records import Kind

__all__ = ["LISTS", "TIER_ROWS", "TOTALS", "Listed", "Place", "cell_name", "places"]

Columns = Mapping[str, tuple[str, Kind]]
"""Key → label and kind."""

TIER_ROWS = ("red", "amber", "green", "none", "total")
"""As the message lists tiers: the worst first; "none" is without a score."""
_TIER: Columns = {
    "accounts": ("accounts", "count"),
    "accounts_change": ("accounts, change", "change"),
    "arr": ("ARR", "money"),
    "arr_share": ("share of ARR", "share"),
    "arr_change": ("ARR, change", "money_change"),
}
TOTALS: Columns = {
    **{f"{tier}_{key}": (f"{tier} {label}", kind)
       for tier in TIER_ROWS for key, (label, kind) in _TIER.items()},
    "newly_red_count": ("Accounts newly red", "count"),
    "newly_red_arr": ("ARR newly red", "money"),
    "recovered_count": ("Accounts that recovered", "count"),
    "recovered_arr": ("ARR recovered", "money"),
    "worse_count": ("Accounts a tier worse", "count"),
    "better_count": ("Accounts a tier better", "count"),
    "risk_count": ("Accounts listed at risk", "count"),
    "risk_arr": ("ARR of those listed", "money"),
    "renewals_count": ("Renewals in 90 days", "count"),
    "renewals_arr": ("ARR that renews in 90 days", "money"),
    "renewals_red_arr": ("Of it red", "money"),
    "week_renewals_count": ("Renewals in 7 days", "count"),
    "expansions_count": ("Accounts that want more", "count"),
    "expansions_arr": ("ARR that wants more", "money"),
    "overrides_count": ("Overrides that expire in 14 days", "count"),
    "warnings_count": ("Data warnings", "count"),
    "actions_overdue": ("Actions overdue", "count"),
    "actions_week": ("Actions due in 7 days", "count"),
    "largest_account": ("Score that moved most", "text"),
    "largest_move": ("By how many points", "score"),
    "largest_before": ("From", "score"),
    "largest_now": ("To", "score"),
    "longest_account": ("Action overdue longest: account", "text"),
    "longest_late": ("Days overdue", "days"),
    "as_of": ("Day", "date"),
    "since": ("Compared with", "date"),
    **{f"said_{i}": ("In the summary", "text") for i in range(1, 13)},
}  # fmt: skip
"""Figures that are no list's. ``said_n`` may be a number, a day or a name."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the message.

    Attributes:
        label: its heading on the sheet.
        rows: at most so many; the workbook's own sheets hold all.
        columns: of each row.
    """

    label: str
    rows: int
    columns: Columns


_ACCOUNT: Columns = {"account": ("Account", "text"), "arr": ("ARR", "money")}
_NOW: Columns = {"tier": ("Tier", "text"), "score": ("Score", "score")}
_MOVE: Columns = {
    "before_tier": ("Tier before", "text"),
    "previous": ("Score before", "score"),
    **_NOW,
    "change": ("Change", "change"),
    "why": ("Why", "text"),
}
LISTS: Mapping[str, Listed] = {
    "newly_red": Listed("Newly red", 10, {**_ACCOUNT, **_MOVE}),
    "recovered": Listed("Recovered", 10, {**_ACCOUNT, **_MOVE}),
    "risk": Listed("Top 10 at risk", 10, {
        **_ACCOUNT, **_NOW, "change": ("Change", "change"), "renewal": ("Renews", "date"),
        "days": ("Days left", "days"), "driver": ("Driver", "text"), "owner": ("Owner", "text"),
        "next": ("Next action", "text"), "due": ("Due", "date"),
        "late": ("Days overdue", "days"),
        "last": ("Last action", "text"), "last_day": ("Done", "date"),
    }),
    "renewal": Listed("Renewals in 90 days", 12, {
        **_ACCOUNT, **_NOW, "renewal": ("Renews", "date"), "days": ("Days left", "days"),
        "play": ("Play", "text"),
    }),
    "expansion": Listed("Expansions to open", 8, {
        **_ACCOUNT, **_NOW, "change": ("Change", "change"), "sign": ("Sign", "text"),
        "owner": ("Owner", "text"),
    }),
    "override": Listed("Overrides that expire", 8, {
        "account": ("Account", "text"), "tier": ("Tier set", "text"),
        "model_tier": ("Model's tier", "text"), "model_score": ("Model's score", "score"),
        "expires": ("Expires", "date"), "reason": ("Reason", "text"), "author": ("By", "text"),
    }),
    "todo": Listed("To do this week", 5, {
        **_ACCOUNT, **_NOW, "do": ("To do", "text"), "due": ("Due", "date"),
        "renewal": ("Renews", "date"), "days": ("Days left", "days"),
        "late": ("Days overdue", "days"), "owner": ("Owner", "text"),
    }),
    "warning": Listed("Data warnings", 6, {
        "count": ("How many", "count"), "what": ("What", "text"), "fix": ("What to do", "text"),
    }),
    "trend": Listed("Red ARR over time", 13, {
        "day": ("Day", "date"), "arr": ("Red ARR", "money"),
    }),
    "other": Listed("In other currencies", 4, {
        "currency": ("Currency", "text"), "arr": ("ARR", "money"),
        "accounts": ("Accounts", "count"),
    }),
}  # fmt: skip
"""Name of a list → what it holds, in the order of the message."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the sheet *Digest*: its name, and what stands in it.

    Attributes:
        name: ``hs_red_arr``, ``hs_risk_3_due``.
        section: "" for totals, else the list.
        row: 0 for totals, else from 1.
        key, label, kind: as in `TOTALS` and in a list's columns.
    """

    name: str
    section: str
    row: int
    key: str
    label: str
    kind: Kind


_NAMED = {"as_of": "day", "renewals_arr": "renewals_soon_arr"}
"""Key of a total → its name, where another sheet of the workbook has the key's own."""


def cell_name(key: str) -> str:
    """Defined name of a figure's cell; no other sheet of the portfolio workbook has it."""
    return f"hs_{_NAMED.get(key, key)}"


def places() -> Iterator[Place]:
    """All of them, totals first."""
    for key, (label, kind) in TOTALS.items():
        yield Place(cell_name(key), "", 0, key, label, kind)
    for section, listed in LISTS.items():
        for row in range(1, listed.rows + 1):
            for key, (label, kind) in listed.columns.items():
                yield Place(f"hs_{section}_{row}_{key}", section, row, key, label, kind)
