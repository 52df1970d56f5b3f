"""The date for which a copy in an archive is wanted."""

from __future__ import annotations

import datetime as dt
from typing import Any


def wanted_date(written: str, now: dt.datetime) -> dt.datetime:
    """The day after a source's date, so that the copy has the page as published; `now` if nobody can read the date."""
    import dateparser  # noqa: PLC0415  (takes as long to import as all the rest)

    settings: Any = {"REQUIRE_PARTS": ["year"], "RELATIVE_BASE": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}
    found = dateparser.parse(written.strip(" ."), settings=settings)
    if found is None:
        return now
    return min(now, min(now, found.replace(tzinfo=dt.UTC)) + dt.timedelta(days=1))
