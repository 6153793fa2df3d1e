"""Metrics counted from tables of events, by declared rules: as SQL, on what was known."""
