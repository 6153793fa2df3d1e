"""A page that shows what a dry run would mail, as a browser shows it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from pipeline.mail.eml import EmlFolder, eml_name
from pipeline.mail.message import CHART_ID
from pipeline.mail.post import Mailing
from scoring.errors import DataError
from workbook_templates.drawing.theme import ACCENT, HAIRLINE, INK, MUTED, PANEL, WHITE
from workbook_templates.ooxml.saving import replace_file

__all__ = ["preview_page", "write_preview"]

_STYLE = f"""
body {{ font: 15px/1.5 Arial, sans-serif; color: {INK}; background: {PANEL}; margin: 24px; }}
main {{ max-width: 760px; margin: 0 auto; }}
table {{ border-collapse: collapse; width: 100%; background: {WHITE}; }}
th, td {{ text-align: left; padding: 8px 12px; border-bottom: 1px solid {HAIRLINE}; }}
th, .small {{ font-size: 13px; color: {MUTED}; font-weight: normal; }}
section {{ margin-top: 32px; }}
h2 {{ font-size: 18px; margin: 0; }}
a {{ color: {ACCENT}; }}
iframe {{ width: 100%; height: 900px; border: 1px solid {HAIRLINE}; background: {WHITE};
  resize: both; }}
"""


def write_preview(mailings: Sequence[Mailing], folder: Path) -> list[str]:
    """Write the .eml files and ``preview.html``.

    Args:
        mailings: of a run.
        folder: made if absent.

    Returns:
        Name of the .eml file of each mailing; "" where it has none.

    Raises:
        DataError: the page cannot be written.
        DeliveryError: a message cannot.
    """
    files = []
    with EmlFolder(folder).session() as write:
        for mailing in mailings:
            if mailing.message is not None:
                write(mailing.message, lambda: None)
            files.append(eml_name(mailing.message) if mailing.message else "")
    page = preview_page(mailings, files).encode()
    try:
        replace_file(folder / "preview.html", page, lambda written: None)
    except OSError as error:
        raise DataError(
            f"{folder}/preview.html cannot be written: {error.strerror}. Give another folder."
        ) from error
    return files


def preview_page(mailings: Sequence[Mailing], files: Sequence[str]) -> str:
    """The page: who gets what and why not, then each message.

    Args:
        mailings: of a run.
        files: name of the .eml file of each; "" where there is none.
    """
    rows, shown = [], []
    for number, (mailing, file) in enumerate(zip(mailings, files, strict=True), start=1):
        rows.append(_row(mailing, number))
        if mailing.rendered is not None:
            shown.append(_message(mailing, number, file))
    count = len(shown)
    title = f"{count} message{'' if count == 1 else 's'}, none sent"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        '<table><tr><th scope="col">To</th><th scope="col">Accounts</th>'
        f'<th scope="col">What</th></tr>{"".join(rows)}</table>{"".join(shown)}'
        "</main></body></html>"
    )


def _row(mailing: Mailing, number: int) -> str:
    recipient = mailing.recipient
    who = escape(recipient.to)
    team = f'<br><span class="small">{escape(recipient.team)}</span>' if recipient.team else ""
    what = f"Nothing: {escape(mailing.why)}"
    if mailing.message is not None:
        subject = escape(mailing.message.subject)
        what = f'<a href="#m{number}">{subject}</a><br><span class="small">{mailing.why}</span>'
    return f"<tr><td>{who}{team}</td><td>{mailing.accounts:,}</td><td>{what}</td></tr>"


def _message(mailing: Mailing, number: int, file: str) -> str:
    rendered, attached = mailing.rendered, mailing.attached
    assert rendered is not None
    assert attached is not None
    chart = f"data:image/png;base64,{base64.b64encode(rendered.chart_png).decode()}"
    page = rendered.html.replace(f"cid:{CHART_ID}", chart)
    named = [f'<a href="{escape(file)}">{escape(file)}</a>' if file else ""]
    named += [escape(f"{attached.name}, {len(attached.data) / 1e3:,.0f} KB") if attached.data else
              "no workbook", escape(attached.note)]  # fmt: skip
    # A frame without rights: nothing in a message may act on this page.
    return (
        f'<section id="m{number}"><h2>{escape(rendered.subject)}</h2>'
        f'<p class="small">To {escape(mailing.recipient.to)} · '
        f"{' · '.join(part for part in named if part)}</p>"
        f'<iframe sandbox title="{escape(rendered.subject)}" srcdoc="{escape(page)}"></iframe>'
        "</section>"
    )
