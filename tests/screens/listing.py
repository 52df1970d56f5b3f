"""Trends, the block list and the allow list."""

from __future__ import annotations

import datetime as dt

from core.conversation import state as ev
from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from tests.screens.studio import Studio
from tests.world import SALESFORCE

LISTS, RING = "Trends and lists", "throwaway-mail.example"


def lists(studio: Studio) -> None:
    """Both lists, and every answer to an order."""
    studio.asks(LISTS, "/lists, with nothing", "lists")
    studio.asks(LISTS, "/block, with something else", "block no such thing")
    studio.asks(LISTS, "/block, with an address", "block ada@mail.example")
    several = "a.example label=a co.uk gmail.com flyer"
    studio.asks(LISTS, "/block, with several names", f"block {several}")
    studio.asks(LISTS, "/unlist, with several names", "unlist a.example label=a b.example")
    studio.asks(LISTS, "/block, with too many names", "block " + " ".join(f"{number}.example" for number in range(31)))
    studio.asks(LISTS, "/block, with a domain that is open to all", "block co.uk")
    studio.asks(LISTS, "/block, with a large provider's domain", "block gmail.com")
    studio.asks(LISTS, "/block, with a domain", "block mail.example")
    studio.asks(LISTS, "/block, with a label", "block label=spamring")
    studio.asks(LISTS, "/allow", "allow label=stand")
    studio.asks(LISTS, "/unlist", "unlist mail.example")
    studio.asks(LISTS, "/unlist, of nothing on a list", "unlist mail.example")
    with studio.world.work() as work:
        work.cards.community("discord", "1", "g000000000001", "Elm Club")
        work.commit()
    studio.asks(LISTS, "/allow, with a community", "allow label=g000000000001")
    studio.asks(LISTS, "/lists", "lists")
    with studio.world.work() as work:
        for number in range(40):
            origin = Origin(OriginKind.DOMAIN, f"mail{number}.example")
            work.lists.put(ListedOrigin(origin, Verdict.BLOCKED, studio.world.now))
        work.commit()
    studio.asks(LISTS, "/lists, with many", "lists")


def trends(studio: Studio) -> None:
    """A ring, among other signers."""
    studio.asks(LISTS, "/trends, with nothing", f"trends {SALESFORCE}")
    _crowd(studio, "mail.example", "newsletter", 6)
    studio.world.now += dt.timedelta(days=2)
    _crowd(studio, RING, "spamring", 8)
    _crowd(studio, "other.example", "", 2)
    studio.asks(LISTS, "/trends", f"trends {SALESFORCE} 6h")
    studio.asks(LISTS, "A domain that brought much is blocked", f"block {RING}")
    studio.asks(LISTS, "/trends, with something blocked", f"trends {SALESFORCE} 6h")


def _crowd(studio: Studio, domain: str, link: str, size: int) -> None:
    for number in range(size):
        answers = ev.Answer({"full_name": "Ada Sims", "postal_code": "90210", "email": f"a{number}@{domain}"})
        studio.person(f"{domain} {number}").does(ev.Open(link), ev.Begin(), answers, ev.Confirm())
