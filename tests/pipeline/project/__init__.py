"""Tests of sources that healthsheet.toml declares."""
