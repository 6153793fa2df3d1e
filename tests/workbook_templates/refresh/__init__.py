"""Tests of refreshing a workbook that people work in."""
