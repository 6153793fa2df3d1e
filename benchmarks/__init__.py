"""Speed and memory against peers and floors, measured in one run: ``python -m benchmarks``."""
