"""Sheets of the portfolio workbook, drawn once for a model."""
