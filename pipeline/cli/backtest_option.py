"""The option ``--backtest`` of commands that tell a churn probability."""

from __future__ import annotations

import argparse

__all__ = ["add_backtest"]


def add_backtest(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a backtest, or none."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--backtest", metavar="FILE",
                        help="churn probabilities fitted by healthsheet validate -o "
                             "backtest.json (default: backtest in healthsheet.toml)")  # fmt: skip
    either.add_argument("--no-backtest", dest="backtest", action="store_const", const="",
                        help="show the illustration, whatever healthsheet.toml says")  # fmt: skip
