"""Who gets a digest of which accounts, and when: healthsheet.toml or a sheet *Recipients*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from pipeline.mail.checked import is_address
from scoring.closest import did_you_mean
from scoring.errors import DataError

__all__ = ["FILTERS", "WHEN", "Recipient", "When", "accounts_of", "declared", "listed", "made"]

When = Literal["weekly", "tier-change", "demand"]
WHEN: Mapping[str, When] = {"weekly": "weekly", "tier-change": "tier-change", "demand": "demand"}
FILTERS = ("csm", "segment", "region")
"""Columns of the accounts by which a leader's are chosen."""
_KEYS = ("to", "name", "team", *FILTERS, "all", "when")
_HEADS = {
    "to": "to", "email": "to", "mail": "to", "address": "to", "recipient": "to", "name": "name",
    "leader": "name", "team": "team", "csmteam": "team", "csm": "csm", "csms": "csm",
    "segment": "segment", "segments": "segment", "region": "region", "regions": "region",
    "all": "all", "allaccounts": "all", "when": "when", "frequency": "when",
}  # fmt: skip
_EXAMPLE = 'Write csm = ["Sample CSM 1"], team, segment or region; or all = true.'


@dataclass(frozen=True, slots=True)
class Recipient:
    """One leader.

    Attributes:
        to: address. name: how the message calls their accounts, "" for what the filters say.
        only: column of the accounts → the values that are theirs, as people write them; all of
            the columns must agree. Empty for who gets every account.
        when: ``weekly``, ``tier-change`` (when an account changed its tier), or ``demand`` (only
            when named on the command line).
        where: the place that declares them, for messages.
    """

    to: str
    name: str = ""
    only: Mapping[str, tuple[str, ...]] | None = None
    when: When = "weekly"
    where: str = ""

    @property
    def team(self) -> str:
        """Whose accounts these are, in words."""
        if self.name:
            return self.name
        return ", ".join(v for values in (self.only or {}).values() for v in values)


def accounts_of(recipient: Recipient, accounts: pd.DataFrame) -> list[str]:
    """Ids of the accounts that are the recipient's, in the order of the source.

    An account without a CSM, segment or region is nobody's who is chosen by that.

    Raises:
        DataError: a value that no account has; its recipient would be told nothing for ever.
    """
    mine = pd.Series(True, index=accounts.index)
    for column, values in (recipient.only or {}).items():
        if column not in accounts:
            raise DataError(
                f"{recipient.where}: {recipient.to} is chosen by {column}, and the accounts have "
                f"no such column. Add one to them, or choose by another."
            )
        known = {_plain(column, v): str(v) for v in accounts[column].dropna() if str(v).strip()}
        wanted = {_plain(column, value): value for value in values}
        for key, value in wanted.items():
            if key not in known:
                hint = did_you_mean(value, sorted(set(known.values())))
                fix = hint or "Correct it, or give an account that value."
                raise DataError(f"{recipient.where}: no account has {column} {value!r}. {fix}")
        mine &= accounts[column].map(lambda v, c=column: _plain(c, v)).isin(set(wanted))
    return [str(v) for v in accounts.loc[mine, "account_id"]]


def _plain(column: str, value: object) -> str:
    """A value as it is compared: without case and outer spaces; a segment by its key or word."""
    text = value if isinstance(value, str) else ""
    if column == "segment":
        text = text.replace("_", " ").replace("-", " ")
    return " ".join(text.split()).casefold()


