"""Who gets which accounts: settings, sheet and command line, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.mail.recipients import Recipient, accounts_of, declared, listed, made
from scoring.errors import DataError

_ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["1", "2", "3", "4", "5"],
        "csm": ["Sample CSM 1", "Sample CSM 2", "sample csm 1 ", "Sample CSM 3", None],
        "segment": ["enterprise", "mid_market", "smb", "mid_market", "smb"],
        "region": ["EMEA", "EMEA", "APAC", None, "APAC"],
    },
    dtype=object,
)
_TEAMS = {"West": ["Sample CSM 1", "Sample CSM 2"]}
_TO = "leader@example.com"


def _one(**row: Any) -> Recipient:
    settings = {"teams": _TEAMS, "recipient": [{"to": _TO, **row}]}
    (found,) = declared(settings, "healthsheet.toml")
    return found


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        ({"csm": "Sample CSM 1"}, ["1", "3"]),
        ({"csm": ["Sample CSM 2", "SAMPLE CSM 3"]}, ["2", "4"]),
        ({"team": "west"}, ["1", "2", "3"]),
        ({"team": "West", "csm": ["Sample CSM 3"]}, ["1", "2", "3", "4"]),
        ({"segment": "Mid-market"}, ["2", "4"]),
        ({"segment": ["smb", "enterprise"], "region": "apac"}, ["3", "5"]),
        ({"region": "EMEA", "csm": "Sample CSM 3"}, []),
        ({"all": True}, ["1", "2", "3", "4", "5"]),
    ],
)
def test_accounts_of_a_recipient(row: dict[str, Any], ids: list[str]) -> None:
    """Values of one column are joined by or, columns by and; nobody's accounts are nobody's."""
    assert accounts_of(_one(**row), _ACCOUNTS) == ids


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, "nobody says which accounts"),
        ({"all": True, "csm": "Sample CSM 1"}, "both all and a choice"),
        ({"csm": []}, "csm is []"),
        ({"csm": [" "]}, "csm is [' ']"),
        ({"all": 1}, "all is 1"),
        ({"team": "Wets"}, "Did you mean"),
        ({"all": True, "when": "monthly"}, "weekly, tier-change, demand"),
        ({"all": True, "name": "a\nb"}, "one line"),
        ({"all": True, "cms": "x"}, "Did you mean"),
        ({"all": True, "to": "leader@example.com\r\nBcc: x@example.com"}, "no address"),
        ({"all": True, "to": "leader"}, "Write leader@example.com"),
    ],
)
def test_wrong_recipients(row: dict[str, Any], told: str) -> None:
    """What is wrong is told with its place and what to write."""
    with pytest.raises(DataError, match=r"healthsheet\.toml, mail\.recipient 1") as error:
        _one(**row)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "settings",
    [{"recipient": {"to": _TO}}, {"recipient": ["x"]}, {"teams": 3, "recipient": []},
     {"teams": {"West": "Sample CSM 1"}, "recipient": []}],
)  # fmt: skip
def test_wrong_sections(settings: dict[str, Any]) -> None:
    """A section of another shape is refused with its right one."""
    with pytest.raises(DataError, match="Write"):
        declared(settings, "healthsheet.toml")


@pytest.mark.parametrize(
    ("row", "told"),
    [({"csm": "Sample CSM 9"}, "no account has csm 'Sample CSM 9'"), ({"segment": "big"}, "big")],
)
def test_a_value_that_no_account_has(row: dict[str, Any], told: str) -> None:
    """A misspelt CSM is told, and not a leader left without mail for ever."""
    with pytest.raises(DataError, match=r"mail\.recipient 1") as error:
        accounts_of(_one(**row), _ACCOUNTS)
    assert told in str(error.value)
    with pytest.raises(DataError, match="no such column"):
        accounts_of(_one(region="EMEA"), _ACCOUNTS.drop(columns="region"))


def test_an_address_counts_once() -> None:
    """One person twice would get two messages of one week."""
    rows = [{"to": _TO, "all": True}, {"to": _TO.upper(), "csm": "Sample CSM 1"}]
    with pytest.raises(DataError, match=r"stands there already .*mail\.recipient 1"):
        declared({"recipient": rows}, "healthsheet.toml")


def test_a_sheet_of_recipients() -> None:
    """Title rows, other columns and several values in a cell are read as people type them."""
    rows: list[list[object]] = [
        ["Who gets mail", "", "", "", ""],
        ["Leader", "E-mail", "CSM", "When", "All accounts", "Note"],
        ["West", _TO, "Sample CSM 1; Sample CSM 2", "Tier change", None, "x"],
        [None, None, None, None, None, None],
        ["Chief", "chief@example.com", None, "", "Yes", None],
    ]
    west, chief = listed(rows, "accounts.xlsx, sheet Recipients")
    assert (west.team, west.when) == ("West", "tier-change")
    assert accounts_of(west, _ACCOUNTS) == ["1", "2", "3"]
    assert (chief.when, chief.only) == ("weekly", None)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["Name", "CSM"], ["West", "Sample CSM 1"]], "no column To"),
        ([], "no column To"),
        ([["To", "CSM"], ["leader@example.com", None]], "row 2: nobody says"),
        ([["To", "CSM"], [None, "Sample CSM 1"]], "row 2: to is ''"),
        ([["To", "Team"], ["leader@example.com", "East"]], "row 2: the team 'East'"),
    ],
)
def test_wrong_sheets(rows: list[list[object]], told: str) -> None:
    """A row that cannot be used is named by its number in the sheet."""
    with pytest.raises(DataError) as error:
        listed(rows, "accounts.xlsx, sheet Recipients", _TEAMS)
    assert told in str(error.value)


def test_a_recipient_of_the_command_line() -> None:
    """Somebody new says which accounts they want, and gets them once."""
    found = made(_TO, "--to", {"csm": ["Sample CSM 1"], "region": []}, everything=False)
    assert (found.when, found.team) == ("demand", "Sample CSM 1")
    assert accounts_of(found, _ACCOUNTS) == ["1", "3"]
    with pytest.raises(DataError, match="nobody says which accounts"):
        made(_TO, "--to", {}, everything=False)
