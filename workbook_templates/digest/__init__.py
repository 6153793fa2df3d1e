"""What a leader is told about a portfolio, as facts: the mail and the sheet *Digest* show them."""
