"""Typed orders: buttons already sent keep their meaning, and every order survives its way through a button."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bots.common.callback_data import LONGEST, decode_order, encode_order
from core.conversation.screen import Order
from core.organizer import CHOOSING, COMMANDS
from core.organizer.announce import Announce
from core.organizer.announcement_order import LONGEST_NUMBER, Action, AnnouncementOrder
from core.organizer.chart import DrawChart
from core.organizer.clock import ConfirmClock
from core.organizer.command import ChoosePetition, CommandLine
from core.organizer.count import Count
from core.organizer.decision_order import Close, ConfirmVictory, Pause, Reopen, SetGoal, Victory
from core.organizer.drafts import ListDrafts
from core.organizer.erase_order import FoundPerson, SearchPerson, SearchStep
from core.organizer.export import FORMATS, Export
from core.organizer.filter_words import Age
from core.organizer.find_order import NAME as FIND
from core.organizer.find_order import DecideFound, FindStep, FoundAccount
from core.organizer.goal import HIGHEST_GOAL
from core.organizer.links import Link, Sources
from core.organizer.list_order import AllowOrigin, BlockOrigin, UnlistOrigin
from core.organizer.review_filters import ANY, Filters
from core.organizer.review_order import ConfirmPlan, ExplainFilters, ListSignatures, ReviewMany, ReviewOne
from core.organizer.review_words import ReviewAction
from core.organizer.stats import PARTS, Stats
from core.organizer.team import Dismiss, ListOrganizers
from core.organizer.thresholds import HIGHEST, SetThreshold
from core.organizer.trends import ShowTrends
from core.outreach.announcement import Audience
from core.petition.label import is_community, is_personal
from core.signatures.origins import Origin, OriginKind
from core.signatures.quarantine import Signal
from core.signatures.signature import SignatureStatus
from tests.world import SALESFORCE, TREES, petitions

SLUG = SALESFORCE
WIRE: dict[str, Order] = {
    "!help": CommandLine("help"),
    "!audit": CommandLine("audit"),
    "!count": Count(),
    f"!stats {SLUG} 7d": Stats(SLUG),
    f"!stats {SLUG} 30d links": Stats(SLUG, "30d", "links"),
    f"!chart {SLUG} all platform dark": DrawChart(SLUG, "all", "platform", "dark"),
    f"!sources {SLUG}": Sources(SLUG),
    f"!link {SLUG} friday": Link(SLUG, "friday"),
    f"!export {SLUG} action_network": Export(SLUG, "action_network"),
    f"!export {SLUG} csv since=7d": Export(SLUG, "csv", "since=7d"),
    f"!goal {SLUG} 5000": SetGoal(SLUG, 5000),
    f"!pause {SLUG} yes": Pause(SLUG, "yes"),
    f"!reopen {SLUG} yes": Reopen(SLUG, "yes"),
    f"!close {SLUG}": Close(SLUG),
    f"!victory {SLUG} We won!": Victory(SLUG, "We won!"),
    "!victory do 0000AAAA9999": ConfirmVictory("0000AAAA9999"),
    "!organizers": ListOrganizers(),
    "!organizers 2": ListOrganizers(1),
    "!drafts": ListDrafts(),
    "!drafts 2": ListDrafts(1),
    "!count 2": Count(page=1),
    "!which 2 stats 30d links": ChoosePetition(1, CommandLine("stats", "30d links")),
    "!which 3 announcement 12 about": ChoosePetition(2, CommandLine("announcement", "12 about")),
    "!dismiss 7": Dismiss("7"),
    "!dismiss 7 yes": Dismiss("7", is_sure=True),
    "!clock": ConfirmClock(),
    "!clock 2027-03-01": ConfirmClock("2027-03-01"),
    "!erase list 0000AAAA9999 5": FoundPerson(SearchStep.LIST, "0000AAAA9999", 5),
    "!erase show 0000AAAA9999 12": FoundPerson(SearchStep.SHOW, "0000AAAA9999", 12),
    "!erase do 0000AAAA9999 1 0a1b2c3d": FoundPerson(SearchStep.DO, "0000AAAA9999", 1, "0a1b2c3d"),
    "!erase keep 0000AAAA9999 1": FoundPerson(SearchStep.KEEP, "0000AAAA9999"),
    "!find list 0000AAAA9999 5": FoundAccount(FindStep.LIST, "0000AAAA9999", 5),
    "!find show 0000AAAA9999 12": FoundAccount(FindStep.SHOW, "0000AAAA9999", 12),
    "!find stop 0000AAAA9999 1": FoundAccount(FindStep.STOP, "0000AAAA9999", 1),
    "!find restore 0000AAAA9999 50 123456789": DecideFound(ReviewAction.RESTORE, "0000AAAA9999", 50, 123456789),
    "!announcement 12": AnnouncementOrder(12),
    f"!announcement 12 about {SLUG}": AnnouncementOrder(12, Action.ABOUT, petition=SLUG),
    "!announcement 12 all": AnnouncementOrder(12, Action.OFFER),
    "!announcement 12 in pt_BR": AnnouncementOrder(12, Action.OFFER, audience=Audience(locale="pt_BR")),
    "!announcement 12 by news": AnnouncementOrder(12, Action.OFFER, audience=Audience(label="news")),
    "!announcement 12 send all": AnnouncementOrder(12, Action.SEND),
    "!announcement 12 send by news": AnnouncementOrder(12, Action.SEND, audience=Audience(label="news")),
    "!announcement 12 pause": AnnouncementOrder(12, Action.PAUSE),
    "!announcement 12 resume": AnnouncementOrder(12, Action.RESUME),
    "!announcement 12 cancel": AnnouncementOrder(12, Action.CANCEL),
    "!block mail.example": BlockOrigin(Origin(OriginKind.DOMAIN, "mail.example")),
    "!block gmail.com yes": BlockOrigin(Origin(OriginKind.DOMAIN, "gmail.com"), is_sure=True),
    "!allow label=own~0123456789abcdef": AllowOrigin(Origin(OriginKind.LABEL, "own~0123456789abcdef")),
    "!unlist label=spamring": UnlistOrigin(Origin(OriginKind.LABEL, "spamring")),
    f"!trends {SLUG} 6h": ShowTrends(SLUG, "6h"),
    "!review set": SetThreshold(),
    "!review set burst": SetThreshold(Signal.BURST),
    "!review set burst 0": SetThreshold(Signal.BURST, 0),
    "!review do 0000AAAA9999": ConfirmPlan("0000AAAA9999"),
    "!review accept 0000-AAAA-9999": ReviewOne(ReviewAction.ACCEPT, "0000-AAAA-9999"),
    "!review invalidate 0000-AAAA-9999": ReviewOne(ReviewAction.INVALIDATE, "0000-AAAA-9999"),
    "!review restore 0000-AAAA-9999": ReviewOne(ReviewAction.RESTORE, "0000-AAAA-9999"),
    "!review accept 0000-AAAA-9999 reason=burst after=12": ReviewOne(
        ReviewAction.ACCEPT, "0000-AAAA-9999", Filters(reason=Signal.BURST, after=12)
    ),
    f"!review {SLUG}": ListSignatures(SLUG),
    f"!review {SLUG} status=any after=12": ListSignatures(SLUG, Filters(status=ANY, after=12)),
    f"!review {SLUG} accept since=2h": ReviewMany(SLUG, ReviewAction.ACCEPT, Filters(since=Age(2, "h"))),
}
"""The bytes of buttons as every version so far has sent them, and their meaning."""


def parse(line: CommandLine) -> Order:
    command = next(command for command in (*COMMANDS, CHOOSING) if command.name == line.name)
    order: Order = command.parse(line.argument, petitions())
    return order


@pytest.mark.parametrize("wire", WIRE)
def test_a_button_already_sent_keeps_its_bytes_and_its_meaning(wire: str) -> None:
    line = decode_order(wire)
    assert line is not None
    assert parse(line) == WIRE[wire]
    assert encode_order(WIRE[wire]) == wire
    assert len(wire.encode()) <= LONGEST


WORDS = st.lists(st.text("abcXYZ0123é🌳!?-", min_size=1, max_size=8), max_size=5).map(" ".join)
LABELS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)
SLUGS = st.sampled_from([SALESFORCE, TREES])
AUDIENCES = st.one_of(
    st.just(Audience()), LABELS.map(lambda label: Audience(label=label)),
    st.sampled_from(["en", "es", "pt_BR"]).map(lambda locale: Audience(locale=locale)),
)  # fmt: skip
RECEIPTS = st.from_regex(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", fullmatch=True)
CODES = st.from_regex(r"[0-9A-Z]{12}", fullmatch=True)
VERSIONS = st.just("") | st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
ACTIONS = st.sampled_from(ReviewAction)
REPLIES = st.sampled_from(["", "yes", "no"])
NUMBERS = st.integers(0, 10**LONGEST_NUMBER - 1)
FILTERS = st.builds(
    Filters,
    status=st.sampled_from(["", ANY, SignatureStatus.COUNTED.value, SignatureStatus.INVALID.value]),
    reason=st.none() | st.sampled_from(Signal),
    label=st.just("") | LABELS | st.from_regex(r"own~[a-f0-9]{16}", fullmatch=True),
    platform=st.sampled_from(["", "telegram", "discord"]),
    language=st.sampled_from(["", "es", "pt_BR"]),
    since=st.none() | st.builds(Age, st.integers(0, 9999), st.sampled_from("mhd")),
    after=st.integers(0, 10**18 - 1),
)
ORDERS: SearchStrategy[Order] = st.one_of(
    st.builds(Count, SLUGS | st.just("")),
    st.builds(Stats, SLUGS | st.just(""), st.sampled_from(["7d", "30d", "12d", "all"]), st.sampled_from(list(PARTS))),
    st.builds(
        DrawChart, SLUGS, st.sampled_from(["7d", "30d", "all"]), st.sampled_from(["total", "source", "platform"]),
        st.sampled_from(["light", "dark"]),
    ),
    st.builds(Sources, SLUGS),
    st.builds(Link, SLUGS, LABELS.filter(lambda label: not (is_personal(label) or is_community(label)))),
    st.builds(Export, SLUGS, st.sampled_from(["", *FORMATS])),
    st.builds(SetGoal, SLUGS, st.integers(0, HIGHEST_GOAL)),
    st.builds(Pause, SLUGS, REPLIES), st.builds(Reopen, SLUGS, REPLIES), st.builds(Close, SLUGS, REPLIES),
    st.builds(Victory, SLUGS, WORDS), st.builds(Announce, SLUGS, WORDS),
    st.builds(AnnouncementOrder, NUMBERS, st.sampled_from([Action.SHOW, Action.PAUSE, Action.RESUME, Action.CANCEL])),
    st.builds(AnnouncementOrder, NUMBERS, st.just(Action.ABOUT), petition=SLUGS),
    st.builds(AnnouncementOrder, NUMBERS, st.just(Action.SEND), audience=st.none()),
    st.builds(AnnouncementOrder, NUMBERS, st.sampled_from([Action.OFFER, Action.SEND]), audience=AUDIENCES),
    st.builds(FoundPerson, st.sampled_from(SearchStep), CODES, st.integers(1, 99), VERSIONS),
    st.builds(SearchPerson, WORDS), st.builds(SearchPerson, WORDS, st.just(FIND)),
    st.builds(FoundAccount, st.sampled_from(FindStep), CODES, st.integers(1, 99)),
    st.builds(DecideFound, ACTIONS, CODES, st.integers(1, 99), st.integers(0, 10**12)),
    st.just(SetThreshold()),
    st.builds(SetThreshold, st.sampled_from(Signal), st.none() | st.integers(0, HIGHEST)),
    st.builds(ListSignatures, SLUGS | st.just(""), FILTERS), st.builds(ReviewMany, SLUGS, ACTIONS, FILTERS),
    st.builds(ReviewOne, ACTIONS, RECEIPTS, FILTERS), st.builds(ConfirmPlan, RECEIPTS), st.just(ExplainFilters()),
)  # fmt: skip


@given(ORDERS)
def test_parsing_a_written_order_gives_the_order(order: Order) -> None:
    line = decode_order(encode_order(order))
    assert line is not None
    assert parse(line) == order
