"""What RevOps runs: sources, history, delivery and the command line."""
