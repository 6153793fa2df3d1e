"""Where things stand in the portfolio workbook, and the hand that draws them there."""

from __future__ import annotations

from scoring.model import ScoreModel
from scoring.model_sheet import sheet_layout
from workbook_templates.drawing.hand import Hand
from workbook_templates.drawing.theme import Book
from workbook_templates.formulas import ModelCells
from workbook_templates.portfolio.basis import AS_OF, MAIN_CURRENCY
from workbook_templates.portfolio.sheets import portfolio_tables

CORNERS = {
    "Accounts": "A4",
    "Renewals": "B54",
    "Movers": "B21",
    "Migration": "B23",
    "Segments": "B30",
    "Warnings": "B8",
    "CsmLoad": "B17",
    "CsmChart": "DA2",
    "Dimensions": "B5",
    "Alerts": "B8",
    "Risks": "B23",
    "Actions": "B10",
    "Overrides": "B5",
    "Review": "B5",
    "Quality": "B24",
    "Probabilities": "B42",
    "RiskLibrary": "B5",
    "Plays": "B5",
    "History": "B22",
    "TrendMonths": "FA2",
    "Changes": "B5",
    "Archive": "B5",
}
"""Table → its first header cell. Formulas and charts anywhere may point into any of them."""


class Canvas(Hand):
    """The drawing hand: a book, a model, and the addresses that formulas need.

    All rows are 1-based as people read them.
    """

    def __init__(self, book: Book, model: ScoreModel) -> None:
        super().__init__(book, portfolio_tables(model), CORNERS, MAIN_CURRENCY)
        self.model = model
        self.cells = ModelCells(sheet_layout(model))
        self.as_of = AS_OF
