"""Looks at the sources that petitions cite: what is at a link, and whether the quoted words are there.

`Checker` looks at one source. Only the checker's own process imports this package, never one that signs people.
"""
