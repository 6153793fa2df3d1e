"""Tests of the mail: what it says, who gets it, and how it leaves, over a real server."""
