"""Hosts: where cell functions run. Each is made from `addin.registry` and knows no function."""
