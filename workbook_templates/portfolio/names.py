"""Names of the portfolio workbook's sheets."""

from __future__ import annotations

SUMMARY, ACCOUNTS, RENEWALS, MOVERS = "Summary", "Accounts", "Renewals", "Movers"
MIGRATION, SEGMENTS, CSM_LOAD, DIMENSIONS = "Migration", "Segments", "CSM load", "Dimensions"
WARNINGS = "Early warnings"
RISKS, ACTIONS, REVIEW, OVERRIDES = "Risks", "Actions", "Review", "Overrides"
ALERTS, QUALITY, CHANGES, ARCHIVE = "Alerts", "Data quality", "Changes", "Archive"
# Excel reserves the sheet name "History" for its own change tracking.
MODEL, HISTORY, CHECKS = "Model", "Score history", "Checks"
RISK_LIBRARY, PLAYS = "Risk library", "Plays"
BACKTEST = "Backtest"
WORKINGS = "Workings"
"""Hidden: what charts read, and steps of formulas."""
DIGEST = "Digest"
"""After *Summary*, only in the workbook that a leader is mailed."""
SHEETS = (SUMMARY, ACCOUNTS, RENEWALS, MOVERS, MIGRATION, SEGMENTS, WARNINGS, CSM_LOAD, DIMENSIONS,
          RISKS, ALERTS, ACTIONS, REVIEW, OVERRIDES, QUALITY, BACKTEST, MODEL, RISK_LIBRARY, PLAYS,
          HISTORY, CHANGES, ARCHIVE, CHECKS, WORKINGS)  # fmt: skip
