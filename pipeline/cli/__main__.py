"""``python -m pipeline.cli``: the command line by the interpreter that is at hand."""

from __future__ import annotations

import sys

from pipeline.cli import main

if __name__ == "__main__":
    sys.exit(main())
