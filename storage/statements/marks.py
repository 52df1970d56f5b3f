"""The statements for facts that the database keeps about itself."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statements.build import add_if_new, bound, upsert
from storage.tables import MarkRow, table

_marks = table(MarkRow)

MOVING = "moving"
"""The name of the mark of an unfinished copy (storage.moving)."""

ADD_MARK = add_if_new(_marks)
SET_MARK = upsert(_marks)
NAMES = sa.select(_marks.c.name).where(_marks.c.name.startswith(bound("prefix")))
GET_MARK = sa.select(_marks.c.sealed).where(_marks.c.name == bound("mark"))
REMOVE_MARK = sa.delete(_marks).where(_marks.c.name == bound("mark"))
REMOVE_MARKS = sa.delete(_marks)
