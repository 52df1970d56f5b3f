"""Counts the steps that conversations reach, except those of organizers, whose visits say nothing about a petition."""

from __future__ import annotations

from functools import partial

from core.conversation.funnel import contribution, follow, leave, questions, uncounted
from core.conversation.state import Conversation, Event
from core.petition.petition import Petition
from core.ports import Person, UnitOfWork
from core.services.setup import SigningSetup
from core.signatures.signature import SignerContext


class StepCounter:
    """The stored counts of the steps that one person's conversations reach, inside a transaction."""

    def __init__(self, setup: SigningSetup, work: UnitOfWork, person: Person) -> None:
        self._setup, self._work, self._person = setup, work, person
        self._move = partial(work.breakdowns.move, person=person.id)

    def follow(
        self, before: Conversation, event: Event, after: Conversation, petition: Petition, known: SignerContext
    ) -> Conversation:
        """Count the steps that a turn reached; returns the conversation with what it counts for."""
        asked = questions(before, event, after, petition, self._setup.clock(), known)
        after, steps = follow(before, after, petition, asked, self._is_counted)
        self._move(petition.slug, steps=steps)
        return after

    def leave(self, conversation: Conversation) -> None:
        """Take an erased conversation out of the counts of what goes on."""
        self._move(conversation.petition, steps=leave(conversation))

    def stop(self) -> None:
        """Take the conversations of a new organizer out of all counts."""
        for slug in sorted(self._setup.petitions):
            stored = self._work.conversations.get(self._person, slug)
            if stored and (counted := contribution(stored)):
                self._move(slug, steps={step: -count for step, count in counted.items()})
                self._work.conversations.save(self._person, uncounted(stored), self._setup.clock())

    def _is_counted(self) -> bool:
        return not self._setup.organizes(self._work, self._person.signer)
