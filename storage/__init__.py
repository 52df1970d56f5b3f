"""Rows and transactions: knows core, but no platform.

`tables`, `statements` and `repositories` share one module per subject. Every statement is a constant in `statements`,
built once at import with bound parameters; the docstring of `storage.statements` gives the rules. A repository
implements one of core's protocols by running statements on the connection of one transaction (`unit_of_work`).
"""
