"""What people type: one registry of cell functions, and the hosts made from it."""
