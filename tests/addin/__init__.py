"""Cell functions: as Python functions, and in a real spreadsheet."""
