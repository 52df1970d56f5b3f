"""The web front over real HTTP."""
