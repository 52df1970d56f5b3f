"""Made-up people, and what they tell the service."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from core.conversation.state import Begin, Confirm, Event, Open, Reply
from core.platforms import Platform
from core.signatures.signature import Signer
from tests.bench.workbench import SLUG, Place

PLATFORM = Platform.TELEGRAM
ADDRESS = "signer{}@example.org"

_numbers = count(1)


def newcomer(profile_name: str = "") -> Signer:
    """Signer who is new to the product."""
    return Signer(PLATFORM, f"newcomer-{next(_numbers)}", profile_name, "en")


FIVE: Sequence[Event] = (Open(), Begin(), Reply("Ada Lovelace"), Reply("90210"), Confirm())
"""Everything typed."""
THREE: Sequence[Event] = (Begin(), Reply("90210"), Confirm())
"""The name is taken from the profile."""


def signs(place: Place, events: Sequence[Event]) -> None:
    """A newcomer signs, one call of the service an event."""
    signer = newcomer("" if len(events) == len(FIVE) else "Ada Lovelace")
    for event in events:
        place.services.signing.handle(signer, event, SLUG)
