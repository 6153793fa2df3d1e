"""The actions of a portfolio: all accounts that need any, as one table in the order to work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scoring.account_actions import DONE, DROPPED
from scoring.columns import normalise
from scoring.judgement.actions import LINGERS, is_overdue, plan_actions
from scoring.judgement.actions_kept import OWN
from scoring.judgement.case import ROLES, Case, Fired, contact_of, people_of, tier_since, unused_of
from scoring.judgement.library import Library
from scoring.judgement.records import HORIZONS, SEVERITIES, Action, Horizon
from scoring.judgement.risks import Found
from scoring.timeline import Timeline

__all__ = ["COLUMNS", "LISTED", "MOST", "all_actions", "plan_portfolio"]

LISTED = 500
"""Accounts whose actions a workbook proposes; more than that nobody works through (ours)."""
MOST: Mapping[str, Mapping[Horizon, int]] = {
    "red": dict(zip(HORIZONS, (2, 2, 1), strict=True)),
    "amber": dict(zip(HORIZONS, (1, 1, 1), strict=True)),
}
"""Tier → proposals a horizon: what one team gets done for all its accounts (ours)."""
_ONE: Mapping[Horizon, int] = dict.fromkeys(HORIZONS, 1)
COLUMNS = (
    "account_id", "account_name", "tier", "arr", "currency", "horizon", "action", "owner",
    "deadline", "status", "attempts", "last_channel", "response", "channel", "why", "notes",
    "opened", "closed", "key", "given", "origin", "escalated", "overdue", "edited",
)  # fmt: skip
"""Of `plan_portfolio`: those of `columns.ACTIONS`, and what a workbook shows beside them."""
_WORST = ("red", "amber")
_SHEETS = ("Actions", "Stakeholders", "Features")

Row = Mapping[str, Any]


def plan_portfolio(
    accounts: pd.DataFrame,
    frame: pd.DataFrame,
    timeline: Timeline,
    tables: Mapping[str, pd.DataFrame],
    found: Found,
    library: Library,
    *,
    as_of: date,
    kept: Sequence[Row] = (),
    alerts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Actions of the accounts below green, of those with a High risk and of those with open ones.

    Of more than `LISTED` accounts the worst, and of these the largest, are planned for; what
    people took up is listed of all. An account has as many proposals as its tier has in `MOST`.

    Args:
        accounts: n rows as for `score_accounts`.
        frame: of `portfolio_frame`, row by row the same accounts.
        timeline: today's scores and the snapshots before.
        tables: optional sheets; *Actions*, *Stakeholders* and *Features* are read.
        found: risks and positives, row by row.
        library: its plays.
        as_of: the day.
        kept: rows of *Actions* in the workbook, keys of `columns.ACTIONS` and ``key``, ``given``,
            ``opened``, ``closed``, ``notes``, ``account``.
        alerts: lines of *Alerts*, columns as `portfolio.alerts.COLUMNS`, with ``key``; only those
            that nobody settled.

    Returns:
        A row an action in `COLUMNS`; overdue ones first, closed ones last. ``attrs["left"]`` is
        the number of accounts that would have any and are not planned for.
    """
    theirs, strangers = _of_workbook(kept, frame)
    wanted, left = _wanted(frame, found, theirs)
    ids = frame["account_id"].iloc[wanted]
    near = {name: _by_account(tables.get(name), ids) for name in _SHEETS}
    for account, more in theirs.items():
        near["Actions"][account] = [*near["Actions"].get(account, ()), *more]
    makes = _Cases(accounts, frame, timeline, near, found, alerts, as_of)
    rows: list[tuple[Any, ...]] = []
    for i in wanted:
        case = makes.case(i)
        rows += [_row(case, a) for a in _plan(case, library)]
    rows += [_stranger(row, as_of) for row in strangers]
    rows.sort(key=_order)
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    for key in ("deadline", "opened", "closed"):
        out[key] = pd.to_datetime(out[key]).astype("datetime64[us]")
    out.attrs["left"] = left
    return out


def _plan(case: Case, library: Library) -> tuple[Action, ...]:
    """Actions of one of many accounts: fewer than its scorecard lists, people's own all the same.

    Accounts above the two worst tiers get one proposal where a High risk stands or they want
    more, else none.
    """
    if case.tier in MOST:
        return plan_actions(case, library, most=MOST[case.tier])
    stands = case.expansion or any(r.severity == SEVERITIES[0] for r in case.risks)
    return plan_actions(case, library, most=_ONE, in_all=int(stands))


