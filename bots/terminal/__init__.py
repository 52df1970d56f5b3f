"""The terminal surface: a chat for one person, or for a script that writes one answer per line."""
