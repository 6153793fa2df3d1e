"""The ribbon: what its buttons say and which command each of them runs."""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

__all__ = ["BUTTONS", "Button", "ribbon_xml"]


class Button(NamedTuple):
    """One button; ``command`` is a function of `commands`, ``image`` a picture of Office's own."""

    command: str
    label: str
    image: str
    tip: str


BUTTONS = (
    Button(
        "refresh_portfolio", "Refresh portfolio", "RefreshAll",
        "In a portfolio workbook: refresh it from its source; all that is yours stays. Elsewhere: "
        "score every account of the table on this sheet and write Score, Tier, Coverage and Top "
        "driver at its right end.",
    ),
    Button(
        "explain_score", "Explain score", "FunctionWizard",
        "A sheet with score, bounds, drivers and dimensions of the selected account, as formulas "
        "that follow its row.",
    ),
    Button(
        "insert_scorecard", "Insert scorecard", "TableInsert",
        "A sheet with the scorecard of the selected account.",
    ),
    Button(
        "show_help", "Help", "Help",
        "A workbook that lists the functions, what they take and an example of each.",
    ),
)  # fmt: skip


def ribbon_xml() -> str:
    """The ribbon's description, for Excel 2010 and newer."""
    buttons = "".join(map(_button, BUTTONS))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs>'
        '<tab id="healthsheet_tab" label="HealthSheet">'
        f'<group id="healthsheet_group" label="HealthSheet">{buttons}</group>'
        "</tab></tabs></ribbon></customUI>\n"
    )


def _button(button: Button) -> str:
    return (
        f'<button id="healthsheet_{button.command}" tag={quoteattr(button.command)}'
        f" label={quoteattr(button.label)} imageMso={quoteattr(button.image)}"
        f" screentip={quoteattr(button.label)} supertip={quoteattr(button.tip)}"
        ' size="large" onAction="HealthRibbon.RunCommand"/>'
    )