def all_actions(source: pd.DataFrame | None, planned: pd.DataFrame) -> pd.DataFrame:
    """Planned actions, and those of the source for accounts that are not planned for.

    Args:
        source: its sheet *Actions*; None where it has none.
        planned: of `plan_portfolio`.
    """
    keys = ["account_id", "action", "deadline", "status", "owner"]
    # An account's own past work counts, also where it closed too long ago to be listed.
    if source is None or source.empty:
        return planned[keys]
    listed = set(zip(planned["account_id"], planned["action"], strict=True))
    own = source.reindex(columns=keys)
    done = own["status"].map(lambda w: normalise(str(w or "")) in DONE).to_numpy(bool)
    known = own["account_id"].isin(planned["account_id"]).to_numpy(bool)
    rest = [(not k or d) and pair not in listed for k, d, pair in zip(
        known, done, zip(own["account_id"], own["action"], strict=True), strict=True)]  # fmt: skip
    return pd.concat([planned[keys], own[rest]], ignore_index=True) if any(rest) else planned[keys]


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    one = dict(zip(COLUMNS, row, strict=True))
    arr = one["arr"] if one["arr"] == one["arr"] else 0.0
    tier = _WORST.index(one["tier"]) if one["tier"] in _WORST else len(_WORST)
    horizon = HORIZONS.index(one["horizon"])
    late = one["overdue"]
    # Whose account before which day: the first page is what a leader asks about.
    return (one["closed"] is not None, not late, not one["escalated"], 0 if late else horizon,
            tier, -arr, one["account_name"], one["account_id"],
            one["deadline"] or date.max)  # fmt: skip


def _row(case: Case, a: Action) -> tuple[Any, ...]:
    return (
        case.account_id, case.name, case.tier, case.arr, case.currency, a.horizon, a.text, a.owner,
        a.due, a.status, a.attempts, a.last_channel, a.response, a.channel, a.why, a.notes,
        a.opened, a.closed, a.key, a.given, a.origin, a.escalated, is_overdue(a, case.as_of),
        a.edited,
    )  # fmt: skip


def _stranger(row: Row, as_of: date) -> tuple[Any, ...]:
    """A row that people added for an account that nobody knows: it stays as it is."""
    status = str(row.get("status") or "Open")
    due = row.get("deadline")
    closed = as_of if normalise(status) in DONE | DROPPED else None
    return (
        row.get("account_id") or "", row.get("account") or "", "", float("nan"), "", HORIZONS[1],
        row.get("action") or "", row.get("owner") or "", due if isinstance(due, date) else None,
        status, int(row.get("attempts") or 0) if isinstance(row.get("attempts"), float) else 0,
        row.get("last_channel") or "", row.get("response") or "", "",
        "This account is not in the source", row.get("notes") or "", row.get("opened") or as_of,
        row.get("closed") or closed, row.get("key") or "", "", "stranger", False,
        isinstance(due, date) and due < as_of and closed is None, False,
    )  # fmt: skip


def _of_workbook(
    kept: Sequence[Row], frame: pd.DataFrame
) -> tuple[dict[str, list[Row]], list[Row]]:
    """Account → its rows in the workbook; rows that people added for one that is not known."""
    ids = set(frame["account_id"].tolist())
    names = frame.drop_duplicates("account_name", keep=False)
    called = (str(name).casefold() for name in names["account_name"])
    named = dict(zip(called, names["account_id"], strict=True)) if kept else {}
    out: dict[str, list[Row]] = {}
    strangers: list[Row] = []
    for row in kept:
        texts = [str(row.get(k) or "").strip() for k in ("account_id", "account")]
        account = next((t for t in texts if t in ids), "")
        account = account or next((named[t.casefold()] for t in texts if t.casefold() in named), "")
        if account:
            out.setdefault(account, []).append(row)
        elif str(row.get("key") or "").startswith(OWN):
            strangers.append(row)
    return out, strangers


def _records(rows: pd.DataFrame) -> Iterable[Row]:
    columns = {str(k): [_plain(v) for v in rows[k].tolist()] for k in rows.columns}
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value != value:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _wanted(
    frame: pd.DataFrame, found: Found, theirs: Mapping[str, Sequence[Row]]
) -> tuple[list[int], int]:
    """Rows of accounts to plan for, and how many more would have actions."""
    columns = (frame[k].tolist() for k in ("account_id", "tier", "arr", "next_action"))
    ranked, taken_up = [], []
    for i, (account, tier, arr, following) in enumerate(zip(*columns, strict=True)):
        high = bool(found.high[i])
        if account in theirs:
            taken_up.append(i)
        elif tier in _WORST or high or following:
            place = _WORST.index(tier) if tier in _WORST else len(_WORST)
            ranked.append((place, not high, -arr if arr == arr else 0.0, i))
    room = max(LISTED - len(taken_up), 0)
    chosen = [i for *_, i in sorted(ranked)[:room]]
    return sorted([*taken_up, *chosen]), max(len(ranked) - room, 0)


