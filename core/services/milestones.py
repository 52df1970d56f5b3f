"""Communities that follow milestones, and the posts they get; each method is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.conversation.screen import View
from core.outbox import NewEntry
from core.outreach.milestones import TO_COMMUNITY, Follower, milestone_screen
from core.services.signing import SigningService


@dataclass(frozen=True)
class MilestoneService:
    """The part of milestones for surfaces and workers."""

    signing: SigningService

    def follow(self, follower: Follower) -> None:
        """Post milestones in a community from now on."""
        with self.signing.work() as work:
            work.milestones.follow(follower)
            work.commit()

    def unfollow(self, platform: str, chat: str) -> None:
        """Stop posting milestones in a community."""
        with self.signing.work() as work:
            work.milestones.unfollow(platform, chat)
            work.commit()

    def follower(self, platform: str, chat: str) -> Follower | None:
        """The community, if it follows."""
        with self.signing.work() as work:
            return work.milestones.follower(platform, chat)

    def move(self, platform: str, chat: str, to: str) -> None:
        """Move a follower to the new id that its community got."""
        with self.signing.work() as work:
            follower = work.milestones.follower(platform, chat)
            if follower:
                work.milestones.unfollow(platform, chat)
                work.milestones.follow(replace(follower, chat=to))
                work.commit()

    def fan_out(self, petition: str, number: int) -> None:
        """Add an entry for each community that currently follows."""
        with self.signing.work() as work:
            work.outbox.put(list(self._entries(work.milestones.followers(), petition, number)))
            work.commit()

    def _entries(self, followers: tuple[Follower, ...], petition: str, number: int) -> Iterator[NewEntry]:
        for follower in followers:
            payload = {"petition": petition, "number": number, "chat": follower.chat}
            key = f"{petition}:{number}:{follower.chat}"
            yield NewEntry(TO_COMMUNITY[follower.platform], key, self.signing.clock(), payload, f"{petition}:{number}")

    def post(self, platform: str, chat: str, petition: str, number: int) -> tuple[Follower, View] | None:
        """The community and its post; None if it no longer follows, or the petition no longer exists.

        Raises PetitionUnreadableError while the petition's folder has errors.
        """
        known = self.signing.find(petition)
        with self.signing.work() as work:
            follower = work.milestones.follower(platform, chat)
            if follower is None or known is None:
                return None
            decided, counted = known.with_decision(work.decisions.of(petition)), work.tallies.of(petition).counted
            log = work.log.checkpoint(known.slug)
        locale = follower.locale or known.languages[0]
        screen = milestone_screen(decided, number, counted, locale, self.signing.clock(), log)
        return follower, View(screen, locale, petition)
