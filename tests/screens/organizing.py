"""Screens for organizers: decisions, people, links, files, and what can go wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bots.common.signer_commands import EVENTS
from core.conversation import state as ev
from core.conversation.screen import View
from core.messages import Message
from core.organizer.command import CommandLine
from core.organizer.erase_order import SearchOrder
from core.outbox import NewEntry, Topic, dead, doubtful
from core.petition.petition import Decision, PetitionStatus
from core.petition.retention import AHEAD, HEARTBEAT
from core.signatures.search import SearchResult, Wanted
from core.signatures.signature import SignatureStatus, Signer
from tests.kept_results import answered
from tests.public_log import Press
from tests.screens.reading import variant
from tests.screens.studio import TELEGRAM, Studio
from tests.world import SALESFORCE, TREES, petitions

DECIDING, TEAM, LINKS, FILES = "Decisions", "Organizers and the log", "Links and their sources", "Files"
ERASING = "Erasing a person"


def decisions(studio: Studio) -> None:
    """Pausing, closing, a victory, the goal."""
    studio.asks(DECIDING, "/help", "help")
    studio.asks(DECIDING, "A command that needs a petition", "pause")
    for verb in ("pause", "reopen", "close"):
        studio.asks(DECIDING, f"/{verb}", f"{verb} {SALESFORCE}")
        studio.asks(DECIDING, f"/{verb}, confirmed", f"{verb} {SALESFORCE} yes")
    studio.asks(DECIDING, "/close, and left as it is", f"close {SALESFORCE} no")
    over = Studio(studio.album, studio.locale, variant(closes=dt.date(2026, 6, 30)))
    over.asks(DECIDING, "/reopen, of a petition whose time is over", f"reopen {TREES} yes")
    with over.world.work() as work:
        work.decisions.save(TREES, Decision(PetitionStatus.CLOSED, since=over.world.now, erased_at=over.world.now))
        work.commit()
    over.asks(DECIDING, "/reopen, after retention has erased the signers' data", f"reopen {TREES} yes")
    studio.asks(DECIDING, "/victory", f"victory {SALESFORCE}")
    studio.text_form(DECIDING, "The form for a victory", CommandLine("victory", SALESFORCE))
    _victory(studio)
    studio.asks(DECIDING, "/goal", f"goal {SALESFORCE}")
    studio.asks(DECIDING, "/goal, with a number", f"goal {SALESFORCE} 25000")
    for wrong in ("many", "2.5", "0", "100000001"):
        studio.asks(DECIDING, f"/goal, with {wrong}", f"goal {SALESFORCE} {wrong}")
    studio.asks(DECIDING, "Words that aren't understood", f"sources {SALESFORCE} zzz")
    studio.asks(DECIDING, "Words that are nearly right", f"stats {SALESFORCE} lnks")
    line = CommandLine("stast", SALESFORCE)
    view = studio.organizing.handle(studio.organizer, line, ev.Open(), signers=EVENTS)
    studio.show(DECIDING, "A mistyped command", view)


def _victory(studio: Studio) -> None:
    """A victory that is asked for, declared, and taken back."""
    words = f"victory {SALESFORCE} The contract is canceled. Thank you!"
    asked = studio.asks(DECIDING, "/victory, with words", words)
    studio.asks(DECIDING, "/victory, with too many words", f"victory {SALESFORCE} {'We won! ' * 99}")
    studio.asks(DECIDING, "/goal, with a character that can't be stored", f"goal {SALESFORCE} 5\0")
    studio.asks(DECIDING, "/victory, with a character that can't be shown", f"victory {SALESFORCE} a\u202eb")
    for title in ("/victory, confirmed", "/victory, confirmed twice"):
        studio.asks(DECIDING, title, f"victory {_argument(asked, 0)}")
    studio.asks(DECIDING, "/close, after a victory", f"close {SALESFORCE}")
    studio.asks(DECIDING, "/reopen, after a victory", f"reopen {SALESFORCE}")
    studio.asks(DECIDING, "/reopen, after a victory, confirmed", f"reopen {SALESFORCE} yes")


def clock(studio: Studio) -> None:
    """A clock that is right, and one that jumped."""
    jumped = Studio(studio.album, studio.locale)
    jumped.asks(DECIDING, "/clock, which is right", "clock")
    with jumped.world.work() as work:
        work.moments.save(HEARTBEAT, jumped.world.now - AHEAD - dt.timedelta(days=1))
        work.commit()
    jumped.asks(DECIDING, "/clock, after it jumped", "clock")
    jumped.asks(DECIDING, "/clock, confirmed", f"clock {jumped.world.now:%Y-%m-%d}")


def team(studio: Studio) -> None:
    """The organizers, and what they did."""
    studio.asks(TEAM, "/audit, with nothing done", "audit")
    studio.asks(TEAM, "/organizers, with none", "organizers")
    studio.asks(TEAM, "/invite", "invite", update_id="1")
    studio.asks(TEAM, "/invite, delivered twice", "invite", update_id="1")
    with studio.world.work() as work:
        work.organizers.invite("ADASCODE", studio.world.now + dt.timedelta(hours=1))
        work.commit()
    studio.asks(TEAM, "/join", "join ADASCODE", Signer("test", "Ada", "Ada Lovelace", studio.locale))
    hint = studio.organizing.hint(studio.organizer, CommandLine("stats"))
    assert hint
    studio.show(TEAM, "A command that was sent in a group", hint)
    studio.asks(TEAM, "/organizers", "organizers")
    with studio.world.work() as work:
        (ada,) = work.organizers.all()
    signer = Signer("test", "Ada", "Ada Lovelace", studio.locale)
    studio.asks(TEAM, "An organizer wants to remove herself", f"dismiss {ada.key}", signer)
    studio.asks(TEAM, "An organizer removes herself", f"dismiss {ada.key} yes", signer)
    with studio.world.work() as work:
        work.organizers.add(signer, studio.world.now)
        work.commit()
    studio.asks(TEAM, "An organizer is removed", f"dismiss {ada.key}")
    _troubles(studio)
    studio.asks(TEAM, "/audit", "audit")
    _logs(studio)


def _logs(studio: Studio) -> None:
    """A public log, and one that is stopped."""
    studio.person("Ben Lovelace").does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
    press = Press(studio.world.work, studio.world.now)
    press.publish(studio.petitions[SALESFORCE])
    studio.asks(TEAM, "/audit, with a public log", "audit")
    with studio.world.work() as work:
        work.tallies.add(SALESFORCE, SignatureStatus.COUNTED, 1)
        work.commit()
    press.now += dt.timedelta(days=1)
    press.publisher.run([studio.petitions[SALESFORCE]])
    studio.asks(TEAM, "/audit, with a public log that is stopped", "audit")


def _troubles(studio: Studio) -> None:
    """Entries of every topic that were given up, and one that is uncertain."""
    now = studio.world.now
    names = (
        "files.telegram",
        "announce",
        "milestone.discord",
        "searches.discord",
        "outage.telegram",
        "checks.telegram",
    )
    with studio.world.work() as work:
        work.outbox.put([NewEntry(Topic(name, repeat=False), name, now) for name in (*names, "retention.telegram")])
        given_up = work.outbox.claim("studio", names, len(names), now, dt.timedelta(minutes=1))
        (uncertain,) = work.outbox.claim("studio", ["retention.telegram"], 1, now, dt.timedelta(minutes=1))
        work.outbox.report([*(dead(entry, "Blocked") for entry in given_up), doubtful(uncertain, "TimedOut")], now)
        work.commit()


def links(studio: Studio) -> None:
    """Links of their own, and what each of them brought."""
    studio.asks(LINKS, "/link", f"link {SALESFORCE}")
    studio.asks(LINKS, "/link, with a name", f"link {SALESFORCE} newsletter")
    signs(studio, "Ada", "newsletter")
    with studio.world.work() as work:
        for number, title in enumerate(("Elm Club", "Elm Club", "")):
            work.cards.community("telegram", f"-{number}", f"g00000000000{number}", title)
        work.commit()
    for number in range(4):
        signs(studio, f"Ben {number}", f"g00000000000{number}")
    studio.asks(LINKS, "/sources", f"sources {SALESFORCE}")
    for number in range(25):
        signs(studio, f"Person {number}", f"flyer{number}")
    studio.asks(LINKS, "/sources, with very many", f"sources {SALESFORCE}")


def drafts(studio: Studio) -> None:
    """Preview links, and commands before anything is published."""
    studio.asks(LINKS, "/drafts, without any", "drafts")
    one = Studio(studio.album, studio.locale, variant(is_draft=True))
    one.asks(LINKS, "/drafts, with one", "drafts")
    other = Studio(studio.album, studio.locale, *(replace(each, is_draft=True) for each in petitions().values()))
    other.asks(LINKS, "/drafts, with several", "drafts")
    other.asks(LINKS, "/count, before anything is published", "count")
    other.asks(LINKS, "/goal, before anything is published", "goal")


def files(studio: Studio) -> None:
    """Files that are made in the background."""
    studio.asks(FILES, "/export", f"export {SALESFORCE}")
    studio.asks(FILES, "/export, with a filter that isn't understood", f"export {SALESFORCE} csv color=red")
    studio.asks(FILES, "/export, in a language without a text", f"export {SALESFORCE} csv language=fi")
    studio.asks(FILES, "/export, with a filter that the file doesn't take", f"export {SALESFORCE} pdf since=7d")
    studio.asks(FILES, "/export, with a label that nobody used", f"export {SALESFORCE} csv label=newslettr")
    studio.asks(FILES, "/export, with a kind of file", f"export {SALESFORCE} pdf")
    studio.asks(FILES, "/export, once more", f"export {SALESFORCE} pdf")


def erasing(studio: Studio) -> None:
    """A person is found and erased."""
    studio.asks(ERASING, "/erase", "erase")
    studio.asks(ERASING, "/erase, with an @name", "erase @ada")
    studio.asks(ERASING, "/erase, with an email address", "erase ada@example.org")
    people = [studio.person(name) for name in ("Ada Lovelace", "Ada Byron", "Ada King", "Ada Noel", "Ada Gordon")]
    receipts = [signs(studio, person.signer.name) for person in people]
    people[1].does(ev.Withdraw())
    people[1].about(TREES).does(ev.Begin())
    keys = [_key(studio, person.signer) for person in people]
    for words in ("Grace Hopper", "grace@example.org", "K7QF-2M9X-PD4T", "r0123456789ab", "telegram:123456"):
        _finds(studio, f"Nobody is found: {words}", words, [])
    _finds(studio, "Nobody is found, but some rows can't be opened", "Grace Hopper", [], unopened=3)
    _finds(studio, "Too many are found", "Ada", [str(number) for number in range(51)])
    found = _finds(studio, "Several are found", "ada@example.org", keys)
    code = _argument(found, 0).split()[1]
    studio.asks(ERASING, "The next ones", f"erase list {code} 5")
    studio.asks(ERASING, "One of several, with unfinished answers elsewhere", f"erase show {code} 2")
    people[0].about(TREES).does(ev.Begin())
    changed = studio.asks(ERASING, "Something has changed", f"erase do {code} 1 00000000")
    studio.asks(ERASING, "Erased", f"erase {_argument(changed, 0)}")
    studio.asks(ERASING, "Erased already", f"erase {_argument(changed, 0)}")
    studio.asks(ERASING, "The list, with one erased", f"erase list {code} 1")
    studio.asks(ERASING, "A search that is no longer kept", "erase show 0000AAAA9999 1")
    people[3].about(TREES).does(ev.Open("friend"))
    alone = studio.asks(ERASING, "By an account that opened another petition", "erase test:Ada Noel")
    studio.asks(ERASING, "Nothing is erased", f"erase {_argument(alone, 1)}")
    _burdened(studio, people[2].signer)
    studio.asks(ERASING, "By a receipt: an organizer with a waiting message", f"erase {receipts[2]}")
    studio.sentence(TELEGRAM, ERASING, "Rows of this account that no key opens", Message("erase.sealed", {"count": 2}))


def _key(studio: Studio, signer: Signer) -> str:
    with studio.world.work() as work:
        (key,) = work.holdings.find(Wanted("", accounts=(signer,)))
        return key


def _finds(studio: Studio, title: str, words: str, keys: list[str], unopened: int = 0) -> View:
    """Draw the answer to a search."""
    order = SearchOrder(studio.organizer.user_id, words, studio.locale)
    result = SearchResult(keys, 12_345, unopened, 12_345)
    answer = answered(studio.organizing, studio.organizer.platform, order, result)
    assert answer
    studio.show(ERASING, title, answer[1])
    return answer[1]


def _argument(view: View, row: int) -> str:
    order = view.screen.buttons[row][0].order
    assert order
    return order.argument


def _burdened(studio: Studio, signer: Signer) -> None:
    """Make an account an organizer's, and let a message wait for it."""
    with studio.world.work() as work:
        work.organizers.add(signer, studio.world.now)
        person = work.signers.lock_or_create(signer, studio.world.now).id
        work.outbox.put([NewEntry(Topic("announce.test", repeat=False), "1", studio.world.now, person=person)])
        work.commit()


def signs(studio: Studio, name: str, label: str = "", *, updates: bool = False, platform: str = "test") -> str:
    """Let a person sign; the receipt."""
    person = replace(studio.person(name, platform=platform), petition=SALESFORCE)
    answers = ev.Answer({"full_name": name, "postal_code": "90210"})
    person.does(ev.Open(label), ev.Begin(), answers, ev.SetUpdates(updates), ev.Confirm())
    with studio.world.work() as work:
        (signature,) = work.signatures.standing(work.signers.lock_or_create(person.signer, studio.world.now))
        return signature.receipt
