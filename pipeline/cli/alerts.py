"""`healthsheet alerts`: what fired since a day, who acts, by when."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, add_common, parse_day, today
from pipeline.cli.score import add_reading
from scoring.errors import DataError, DeliveryError

if TYPE_CHECKING:
    from pipeline.alerts import Alerts
    from pipeline.delivery import Channel
    from pipeline.terminal import Line

_LISTED = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "List what fired since a day, the worst first: on which numbers, who acts, by when. The "
        "exit status is 1 when there are alerts or values to fix."
    )
    parser.add_argument("source", metavar="HISTORY",
                        help="a source with accounts and Score history, one table with "
                             "account, date and score or metrics, or what score --history "
                             "recorded: a SQLite file or postgresql:// URL")  # fmt: skip
    parser.add_argument("--since", metavar="DATE", type=parse_day,
                        help="first day that is listed (default: the last 7 days)")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="OUT",
                        help="write the alerts to a .xlsx, .csv or .json file")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list every alert and every problem")
    sending = parser.add_argument_group("sending, in one message; nothing when there are no alerts")
    sending.add_argument("--slack", action="store_true",
                         help="to the webhook in HEALTHSHEET_SLACK_WEBHOOK")  # fmt: skip
    sending.add_argument("--teams", action="store_true",
                         help="to the webhook in HEALTHSHEET_TEAMS_WEBHOOK")  # fmt: skip
    sending.add_argument("--dry-run", action="store_true",
                         help="print the message as JSON and send nothing")  # fmt: skip
    add_reading(parser)
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Find, write, print and send alerts; status 1 when there are some, or values to fix.

    Raises:
        DataError: the source or its settings cannot be read, or options contradict each other.
        WorkbookError: the file to write is open in a spreadsheet program.
        HistoryError: a recorded history cannot be used.
        DeliveryError: a message could not be sent; what was asked to be written is written.
    """
    from pipeline.alerts import alerts_of_source
    from pipeline.model_choice import choose_model

    as_of = args.as_of or today()
    _check(args, as_of)
    alerts = alerts_of_source(
        args.source,
        choose_model(args.model, args.source),
        as_of=as_of,
        since=args.since,
        sheet=args.sheet,
        day_first=args.day_first,
        decimal=args.decimal,
        query=args.query,
    )
    if args.output is not None:
        from pipeline.alerts.files import write_alerts

        write_alerts(alerts, args.output)
    _tell(alerts, args)
    wrong = any(p.severity == "error" for p in alerts.problems)
    return FINDINGS if alerts.found or wrong else DONE


def _check(args: argparse.Namespace, as_of: date) -> None:
    if args.since is not None and args.since > as_of:
        raise DataError(f"--since {args.since} is after {as_of}. Give an earlier day, or --as-of.")
    if args.dry_run and not (args.slack or args.teams):
        raise DataError("--dry-run prints a message. Say which: add --slack or --teams.")


def _tell(alerts: Alerts, args: argparse.Namespace) -> None:
    """Print the alerts or, on a dry run, the messages; then send."""
    from pipeline.delivery import CHANNELS

    chosen = [channel for name, channel in CHANNELS.items() if getattr(args, name)]
    if args.dry_run:
        for channel in chosen:
            print(json.dumps(channel.payload(alerts), ensure_ascii=False, indent=2))
        return
    if args.json:
        from pipeline.alerts.files import to_json

        sys.stdout.write(to_json(alerts))
    else:
        _print(alerts, args)
    sys.stdout.flush()
    _send(alerts, chosen)


def _send(alerts: Alerts, chosen: Sequence[Channel]) -> None:
    """Send to each; one that fails does not keep the others from theirs."""
    from pipeline.delivery import send

    failed = []
    for channel in chosen:
        try:
            sent = send(alerts, channel, os.environ)
        except DeliveryError as error:
            failed.append(str(error))
            continue
        what = f"Sent to {channel.name}." if sent else f"No alerts: nothing sent to {channel.name}."
        # Beside JSON on standard output a sentence would be in the way.
        print(what, file=sys.stderr)
    if failed:
        raise DeliveryError(" ".join(failed))


def _print(alerts: Alerts, args: argparse.Namespace) -> None:
    from pipeline.alerts.view import alert_lines
    from pipeline.terminal import print_lines, terminal_width

    more = "--all"
    if args.output is not None:
        sheet = ", sheet Alerts" if args.output.suffix.casefold() == ".xlsx" else ""
        more = f"{args.output.name}{sheet}"
    width = terminal_width(sys.stdout)
    lines = alert_lines(alerts, width=width, top=None if args.all else _LISTED, more=more)
    ending: Line = []
    if args.output is not None:
        ending += [("Wrote ", ""), (args.output.name, "bold"), (". ", "")]
    if alerts.found and alerts.has_today:
        model = f" -m {args.model}" if args.model else ""
        account = shlex.quote(alerts.found[0].alert.account)
        command = f"healthsheet report {args.source}{model} -o reports --account {account}"
        ending.append((f"Next: {command}", ""))
    print_lines([*lines, *([[], ending] if ending else [])])
