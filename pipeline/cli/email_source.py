"""What `healthsheet email` reads: a portfolio workbook or a source, and who gets mail of it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoring.errors import DataError

if TYPE_CHECKING:
    from pipeline.mail.post import Post, Told
    from pipeline.mail.recipients import Recipient
    from pipeline.scored import Scored
    from pipeline.store.address import Address

_SHEET = "recipients"
_PORTFOLIO = b"hs_accounts_account_id"
_SENDER = "HealthSheet <healthsheet@example.com>"
"""Whom messages of a dry run name where the settings name nobody yet."""


@dataclass(frozen=True)
class Read:
    """What is mailed about.

    Attributes:
        scored: all accounts.
        told: what else their portfolios are made of.
        settings: the file that may have a section ``mail``.
        section: that section.
        book: a workbook that may have a sheet *Recipients*; None for a source that is none.
        history: address of the history, which keeps the outbox; None without one.
    """

    scored: Scored
    told: Told
    settings: Path
    section: dict[str, Any]
    book: Path | None
    history: Address | None


def read_for_mail(args: argparse.Namespace) -> Read:
    """Read and score, as a refresh does for a portfolio workbook and `score` for a source.

    Raises:
        HealthSheetError: it cannot be read or scored.
    """
    from pipeline.alerts.settings import choose_triggers
    from pipeline.mail.post import Told, mail_section
    from pipeline.settings import rates, settings_file
    from pipeline.store.choice import choose_history

    named = Path(args.source)
    of_workbook = is_portfolio(named)
    scored, typed = _workbook(args, named) if of_workbook else (_source(args), None)
    settings = settings_file(args.source)
    found = rates(settings)
    told = Told(rates=found[1] if found else None, triggers=choose_triggers(args.source))
    if typed is not None:
        told = replace(told, typed=typed)
    beside = settings_file(named) if of_workbook else settings
    mail = beside if mail_section(beside) else settings
    return Read(
        scored, told, mail, dict(mail_section(mail)), named if named.is_file() else None,
        choose_history(args.history, args.source),
    )  # fmt: skip


def is_portfolio(path: Path) -> bool:
    """Whether a file is a portfolio workbook: it names the columns of its *Accounts*."""
    from pipeline.model_choice import workbook_part

    return _PORTFOLIO in workbook_part(path)


def _source(args: argparse.Namespace) -> Scored:
    from pipeline.cli.history_option import remembered
    from pipeline.model_choice import choose_model
    from pipeline.store.choice import choose_history

    address = choose_history(args.history, args.source)
    if address is not None and address.path and not address.path.exists():
        # The outbox will make it; there is nothing to read in it yet.
        args = argparse.Namespace(**{**vars(args), "history": ""})
    return remembered(args, choose_model(args.model, args.source), full=True).scored


def _workbook(args: argparse.Namespace, workbook: Path) -> tuple[Scored, Any]:
    """The accounts of its source, with what people typed into it; ``args.source`` becomes that."""
    from pipeline.backtest_file import with_backtest
    from pipeline.cli.refresh import scoring
    from pipeline.portfolio_typed import read_typed_rows
    from pipeline.refresh import check_same_model, refresh_model
    from pipeline.refresh_source import backtest_of, origin_of
    from pipeline.risk_library import library_of_workbook

    try:
        origin = origin_of(workbook, None, args.query)
    except DataError as error:
        raise DataError(
            f"{workbook} remembers no source, as one that was mailed. Give the source itself: "
            "healthsheet email accounts.xlsx"
        ) from error
    model, _ = refresh_model(args.model, workbook, origin.source)
    # It is only looked at: a history that is not there is not made.
    given = {**vars(args), "workbook": workbook, "source": origin.source, "query": origin.query}
    score, history = scoring(argparse.Namespace(**{**given, "dry_run": True}), model)
    named, _ = backtest_of(workbook, args.backtest, origin.source)
    scored = with_backtest(score().scored, named, origin.source)
    check_same_model(workbook, model, scored.scores)
    args.source, as_of = origin.source, scored.scores.as_of
    data = workbook.read_bytes()
    flags = () if history is None else tuple(history.flags(as_of))
    typed = read_typed_rows(data, scored.scores.model, as_of=as_of, who="", known=flags)
    library = library_of_workbook(data, str(workbook), model) or scored.inputs.library
    return replace(scored, inputs=replace(scored.inputs, library=library)), typed


def chosen_recipients(args: argparse.Namespace, read: Read) -> tuple[Recipient, ...]:
    """Those of the settings and of the sheet, or those that ``--to`` names.

    Raises:
        DataError: nobody is declared, two places declare somebody, or ``--to`` names a stranger
            without saying which accounts.
    """
    from pipeline.mail.recipients import FILTERS, declared, made

    known = declared(read.section, str(read.settings)) or _listed(read)
    only = {key: getattr(args, key) for key in FILTERS}
    chosen = any(only.values()) or args.all_accounts
    if not args.to:
        if known:
            return known
        raise DataError(
            f"Nobody is a recipient. Write [[mail.recipient]] into {read.settings}, add a sheet "
            "Recipients with To and CSM, or add --to leader@example.com --all-accounts."
        )
    by_address = {r.to.casefold(): r for r in known}
    found = []
    for to in dict.fromkeys(args.to):
        own = by_address.get(to.casefold())
        if own is not None and chosen:
            raise DataError(
                f"{to} is a recipient already ({own.where}). Leave --csm, --segment, --region and "
                "--all-accounts out."
            )
        if own is None and not chosen:
            raise DataError(
                f"{to} is no recipient, so nobody says which accounts are theirs. Add --csm, "
                "--segment or --region with a name, or --all-accounts."
            )
        found.append(own or made(to, "--to", only, everything=args.all_accounts))
    return tuple(found)


def _listed(read: Read) -> tuple[Recipient, ...]:
    """Recipients of the sheet, where the workbook or the source has one."""
    from pipeline.mail.recipients import listed
    from pipeline.sources.files import open_file

    for path in _books(read):
        book = open_file(path, lambda row: 0)
        sheet = next((n for n in book.names if n.strip().casefold() == _SHEET), None)
        if sheet is not None:
            rows: Sequence[Sequence[object]] = book.grid(sheet).rows
            return listed(rows, f"{path.name}, sheet {sheet}", read.section.get("teams"))
    return ()


def _books(read: Read) -> list[Path]:
    """Workbooks that may have the sheet: the one named, then the source it remembers."""
    found = [read.book, Path(read.scored.inputs.source)]
    ends = (".xlsx", ".xlsm", ".xlsb", ".ods")
    return [p for p in found if p is not None and p.suffix.casefold() in ends and p.is_file()]


def post_for(read: Read, *, dry_run: bool) -> Post:
    """Sender, link and limit; a dry run needs no sender.

    Raises:
        DataError: one of them cannot be used, or nobody says who sends.
    """
    from pipeline.mail.post import post_of

    return post_of(read.section, str(read.settings), sender=_SENDER if dry_run else "")


def outbox_of(read: Read) -> Address:
    """The history that keeps the outbox.

    Raises:
        DataError: there is none, so nothing could keep a message from being sent twice.
    """
    if read.history is None:
        raise DataError(
            "Sending keeps an outbox in the history, so that no message leaves twice. Write "
            f'history = "history.db" into {read.settings}, or add --history history.db.'
        )
    return read.history