def _current(row: Row, as_of: date) -> bool:
    """A typed action that is open, or that was closed not long ago."""
    if normalise(str(row.get("status") or "")) not in DONE | DROPPED:
        return True
    due = row.get("deadline")
    return isinstance(due, date) and as_of - due <= timedelta(days=LINGERS)


class _Cases:
    """Cases of some accounts, from the portfolio's columns."""

    def __init__(
        self,
        accounts: pd.DataFrame,
        frame: pd.DataFrame,
        timeline: Timeline,
        tables: Mapping[str, Mapping[str, Sequence[Row]]],
        found: Found,
        alerts: pd.DataFrame | None,
        as_of: date,
    ) -> None:
        self.tables, self.found, self.as_of = tables, found, as_of
        self.model = timeline.now.model
        self.people = {role: _text(accounts, key) for role, key in ROLES.items()}
        self.unused = _text(accounts, "features_unused_list")
        self.past = _past(timeline)
        self.alerts = _alerts(alerts)
        columns = ("account_id", "account_name", "tier", "score", "velocity", "days_left",
                   "renewal_date", "arr", "currency", "segment", "expansion")  # fmt: skip
        self.columns = {k: frame[k].tolist() for k in columns}

    def case(self, i: int) -> Case:
        """The case of the account in row *i*."""
        get = {k: column[i] for k, column in self.columns.items()}
        account, tier = str(get["account_id"]), str(get["tier"])
        stakeholders = self.tables["Stakeholders"].get(account, ())
        people = people_of({r: names[i] for r, names in self.people.items()}, stakeholders)
        features = self.tables["Features"].get(account, ())
        rows = self.tables["Actions"].get(account, ())
        return Case(
            account_id=account,
            name=str(get["account_name"]),
            as_of=self.as_of,
            tier=tier,
            score=get["score"],
            velocity=get["velocity"],
            days_left=get["days_left"],
            renewal_date=_plain(get["renewal_date"]),
            arr=get["arr"],
            currency=str(get["currency"]),
            segment=str(get["segment"]),
            people=people,
            risks=self.found.risks[i],
            positives=self.found.positives[i],
            typed=tuple(r for r in rows if r.get("key") or _current(r, self.as_of)),
            tier_since=tier_since(tier, self.past.get(account, [])),
            contact=contact_of(stakeholders, people.get("Champion", "")),
            unused=unused_of(features, self.unused[i]),
            alerts=tuple(self.alerts.get(account, ())),
            expansion=bool(get["expansion"]),
            tier_word=self.model.tier_label(tier),
        )


def _text(accounts: pd.DataFrame, key: str) -> list[str]:
    if key not in accounts:
        return [""] * len(accounts)
    return ["" if v is None or v != v else str(v) for v in accounts[key].tolist()]


def _by_account(rows: pd.DataFrame | None, ids: pd.Series[Any]) -> dict[str, list[Row]]:
    """Account → its rows, of those accounts."""
    out: dict[str, list[Row]] = {}
    if rows is None or rows.empty:
        return out
    for row in _records(rows[rows["account_id"].isin(ids)]):
        out.setdefault(str(row["account_id"]), []).append(row)
    return out


def _past(timeline: Timeline) -> dict[str, list[tuple[date, str]]]:
    """Account → day and tier of its earlier snapshots with a score, oldest first."""
    out: dict[str, list[tuple[date, str]]] = {}
    for shot in timeline.past:
        scored = (shot.total == shot.total).tolist()
        for account, tier, known in zip(shot.account_id.tolist(), shot.tier.tolist(), scored,
                                        strict=True):  # fmt: skip
            if known:
                out.setdefault(str(account), []).append((shot.as_of, str(tier)))
    return out


def _alerts(lines: pd.DataFrame | None) -> dict[str, list[Fired]]:
    out: dict[str, list[Fired]] = {}
    for row in _records(lines) if lines is not None and len(lines) else ():
        fired = Fired(row["key"], row["trigger"], row["action"], row["owner"], row["due"],
                      row["severity"], row["date"])  # fmt: skip
        known = out.setdefault(str(row["account_id"]), [])
        # The same alert of an earlier day asks for the same.
        if all(f.trigger != fired.trigger for f in known):
            known.append(fired)
    return out
