"""Customer health scores: pure functions from frames to frames."""
