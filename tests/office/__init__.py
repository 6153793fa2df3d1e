"""One headless LibreOffice for the whole test run."""
