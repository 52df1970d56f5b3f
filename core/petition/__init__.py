"""Petitions: the text, the form, the sources, and loading them from folders."""
