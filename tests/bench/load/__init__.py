"""Bots under load: what is the same on every platform."""

UNDERSIGN = "Undersign"
"""The kind of bot that is the product."""
