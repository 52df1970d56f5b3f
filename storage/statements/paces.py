"""The statements for paces, which are leases without a holder: `until` is what processes have used up together."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statements.build import add_if_new, bound, upsert
from storage.tables import LeaseRow, table

_leases = table(LeaseRow)

ADD = add_if_new(_leases)
SET = upsert(_leases)
GET = sa.select(_leases.c.until).where(_leases.c.name == bound("pace"))
LOCK = GET.with_for_update()
