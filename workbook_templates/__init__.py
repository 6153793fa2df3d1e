"""The workbooks people open: drawn as templates, then filled."""
