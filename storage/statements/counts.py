"""The statements for stored counts: tallies, credits, hours, facets, steps, and trends."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.signatures.breakdowns import Facet
from core.signatures.signature import SignatureStatus
from storage.statements.build import add_to, any_of, bound, sum_of
from storage.tables import CreditRow, FacetRow, HistoryRow, StepRow, TallyRow, TrendRow, UtcDateTime, table

_tallies, _credits, _history = table(TallyRow), table(CreditRow), table(HistoryRow)
_facets, _steps, _trends = table(FacetRow), table(StepRow), table(TrendRow)

COUNT = add_to(_tallies.c.total)
_NUMBER = sum_of(_tallies.c.total).label("total")
TALLY = sa.select(_tallies.c.status, _NUMBER).where(_tallies.c.petition == bound("slug")).group_by(_tallies.c.status)
COUNTED = sa.select(sa.func.coalesce(_NUMBER, 0)).where(
    _tallies.c.petition == bound("slug"), _tallies.c.status == SignatureStatus.COUNTED.value
)
TALLIES = (
    sa.select(_tallies.c.petition, _tallies.c.status, _NUMBER)
    .group_by(_tallies.c.petition, _tallies.c.status)
    .order_by(_tallies.c.petition, _tallies.c.status)
)
PETITIONS = sa.select(_tallies.c.petition).distinct().order_by(_tallies.c.petition)
CREDIT = add_to(_credits.c.total)
CREDITED = sa.select(sa.func.coalesce(sum_of(_credits.c.total), 0)).where(
    _credits.c.petition == bound("slug"), _credits.c.label == bound("source")
)

ADD_HOURLY = add_to(_history.c.total)
_IN_TIME = (_history.c.petition == bound("slug"), _history.c.hour >= bound("since"))
_SIGNED_THEN = sum_of(_history.c.total)
_TOTAL, _IS_SOME = _SIGNED_THEN.label("total"), _SIGNED_THEN != 0
HISTORY = (
    sa.select(_history.c.hour, _history.c.platform, _history.c.locale, _history.c.status, _TOTAL)
    .where(*_IN_TIME)
    .group_by(_history.c.hour, _history.c.platform, _history.c.locale, _history.c.status)
    .having(_IS_SOME)
    .order_by(_history.c.hour, _history.c.platform, _history.c.locale, _history.c.status)
)
HOURS = (
    sa.select(_history.c.hour, _history.c.status, _TOTAL)
    .where(*_IN_TIME)
    .group_by(_history.c.hour, _history.c.status)
    .having(_IS_SOME)
    .order_by(_history.c.hour)
)
KINDS = (
    sa.select(_history.c.platform, _history.c.locale, _TOTAL)
    .where(*_IN_TIME, _history.c.status == SignatureStatus.COUNTED.value)
    .group_by(_history.c.platform, _history.c.locale)
    .having(_IS_SOME)
    .order_by(_history.c.platform, _history.c.locale)
)

COUNT_FACET = add_to(_facets.c.change)
_OF_FACET = (
    _facets.c.petition == bound("slug"),
    _facets.c.facet == bound("wanted"),
    _facets.c.day >= bound("since"),
)
_SUM = sum_of(_facets.c.change)
BY_VALUE = (
    sa.select(_facets.c.value, _SUM)
    .where(*_OF_FACET)
    .group_by(_facets.c.value)
    .having(_SUM != 0)
    .order_by(_SUM.desc(), _facets.c.value)
)
REGIONS = (
    sa.select(_facets.c.day, _facets.c.value, _SUM)
    .where(_facets.c.petition == bound("slug"), _facets.c.facet == Facet.REGION.value, _facets.c.day >= bound("since"))
    .group_by(_facets.c.day, _facets.c.value)
)
BY_DAY = (
    sa.select(_facets.c.day, _facets.c.value, _SUM)
    .where(*_OF_FACET, _facets.c.value.in_(any_of("values")))
    .group_by(_facets.c.day, _facets.c.value)
    .order_by(_facets.c.day, _facets.c.value)
)

COUNT_STEP = add_to(_steps.c.total)
STEPS = (
    sa.select(_steps.c.step, sum_of(_steps.c.total)).where(_steps.c.petition == bound("slug")).group_by(_steps.c.step)
)
_REACHED = sum_of(_steps.c.total)
STEPS_BY_LINK = (
    sa.select(_steps.c.label, _steps.c.step, _REACHED)
    .where(_steps.c.petition == bound("slug"))
    .group_by(_steps.c.label, _steps.c.step)
    .having(_REACHED != 0)
)

COUNT_TREND = add_to(_trends.c.total)


def _of_trend(trends: Any) -> tuple[sa.ColumnElement[bool], ...]:
    c = trends.c
    wanted = (c.petition == bound("slug"), c.kind == bound("wanted"), c.hour == bound("at"))
    return (*wanted, c.value == bound("veiled"))


_parts = _trends.alias()
_ITS_TOTAL = sa.select(sum_of(_parts.c.total)).where(*_of_trend(_parts)).scalar_subquery()
FORGET_TREND = sa.delete(_trends).where(*_of_trend(_trends), _ITS_TOTAL <= 0)
_OF_KIND = (_trends.c.petition == bound("slug"), _trends.c.kind == bound("wanted"), _trends.c.hour >= bound("first"))
_SIGNED, _FIRST = sum_of(_trends.c.total), sa.func.min(_trends.c.hour, type_=UtcDateTime)
FREQUENT = (
    sa.select(_trends.c.value, _FIRST.label("hour"), _SIGNED.label("total"))
    .where(*_OF_KIND)
    .group_by(_trends.c.value)
    .having(bound("fewest") <= _SIGNED)
    .order_by(_SIGNED.desc(), _trends.c.value)
    .limit(bound("most"))
)
OF_VALUES = (
    sa.select(_trends.c.value, _SIGNED.label("total"))
    .where(*_OF_KIND, _trends.c.hour < bound("until"), _trends.c.value.in_(any_of("values")))
    .group_by(_trends.c.value)
)
_IS_EARLIER = _trends.c.hour < bound("start")
OF_ALL = sa.select(
    _FIRST.label("hour"),
    sa.func.coalesce(sum_of(_trends.c.total, _IS_EARLIER), 0).label("before"),
    sa.func.coalesce(sum_of(_trends.c.total, ~_IS_EARLIER), 0).label("now"),
).where(*_OF_KIND)
