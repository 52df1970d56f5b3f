"""Every statement that storage runs, by the subject of the tables in `storage.tables`.

A statement is a constant in capitals, built once when its module is imported, because building one costs several times
what running it does. Its values are bound parameters: `bound("slug")`. A value that finds rows has another name than
any column, since an UPDATE would take a column's name for a value to set. A statement with ON CONFLICT is a
`PerDialect`, made by `upsert`, `add_to` or `per_dialect`. Repositories run all of them with `build.run`, or
`build.run_each` for many rows. Where a statement's conditions vary, as in reviews, a cached function builds one for
each set of conditions. Only what reads the tables' names from the database itself (`storage.copying`) builds statements
on the spot.
"""
