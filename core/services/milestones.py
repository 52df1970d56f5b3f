"""Communities that follow milestones, and what they are told; every method is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.conversation.screen import View
from core.outbox import NewEntry
from core.outreach.milestones import TO_COMMUNITY, Follower, milestone_screen
from core.services.signing import SigningService


@dataclass(frozen=True)
class MilestoneService:
    """What surfaces and workers do about milestones."""

    signing: SigningService

    def follow(self, follower: Follower) -> None:
        """Tell a community from now on."""
        with self.signing.work() as work:
            work.milestones.follow(follower)
            work.commit()

    def unfollow(self, platform: str, chat: str) -> None:
        """Tell a community no more."""
        with self.signing.work() as work:
            work.milestones.unfollow(platform, chat)
            work.commit()

    def follower(self, platform: str, chat: str) -> Follower | None:
        """The community, if it follows."""
        with self.signing.work() as work:
            return work.milestones.follower(platform, chat)

    def moved(self, platform: str, chat: str, to: str) -> None:
        """A community has a new id, and goes on following."""
        with self.signing.work() as work:
            found = work.milestones.follower(platform, chat)
            if found:
                work.milestones.unfollow(platform, chat)
                work.milestones.follow(Follower(platform, to, found.channel, found.label, found.locale))
                work.commit()

    def fan_out(self, petition: str, number: int) -> None:
        """Put an entry for each community that follows now."""
        with self.signing.work() as work:
            work.outbox.put(list(self._entries(work.milestones.followers(), petition, number)))
            work.commit()

    def _entries(self, followers: tuple[Follower, ...], petition: str, number: int) -> Iterator[NewEntry]:
        for one in followers:
            payload = {"petition": petition, "number": number, "chat": one.chat}
            key = f"{petition}:{number}:{one.chat}"
            yield NewEntry(TO_COMMUNITY[one.platform], key, self.signing.clock(), payload, f"{petition}:{number}")

    def told(self, platform: str, chat: str, petition: str, number: int) -> tuple[Follower, View] | None:
        """Whom to tell what; None where the community does not follow any more, or the petition is gone."""
        known = self.signing.petitions.get(petition)
        with self.signing.work() as work:
            to = work.milestones.follower(platform, chat)
            if to is None or known is None:
                return None
            decided, counted = known.with_decision(work.decisions.of(petition)), work.tallies.of(petition).counted
        return to, View(milestone_screen(decided, number, counted, to.locale), to.locale, petition)
