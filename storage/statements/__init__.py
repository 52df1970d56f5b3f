"""Every statement that storage runs, by the subject of the tables in `storage.tables`.

A statement is a constant in capitals, built once when its module is imported, because building one takes several times
longer than running it. Its values are bound parameters: `bound("slug")`. A parameter in a condition must not have the
name of a column, since an UPDATE would take it as a value to set. A statement with ON CONFLICT is a `PerDialect`, made
by `upsert`, `add_to` or `per_dialect`. Repositories run all of them with `Connection.run`, or `run_each` for many rows
(storage.connection). Those listed in `hot` are compiled once and skip SQLAlchemy. If a statement's conditions vary, as
in reviews, a cached function builds one for each set of conditions. Only `storage.copying`, which reads the names of
the tables from the database itself, builds statements on the spot.
"""
