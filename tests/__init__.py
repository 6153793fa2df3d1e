"""The test bench and the tests; they mirror the packages."""
