"""The account scorecard: one file a sheet, each with what it draws and what fills it."""
