"""Tests of `healthsheet validate`, from sources to the terminal."""
