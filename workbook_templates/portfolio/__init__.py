"""The portfolio workbook: what it shows, as values for named places and rows for Tables."""