def declared(settings: Mapping[str, Any], where: str) -> tuple[Recipient, ...]:
    """Recipients of the section ``mail`` of healthsheet.toml: ``[[mail.recipient]]``.

    Args:
        settings: the section.
        where: the file, for messages.

    Raises:
        DataError: what is wrong, where, and what to write.
    """
    rows = settings.get("recipient", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise DataError(
            f"{where}, mail.recipient: no list of sections. Write [[mail.recipient]] on a line of "
            "its own for each."
        )
    teams = _teams(settings.get("teams", {}), where)
    found = [
        _recipient(row, f"{where}, mail.recipient {number}", teams)
        for number, row in enumerate(rows, start=1)
    ]
    return _once(found)


def listed(rows: Sequence[Sequence[object]], where: str, teams: object = None) -> tuple[
    Recipient, ...
]:  # fmt: skip
    """Recipients of a sheet: To, and any of Name, Team, CSM, Segment, Region, All, When.

    Several values in a cell stand apart by ``;`` or a line end.

    Args:
        rows: cells of the sheet; the first row that has a To is the header.
        where: workbook and sheet, for messages.
        teams: section ``mail.teams`` of the settings.

    Raises:
        DataError: no such header, or a row that cannot be used.
    """
    known = _teams(teams or {}, where)
    heads: list[str] = []
    found: list[Recipient] = []
    for number, row in enumerate(rows, start=1):
        texts = [str(v).strip() if v is not None else "" for v in row]
        if not heads:
            names = [_HEADS.get("".join(filter(str.isalnum, t.casefold())), "") for t in texts]
            heads = names if "to" in names else []
            continue
        cells = {key: text for key, text in zip(heads, texts, strict=False) if key and text}
        if cells:
            found.append(_recipient(_typed(cells), f"{where}, row {number}", known))
    if not heads:
        raise DataError(f"{where}: no column To. Write To, Name, CSM, Segment, Region and When.")
    return _once(found)


def made(to: str, where: str, only: Mapping[str, Sequence[str]], *, everything: bool) -> Recipient:
    """A recipient who is told on the command line alone.

    Raises:
        DataError: it is no address, or nobody says which accounts are theirs.
    """
    row = {"to": to, "when": "demand", **{k: list(v) for k, v in only.items() if v}}
    return _recipient({**row, **({"all": True} if everything else {})}, where, {})


def _typed(cells: Mapping[str, str]) -> dict[str, Any]:
    """A row of a sheet as the settings would have it."""
    out: dict[str, Any] = dict(cells)
    for key in ("team", *FILTERS):
        if key in out:
            parts = out[key].replace("\n", ";").split(";")
            out[key] = [part.strip() for part in parts if part.strip()]
    if "all" in out:
        out["all"] = str(out["all"]).casefold() in ("yes", "true", "1", "1.0", "x", "all")
    return out


def _teams(section: object, where: str) -> dict[str, list[str]]:
    if not isinstance(section, Mapping):
        raise DataError(f"{where}: mail.teams is no section. Write [mail.teams].")
    for name, members in section.items():
        if not _texts(members):
            raise DataError(
                f'{where}, mail.teams.{name}: {members!r}. Write {name} = ["Sample CSM 1"].'
            )
    return {str(name).casefold(): list(members) for name, members in section.items()}


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)


def _recipient(row: Mapping[str, Any], where: str, teams: Mapping[str, Sequence[str]]) -> Recipient:
    for key in row:
        if key not in _KEYS:
            hint = did_you_mean(key, list(_KEYS)) or f"Known are {', '.join(_KEYS)}."
            raise DataError(f"{where}: {key} is not known. {hint}")
    to, name, when = (row.get(k, d) for k, d in (("to", ""), ("name", ""), ("when", "weekly")))
    if not isinstance(to, str) or not is_address(to.strip()):
        raise DataError(f"{where}: to is {to!r}, no address. Write leader@example.com.")
    if not isinstance(name, str) or not name.isprintable():
        raise DataError(f"{where}: name is {name!r}. Write a text of one line.")
    word = when.strip().casefold().replace(" ", "-") if isinstance(when, str) else ""
    if word not in WHEN:
        raise DataError(f"{where}: when is {when!r}. Write one of {', '.join(WHEN)}.")
    only = _only(row, where, teams)
    everything = row.get("all", False)
    if not isinstance(everything, bool):
        raise DataError(f"{where}: all is {everything!r}. Write all = true, or leave it out.")
    if bool(only) == everything:
        wrong = "both all and a choice" if only else "nobody says which accounts"
        raise DataError(f"{where}: {wrong}. {_EXAMPLE}")
    team = row.get("team", "")
    called = name.strip() or (team if isinstance(team, str) else ", ".join(team))
    return Recipient(to.strip(), called, only or None, WHEN[word], where)


def _only(
    row: Mapping[str, Any], where: str, teams: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """What chooses the accounts; a team stands for its CSMs."""
    given: dict[str, list[str]] = {}
    for key in ("team", *FILTERS):
        value = row.get(key)
        if value is None:
            continue
        value = [value] if isinstance(value, str) else value
        if not _texts(value) or not value:
            raise DataError(f"{where}: {key} is {value!r}. {_EXAMPLE}")
        given[key] = list(value)
    for team in given.pop("team", []):
        members = teams.get(team.casefold())
        if members is None:
            hint = did_you_mean(team, list(teams)) or "Write its CSMs under [mail.teams]."
            raise DataError(f"{where}: the team {team!r} is not known. {hint}")
        given["csm"] = [*given.get("csm", []), *members]
    return {key: tuple(values) for key, values in given.items()}


def _once(found: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Each address once: two messages of one day to one person would be one too many."""
    seen: dict[str, Recipient] = {}
    for one in found:
        first = seen.setdefault(one.to.casefold(), one)
        if first is not one:
            raise DataError(
                f"{one.where}: {one.to} stands there already ({first.where}). Put all of their "
                "accounts into one: several values in csm, segment or region."
            )
    return tuple(seen.values())
