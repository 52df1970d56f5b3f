"""Petitions: what is signed, its form and its sources, and the folders they are loaded from."""
