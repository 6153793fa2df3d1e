"""Tests of a leader's digest: its figures, lists and sentences."""
