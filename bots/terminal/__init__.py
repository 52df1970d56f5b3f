"""The terminal as a surface: a chat for one person, or for a script that writes one answer a line."""
