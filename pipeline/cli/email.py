"""`healthsheet email`: each leader gets one message about their accounts, with the workbook."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli import DONE, FINDINGS, add_common
from pipeline.cli.backtest_option import add_backtest
from pipeline.cli.history_option import add_history
from pipeline.cli.score import add_reading
from scoring.errors import DataError

if TYPE_CHECKING:
    from pipeline.cli.email_source import Read
    from pipeline.mail.outbox import Result
    from pipeline.mail.post import Mailing
    from pipeline.mail.records import Outgoing
    from pipeline.terminal import Line

_FOLDER = Path("mail")


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Mail each leader what changed in their accounts, with the workbook behind it. Recipients "
        "stand in healthsheet.toml ([[mail.recipient]]) or on a sheet Recipients. A quiet week is "
        "silent unless people are named. No message is sent twice."
    )
    parser.add_argument("source", metavar="WORKBOOK|SOURCE",
                        help="portfolio workbook, which remembers its source; or a source as for "
                             "score")  # fmt: skip
    parser.add_argument("--to", action="append", default=[], metavar="ADDRESS",
                        help="only this recipient, also in a quiet week; may be "
                             "repeated")  # fmt: skip
    chosen = parser.add_argument_group("accounts of an address that is no recipient yet")
    for key, what in (("csm", "of this CSM"), ("segment", "of this segment"),
                      ("region", "of this region")):  # fmt: skip
        chosen.add_argument(f"--{key}", action="append", default=[], metavar="NAME",
                            help=f"accounts {what}; may be repeated")  # fmt: skip
    chosen.add_argument("--all-accounts", action="store_true", help="every account")
    parser.add_argument("--dry-run", action="store_true",
                        help="send nothing: write .eml files and preview.html")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="DIR",
                        help=f"folder of a dry run (default: {_FOLDER})")  # fmt: skip
    parser.add_argument("--again", action="store_true",
                        help="send also what was refused before, or may have arrived")  # fmt: skip
    add_reading(parser)
    add_history(parser)
    add_backtest(parser)
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Prepare the messages and send them; status 1 when one could not be.

    Raises:
        DataError: source, settings or recipients cannot be used.
        WorkbookError: the workbook cannot be used.
        HistoryError: the history, which keeps the outbox, cannot be used.
        DeliveryError: there is no way out, or it does not work.
    """
    from datetime import datetime

    from pipeline.cli.email_source import chosen_recipients, post_for, read_for_mail
    from pipeline.mail.post import prepare

    _check(args)
    read = read_for_mail(args)
    recipients = chosen_recipients(args, read)
    post = post_for(read, dry_run=args.dry_run)
    # Whether there is a way out is known before the work that takes long.
    send = None if args.dry_run else _sending(args, read)
    mailings = prepare(
        read.scored, recipients, post, read.told, now=datetime.now().astimezone(),
        asked=bool(args.to), progress=_progress("Preparing"),
    )  # fmt: skip
    if send is None:
        from pipeline.mail.preview import write_preview

        files = write_preview(mailings, args.output or _FOLDER)
        _tell(args, mailings, files=files)
        return DONE
    results = send([m.message for m in mailings if m.message is not None])
    _tell(args, mailings, results=results)
    return DONE if all(r.state == "sent" for r in results) else FINDINGS


def _check(args: argparse.Namespace) -> None:
    chosen = args.csm or args.segment or args.region or args.all_accounts
    if chosen and not args.to:
        raise DataError("Accounts are chosen for somebody. Add --to leader@example.com.")
    if args.output is not None and not args.dry_run:
        raise DataError("-o is the folder of a dry run. Add --dry-run, or leave -o out.")


def _progress(what: str) -> Any:
    """Tells how far it is, where somebody looks."""
    if not sys.stderr.isatty():
        return None

    def told(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{what} {done} of {total}", end=end, file=sys.stderr, flush=True)

    return told


def _sending(args: argparse.Namespace, read: Read) -> Callable[[Sequence[Outgoing]], list[Result]]:
    """What hands messages over; those that waited from earlier runs go first."""
    from pipeline.cli.email_source import outbox_of
    from pipeline.mail.ledger import Ledger
    from pipeline.mail.outbox import deliver
    from pipeline.mail.way import way_of

    way = way_of(read.section, read.settings, os.environ)
    ledger = Ledger(outbox_of(read))
    told = _progress("Sending")
    return partial(deliver, way=way, ledger=ledger, again=args.again, progress=told)


def _tell(
    args: argparse.Namespace,
    mailings: Sequence[Mailing],
    *,
    files: Sequence[str] = (),
    results: Sequence[Result] = (),
) -> None:
    from pipeline.mail.view import mail_data, mail_lines

    page = (args.output or _FOLDER) / "preview.html"
    if args.json:
        document = mail_data(mailings, files, results) | {"preview": str(page) if files else None}
        print(json.dumps(document, indent=2, allow_nan=False))
        return
    from pipeline.terminal import print_lines

    lines: list[Line] = mail_lines(mailings, files, results)
    if files:
        lines += [[], [(f"Nothing was sent. Look at {page}", "bold")]]
    print_lines(lines)
