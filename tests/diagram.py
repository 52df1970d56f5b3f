"""Draws the conversation's stages from the machine itself: `python -m tests.diagram` renews ARCHITECTURE.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.conversation import state as ev
from core.conversation.machine import advance, conclude
from core.conversation.state import Conversation, Event, Stage
from core.signatures.signature import Outcome, Signature, SignatureStatus, SignerContext
from tests.world import NOW, SALESFORCE, petitions

ARCHITECTURE = Path(__file__).parents[1] / "ARCHITECTURE.md"
_FENCE = re.compile(r"```mermaid\n.*?```", re.DOTALL)

EVENTS: tuple[tuple[str, Event], ...] = (
    ("Begin", ev.Begin()),
    ("Answer, nothing left to ask", ev.Answer({"full_name": "Ada", "postal_code": "90210"})),
    ("Answer, refused", ev.Answer({"full_name": "@"})),
    ("Edit", ev.Edit("email")),
    ("Skip", ev.Skip()),
    ("Confirm", ev.Confirm()),
    ("Cancel", ev.Cancel()),
    ("Back", ev.Back()),
    ("Open", ev.Open()),
    ("Withdraw", ev.Withdraw()),
    ("Forget", ev.Forget()),
)


def diagram() -> str:
    """The diagram as Mermaid: each event that leads from one stage to another."""
    arrows: dict[tuple[Stage, Stage], list[str]] = {}
    for conversation, known in _states():
        for name, event in EVENTS:
            turn = advance(conversation, event, petitions()[SALESFORCE], NOW, known)
            after = conclude(turn.conversation, Outcome.SIGNED) if turn.submission else turn.conversation
            names = arrows.setdefault((conversation.stage, after.stage), [])
            if conversation.stage is not after.stage and name not in names:
                names.append(name)
    lines = ["stateDiagram-v2", "    [*] --> reading"]
    lines += [f"    {start} --> {two}: {', '.join(names)}" for (start, two), names in arrows.items() if names]
    return "\n".join(["```mermaid", *lines, "```"])


def _states() -> Iterator[tuple[Conversation, SignerContext]]:
    """Iterate over every stage, with a valid signature and without one."""
    petition = petitions()[SALESFORCE]
    reading = Conversation(SALESFORCE, "en")
    asking = advance(reading, ev.Begin(), petition, NOW).conversation
    review = advance(asking, ev.Answer({"full_name": "Ada", "postal_code": "90210"}), petition, NOW).conversation
    editing = advance(review, ev.Edit("email"), petition, NOW).conversation
    finished = conclude(review, Outcome.SIGNED)
    signed = Signature(SALESFORCE, "R", "r", 1, SignatureStatus.COUNTED, "d", NOW, "test", "en")
    yield from ((state, SignerContext()) for state in (reading, asking, editing, review))
    yield replace(reading), SignerContext(signature=signed)
    yield finished, SignerContext(signature=signed)
    yield conclude(finished, Outcome.WITHDRAWN), SignerContext()


def main() -> None:
    """Write the current diagram into ARCHITECTURE.md."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    ARCHITECTURE.write_text(_FENCE.sub(lambda _: diagram(), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
