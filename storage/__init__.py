"""Rows and transactions: knows the core, no platform.

`tables`, `statements` and `repositories` share one module per subject. Every statement is a constant in
`statements`, built once at import with bound parameters; the docstring of `storage.statements` has the rules. A
repository implements a protocol of core: it runs statements on the connection of one transaction (`unit_of_work`).
"""
