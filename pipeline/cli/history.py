"""`healthsheet history`: what was recorded, account by account and day by day."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli import DONE, FINDINGS, add_common
from pipeline.cli.history_build import configure_build, run_build

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.store import History

__all__ = ["configure", "run"]

_WHERE = "a SQLite file or postgresql://user@host/database (default: healthsheet.toml's)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Actions and their options."""
    parser.description = (
        "Scores that `healthsheet score --history` recorded: one snapshot a day and model "
        "version, with the raw values behind every score. Nothing is ever overwritten; a "
        "correction is a further revision, and the latest one counts."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    listed = actions.add_parser("list", help="the snapshots: date, model, accounts")
    show = actions.add_parser("show", help="one account over time, with its corrections")
    show.add_argument("account", metavar="ACCOUNT", help="its id or name")
    brought = actions.add_parser("import", help="record earlier scores from a table")
    brought.add_argument("source", metavar="SOURCE",
                         help="any file that score reads, with accounts, dates, and scores, raw "
                              "values or both; of a workbook the sheet Score history")  # fmt: skip
    brought.add_argument("--correct", action="store_true",
                         help="record values other than those that stand there as "
                              "corrections")  # fmt: skip
    built = configure_build(actions)
    export = actions.add_parser("export", help="write all that counts to a .csv or .xlsx file")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", required=True,
                        help="file to write; import takes it back")  # fmt: skip
    export.add_argument("--account", metavar="A", help="this account only, by id or name")
    export.add_argument("--false-positives", action="store_true",
                        help="alerts and risks that people called false positives, with reason "
                             "and day, in place of the scores")  # fmt: skip
    for action in (listed, show, brought, built, export):
        action.add_argument("--history", metavar="FILE|URL", help=_WHERE)
        add_common(action, as_of=False, model=action in (brought, built, export))
    from pipeline.cli.score import add_reading

    add_reading(brought)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    actions = {"list": _list, "show": _show, "import": _import, "export": _export}
    if args.action == "build":
        return run_build(args, _opened)
    return actions[args.action](args)


def _opened(args: argparse.Namespace, *, create: bool = False) -> History:
    from pipeline.store import History
    from pipeline.store.choice import choose_history
    from scoring.errors import HistoryError

    beside = args.source if args.action in ("import", "build") else "healthsheet.toml"
    address = choose_history(args.history, beside)
    if address is None:
        raise HistoryError(
            'No history is named. Add --history history.db, or a line history = "history.db" '
            "to healthsheet.toml."
        )
    return History(address, create=create)


def _list(args: argparse.Namespace) -> int:
    history = _opened(args)
    days = history.days()
    if args.json:
        _print_json({"history": history.shown, "snapshots": [asdict(d) for d in days]})
        return DONE
    width = max([5, *(len(d.model) for d in days)])
    print(f"{'Date':<11} {'Model':<{width}} {'Accounts':>9} {'Scored':>9} {'Corrections':>11}")
    for d in days:
        counts = f"{d.accounts:>9,} {d.scored:>9,} {d.corrections or '':>11}"
        print(f"{d.day.isoformat():<11} {d.model:<{width}} {counts}".rstrip())
    print(f"\n{len(days):,} snapshot{'' if len(days) == 1 else 's'} in {history.shown}.")
    return DONE


def _show(args: argparse.Namespace) -> int:
    history = _opened(args)
    entries = history.of_account(args.account)
    counting = ~entries.duplicated(["account_id", "day", "model"], keep="last")
    if args.json:
        _print_json({"history": history.shown, "entries": _records(entries, counting)})
        return DONE
    for account, part in entries.groupby("account_id", sort=False):
        name = next((n for n in part["account_name"].tolist()[::-1] if n), "")
        print(_clean(f"{account}  {name}" if name != account else str(account)))
        for row, counts in zip(part.to_dict("records"), counting[part.index], strict=True):
            score = "–" if row["score"] != row["score"] else f"{row['score']:.1f}"
            covered = "" if row["coverage"] != row["coverage"] else f"{row['coverage']:.0%}"
            told = f"{row['tier'].capitalize():<6} {score:>5} {covered:>5}"
            revised = f"revision {row['revision']}" if row["revision"] > 1 else ""
            note = revised if counts else f"{revised or 'revision 1'}, corrected since"
            line = f"  {row['day']:%Y-%m-%d}  {told}  {row['status']:<17} {row['model']}  {note}"
            print(line.rstrip())
    return DONE


def _import(args: argparse.Namespace) -> int:
    from pipeline.cli.history_option import written_text
    from pipeline.exports import problem_objects
    from pipeline.model_choice import choose_model
    from pipeline.sources import read_snapshots
    from pipeline.store.exchange import import_history

    model = choose_model(args.model, args.source)
    given = read_snapshots(
        args.source, model, sheet=args.sheet, day_first=args.day_first, decimal=args.decimal,
        query=args.query,
    )  # fmt: skip
    history = _opened(args, create=True)
    rows = given.history
    written = import_history(history, rows, model, source=given.source, correct=args.correct)
    if args.json:
        problems = problem_objects(given.problems)
        days = [asdict(w) for w in written]
        _print_json({"history": history.shown, "days": days, "problems": problems})
    else:
        for day in written:
            print(written_text(day))
        for problem in given.problems:
            print(_clean(f"! {problem}"))
        print(f"Read {len(rows):,} rows of {given.source} as {model.label} into {history.shown}.")
    left = any(w.kept for w in written)
    return FINDINGS if left or any(p.severity == "error" for p in given.problems) else DONE


def _export(args: argparse.Namespace) -> int:
    from pipeline.model_choice import choose_model
    from pipeline.store.exchange import export_flags, export_history

    model = choose_model(args.model, "healthsheet.toml")
    history = _opened(args)
    account = None
    if args.account is not None:
        account = str(history.of_account(args.account)["account_id"].iloc[0])
    if args.false_positives:
        count = export_flags(history, args.output, account=account)
    else:
        count = export_history(history, args.output, model, account=account)
    if args.json:
        told = {"history": history.shown, "file": str(args.output), "rows": count}
        _print_json(told)
    else:
        print(f"Wrote {count:,} rows of {history.shown} to {args.output}.")
    return DONE


def _records(entries: pd.DataFrame, counting: pd.Series[bool]) -> list[dict[str, Any]]:
    hidden = ["id", "run_id", "digest"]
    shown = entries.drop(columns=hidden).assign(day=entries["day"].dt.strftime("%Y-%m-%d"))
    plain = shown.astype(object).where(shown.notna(), None).assign(counts=counting.tolist())
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def _print_json(document: object) -> None:
    # Escaped, because a name may hold half a character that no encoding can write.
    print(json.dumps(document, indent=2, allow_nan=False, default=str))


def _clean(text: str) -> str:
    """Names come from data: what a terminal would act on is left out."""
    return "".join(c for c in text if c.isprintable())
