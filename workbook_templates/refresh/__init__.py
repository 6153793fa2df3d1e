"""Refreshing the workbook that people work in: what is ours is found and filled, theirs stays."""
