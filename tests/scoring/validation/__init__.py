"""Backtests: joining without leakage, statistics against known truths, recommendations."""
