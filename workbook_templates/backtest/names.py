"""Names of the backtest workbook's sheets."""

from __future__ import annotations

BACKTEST, HORIZONS, METRICS = "Backtest", "Horizons", "Metrics"
CALIBRATION, RECOMMENDATIONS = "Calibration", "Recommendations"
SURPRISES, REVIEWS, ALERTS = "Surprises", "Reviews", "Alerts"
CASES, METHOD = "Cases", "Method"
WORKINGS = "Workings"
"""Hidden: what charts read, and the document's own counts."""
SHEETS = (BACKTEST, HORIZONS, METRICS, CALIBRATION, RECOMMENDATIONS, SURPRISES, REVIEWS, ALERTS,
          CASES, METHOD, WORKINGS)  # fmt: skip
CURRENCY = "Workings!$B$2"
"""Cell with the code of the currency of all sums; blank for several."""
