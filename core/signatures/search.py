"""Searching for a person by what they told an organizer, and what is stored about an account."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from email_validator import EmailNotValidError

from core.petition.form import CleaningContext, Field, FieldKind, clean
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.platforms import WRITABLE, Platform
from core.signatures.signature import Signature, SignatureStatus, Signer
from core.text.folding import folded_words

MOST_FOUND = 50
"""The number of accounts from which a search no longer tells people apart."""
LONGEST_WANTED = 320  # characters: of the longest address with something around it

_RECEIPT = re.compile(r"\b([0-9A-Z]{4})[\s\u2010-\u2015-]?([0-9A-Z]{4})[\s\u2010-\u2015-]?([0-9A-Z]{4})\b")
_MISREAD = str.maketrans("OIL", "011")  # letters that no receipt has
_ACCOUNT = re.compile(r"([A-Za-z_]+)(?: ?: ?| (?=\d+$))(\S.*)")
_LABELLED = re.compile(r"(?:[^\d:：]+[:：] |[^\W\d]{2,} ?[:：])(\S.*)")
"""Facts as people paste them, such as "Full name: Ada"; but "Erik S:son Lind" is a name."""
_MENTION = re.compile(r"<@!?(\d+)>")  # how Discord writes down an account
_ADDRESS = re.compile(r"[^\s<>\"(),;]+@[^\s<>\"(),;]+")
_EMAIL = Field("email", FieldKind.EMAIL)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Facts about a person; those that are not known are empty. `typed` has all of them as they were typed."""

    typed: str
    accounts: tuple[Signer, ...] = ()
    receipts: tuple[str, ...] = ()
    address: str = ""
    name: str = ""

    @property
    def kind(self) -> str:
        """The kind of fact, for the audit log, which must not have the fact itself."""
        kinds = {"receipt": self.receipts, "email": self.address, "name": self.name, "account": self.accounts}
        return next(kind for kind, fact in kinds.items() if fact)


def parse_wanted(typed: str) -> Wanted | None:
    """Recognize an email address, an account, a receipt or a name; None if it is none of them, or an @name.

    A label in front, such as "Name:", doesn't matter.
    """
    words = " ".join(typed.split())
    if not words or len(words) > LONGEST_WANTED:
        return None
    if address := _address(words):
        return Wanted(words, address=address)
    if is_handle(words):
        return None
    if accounts := _accounts(words):
        return Wanted(words, accounts=accounts)
    if labelled := parse_wanted(_after_label(words)):
        accounts = () if labelled.address or labelled.receipts else (*_removed_accounts(words), *labelled.accounts)
        return replace(labelled, typed=words, accounts=accounts)
    receipts = _receipts(words)
    is_name = bool(name_keys(words)) and not (receipts and re.search(r"\d", words))
    return Wanted(words, receipts=receipts, name=words if is_name else "") if receipts or is_name else None


def is_handle(typed: str) -> bool:
    """True for an @name of a platform, which is not stored because its owner can change it."""
    words = " ".join(typed.split())
    return words.startswith("@") or _after_label(words).startswith("@")


def _after_label(words: str) -> str:
    """The words after a label; empty if there is none."""
    match = _LABELLED.fullmatch(words)
    return match[1] if match else ""


def _address(words: str) -> str:
    """The first email address in the text, cleaned in the same way as an answer; empty if there is none."""
    for candidate in (words, *_ADDRESS.findall(words)):
        address = clean(_EMAIL, candidate, CleaningContext()) if "@" in candidate else None
        if isinstance(address, str):
            return address
    return ""


def _accounts(words: str) -> tuple[Signer, ...]:
    """The accounts that the text may mean: a bare number may be one on any platform that can send messages."""
    if match := _ACCOUNT.fullmatch(words):
        signer = Signer(match[1].lower(), match[2].strip())
        is_possible = signer.user_id.isdecimal() if signer.platform in WRITABLE else signer.platform in set(Platform)
        return (signer,) if is_possible else ()
    if match := _MENTION.fullmatch(words):
        return (Signer(Platform.DISCORD.value, match[1]),)
    is_number = words.isascii() and words.isdecimal() and len(words) != 12  # such a number may be a receipt
    return tuple(Signer(platform.value, words) for platform in WRITABLE) if is_number else ()


def _removed_accounts(words: str) -> tuple[Signer, ...]:
    """The account that a text means if its label is a platform that this version no longer has."""
    match = _ACCOUNT.fullmatch(words)
    is_removed = match and match[1].lower() not in set(Platform)
    return (Signer(match[1].lower(), match[2].strip()),) if match and is_removed else ()


def _receipts(words: str) -> tuple[str, ...]:
    """A receipt in the text, in any case and with blanks or nothing between its parts, and as it may be misread."""
    match = _RECEIPT.search(words.upper())
    if match is None:
        return ()
    receipt = "-".join(match.groups())
    return tuple(dict.fromkeys((receipt, receipt.translate(_MISREAD))))


def name_keys(name: str) -> frozenset[tuple[str, ...]]:
    """The keys of a name: two spellings of one name share a key.

    Case, accents, apostrophes and the order of the words don't matter. "ü" may be spelled "u" or "ue", and so on.
    """
    words = unicodedata.normalize("NFC", name.replace(".", " ")).casefold()  # "J.Smith"
    spelled = {words, words.translate(_SPELLED_OUT)}
    return frozenset(tuple(sorted(folded_words(spelling))) for spelling in spelled) - {()}


def _lower(address: str) -> str:
    return unicodedata.normalize("NFKC", address).lower()


