"""Screens before signing: the petition, its sources, and questions about the reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bots.preview.telegram import draw_message
from bots.telegram.renderer import TelegramMessage
from bots.telegram.rich import RichTexts
from core.conversation import state as ev
from core.conversation.state import Overlay
from core.conversation.typed import CanRead
from core.conversation.whole import READ_WHOLE
from core.messages import Message
from core.petition.cited_text import read_cited_text
from core.petition.collection import Visibility
from core.petition.petition import Decision, Petition, PetitionStatus
from core.platforms import Platform
from core.signatures.signature import SignatureStatus
from core.text.document import Block, BlockKind, Document, Span
from tests.core.petition.test_collection import PREVIEW
from tests.screens.studio import CHATS, DISCORD, GOOD, TELEGRAM, Studio
from tests.telegram_server import rich
from tests.world import NOW, SALESFORCE, TREES, petitions

FIRST, READING, MORE = "The first screen", "Reading", "Sharing, privacy and settings"


def variant(**changes: object) -> Petition:
    """The petition about trees, with some of its facts changed."""
    return replace(petitions()[TREES], **changes)  # type: ignore[arg-type]


def first_screens(studio: Studio) -> None:
    """The list of petitions, and the first screen of one, whatever has happened before."""
    ada = studio.person(petition=TREES)
    studio.does(FIRST, "Several petitions to choose from", ada.about(""), ev.Open())
    studio.does(FIRST, "A link to a petition that isn't here", ada.about("nowhere"), ev.Open())
    broken = replace(studio.world.signing, broken=frozenset({"broken"}))
    studio.show(FIRST, "A link to a petition whose files have errors", broken.handle(ada.signer, ev.Open(), "broken"))
    studio.does(FIRST, "A petition that nobody has signed", ada, ev.Open())
    studio.does(FIRST, "Signing has been started", ada, ev.Answer({"who": "Ada Lovelace"}), ev.Open())
    studio.does(FIRST, "The unfinished signature is discarded", ada, ev.Cancel())
    ada.about(SALESFORCE).does(ev.Begin(), ev.Answer({"postal_code": "90210"}), ev.Confirm())
    with studio.world.work() as work:
        work.tallies.add(SALESFORCE, SignatureStatus.COUNTED, 1233)
        work.commit()
    studio.does(FIRST, "A signer of another petition", ada, ev.Open())
    studio.does(FIRST, "“Not Ada Lovelace?”", ada, ev.NotMe())
    studio.does(FIRST, "Signed already", studio.person(), ev.Open())
    studio.does(FIRST, "A petition with a count", studio.person("Ben"), ev.Open())


def trials(studio: Studio) -> None:
    """A draft, tried the whole way, and a petition that one tries in the data of a bot."""
    for listing, title in ((Visibility.PUBLISHED, "A draft"), (Visibility.TRIALS, "A trial where a bot is set up")):
        draft = variant(is_draft=listing is Visibility.PUBLISHED)
        other = Studio(studio.album, studio.locale, draft, visibility=listing)
        ada = other.person(petition=PREVIEW(TREES))
        other.does(FIRST, title, ada, ev.Open())
        ada.does(ev.Begin())
        assert ada.view
        other.form(FIRST, f"{title}: the form", ada.view)
        other.does(FIRST, f"{title}: signed", ada, ev.Answer(GOOD), ev.Confirm())
        other.does(FIRST, f"{title}: signed before", ada, ev.Back())
        other.does(FIRST, f"{title}: where nothing is published", other.person(petition=""), ev.Open())


def states(studio: Studio) -> None:
    """First screens of petitions that cannot be signed, and of one in another language."""
    foreign = replace(petitions()[TREES].text("en"), language="fr")
    _first(studio, variant(texts={"fr": foreign}), "A petition in another language")
    _first(studio, variant(opens=dt.date(2027, 1, 1)), "Signing has not opened")
    over = _first(studio, variant(closes=dt.date(2026, 6, 30)), "Signing is over")
    over.does(READING, "The letter, after signing is over", over.person("Cem", TREES), ev.TurnPage(0))
    west = variant(closes=dt.date(2026, 6, 30), timezone="America/Los_Angeles")
    _first(studio, west, "Signing is over in the petition's time zone")
    _first(studio, variant(), "Closed by its organizers", Decision(PetitionStatus.CLOSED, since=NOW))
    won = Decision(PetitionStatus.VICTORY, words="The Town Council keeps the elms.", since=NOW)
    _first(studio, variant(), "A victory", won, counted=1234)
    paused = _first(studio, variant(), "Signing is paused", Decision(PetitionStatus.PAUSED, since=NOW))
    paused.does(FIRST, "“Sign” while signing is paused", paused.person("Ben", TREES), ev.Begin())


def _first(
    studio: Studio, petition: Petition, title: str, decision: Decision | None = None, counted: int = 0
) -> Studio:
    other = Studio(studio.album, studio.locale, petition)
    with other.world.work() as work:
        work.tallies.add(petition.slug, SignatureStatus.COUNTED, counted)
        if decision:
            work.decisions.save(petition.slug, decision)
        work.commit()
    other.does(FIRST, title, other.person("Ben", petition.slug), ev.Open())
    return other


def text_and_sources(studio: Studio) -> None:
    """Pages of the text, and the sources."""
    ben = studio.person("Ben", TREES)
    studio.does(READING, "The letter", ben, ev.Open(), ev.TurnPage(0))
    studio.does(READING, "The background", ben, ev.TurnPage(1))
    studio.does(READING, "A source opened from a page", ben, ev.ShowSource(1))
    studio.does(READING, "The sources", ben, ev.Open(), ev.ListSources())
    studio.does(READING, "A source with a link", ben, ev.ShowSource(2))
    ben.does(ev.Begin())
    studio.does(READING, "The sources, while signing", ben, ev.ListSources())
    ben.does(ev.Answer(GOOD), ev.Confirm())
    studio.does(READING, "The letter, once signed", ben, ev.TurnPage(0))
    studio.sentence(DISCORD, READING, "“Sources of this petition” on another message", Message("discord.not_a_card"))


def kinds_of_sources(studio: Studio) -> None:
    """Sources of every kind, of which some lack a publisher or a date, and one that is cited by page."""
    notes = (
        'Ada King, *Street Trees* (Elm Press, 2019). {type="book" edition="2nd" isbn="978-1-23-456789-7"}',
        '“The elms in spring.” {type="video" publisher="Elm TV"}',
        '18 U.S.C. § 1091 (2018). {type="law" section="3"}',
        'Elm Street Charter. {type="law" number="7"}',
        "[^1], p. 12.",
    )
    written = "\n".join(f"[^{number}]: {note}" for number, note in enumerate(notes, 1))
    letter = "They are healthy.[^1][^2] The law says so.[^3][^4] So does the book.[^5]"
    read = read_cited_text(letter, written, [str(number) for number in range(1, len(notes) + 1)], "en")
    text = replace(petitions()[TREES].text("en"), letter=read.letter, background=Document(), sources=read.sources)
    other = Studio(studio.album, studio.locale, variant(texts={"en": text}))
    ben = other.person("Ben", TREES)
    other.does(READING, "A source cited by page", ben, ev.Open(), ev.TurnPage(0))
    other.does(READING, "Sources of every kind", ben, ev.Open(), ev.ListSources())
    for number, title in enumerate(("A book", "A video", "A law", "A law without a date"), 1):
        other.does(READING, title, ben, ev.ShowSource(number))


def whole_text(studio: Studio) -> None:
    """The whole text in one scroll, which only Telegram has, and the pages of a long one."""
    paragraph = Block(BlockKind.PARAGRAPH, (Span("The elms have shaded Elm Street for eighty years. " * 60),))
    text = replace(petitions()[TREES].text("en"), letter=Document((paragraph,) * 6))
    other = Studio(studio.album, studio.locale, variant(texts={"en": text}))
    ben = other.person("Ben", TREES, platform=Platform.TELEGRAM)
    other.does(READING, "A question about the whole text", ben, ev.Open(), READ_WHOLE)
    assert ben.view
    assert ben.view.whole
    with other.place(TELEGRAM, READING, "The whole text in one scroll") as pieces:
        for message in RichTexts(other.catalog).draw(ben.view.whole.text, other.locale):
            words = "\n\n".join(rich.lines(message["blocks"]))  # a rich message, which may be longer than others
            pieces.append(draw_message(TelegramMessage(words)))
    other.show(READING, "The whole text wasn't sent", replace(ben.view, screen=ben.view.whole.instead))
    other.does(READING, "A reader who can read the whole text", ben, CanRead(able=True))
    other.does(READING, "A reader who can't read the whole text", ben, CanRead(able=False))


def about_the_petition(studio: Studio) -> None:
    """The screens that “More” leads to."""
    ben = studio.person("Ben")
    studio.does(MORE, "How many have signed", ben, ev.Show(Overlay.COUNT))
    studio.does(MORE, "Share", ben, ev.Open(), ev.Show(Overlay.SHARE))
    studio.does(MORE, "More", ben, ev.Open(), ev.Show(Overlay.MORE))
    studio.does(MORE, "Privacy", ben, ev.Show(Overlay.PRIVACY))
    studio.does(MORE, "Language", ben, ev.Show(Overlay.LANGUAGES))
    studio.does(MORE, "My signatures, with none", ben, ev.Show(Overlay.SIGNATURES))
    studio.does(MORE, "Nothing to withdraw", ben, ev.Open(), ev.Show(Overlay.WITHDRAW))
    studio.does(MORE, "Forget me", ben, ev.Show(Overlay.FORGET))
    studio.does(MORE, "Everything is erased", ben, ev.Forget())
    studio.does(MORE, "A first hello", ben, ev.Reply("hello"))
    studio.does(MORE, "Something typed without a question", ben, ev.Open(), ev.Begin(), ev.Cancel(), ev.Reply("hello"))
    studio.does(MORE, "An old message edited", ben, ev.Correct("hello"))
    other = Studio(studio.album, studio.locale, variant(closes=None))
    other.does(MORE, "Privacy, of a petition without an end", other.person("Ben", TREES), ev.Show(Overlay.PRIVACY))
    studio.does(MORE, "Privacy, before choosing a petition", studio.person("Dee").about(""), ev.Show(Overlay.PRIVACY))
    reachable = variant(
        organizer_url="https://elm.example.org", contact="privacy@elm.example.org", controller="Elm Street Association"
    )
    third = Studio(studio.album, studio.locale, reachable)
    third.does(MORE, "Privacy, with a contact", third.person("Ben", TREES), ev.Show(Overlay.PRIVACY))
    for surface in CHATS:
        studio.sentence(surface, MORE, "The database is away", Message("notice.try_again"))
        studio.sentence(surface, MORE, "The database goes away in the middle of a tap", Message("notice.not_yet"))
