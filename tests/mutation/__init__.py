"""A mutation run: breaks the product in many places, one at a time, and tells which breaks no test notices.

The libraries that exist do other things. mutmut leaves out decorated functions and whatever lies at module or class
level, which is where this product keeps its properties, transactions, limits and SQL statements. Cosmic Ray changes the
checkout itself and runs the same tests for every mutant. mutatest has had no release for years.

A place is a piece of source with one replacement (`places`). `sampling` picks places over all modules. `likely` chooses
test files by names and imports. For what survives those, `measuring` learns once, with the plugin `contexts`, which
tests execute which lines. `trials` runs them on copies of the tree.
"""
