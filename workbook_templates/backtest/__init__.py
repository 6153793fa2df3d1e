"""The backtest workbook: what a backtest found, sheet by sheet."""

from __future__ import annotations

from workbook_templates.backtest.report import backtest_template, write_backtest

__all__ = ["backtest_template", "write_backtest"]
