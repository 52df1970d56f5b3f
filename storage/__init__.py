"""Rows and transactions: knows the core, no platform."""
