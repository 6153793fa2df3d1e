"""Tests of the history, each over SQLite and over a running PostgreSQL."""
