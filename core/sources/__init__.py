"""Checks of the sources that petitions cite: what the checker found at a link, and when."""
