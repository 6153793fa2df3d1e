"""A leader's message: what it says, how it looks, who gets it and how it leaves."""
