"""No text, caption, sticker or album in any stage removes an accepted answer."""

from __future__ import annotations

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from core.conversation import state as ev
from core.conversation.state import Conversation, Event, Overlay
from core.conversation.typed import Media, MediaKind
from core.petition.petition import PetitionStatus
from core.signatures.signature import Outcome
from tests.core.services.test_decisions import decide
from tests.effort import scaled
from tests.world import NOW, World

WORDS = ("Cancel", "Back", "Remove", "Skip", "Discard and start over", "stop", "baja", "Yes", "Ada", "90210", "@", " ")
texts = st.sampled_from(WORDS) | st.text(max_size=30)
ERASING = (ev.Cancel, ev.NotMe, ev.Remove, ev.Forget, ev.Withdraw, ev.Confirm, ev.Answer)


class Signing(RuleBasedStateMachine):
    """A person who taps through the screens of one petition, and types and sends anything in between."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.ada = self.world.person("Ada")
        self.ada.does(ev.Begin())

    def stored(self) -> Conversation | None:
        with self.world.work() as work:
            person = work.signers.find(self.ada.signer)
            return work.conversations.get(person, self.ada.petition) if person else None

    def sends(self, event: Event) -> None:
        before = self.stored()
        self.ada.view = self.world.signing.handle(self.ada.signer, event, self.ada.petition)
        after = self.stored()
        if before and not (after and after.outcome is Outcome.SIGNED):
            assert after, event
            lost = before.answers.keys() - after.answers.keys()
            assert not lost, (event, lost, before.stage, before.trail)

    @rule(text=texts, album=st.sampled_from(["", "7", "8"]))
    def types(self, text: str, album: str) -> None:
        self.sends(ev.Reply(text, album=album))

    @rule(choice=st.integers(0, 30))
    def types_the_words_of_a_button(self, choice: int) -> None:
        """Not those that answer the question about erasing everything."""
        buttons = [button for row in self.ada.screen.buttons for button in row]
        words = [self.ada.says(button.text) for button in buttons if button.event not in (ev.Forget(), ev.Withdraw())]
        self.sends(ev.Reply(words[choice % len(words)]))

    @rule(text=texts, seconds=st.integers(0, 2), joint=st.sampled_from([None, "", " "]))
    def types_in_parts(self, text: str, seconds: int, joint: str | None) -> None:
        """Only a text of thousands of characters may have more parts."""
        whole = text if joint is None else text + 4096 * "x"
        self.sends(ev.Reply(whole, NOW + dt.timedelta(seconds=seconds), joint))

    @rule(text=texts)
    def edits_a_message(self, text: str) -> None:
        self.sends(ev.Correct(text))

    @rule(kind=st.sampled_from(MediaKind), album=st.sampled_from(["", "7", "8"]))
    def sends_media(self, kind: MediaKind, album: str) -> None:
        before = self.stored()
        self.sends(Media(kind, album))
        after = self.stored()
        assert (before and (before.answers, before.probes)) == (after and (after.answers, after.probes))

    @rule(choice=st.integers(0, 30))
    def taps(self, choice: int) -> None:
        """Tap a button that erases nothing."""
        buttons = [button for row in self.ada.screen.buttons for button in row if button.event]
        harmless = [button for button in buttons if not isinstance(button.event, ERASING)]
        if harmless:
            button = harmless[choice % len(harmless)]
            assert button.event
            self.sends(button.event)

    @rule(overlay=st.sampled_from([Overlay.MORE, Overlay.PRIVACY, Overlay.UPDATES, Overlay.FORGET]))
    def looks(self, overlay: Overlay) -> None:
        self.sends(ev.Show(overlay))

    @rule(
        values=st.dictionaries(st.sampled_from(["comment", "email", "full_name"]), st.sampled_from(["", " ", *WORDS]))
    )
    def fills_in_a_form(self, values: dict[str, str]) -> None:
        """Leave some boxes empty, too."""
        self.sends(ev.Answer(values))

    @rule(name=st.sampled_from(["comment", "email", "postal_code"]))
    def edits(self, name: str) -> None:
        self.sends(ev.Edit(name))

    @rule(status=st.sampled_from(3 * [PetitionStatus.OPEN] + [PetitionStatus.PAUSED, PetitionStatus.CLOSED]))
    def organizers_decide(self, status: PetitionStatus) -> None:
        decide(self.world, status)


def test_no_text_caption_sticker_or_album_removes_an_accepted_answer() -> None:
    run_state_machine_as_test(
        Signing, settings=settings(max_examples=scaled(100), stateful_step_count=30, deadline=None)
    )
