"""One small tree of errors. Each message says what is wrong, where, and the next step."""

from __future__ import annotations


class HealthSheetError(Exception):
    """Base of every error that a user may see; its message is fit to print as it is."""


class ModelError(HealthSheetError):
    """A score model cannot be read or does not make sense."""


class DataError(HealthSheetError):
    """Account data cannot be used as given."""


class WorkbookError(HealthSheetError):
    """A workbook or template cannot be opened, filled or saved."""


class HostError(HealthSheetError):
    """A spreadsheet host (Excel, LibreOffice) cannot be reached or set up."""


class DeliveryError(HealthSheetError):
    """A message could not be delivered."""


class HistoryError(HealthSheetError):
    """A history cannot be opened, read or written."""