@dataclass(frozen=True)
class Matcher:
    """Compares stored values with the person wanted; `rules` say which addresses reach one mailbox."""

    wanted: Wanted
    petitions: Mapping[str, Petition]
    rules: MailboxRules

    @cached_property
    def mailbox(self) -> str:
        """The canonical address of the person wanted; empty if it isn't known."""
        return self._canonical(self.wanted.address) if self.wanted.address else ""

    def is_account(self, signer: Signer) -> bool:
        """True if this account is wanted."""
        return any((each.platform, each.user_id) == (signer.platform, signer.user_id) for each in self.wanted.accounts)

    def has_details(self, details: Mapping[str, str]) -> bool:
        """True if the details kept for prefilling, by kind of field, are those of the person wanted."""
        return self._has((key if key in set(FieldKind) else "", value) for key, value in details.items())

    def has_answers(self, petition: str, answers: Mapping[str, str]) -> bool:
        """True if answers, by field, are those of the person wanted.

        Answers to a field that no longer exists may be of any kind, and so may all those to a removed petition.
        """
        form = self.petitions.get(petition)
        kinds = {each.name: each.kind.value for each in form.fields} if form else {}
        return self._has((kinds.get(name, ""), value) for name, value in answers.items())

    def _has(self, values: Iterable[tuple[str, str]]) -> bool:
        of = list(values)
        if self.mailbox:
            return any(self._is_mailbox(value) for kind, value in of if kind in ("", FieldKind.EMAIL))
        return bool(self.wanted.name) and self._is_name([value for kind, value in of if kind in ("", FieldKind.NAME)])

    def _is_mailbox(self, value: str) -> bool:
        """Compare the letters first, since the canonical form takes long for half a million addresses."""
        return "@" in value and self._letters <= set(_lower(value)) and self._canonical(value) == self.mailbox

    @cached_property
    def _letters(self) -> set[str]:
        """Letters and digits of the mailbox's name, which every spelling has except those that a rule replaces."""
        rules = (self.rules.default, *self.rules.domains.values())
        replaced = {letter for rule in rules for letter in rule.alike}
        return {letter for letter in self.mailbox.rpartition("@")[0] if letter.isalnum()} - replaced

    def _canonical(self, address: str) -> str:
        try:
            return self.rules.canonical(address)
        except EmailNotValidError:
            return _lower(address)

    def _is_name(self, values: list[str]) -> bool:
        """True if one of the values is the name, or if those that are parts of it make up all of it."""
        keys = self._name_keys
        parts = [value for value in values if any(set(part) <= set(key) for part in name_keys(value) for key in keys)]
        return any(name_keys(spelled) & keys for spelled in (*parts, " ".join(parts)))

    @cached_property
    def _name_keys(self) -> frozenset[tuple[str, ...]]:
        return name_keys(self.wanted.name)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The result of searching one page of rows: the keys of the accounts found, and how many rows no key opened.

    `total` is the number of rows on all pages.
    """

    keys: tuple[str, ...]
    rows: int
    unopened: int
    total: int


@dataclass(slots=True)
class SearchResult:
    """The pages searched so far, added up; `keys` are in the order in which they were found."""

    keys: list[str] = field(default_factory=list)
    rows: int = 0
    unopened: int = 0
    total: int = 0

    def add(self, page: SearchPage) -> None:
        """Add another page."""
        self.keys = list(dict.fromkeys([*self.keys, *page.keys]))
        self.rows += page.rows
        self.unopened += page.unopened
        self.total = page.total

    @property
    def is_too_much(self) -> bool:
        """True if more accounts were found than can be told apart."""
        return len(self.keys) > MOST_FOUND


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything stored about an account.

    `key` is the account's fingerprint, which is not personal. `signer` is None if the account can't be opened.
    `signatures` include withdrawn ones, and have their answers if these could be opened. `drafts` are the petitions
    that the person began to sign, `opened` the others that they opened, and `waiting` the number of messages to be
    sent to them. `unopened` rows lack a key that may come back, so nothing can be erased yet; those whose key was
    destroyed don't count.
    """

    key: str
    platform: str
    met_at: dt.datetime
    signer: Signer | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    drafts: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    waiting: int = 0
    unopened: int = 0

    @property
    def version(self) -> str:
        """Eight letters that change with what is stored, so a confirmation only erases what was shown."""
        signatures = [(each.id, each.status.value) for each in self.signatures]
        stored = (self.key, self.met_at.timestamp(), signatures, self.drafts)
        return hashlib.sha256(repr(stored).encode()).hexdigest()[:8]

    @property
    def standing(self) -> tuple[Signature, ...]:
        """The signatures that were not withdrawn."""
        return tuple(each for each in self.signatures if each.status is not SignatureStatus.WITHDRAWN)

    @property
    def only_opened(self) -> tuple[str, ...]:
        """The petitions that the person opened, but neither signed nor began to sign."""
        signed = {each.petition for each in self.signatures}
        return tuple(petition for petition in self.opened if petition not in signed)

    def names(self, petitions: Mapping[str, Petition]) -> tuple[str, ...]:
        """The names that the person signed with, or otherwise the one kept for prefilling."""
        signed = (self._name(each, petitions[each.petition]) for each in self.standing if each.petition in petitions)
        return tuple(dict.fromkeys(filter(None, signed))) or tuple(filter(None, [self.details.get("name", "")]))

    def _name(self, signature: Signature, petition: Petition) -> str:
        names = (each.name for each in petition.fields if each.kind is FieldKind.NAME)
        return " ".join(filter(None, (signature.answers.get(name, "") for name in names)))


class Holdings(Protocol):
    """Everything stored about accounts, for organizers who erase them."""

    def find(self, wanted: Wanted) -> tuple[str, ...]:
        """The keys of the accounts that a fingerprint or a receipt leads to, without a search."""

    def get(self, key: str) -> Holding | None:
        """Everything stored about the account with a key."""
