"""Announcements: how fast recipients are put in line, and what it costs to say how many there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from core.outreach.announcement import AnnouncementState, Audience, audience_size
from core.services.announcements import AnnouncementService
from storage.tables import AudienceCountRow, OutboxRow, SignatureRow, table
from tests.bench.filling import filled
from tests.bench.growth import sizes
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import SLUG, SQLITE, Place, Workbench

RECIPIENTS, QUICK_RECIPIENTS = 100_000, 10_000
LABELS = 200  # tracked links and communities, in two languages on two platforms
AIM = Aim("0.80 to 1.20", least=0.8, most=1.2)
NOTE = (
    "On SQLite. The product puts recipients in batches of 1,000, each a transaction: it reads those who agreed, seals "
    "each entry, and stores where it is. The baseline inserts the same rows, sealed already, by one executemany in one "
    "transaction: it is a bound and not an aim. The audience comes from kept counts; its baseline in the second line "
    "counts the signatures, in the third line it is the same call on the smaller database."
)
_outbox, _signatures, _audience = table(OutboxRow), table(SignatureRow), table(AudienceCountRow)


def run(bench: Workbench) -> None:
    """Measure and print."""
    recipients = QUICK_RECIPIENTS if bench.quick else RECIPIENTS
    small, large = (filled(bench, SQLITE, size) for size in sizes(bench))
    for place in (small, large):
        _make_reachable(place, recipients)
    line = _Line(large)
    put, plain = in_turn("Putting recipients in line", 3, [line.put, line.insert])
    kept, counted, fewer = in_turn(
        "Counting the audience", 7, [partial(_count, large), partial(_scan, large), partial(_count, small)]
    )
    (_, most), figures = sizes(bench), [
        Figure(
            f"recipients put a second, {recipients:,}", f"{put.middle:,.0f}/s", "bare executemany",
            f"{plain.middle:,.0f}/s", put.ratio_to(plain),
        ),
    ]  # fmt: skip
    for baseline, name, aim in ((counted, "count the rows", None), (fewer, "fewer signatures", AIM)):
        ratio = kept.ratio_to(baseline)
        figures.append(Figure(f"audience among {most:,}", _ms(kept.middle), name, _ms(baseline.middle), ratio, aim))
    show("Announcements", figures, NOTE)


def _make_reachable(place: Place, recipients: int) -> None:
    """So many who signed agree to updates, on a platform where they can be written to, by some links."""
    first = sa.select(sa.func.min(_signatures.c.id)).scalar_subquery()
    agreed = sa.update(_signatures).where(_signatures.c.id < first + recipients)
    with place.database.writing() as connection:
        connection.execute(agreed.values(updates=True, platform="telegram"))
        connection.execute(sa.delete(_audience))
        rows = [
            {"petition": SLUG, "platform": platform, "locale": locale, "label": f"link-{number}", "people": recipients}
            for platform in ("telegram", "discord")
            for locale in ("en", "es")
            for number in range(LABELS)
        ]
        connection.execute(sa.insert(_audience), rows)
        connection.commit()


class _Line:
    """Putting the same recipients in line, by the product and without it; each of both begins with an empty outbox."""

    def __init__(self, place: Place) -> None:
        self._place, self._service = place, AnnouncementService(place.services.signing)
        self._rows: list[tuple[object, ...]] = []

    def put(self) -> float:
        """Recipients a second, by the product."""
        self._empty()
        with self._place.services.signing.work() as work:
            announcement = work.announcements.add(SLUG, "News", self._place.services.signing.clock())
            work.commit()
        assert announcement.state is AnnouncementState.DRAFT

        def put() -> None:
            while self._service.fan_out(announcement.id):
                pass

        taken = seconds(put)
        with self._place.bare() as bare:
            self._rows = bare.connection.execute("SELECT * FROM outbox").fetchall()
        return len(self._rows) / taken

    def insert(self) -> float:
        """Rows a second, by the driver; what the product has put is what it inserts."""
        if not self._rows:
            self.put()
        self._empty()
        marks = ", ".join("?" * len(self._rows[0]))
        with self._place.bare() as bare:

            def insert() -> None:
                bare.connection.execute("BEGIN IMMEDIATE")
                bare.connection.executemany(f"INSERT INTO outbox VALUES ({marks})", self._rows)  # noqa: S608
                bare.connection.commit()

            return len(self._rows) / seconds(insert)

    def _empty(self) -> None:
        with self._place.database.writing() as connection:
            connection.execute(sa.delete(_outbox))
            connection.commit()


def _count(place: Place) -> float:
    """Seconds to say how many people there are, from kept counts."""

    def count() -> dict[str, int]:
        with place.services.signing.work() as work:
            return audience_size(work.announcements.audience_counts(SLUG), Audience())

    return _quickest(count)


def _scan(place: Place) -> float:
    """Seconds to count them one by one, which is what an index of those who agreed would still have to do."""
    columns = (_signatures.c.platform, _signatures.c.locale, _signatures.c.label)
    agreed = (_signatures.c.petition == SLUG, sa.text("updates"), _signatures.c.status != "withdrawn")
    statement = sa.select(*columns, sa.func.count()).where(*agreed).group_by(*columns)

    def count() -> object:
        with place.database.reading() as connection:
            return connection.execute(statement).all()

    return _quickest(count)


def _quickest(call: Callable[[], object]) -> float:
    return min(seconds(call) for _ in range(5))


def _ms(number: float) -> str:
    return f"{number * 1000:.2f} ms"
