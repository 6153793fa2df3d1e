"""What a run mails: for each recipient a message, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pipeline.mail.leaders import leader_portfolio
from pipeline.mail.message import render
from pipeline.mail.mime import outgoing, sender_of
from pipeline.mail.package import MOST_MB, Attached, attach
from pipeline.mail.recipients import Recipient, accounts_of
from pipeline.mail.records import Outgoing, Rendered
from pipeline.mail.way import WAYS
from pipeline.portfolio_typed import Typed
from pipeline.scored import Scored
from pipeline.settings import read_settings
from scoring.closest import did_you_mean
from scoring.errors import DataError
from scoring.triggers import TRIGGERS, Trigger
from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.records import Digest

__all__ = ["Mailing", "Post", "Told", "envelope", "mail_section", "post_of", "prepare"]

_KEYS = ("from", "link", "max_mb", "recipient", "teams", "via", *WAYS)


@dataclass(frozen=True, slots=True)
class Post:
    """What all messages of a company have in common: section ``mail`` of healthsheet.toml.

    Attributes:
        sender: ``HealthSheet <health@example.com>``.
        link: where the workbook lies, https; "" for nowhere.
        most_mb: megabytes that a message may have.
    """

    sender: str
    link: str = ""
    most_mb: float = MOST_MB


@dataclass(frozen=True)
class Told:
    """What a portfolio is made of, besides the scored source.

    Attributes:
        typed: what people typed into the portfolio workbook.
        rates: currency → units of the base currency.
        triggers: what the sheet *Alerts* lists.
    """

    typed: Typed = field(default_factory=Typed)
    rates: Mapping[str, float] | None = None
    triggers: Sequence[Trigger] = TRIGGERS


@dataclass(frozen=True, slots=True)
class Mailing:
    """One recipient of a run.

    Attributes:
        recipient: who.
        accounts: how many are theirs.
        message: what leaves; None where nothing does.
        why: one sentence: why nothing leaves, or why this does.
        rendered: the message before it was packed; None as ``message``.
        attached: the workbook; None as ``message``.
    """

    recipient: Recipient
    accounts: int
    why: str
    message: Outgoing | None = None
    rendered: Rendered | None = None
    attached: Attached | None = None


def mail_section(path: Path) -> Mapping[str, Any]:
    """Section ``mail`` of a settings file; empty without one.

    Raises:
        DataError: the file is no TOML, or the section none.
    """
    section = read_settings(path).get("mail", {})
    if not isinstance(section, Mapping):
        raise DataError(f"{path}: mail is no section. Write [mail] on a line of its own.")
    for key in section:
        if key not in _KEYS:
            hint = did_you_mean(key, list(_KEYS)) or f"Known are {', '.join(_KEYS)}."
            raise DataError(f"{path}, mail: {key} is not known. {hint}")
    return section


def post_of(section: Mapping[str, Any], where: str, *, sender: str = "") -> Post:
    """Sender, link and limit.

    Args:
        section: ``mail`` of the settings.
        where: the file, for messages.
        sender: who counts where the section names nobody.

    Raises:
        DataError: one of them cannot be used, or nobody says who sends.
    """
    given = section.get("from", sender)
    if not isinstance(given, str) or not given:
        raise DataError(
            f'{where}: nobody says who sends. Write from = "health@example.com" under [mail].'
        )
    sender_of(given)
    link, most = section.get("link", ""), section.get("max_mb", MOST_MB)
    if not isinstance(link, str) or (link and not link.startswith("https://")):
        raise DataError(f"{where}, mail.link: {link!r}. Write an address with https://, or none.")
    if isinstance(most, bool) or not isinstance(most, int | float) or not 0.2 <= most <= 150:
        raise DataError(f"{where}, mail.max_mb: {most!r}. Write megabytes from 0.2 to 150.")
    return Post(given, link, float(most))


def prepare(
    scored: Scored,
    recipients: Sequence[Recipient],
    post: Post,
    told: Told,
    *,
    now: datetime,
    asked: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> list[Mailing]:
    """The message of each recipient, or why there is none.

    Args:
        scored: all accounts.
        recipients: who may get one.
        post: what all messages share.
        told: what else the portfolios are made of.
        now: date of the messages, with a time zone.
        asked: these people were named: they get theirs also in a quiet week, and who gets it only
            on demand does, too.
        progress: called with how many of how many are done.

    Raises:
        DataError: a recipient is chosen by something that no account has; nothing was prepared.
    """
    accounts = scored.inputs.accounts
    theirs = [accounts_of(recipient, accounts) for recipient in recipients]
    found = []
    for number, (recipient, ids) in enumerate(zip(recipients, theirs, strict=True), start=1):
        found.append(_mailing(scored, recipient, ids, post, told, now=now, asked=asked))
        if progress is not None:
            progress(number, len(recipients))
    return found


def _mailing(
    scored: Scored,
    recipient: Recipient,
    ids: Sequence[str],
    post: Post,
    told: Told,
    *,
    now: datetime,
    asked: bool,
) -> Mailing:
    silent = _silent_before(recipient, ids, asked=asked)
    if silent:
        return Mailing(recipient, len(ids), silent)
    mine = leader_portfolio(scored, ids, told.typed, rates=told.rates, triggers=told.triggers)
    often = recipient.when == "tier-change" and not asked
    digest = digest_of(mine, days=1) if often else digest_of(mine)
    silent = "" if asked else _silent(recipient, digest)
    if silent:
        return Mailing(recipient, len(ids), silent)
    attached = attach(mine, digest, team=recipient.team, most_mb=post.most_mb, link=post.link)
    rendered = render(
        digest, team=recipient.team, link=post.link, attached=attached.name, note=attached.note
    )
    kind = "demand" if asked else recipient.when
    message = outgoing(
        rendered, attached, to=recipient.to, sender=post.sender, now=now,
        envelope=envelope(recipient, digest, rendered.text, kind),
    )  # fmt: skip
    why = {"demand": "asked for", "weekly": "weekly", "tier-change": "a tier changed"}[kind]
    return Mailing(recipient, len(ids), why, message, rendered, attached)


def _silent_before(recipient: Recipient, ids: Sequence[str], *, asked: bool) -> str:
    """Why nothing is sent, as far as that is known before anything is worked out."""
    if not ids:
        return "no account is theirs"
    if recipient.when == "demand" and not asked:
        return f"only on demand: --to {recipient.to}"
    return ""


def _silent(recipient: Recipient, digest: Digest) -> str:
    """Why nothing is sent of this digest; "" where it is."""
    if digest.since is None and recipient.when == "tier-change":
        return "no earlier snapshot to compare with"
    if not digest.changed:
        since = f" since {digest.since}" if digest.since else ""
        return f"quiet: no tier changed{since}; --to {recipient.to} sends it"
    return ""


def envelope(recipient: Recipient, digest: Digest, text: str, kind: str) -> tuple[str, str, str]:
    """Key, day and kind: the same message always has the same key, and so leaves once.

    Of a week there is one weekly message; of a change of tiers one, on however many days it is
    found; on demand the same content is not sent twice.
    """
    to, day = recipient.to.casefold(), digest.as_of
    if kind == "weekly":
        monday = day - timedelta(days=day.weekday())
        return f"{to} {monday} weekly", str(day), kind
    told = _moves(digest) if kind == "tier-change" else text
    mark = blake2b(told.encode(), digest_size=8).hexdigest()
    return f"{to} {_since(digest, day)} {kind} {mark}", str(day), kind


def _since(digest: Digest, day: date) -> date:
    return digest.since or day


def _moves(digest: Digest) -> str:
    """What changed: who is newly red, who recovered, how many others moved."""
    rows = [
        f"{name} {row['account'].account} {row['account'].value}"
        for name in ("newly_red", "recovered")
        for row in digest.lists.get(name, ())
        if "account" in row
    ]
    counts = [f"{key} {digest.totals[key].value}" for key in ("worse_count", "better_count")
              if key in digest.totals]  # fmt: skip
    return "\n".join([*rows, *counts])
