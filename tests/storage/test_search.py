"""Every stored person is found by each of their identifiers, in any spelling, and nobody else is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import storage.search
from core.conversation import state as ev
from core.conversation.state import Event
from core.petition.loading import load_mailbox_rules
from core.signatures.search import Matcher, SearchResult, parse_wanted
from core.signatures.signature import Signer
from storage.contexts import context_of
from storage.engine import Database
from storage.queries import SqlQueries
from storage.tables import ConversationRow, SignatureRow, SignerRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.effort import scaled
from tests.world import SALESFORCE, TREES, Talker, World, petitions

LOST = Vault(["a key that was lost, of thirty-two characters"])
_signers, _conversations, _signatures = table(SignerRow), table(ConversationRow), table(SignatureRow)
NAMES = (
    ("Ada Lovelace", "ADA LOVELACE", "Lovelace, Ada", "Áda  lovelacé"),
    ("Adam Lovelace",),
    ("Ada King Lovelace",),
    ("Jörg Müller", "jorg muller", "MÜLLER JÖRG"),
    ("Pat O'Brien", "pat o’brien", "PAT OBRIEN"),
    ("Anne-Marie Strauß", "Anne Marie Strauss"),
    ("राम कुमार",),
    ("रीम कुमार",),
    ("مُحَمَّد علي", "محمد علي"),
    ("Łukasz Żak", "lukasz zak"),
    ("Андрей Ёлкин", "АНДРЕЙ ЕЛКИН"),
)
MAILS = (
    ("ada@example.org", "ADA@Example.org", "ada+petition@example.org"),
    ("ada.l@example.org",),
    ("ada.l@gmail.com", "adal@gmail.com", "A.D.A.L+x@googlemail.com"),
    ("ada-l@yandex.ru", "ada.l@ya.ru"),
    ("ada@fastmail.com", "petition@ada.fastmail.com"),
    ("adal@proton.me", "a.da-l@pm.me"),
)
"""Spellings of one name, and of one mailbox, on each line."""


@dataclass(frozen=True)
class Identity:
    """A person by the lines of their name and mailbox, with a spelling of each."""

    name: tuple[int, int]
    mail: tuple[int, int] | None
    signs: bool
    petition: str


def spelled(lines: tuple[tuple[str, ...], ...]) -> st.SearchStrategy[tuple[int, int]]:
    return st.sampled_from([(line, number) for line, forms in enumerate(lines) for number in range(len(forms))])


IDENTITIES = st.builds(
    Identity, spelled(NAMES), st.none() | spelled(MAILS), st.booleans(), st.sampled_from([SALESFORCE, TREES])
)


@dataclass
class Town:
    """People who come to a database, and searches for them."""

    database: Database
    vault: Vault
    people: dict[str, Identity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(work=lambda: SqlUnitOfWork(self.database, self.vault))
        self._numbers = itertools.count(1001)
        self.queries = SqlQueries(self.database, self.vault)

    def comes(self, who: Identity, *, lost: bool = False) -> Talker:
        """Have a person sign or begin to; `lost` if a key that we don't have seals what they say."""
        person = replace(self.world.person(user_id=str(next(self._numbers))), petition=who.petition)
        name = NAMES[who.name[0]][who.name[1]]
        trees = who.petition == TREES
        answers = {"who" if trees else "full_name": name, "code" if trees else "postal_code": "90210"}
        if trees:
            answers |= {"country": "US", "role": "tenant"}
        if who.mail:
            answers["mail" if trees else "email"] = MAILS[who.mail[0]][who.mail[1]]
        confirms: tuple[Event, ...] = (ev.Confirm(),) if who.signs else ()
        person.does(ev.Begin(), ev.Answer(answers), *confirms)
        self.people[person.signer.user_id] = who
        if lost:
            self._seal_with_a_lost_key()
        return person

    def _seal_with_a_lost_key(self) -> None:
        """Seal the newest person's rows again."""
        with self.database.engine.begin() as connection:
            newest = connection.execute(sa.select(sa.func.max(_signers.c.id))).scalar_one()
            for target, owner in ((_signers, "id"), (_conversations, "signer_id"), (_signatures, "signer_id")):
                mine = sa.update(target).where(target.c[owner] == newest)
                connection.execute(mine.values(sealed=LOST.seal({})))

    def search(self, words: str, world: World | None = None) -> SearchResult:
        wanted, result = parse_wanted(words), SearchResult()
        assert wanted, words
        matcher = Matcher(wanted, world.petitions if world else petitions(), load_mailbox_rules())
        for page in self.queries.search(matcher):
            result.add(page)
        return result

    def found(self, words: str) -> set[str]:
        """The accounts that a search finds, or a fingerprint or a receipt leads to."""
        wanted = parse_wanted(words)
        assert wanted, words
        with self.world.work() as work:
            keys = work.holdings.find(wanted) or self.search(words).keys
            holdings = [work.holdings.get(key) for key in keys]
        return {holding.signer.user_id for holding in holdings if holding and holding.signer}

    def receipts(self, user_id: str) -> tuple[str, ...]:
        with self.world.work() as work:
            person = work.signers.find(Signer("test", user_id))
            assert person
            return tuple(signature.receipt for signature in work.signatures.standing(person))


@pytest.fixture
def town(database: Database, vault: Vault) -> Town:
    return Town(database, vault)


