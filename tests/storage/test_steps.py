"""After thousands of random visits, the steps that organizers read equal what people were shown, link by link."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from core.conversation import funnel
from core.conversation import state as ev
from core.conversation.screen import View
from core.conversation.state import Event, Stage
from core.ports import UnitOfWork
from core.signatures.breakdowns import OWN_LINKS
from core.signatures.signature import Outcome, Signer
from tests.core.organizer.test_commands import Office
from tests.effort import scaled
from tests.world import SALESFORCE, World

VISITS = 2_000
LINKS = {"": "", "flyer": "flyer", "newsletter": "newsletter", "rabcdefghijkl": OWN_LINKS, "rabcdefghijkm": OWN_LINKS}
EVENTS: tuple[tuple[Event, int], ...] = (
    (ev.Begin(), 8), (ev.Reply("Ada"), 8), (ev.Reply("90210"), 8), (ev.Confirm(), 6), (ev.TurnPage(0), 2),
    (ev.Back(), 2), (ev.Cancel(), 1), (ev.Withdraw(), 1), (ev.Edit("full_name"), 1), (ev.Forget(), 1),
    (ev.Answer({"full_name": "Ben", "postal_code": "10001"}), 1),
)  # fmt: skip
ORGANIZERS = [Signer("test", "Olga")]


class Visits(Office):
    """Random visits, and what each person was shown, noted without the code that counts."""

    def __init__(self, work: Callable[[], UnitOfWork]) -> None:
        super().__init__(World(work=work))
        self.chance, self.begun = random.Random(5), Counter[str]()
        self.visitors = [Signer("discord", str(number)) for number in range(scaled(VISITS) // 8)]
        self.steps: dict[tuple[str, int], set[str]] = {}
        self.links: dict[tuple[str, int], str] = {}
        for _ in range(scaled(VISITS)):
            self._visit(self.chance.choice([*self.visitors, *ORGANIZERS]))

    def _visit(self, signer: Signer) -> None:
        """Let something happen; whoever erases themselves comes back as a stranger."""
        who = signer.user_id, self.begun[signer.user_id]
        is_known, link = who in self.steps, self.chance.choice(list(LINKS))
        events, weights = zip(*EVENTS, strict=True)
        event = self.chance.choices(events, weights)[0] if is_known and self.chance.random() < 0.8 else ev.Open(link)
        asked = self._form(signer, event)
        view = self.world.signing.handle(signer, event, SALESFORCE)
        if isinstance(event, ev.Forget):
            self.begun[signer.user_id] += 1
            return
        steps = self.steps.setdefault(who, set())
        if isinstance(event, ev.Open) and funnel.SIGNED not in steps:
            self.links[who] = LINKS[link] if link or not is_known else self.links[who]
        steps |= self._shown(signer, view) | asked

    def _form(self, signer: Signer, event: Event) -> set[str]:
        """The questions that a form asks: those that the chat would ask."""
        if not isinstance(event, ev.Answer):
            return set()
        view = self.world.signing.handle(signer, ev.Begin(), SALESFORCE, dry_run=True)
        return {f"asked:{prompt.field.name}" for prompt in view.screen.prompts if prompt.field.name in event.values}

    def _shown(self, signer: Signer, view: View) -> set[str]:
        """The steps to which the signer's screen belongs."""
        with self.world.work() as work:
            person = work.signers.find(signer)
            now = work.conversations.get(person, SALESFORCE) if person else None
        assert now
        if now.stage is Stage.FINISHED and now.outcome is Outcome.SIGNED:
            return set(funnel.STEPS)
        steps = {Stage.READING: 1, Stage.FINISHED: 1, Stage.ANSWERING: 2, Stage.REVIEWING: 3}[now.stage]
        asked = {f"asked:{prompt.field.name}" for prompt in view.screen.prompts[:1]}
        asks = now.stage is Stage.ANSWERING and not now.trail and not now.asking
        return {*funnel.STEPS[:steps], *(asked if asks else ())}

    def expected(self) -> dict[str, Counter[str]]:
        """The steps by link, counted from what people were shown."""
        links: dict[str, Counter[str]] = {}
        for who, steps in self.steps.items():
            if who[0] != ORGANIZERS[0].user_id:
                links.setdefault(self.links[who], Counter()).update(steps)
        return links


def test_steps_by_link_equal_what_people_were_shown(work: Callable[[], UnitOfWork]) -> None:
    visits = Visits(work)
    expected, kept = visits.expected(), {}
    with visits.world.work() as unit:
        for label, steps in unit.breakdowns.steps_by_link(SALESFORCE).items():
            others = [step for step in steps if step.startswith("read:") or step == funnel.PENDING]
            assert not others or label == ""
            kept[label] = {step: total for step, total in steps.items() if step not in others}
    assert {label: steps for label, steps in kept.items() if steps} == expected
    assert set(expected) == set(LINKS.values())
    total = sum(expected.values(), Counter())
    opened, signed = total[funnel.OPENED], total[funnel.SIGNED]
    assert 0 < signed < total["asked:full_name"] < opened, "everything happened"
    told = visits.reads(f"stats {SALESFORCE} steps").splitlines()
    assert f"Opened the petition: {opened:,}" in told
    assert f"Signed: {signed:,} ({round(100 * signed / opened)}%)" in told
    flyer = [expected["flyer"][step] for step in (funnel.OPENED, funnel.BEGAN, funnel.SIGNED)]
    shares = [f"{count:,} ({round(100 * count / flyer[0])}%)" for count in flyer[1:]]
    assert f"flyer: {flyer[0]:,} → {shares[0]} → {shares[1]}" in told
