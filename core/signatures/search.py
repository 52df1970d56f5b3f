"""Searching for a person by what they told an organizer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from email_validator import EmailNotValidError

from core.petition.form import CleaningContext, Field, FieldKind, clean
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.platforms import WRITABLE, Platform
from core.signatures.signature import Signer
from core.text.folding import folded_words

MOST_FOUND = 50
"""The number of accounts from which a search no longer tells people apart."""
LONGEST_WANTED = 320  # characters: of the longest address with something around it

_RECEIPT = re.compile(r"\b([0-9A-Z]{4})[\s\u2010-\u2015-]?([0-9A-Z]{4})[\s\u2010-\u2015-]?([0-9A-Z]{4})\b")
_MISREAD = str.maketrans("OIL", "011")  # letters that no receipt has
_ACCOUNT = re.compile(r"([A-Za-z_]+)(?: ?: ?| (?=\d+$))(\S.*)")
_LABELLED = re.compile(r"(?:[^\d:：]+[:：] |[^\W\d]{2,} ?[:：])(\S.*)")
"""Facts as people paste them, such as "Full name: Ada"; but "Erik S:son Lind" is a name."""
_SHARE_CODE = re.compile(r"(?:.*(?:--|[=/]))?(r[0-9a-hjkmnp-tv-z]{12})(?:--\w+)?", re.IGNORECASE)
"""The label of a signer's own share link (core.petition.petition.PERSONAL), or the whole link."""
_MENTION = re.compile(r"<@!?(\d+)>")  # how Discord writes down an account
_ADDRESS = re.compile(r"[^\s<>\"(),;]+@[^\s<>\"(),;]+")
_EMAIL = Field("email", FieldKind.EMAIL)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Facts about a person; those that are not known are empty. `typed` has all of them as they were typed.

    `code` is that of the person's own share link. If `by_words`, a name is one if it has all words of `name`.
    """

    typed: str
    accounts: tuple[Signer, ...] = ()
    receipts: tuple[str, ...] = ()
    address: str = ""
    name: str = ""
    code: str = ""
    by_words: bool = False

    @property
    def kind(self) -> str:
        """The kind of fact, for the audit log, which must not have the fact itself."""
        kinds = {
            "receipt": self.receipts, "email": self.address, "code": self.code, "name": self.name,
            "account": self.accounts,
        }  # fmt: skip
        return next(kind for kind, fact in kinds.items() if fact)


def parse_wanted(typed: str) -> Wanted | None:
    """Recognize an email address, an account, a receipt, a share link or a name; None if it is none, or an @name.

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
        is_clear = labelled.address or labelled.receipts or labelled.code
        accounts = () if is_clear else (*_removed_accounts(words), *labelled.accounts)
        return replace(labelled, typed=words, accounts=accounts)
    code = _share_code(words)
    receipts = () if code else _receipts(words)
    is_name = bool(name_keys(words)) and not ((receipts or code) and re.search(r"\d", words))
    if not (receipts or code or is_name):
        return None
    return Wanted(words, receipts=receipts, name=words if is_name else "", code=code)


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


def _share_code(words: str) -> str:
    """The code of a share link in the text, which may be all of it; a name of 13 letters may look like one."""
    match = _SHARE_CODE.fullmatch(words)
    return match[1].lower() if match else ""


def name_keys(name: str) -> frozenset[tuple[str, ...]]:
    """The keys of a name: two spellings of one name share a key.

    Case, accents, apostrophes and the order of the words don't matter. "ü" may be spelled "u" or "ue", and so on.
    """
    words = unicodedata.normalize("NFC", name.replace(".", " ")).casefold()  # "J.Smith"
    spelled = {words, words.translate(_SPELLED_OUT)}
    return frozenset(tuple(sorted(folded_words(spelling))) for spelling in spelled) - {()}


def has_words(name: str, wanted: str) -> bool:
    """True if all words of `wanted` are whole words of a name, in any order and any spelling of each."""
    return any(set(some) <= set(whole) for some in name_keys(wanted) for whole in name_keys(name))


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

    def is_share_code(self, code: str) -> bool:
        """True if this is the code of the share link wanted."""
        return bool(self.wanted.code) and code == self.wanted.code

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

    def has_texts(self, texts: Iterable[str]) -> bool:
        """True if texts of any kind are about the person wanted."""
        return self._has(("", text) for text in texts)

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
        if self.wanted.by_words:
            words = {word for key in keys for word in key}
            parts = [value for value in values if any(words & set(part) for part in name_keys(value))]
            return has_words(" ".join(parts), self.wanted.name)
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
