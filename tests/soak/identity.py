"""Made-up people whose every detail can be recognized in a log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.bots.discord.odd import SECRET as IN_ODD_DISCORD
from tests.bots.telegram.odd_answers import NAME as IN_ODD_TELEGRAM
from tests.discord_server import TOKEN as DISCORD_TOKEN
from tests.telegram_server import TOKEN as TELEGRAM_TOKEN

FIRST, LAST, COMMENT, POSTAL_CODE = "Quillon", "Brackwater", "Marzipan", "99950"
FIRST_TELEGRAM_ID = 7_700_000_000
_TOKENS = (TELEGRAM_TOKEN.partition(":")[2], DISCORD_TOKEN)
_WORDS = (FIRST, LAST, COMMENT, POSTAL_CODE, IN_ODD_DISCORD, IN_ODD_TELEGRAM, *_TOKENS)
_PERSONAL = re.compile("|".join(rf"(?<!\d){re.escape(word)}(?!\d)" for word in _WORDS), re.IGNORECASE)
_NUMBER = re.compile(r"\d{10,}")


@dataclass(frozen=True)
class Identity:
    """A person by number. Every third shares a mailbox with the one before; every eighth has a disposable one."""

    number: int

    @property
    def last_name(self) -> str:
        """A family name in letters alone."""
        return LAST + "".join("abcdefghij"[int(digit)] for digit in str(self.number))

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{FIRST} {self.last_name}"

    @property
    def mailbox(self) -> str:
        """An email address."""
        if self.is_disposable:
            return f"{FIRST}.{self.number}@mailinator.com"
        return f"{FIRST}.{self.number - (self.number % 3 == 2)}@example.org"

    @property
    def is_disposable(self) -> bool:
        """Return true if the mailbox speaks against the signature."""
        return self.number % 8 == 1

    @property
    def comment(self) -> str:
        """Words of their own."""
        return f"{COMMENT} {self.number}"

    @property
    def answers(self) -> Mapping[str, str]:
        """The answers in a form, by its labels."""
        return {"Name": self.name, "Postal code": POSTAL_CODE, "Email": self.mailbox, "Comment": self.comment}


def personal_data(text: str, accounts: Iterable[str]) -> list[str]:
    """Details, tokens and account ids that the text contains."""
    numbers = set(_NUMBER.findall(text)) & set(accounts)
    return [*_PERSONAL.findall(text), *sorted(numbers)]
