"""Workbooks whose cell functions are LAMBDA names: they need no add-in."""