@settings(  # the town keeps everyone who came, so an example can't be shrunk
    max_examples=scaled(25), suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
@given(st.lists(IDENTITIES, min_size=1, max_size=3))
def test_everyone_is_found_by_each_identifier_and_nobody_else(town: Town, newcomers: list[Identity]) -> None:
    for who in newcomers:
        user_id = town.comes(who).signer.user_id
        assert town.found(f"test:{user_id}") == {user_id}
        for receipt in town.receipts(user_id):
            for typed in (receipt, receipt.lower(), receipt.replace("-", " "), receipt.replace("-", "")):
                assert town.found(typed) == {user_id}
    for who in newcomers:
        namesakes = {user_id for user_id, other in town.people.items() if other.name[0] == who.name[0]}
        for name in NAMES[who.name[0]]:
            assert town.found(name) == namesakes
        if who.mail:
            line = who.mail[0]
            sharers = {user_id for user_id, other in town.people.items() if other.mail and other.mail[0] == line}
            for mail in MAILS[line]:
                assert town.found(mail) == sharers


def test_two_lines_of_names_or_mailboxes_never_match() -> None:
    for lines in (NAMES, MAILS):
        for one, other in itertools.permutations(range(len(lines)), 2):
            for typed, stored in itertools.product(lines[one], lines[other]):
                wanted = parse_wanted(typed)
                assert wanted
                assert not Matcher(wanted, {}, load_mailbox_rules()).has_answers("removed", {"x": stored})


ADA = Identity((0, 0), (0, 0), signs=True, petition=TREES)


def test_a_petition_whose_folder_was_removed_is_searched_too(town: Town) -> None:
    town.comes(ADA)
    gone = World(petitions={SALESFORCE: petitions()[SALESFORCE]})
    assert len(town.search("Ada Lovelace", gone).keys) == 1
    assert len(town.search("ADA@example.org", gone).keys) == 1
    assert town.search("Ada", gone).keys == []


def test_a_name_in_two_fields_is_found_whole() -> None:
    wanted = parse_wanted("Ada King Lovelace")
    assert wanted
    matcher = Matcher(wanted, {}, load_mailbox_rules())
    assert matcher.has_answers("removed", {"first_name": "Ada", "zip": "90210", "last_name": "King Lovelace"})
    assert not matcher.has_answers("removed", {"first_name": "Ada", "last_name": "Lovelace"})


def test_unfinished_answers_are_found(town: Town) -> None:
    ada = town.comes(replace(ADA, signs=False))
    assert town.found("Ada Lovelace") == town.found("ADA@Example.org") == {ada.signer.user_id}
    assert town.found("Grace Hopper") == set()


def test_who_withdrew_is_found_by_account_and_receipt(town: Town) -> None:
    ada = town.comes(ADA)
    (receipt,) = town.receipts(ada.signer.user_id)
    ada.does(ev.Withdraw())
    assert town.found(receipt) == town.found(f"test:{ada.signer.user_id}") == {ada.signer.user_id}
    assert town.found("ada@example.org") == set(), "withdrawing erased it"


def test_rows_that_no_key_opens_are_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.search, "_PAGE", 2)
    for _ in range(3):
        town.comes(ADA)
    for _ in range(3):
        town.comes(ADA, lost=True)
    result = town.search("Ada Lovelace")
    assert len(result.keys) == 3
    assert result.unopened == 9  # an account, a conversation and a signature each
    assert result.rows == result.total == 18
    assert town.search("Grace Hopper").unopened == 9
    by_mail = town.search("ada@example.org")
    assert len(by_mail.keys) == 6, "a fingerprint leads to those as well"
    assert by_mail.unopened == 6


def test_an_account_that_no_key_opens_is_listed_but_not_readable(town: Town) -> None:
    town.comes(ADA, lost=True)
    with town.world.work() as work:
        (key,) = town.search("ada@example.org").keys
        holding = work.holdings.get(key)
    assert holding
    assert holding.signer is None
    assert holding.unopened == 3
    assert [signature.petition for signature in holding.signatures] == [TREES]
    assert holding.signatures[0].answers == {}


def test_answers_that_an_older_version_wrote_are_searched_and_lack_no_key(town: Town, vault: Vault) -> None:
    """This version can't read the conversation itself, but all of its text."""
    old = {"petition": TREES, "page": "two", "given": [{"field": "who", "text": "Ada Lovelace"}, "ada@example.org"]}
    town.comes(replace(ADA, name=(1, 0), mail=None, signs=False))
    with town.database.engine.begin() as connection:
        key = connection.execute(sa.select(_conversations.c.signer_id, _conversations.c.petition)).mappings().one()
        sealed = vault.seal(old, *context_of("conversations", key), petition=TREES)
        connection.execute(sa.update(_conversations).values(sealed=sealed))
    for words, number in (("Ada Lovelace", 1), ("ADA@example.org", 1), ("Grace Hopper", 0)):
        result = town.search(words)
        assert (len(result.keys), result.unopened) == (number, 0)


def test_a_share_link_leads_to_the_one_whose_it_is(town: Town) -> None:
    ada, ben = town.comes(ADA), town.comes(replace(ADA, petition=SALESFORCE))
    with town.world.work() as work:
        codes = {}
        for person in (ada, ben):
            stored = work.signers.find(person.signer)
            assert stored
            codes[person.signer.user_id] = [each.referral for each in work.signatures.standing(stored)]
    for user_id, (code,) in codes.items():
        assert town.found(code) == town.found(f"https://t.me/UndersignBot?start={SALESFORCE}--{code}") == {user_id}
        assert town.found(code.upper()) == {user_id}
    assert town.found("r0123456789ab") == set()


def test_a_search_sees_no_more_than_a_page_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.search, "_PAGE", 2)
    for _ in range(3):
        town.comes(ADA)
    wanted = parse_wanted("Ada Lovelace")
    assert wanted
    pages = list(town.queries.search(Matcher(wanted, petitions(), load_mailbox_rules())))
    assert max(page.rows for page in pages) == 2
    assert sum(page.rows for page in pages) == pages[0].total == 9
