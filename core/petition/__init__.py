"""Petitions: the text, the form and the sources, and loading them from folders."""
