"""Alerts of a source: read, found, shown and written."""

from pipeline.alerts.found import LOOK_BACK, AccountAlert, Alerts, alerts_of_source

__all__ = ["LOOK_BACK", "AccountAlert", "Alerts", "alerts_of_source"]
