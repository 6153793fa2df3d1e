"""What can be wrong with a workbook; each message says what, where and the next step."""

from __future__ import annotations

from scoring.errors import WorkbookError

__all__ = [
    "CannotShift",
    "DoesNotFit",
    "MissingPlace",
    "NotAWorkbook",
    "NotInBulk",
    "PasswordProtected",
    "SignedWorkbook",
    "TooLarge",
    "WorkbookLocked",
]


class NotAWorkbook(WorkbookError):
    """The bytes are not an .xlsx, .xlsm or .xltx package. Save the file in Excel as .xlsx."""


class PasswordProtected(WorkbookError):
    """The workbook is encrypted. Remove the password in Excel and try again."""


class SignedWorkbook(WorkbookError):
    """A digital signature covers the workbook: any change would break it. Use an unsigned copy."""


class TooLarge(WorkbookError):
    """The package unpacks to more than the limits allow, as a zip bomb does."""


class WorkbookLocked(WorkbookError):
    """Another program has the workbook open. Close it there and try again."""


class MissingPlace(WorkbookError):
    """The template has no such named place, Table, column or chart. Check the spelling."""


class DoesNotFit(WorkbookError):
    """A value, or a block of values, cannot stand in the place it was given for."""


class CannotShift(WorkbookError):
    """Rows must move, and something in the way cannot move truthfully. Move it in Excel."""


class NotInBulk(Exception):
    """Rows given by columns must be written one by one here; no caller of `fill` sees this."""
