"""Whether a score foretold what happened: snapshots against outcomes, and what to change."""
