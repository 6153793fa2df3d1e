"""What a run of mail tells: who gets what, what became of it, and why others get nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.mail.outbox import Result
from pipeline.mail.post import Mailing
from pipeline.terminal import Line

__all__ = ["mail_data", "mail_lines"]

_SAID = {
    "sent": "sent",
    "queued": "waits; the next run tries again",
    "failed": "refused",
    "uncertain": "may have arrived; --again sends it once more",
    "sending": "being sent by another run",
}


def mail_lines(
    mailings: Sequence[Mailing], files: Sequence[str], results: Sequence[Result]
) -> list[Line]:
    """Lines for the terminal.

    Args:
        mailings: of the run.
        files: names of .eml files of a dry run, one a mailing; none otherwise.
        results: of a run that sent; none otherwise.
    """
    by_key = {r.key: r for r in results}
    lines: list[Line] = [[(_title(mailings, results, dry=bool(files)), "bold")], []]
    for number, mailing in enumerate(mailings):
        lines += _mailing(mailing, by_key, files[number] if files else "")
    mine = {m.message.key for m in mailings if m.message is not None}
    for result in results:
        if result.key not in mine:
            unsure = result.state == "uncertain"
            said = "may have arrived; ask whether it did" if unsure else _SAID[result.state]
            lines.append([(f"{result.to}  {result.subject}: from an earlier run, {said}", "")])
    return lines


def _title(mailings: Sequence[Mailing], results: Sequence[Result], *, dry: bool) -> str:
    made = sum(m.message is not None for m in mailings)
    silent = len(mailings) - made
    if dry or not results:
        what = f"{made} message{'' if made == 1 else 's'}"
    else:
        now = sum(r.state == "sent" and not r.before for r in results)
        what = f"{now} of {len(results)} messages sent now"
    return what + (f", {silent} silent" if silent else "")


def _mailing(mailing: Mailing, by_key: dict[str, Result], file: str) -> list[Line]:
    who, count = mailing.recipient, mailing.accounts
    team = f" ({who.team})" if who.team else ""
    head: Line = [(_clean(who.to), "bold"), (f"{_clean(team)}  {count:,} accounts", "")]
    if mailing.message is None or mailing.attached is None:
        return [[*head, (f"  nothing: {_clean(mailing.why)}", "muted")]]
    lines: list[Line] = [[*head, (f"  {mailing.why}", "muted")]]
    lines.append([(f"  {_clean(mailing.message.subject)}", "")])
    carried = mailing.attached.name or "no workbook"
    if mailing.attached.data:
        carried += f", {len(mailing.attached.data) / 1e3:,.0f} KB"
    lines.append([(f"  {carried}. {mailing.attached.note}".rstrip(". ") + ".", "")])
    if file:
        lines.append([(f"  {file}", "muted")])
    result = by_key.get(mailing.message.key)
    if result is not None:
        said = "sent before, not again" if result.before and result.state == "sent" else ""
        told = f": {_clean(result.detail)}" if result.detail and result.state != "sent" else ""
        style = "muted" if result.state == "sent" else "warn"
        lines.append([(f"  {said or _SAID[result.state]}{told}", style)])
    return lines


def _clean(text: str) -> str:
    """Texts come from data: what a terminal would act on is left out."""
    return "".join(c for c in text if c.isprintable())[:200]


def mail_data(
    mailings: Sequence[Mailing], files: Sequence[str], results: Sequence[Result]
) -> dict[str, Any]:
    """The same for --json.

    Args:
        mailings: as for `mail_lines`.
        files: likewise.
        results: likewise.
    """
    by_key = {r.key: r for r in results}
    told = []
    for number, mailing in enumerate(mailings):
        message, attached = mailing.message, mailing.attached
        result = by_key.pop(message.key, None) if message else None
        told.append({
            "to": mailing.recipient.to,
            "team": mailing.recipient.team,
            "accounts": mailing.accounts,
            "why": mailing.why,
            "subject": message.subject if message else None,
            "kind": message.kind if message else None,
            "attached": attached.kind if attached else None,
            "workbook": (attached.name or None) if attached else None,
            "note": (attached.note or None) if attached else None,
            "bytes": len(message.data) if message else None,
            "file": (files[number] or None) if files else None,
            "state": result.state if result else None,
            "detail": (result.detail or None) if result else None,
            "before": result.before if result else None,
        })  # fmt: skip
    earlier = [{"to": r.to, "subject": r.subject, "state": r.state, "detail": r.detail or None}
               for r in by_key.values()]  # fmt: skip
    return {"messages": told, "earlier": earlier}
