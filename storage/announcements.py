"""The repositories of core.outreach.announcement and core.outreach.milestones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from core.outreach.announcement import Announcement, AnnouncementState, Audience, AudienceCount, Recipient
from core.outreach.milestones import Follower, Milestone
from storage.audience_counts import REACHED
from storage.statements import per_dialect, upsert
from storage.tables import AnnouncementRow, AudienceCountRow, FollowerRow, MilestoneRow, SignatureRow, table

_announcements, _reach, _signatures = table(AnnouncementRow), table(AudienceCountRow), table(SignatureRow)
_milestones, _followers = table(MilestoneRow), table(FollowerRow)
_GET = sa.select(_announcements).where(_announcements.c.id == sa.bindparam("number"))
_SAVE = sa.update(_announcements).where(_announcements.c.id == sa.bindparam("number"))
_REACH = sa.select(_reach.c.platform, _reach.c.locale, _reach.c.label, _reach.c.people).where(
    _reach.c.petition == sa.bindparam("slug"), _reach.c.people > 0
)
_RECIPIENTS = (
    sa.select(
        _signatures.c.id, _signatures.c.signer_id, _signatures.c.platform, _signatures.c.locale, _signatures.c.label
    )
    .where(*REACHED, _signatures.c.petition == sa.bindparam("slug"), _signatures.c.id > sa.bindparam("after"))
    .order_by(_signatures.c.id)
    .limit(sa.bindparam("most"))
)
_CROSS = per_dialect(_milestones, lambda insert: insert.on_conflict_do_nothing().returning(_milestones.c.number))
_FOLLOW = upsert(_followers)


class SqlAnnouncements:
    """core.outreach.announcement.Announcements."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, petition: str, words: str, now: dt.datetime) -> Announcement:
        """Store a new draft."""
        new = Announcement(0, petition, words, now)
        added = sa.insert(_announcements).returning(_announcements.c.id)
        number = self._connection.execute(added, _values(new)).scalar_one()
        return Announcement(number, petition, words, now)

    def get(self, number: int) -> Announcement | None:
        """The announcement with this id."""
        row = self._connection.execute(_GET, {"number": number}).first()
        return _announcement(row) if row else None

    def hold(self, number: int) -> Announcement | None:
        """The same; until the commit nobody else may change it."""
        row = self._connection.execute(_GET.with_for_update(), {"number": number}).first()
        return _announcement(row) if row else None

    def save(self, announcement: Announcement) -> None:
        """Store what changed of it."""
        self._connection.execute(_SAVE.values(_values(announcement)), {"number": announcement.id})

    def last(self, count: int) -> tuple[Announcement, ...]:
        """The newest, newest first."""
        rows = self._connection.execute(sa.select(_announcements).order_by(_announcements.c.id.desc()).limit(count))
        return tuple(_announcement(row) for row in rows)

    def reach(self, petition: str) -> tuple[AudienceCount, ...]:
        """How many people can be told, from kept counts."""
        return tuple(AudienceCount(*row) for row in self._connection.execute(_REACH, {"slug": petition}))

    def recipients(self, petition: str, after: int, limit: int) -> tuple[Recipient, ...]:
        """Those who can be told, from behind the signature with the id `after`."""
        rows = self._connection.execute(_RECIPIENTS, {"slug": petition, "after": after, "most": limit})
        return tuple(Recipient(*row) for row in rows)


class SqlMilestones:
    """core.outreach.milestones.Milestones."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def cross(self, milestone: Milestone) -> bool:
        """Remember a milestone: the primary key decides who was first."""
        values = {"petition": milestone.petition, "number": milestone.number, "at": milestone.at}
        return self._connection.execute(_CROSS.on(self._connection), values).first() is not None

    def crossed(self) -> tuple[Milestone, ...]:
        """All of them, newest first."""
        rows = self._connection.execute(sa.select(_milestones).order_by(_milestones.c.at.desc(), _milestones.c.number))
        return tuple(Milestone(row.petition, row.number, row.at) for row in rows)

    def follow(self, follower: Follower) -> None:
        """Tell a community from now on."""
        values = {column.name: getattr(follower, column.name) for column in _followers.c}
        self._connection.execute(_FOLLOW.on(self._connection), values)

    def unfollow(self, platform: str, chat: str) -> None:
        """Tell a community no more."""
        self._connection.execute(sa.delete(_followers).where(*_at(platform, chat)))

    def follower(self, platform: str, chat: str) -> Follower | None:
        """The community, if it wants to be told."""
        row = self._connection.execute(sa.select(_followers).where(*_at(platform, chat))).mappings().first()
        return Follower(**row) if row else None

    def followers(self) -> tuple[Follower, ...]:
        """All communities that want to be told."""
        return tuple(Follower(**row) for row in self._connection.execute(sa.select(_followers)).mappings())


def _at(platform: str, chat: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _followers.c.platform == platform, _followers.c.chat == chat


def _values(announcement: Announcement) -> dict[str, Any]:
    return {
        "petition": announcement.petition, "words": announcement.words, "made_at": announcement.made_at,
        "state": announcement.state.value, "locale": announcement.audience.locale,
        "label": announcement.audience.label, "after": announcement.after, "complete": announcement.complete,
    }  # fmt: skip


def _announcement(row: sa.Row[*tuple[Any, ...]]) -> Announcement:
    state, audience = AnnouncementState(row.state), Audience(row.locale, row.label)
    return Announcement(row.id, row.petition, row.words, row.made_at, state, audience, row.after, row.complete)
