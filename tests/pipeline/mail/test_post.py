"""What a run mails: a leader's own accounts only, on time, once, and within the limit."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

import pandas as pd
import pytest

from pipeline.mail.checked import check, message_id_of
from pipeline.mail.leaders import leader_portfolio
from pipeline.mail.message import render
from pipeline.mail.mime import outgoing
from pipeline.mail.package import Attached, attach
from pipeline.mail.post import Mailing, Post, Told, envelope, mail_section, post_of, prepare
from pipeline.mail.recipients import Recipient, accounts_of, declared
from pipeline.portfolio_typed import Typed
from pipeline.sample import sample_inputs
from pipeline.scored import Scored, score_inputs
from scoring.errors import DataError
from scoring.inputs import Problem
from scoring.presets import load_preset
from tests.workbook_templates.portfolio.samples import demo
from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.records import Digest

_DAY = date(2026, 11, 23)
_NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
_POST = Post("HealthSheet <health@example.com>")
_TEAM = {"to": "west@example.com", "name": "West", "csm": ["CSM Sample A", "CSM Sample B"]}


@cache
def _scored(day: date = _DAY) -> Scored:
    model = load_preset("scorecard")
    return score_inputs(sample_inputs(model, as_of=_DAY), model, as_of=day)


def _prepared(
    rows: Sequence[dict[str, Any]],
    *,
    scored: Scored | None = None,
    post: Post = _POST,
    told: Told | None = None,
    asked: bool = False,
) -> list[Mailing]:
    recipients = declared({"recipient": list(rows)}, "healthsheet.toml")
    return prepare(scored or _scored(), recipients, post, told or Told(), now=_NOW, asked=asked)


def _only(*args: Any, **more: Any) -> Mailing:
    (found,) = _prepared([dict(*args)], **more)
    return found


@cache
def _west() -> Mailing:
    return _only(_TEAM)


def _parts(mailing: Mailing) -> dict[str, str]:
    """Everything that leaves, unpacked: headers, bodies, and each part of the workbook."""
    assert mailing.message is not None
    mail = message_from_bytes(mailing.message.data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    out = {"headers": str(mail.items())}
    for part in mail.walk():
        if part.is_multipart():
            continue
        content = part.get_content()
        if part.get_filename("").endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                for name in package.namelist():
                    out[name] = package.read(name).decode("utf-8", "replace")
        elif isinstance(content, str):
            out[part.get_content_type()] = content
    return out


def _foreign(scored: Scored, parts: dict[str, str]) -> list[str]:
    """Ids and names of accounts of others, wherever they stand in what leaves."""
    accounts = scored.inputs.accounts
    others = accounts[~accounts["csm"].isin(_TEAM["csm"])]
    wanted = [str(v) for key in ("account_id", "account_name") for v in others[key]]
    wanted += sorted({str(v) for v in others["csm"].dropna()})
    seek = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, wanted))})(?!\w)")
    return [f"{name}: {hit}" for name, text in parts.items() for hit in set(seek.findall(text))]


def _typed(scored: Scored) -> Typed:
    """What people typed into the portfolio workbook, about every account."""
    accounts = scored.inputs.accounts
    rows = [
        {"account_id": account, "action": f"Call {name}", "owner": "Sample owner",
         "key": f"own-{n}", "deadline": _DAY, "status": "Open"}
        for n, (account, name) in enumerate(
            zip(accounts["account_id"], accounts["account_name"], strict=True))
    ]  # fmt: skip
    overrides = [{"account_id": account, "tier": "Green", "reason": f"As {account} asked",
                  "author": "Sample owner", "expires": _DAY + timedelta(days=9), "key": account}
                 for account in accounts["account_id"][:40]]  # fmt: skip
    return Typed(rows, overrides)


def _own_ids(scored: Scored) -> list[str]:
    accounts = scored.inputs.accounts
    return [str(v) for v in accounts.loc[accounts["csm"].isin(_TEAM["csm"]), "account_id"]]


def test_a_leader_never_sees_another_teams_accounts() -> None:
    """No part of message or workbook names an account, or the CSM, of somebody else.

    Not where people typed about them, and not where the source had something to mend.
    """
    scored = _scored()
    other = scored.inputs.accounts["account_name"].iloc[-1]
    problems = (
        Problem("Accounts", 66, "ARR", "E66", "abc", f"{other} has no number.", "Type one.",
                account=str(scored.inputs.accounts["account_id"].iloc[-1])),
        Problem("Accounts", 67, "ARR", "E67", other, "Whose it is nobody knows.", "Type it."),
        Problem("Accounts", 3, "ARR", "E3", "xyz", "Not a number.", "Type one.",
                account=_own_ids(scored)[0]),
        Problem("portfolio.xlsx, Overrides", None, "", "", "",
                f"The override of {other} is not applied: it lacks a reason.", "Complete it."),
        Problem("tickets.csv", None, "", "", "",
                f"1 account does not stand in accounts.csv: {other}.", "Add it.", "note"),
        Problem("Accounts", None, "Mood", "", "", "Unknown column, not read.", "", "note"),
    )  # fmt: skip
    given = replace(scored, inputs=replace(scored.inputs, problems=problems))
    mailing = _only(_TEAM, scored=given, told=Told(typed=_typed(scored)))
    parts = _parts(mailing)
    assert {"xl/workbook.xml", "text/plain", "text/html"} <= set(parts)
    assert _foreign(scored, parts) == []
    own = scored.inputs.accounts.query("csm in @names", local_dict={"names": _TEAM["csm"]})
    everything = "".join(parts.values())
    assert all(name in everything for name in own["account_name"])
    assert mailing.accounts == len(own) == 15
    # What is to mend in their own rows, and in a whole column, they are told.
    assert all(text in everything for text in ("xyz", "Mood"))
    # The search itself finds what it should: everybody's message names others.
    whole = _only({"to": "all@example.com", "all": True}, scored=given)
    assert len(_foreign(scored, _parts(whole))) > 100


def test_figures_are_those_of_the_own_accounts() -> None:
    """Totals of the teams add up to the whole; nothing is counted for two or for nobody."""
    csms = sorted(set(_scored().inputs.accounts["csm"]))
    teams = [csms[:3], csms[3:]]
    rows: list[dict[str, Any]] = [
        {"to": f"t{n}@example.com", "csm": team} for n, team in enumerate(teams)
    ]
    recipients = declared({"recipient": rows}, "healthsheet.toml")
    theirs = [accounts_of(r, _scored().inputs.accounts) for r in recipients]
    own = [leader_portfolio(_scored(), ids, Typed()) for ids in theirs]
    told = [digest_of(p).totals["total_accounts"].value for p in own]
    assert told == [len(ids) for ids in theirs]
    everyone = [account for ids in theirs for account in ids]
    assert sorted(everyone) == sorted(_scored().inputs.accounts["account_id"])


def test_the_message_is_what_mail_servers_and_readers_take() -> None:
    """Plain text and page, the chart inside the page, the workbook; the same bytes again."""
    mailing = _west()
    assert mailing.message is not None
    check(mailing.message)
    mail = message_from_bytes(mailing.message.data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert (mail["To"], mail["Subject"]) == ("west@example.com", mailing.message.subject)
    assert message_id_of(mailing.message).endswith("@example.com>")
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds[:3] == ["text/plain", "text/html", "image/png"]
    image = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    page = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    assert f"cid:{image['Content-ID'].strip('<>')}" in page.get_content()
    assert image.get_content().startswith(b"\x89PNG")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["west-2026-11-23.xlsx"]
    assert mailing.rendered is not None
    assert mailing.attached is not None
    again = outgoing(
        mailing.rendered, mailing.attached, to="west@example.com", sender=_POST.sender, now=_NOW,
        envelope=(mailing.message.key, mailing.message.day, mailing.message.kind),
    )  # fmt: skip
    assert again == mailing.message


def test_quiet_weeks_are_silent_unless_asked() -> None:
    """Where no tier changed nothing leaves, and the line says how to get it all the same."""
    scored = _quiet()
    found = _only(_TEAM, scored=scored)
    assert found.message is None
    assert "no tier changed" in found.why
    assert "--to west@example.com" in found.why
    asked = _only(_TEAM, scored=scored, asked=True)
    assert asked.message is not None
    assert asked.message.kind == "demand"


@cache
def _quiet() -> Scored:
    """The same accounts; a week ago they stood as they stand today."""
    scored = _scored()
    today = scored.inputs.accounts
    past = today.assign(date=pd.Timestamp(_DAY - timedelta(days=7)))
    return score_inputs(
        replace(scored.inputs, history=past, tables={}), scored.scores.model, as_of=_DAY
    )


def test_when_a_message_leaves() -> None:
    """On demand only for who is named; on a change of tiers; nobody without accounts."""
    rows: list[dict[str, Any]] = [
        {"to": "a@example.com", "all": True, "when": "demand"},
        {"to": "b@example.com", "csm": "CSM Sample A", "region": "APAC"},
        {**_TEAM, "when": "tier-change"},
    ]
    demand, nobody, changed = _prepared(rows)
    assert (demand.message, demand.why) == (None, "only on demand: --to a@example.com")
    assert (nobody.message, nobody.why) == (None, "no account is theirs")
    assert changed.message is not None
    assert changed.message.kind == "tier-change"
    first = _only({**_TEAM, "when": "tier-change"}, scored=_without_history())
    assert first.why == "no earlier snapshot to compare with"


def _without_history() -> Scored:
    scored = _scored()
    inputs = replace(scored.inputs, history=pd.DataFrame())
    return score_inputs(inputs, scored.scores.model, as_of=_DAY)


def _key(day: date, text: str = "", kind: str = "weekly", since: date | None = None) -> str:
    recipient = Recipient("A@example.com", when="weekly")
    digest = replace(_digest(), as_of=day, since=since)
    return envelope(recipient, digest, text, kind)[0]


@cache
def _digest() -> Digest:
    return digest_of(demo(count=6))


def test_a_week_has_one_weekly_message() -> None:
    """Of Monday and of Sunday the key is one, whatever changed; of the next Monday another."""
    monday = _key(_DAY, "one")
    assert monday == _key(_DAY + timedelta(days=6), "two")
    assert monday != _key(_DAY + timedelta(days=7), "one")


def test_a_change_of_tiers_is_told_once() -> None:
    """Found again on the next day it has the same key; compared with a newer day, another."""
    found = _key(_DAY, kind="tier-change", since=_DAY - timedelta(days=3))
    again = _key(_DAY + timedelta(days=1), kind="tier-change", since=_DAY - timedelta(days=3))
    newer = _key(_DAY + timedelta(days=1), kind="tier-change", since=_DAY)
    assert found == again != newer


def test_what_is_asked_for_is_not_sent_twice() -> None:
    """On demand the same content has the same key, and another content another one."""
    assert _key(_DAY, "one", "demand") == _key(_DAY, "one", "demand")
    assert _key(_DAY, "one", "demand") != _key(_DAY, "two", "demand")


@pytest.mark.parametrize(
    ("most_mb", "link", "kind", "told"),
    [
        (0.3, "", "small", "attached is its sheet Digest."),
        (0.16, "https://example.com/p", "link", "behind the link"),
        (0.16, "", "none", "none is attached"),
    ],
)
def test_a_workbook_that_is_too_large(most_mb: float, link: str, kind: str, told: str) -> None:
    """First a smaller one, then a link, then none; the message is told which and why."""
    attached = attach(demo(count=6), _digest(), team="West", most_mb=most_mb, link=link)
    assert attached.kind == kind
    assert told in attached.note
    assert bool(attached.data) == bool(attached.name) == (kind == "small")
    rendered = render(_digest(), team="West", link=link, attached=attached.name, note=attached.note)
    for body in (rendered.text, rendered.html):
        assert told in " ".join(body.split())
    message = outgoing(rendered, attached, to="a@example.com", sender="b@example.com",
                       envelope=("key", "2026-11-23", "demand"), now=_NOW)  # fmt: skip
    assert len(message.data) <= most_mb * 1e6


def test_hostile_names_stay_in_their_headers() -> None:
    """A team's name cannot add a header, and the bytes pass the last check before a server."""
    name = "West =?utf-8?q?a=0ABcc:=20x@example.com?= team"
    rendered = replace(render(_digest(), team=name), subject=f"{name}\r\nBcc: x@example.com")
    message = outgoing(
        rendered, Attached("none"), to="a@example.com", sender="West <b@example.com>", now=_NOW,
        envelope=("key", "2026-11-23", "demand"),
    )  # fmt: skip
    check(message)
    headers = message.data.partition(b"\r\n\r\n")[0].splitlines()
    assert [line for line in headers if line.startswith(b"Bcc")] == []


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({}, "nobody says who sends"),
        ({"from": "nobody"}, "no address"),
        ({"from": "a@example.com\nBcc: x@example.com"}, "no address"),
        ({"from": "a@example.com", "link": "http://example.com"}, "https://"),
        ({"from": "a@example.com", "max_mb": 0}, "megabytes"),
        ({"from": "a@example.com", "max_mb": True}, "megabytes"),
    ],
)
def test_wrong_settings(section: dict[str, Any], told: str) -> None:
    """Each is told with the file, the key and what to write."""
    with pytest.raises(DataError, match=told):
        post_of(section, "healthsheet.toml")


def test_a_key_that_is_not_known(tmp_path: Any) -> None:
    """A misspelt key is told and not passed over."""
    path = tmp_path / "healthsheet.toml"
    path.write_text('[mail]\nfrom = "a@example.com"\nrecipients = []\n', encoding="utf-8")
    with pytest.raises(DataError, match='Did you mean "recipient"'):
        mail_section(path)
    path.write_text("mail = 3\n", encoding="utf-8")
    with pytest.raises(DataError, match="mail is no section"):
        mail_section(path)
