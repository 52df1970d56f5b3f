"""Organizers' commands."""
