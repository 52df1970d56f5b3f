"""A card shows its own petition with that petition's count, whatever folders were called before."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.common.links import Links
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import FreshCards
from bots.telegram.renderer import TelegramRenderer
from core.conversation.screen import Line, Progress
from core.petition.collection import collect
from core.petition.former_names import stored_name
from core.petition.petition import Petition
from core.services.cards import CardService
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.petition.test_collection import PREVIEW
from tests.effort import scaled
from tests.world import NOW, TREES, catalog, petitions

_EXAMPLES = itertools.count()


@dataclass(frozen=True)
class Renamed:
    """A petition by the names of its folder, its current one first; its signatures are stored under one of them."""

    names: tuple[str, ...]
    stored: str
    counted: int

    @property
    def petition(self) -> Petition:
        elms = petitions()[TREES]
        text = replace(elms.text("en"), title=f"About {self.names[0]}")
        return replace(elms, slug=self.names[0], texts={"en": text}, formerly=self.names[1:], closes=None, opens=None)


@st.composite
def renamings(draw: st.DrawFn) -> list[Renamed]:
    """Several petitions, none of which has a name of another."""
    names, found = draw(st.permutations([*"abcdefgh"])), []
    while names:
        size = draw(st.integers(1, 3))
        own, names = tuple(names[:size]), names[size:]
        counted = draw(st.integers(0, 500))
        found.append(Renamed(own, draw(st.sampled_from(own)) if counted else own[-1], counted))
    return found


@settings(max_examples=scaled(40), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(renamings())
def test_a_card_never_shows_another_petitions_count(database: Database, vault: Vault, plan: list[Renamed]) -> None:
    example = next(_EXAMPLES)
    every = [
        replace(one, names=tuple(f"{each}{example}" for each in one.names), stored=f"{one.stored}{example}")
        for one in plan
    ]
    counts: Mapping[str, int] = {one.stored: one.counted for one in every}
    with SqlUnitOfWork(database, vault) as work:
        for slug, counted in counts.items():
            work.tallies.add(slug, SignatureStatus.COUNTED, counted)
        work.commit()
    known = collect(
        {one.names[0]: one.petition for one in every}, PREVIEW,
        stored=lambda petition: stored_name(petition, lambda name: counts.get(name, 0), lambda _: False),
    )  # fmt: skip
    queries, queue = SqlQueries(database, vault), PerChatQueue(lambda _: None)
    cards = CardService(lambda: SqlUnitOfWork(database, vault), queries, lambda: NOW)
    draw_card = TelegramRenderer(catalog(), known, Links(telegram="UndersignBot")).card
    with closing(ServiceThreads(1)) as threads:
        fresh = FreshCards("telegram", known, threads, cards, queries, queue, draw_card)
        for one in every:
            for name in one.names:
                _, view = asyncio.run(fresh.draw((name, "en")))
                title, *_ = (part.words for part in view.screen.parts if isinstance(part, Line))
                (counted,) = (part.counted for part in view.screen.parts if isinstance(part, Progress))
                assert (title, counted) == (f"About {one.names[0]}", one.counted), name
