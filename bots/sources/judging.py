"""Judges a page: whether it is the one that a source cites, or only says so."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile
from urllib.parse import urlsplit

from bots.sources.answers import Failure, PageAnswer
from bots.sources.same_page import has_segment, is_home, is_same_page
from bots.sources.source_page import SourcePage
from core.sources.checks import LinkState, SourceCheck

_GONE = (404, 410)
_WALLS = (401, 402, 403, 407, 429, 451, 999)  # LinkedIn answers programs with 999
_FEW_WORDS = 150  # of an error page, a form, or a question; an article about such pages has more
_LONGEST_TITLE = 300  # characters, of which none of the words below has as many
_DIVIDER = re.compile(r"\s+[-–—·:/]\s+|\s*[|•»«]\s*|[:.!?。！？]\s*")
_MARKS = ' \t.,:;!?¡¿…。！？-–—()[]"“”„'
_LOGIN = re.compile(r"log-?in|log-?on|sign-?in|sso|oauth2?|authorize|authenticate|account-?login|anmelden|connexion")
_CONSENT = re.compile(r"consent|cookie-?wall|privacy-?gate|privacywall")
_LOST = re.compile(r"(?:page-?)?not-?found|error-?404|404(?:-?error|\.\w+)?|page-?404|file-?not-?found|errors?")
_UNANSWERED = {
    Failure.NOT_PUBLIC: LinkState.REFUSED,
    Failure.DISALLOWED: LinkState.DISALLOWED,
    Failure.COOKIES: LinkState.WALLED,
    Failure.SILENT: LinkState.UNREACHABLE,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state of a link, and where its page is now if it has moved for good; empty otherwise."""

    state: LinkState
    final_link: str = ""


def judge_failure(failure: Failure, before: SourceCheck | None) -> LinkState:
    """Judge a link without an answer. A name that doesn't exist at two looks in a row is gone."""
    if failure is Failure.NO_HOST:
        silent = before and not before.status and before.state in (LinkState.UNREACHABLE, LinkState.GONE)
        return LinkState.GONE if silent else LinkState.UNREACHABLE
    return _UNANSWERED[failure]


def judge_page(link: str, answer: PageAnswer, page: SourcePage) -> Judgement:
    """Judge an answer, and the page that was read from it."""
    by_status = _by_status(answer, page)
    if by_status:
        return Judgement(by_status)
    state = _disguised(link, answer, page)
    if state:
        return Judgement(state)
    moved = _new_home(link, answer)
    return Judgement(LinkState.MOVED, moved) if moved else Judgement(LinkState.ALIVE)


def is_short(page: SourcePage) -> bool:
    """True for a page with few words, which may be an error page or a question to the reader."""
    return len(page.text.split()) < _FEW_WORDS and len(page.text) < 10 * _FEW_WORDS


def needs_scripts(page: SourcePage) -> bool:
    """True for a page without text, or with nothing but a sentence about JavaScript."""
    text = page.text.casefold()
    return not page.text or (is_short(page) and any(words in text for words in _words()["needs_scripts"]))


def _by_status(answer: PageAnswer, page: SourcePage) -> LinkState | None:
    """The state that an answer's status gives away; None for a success."""
    if answer.status in _GONE:
        return LinkState.GONE
    if answer.status in _WALLS:
        return LinkState.WALLED
    is_empty = answer.is_whole and not answer.body
    if is_empty or not 200 <= answer.status < 300:
        asked = "cf-mitigated" in answer.headers or _is_titled(page, "robot")
        return LinkState.WALLED if asked else LinkState.UNREACHABLE
    return None


def _disguised(link: str, answer: PageAnswer, page: SourcePage) -> LinkState | None:
    """The state of a page that isn't the source, although it answers with success."""
    if not is_same_page(link, answer.link):
        if has_segment(answer.link, _LOGIN) or _is_consent(answer.link):
            return LinkState.WALLED
        if has_segment(answer.link, _LOST) or (is_home(answer.link) and not is_home(link)):
            return LinkState.SOFT_404
    if page.is_paid:
        return LinkState.WALLED
    if not is_short(page):
        return None
    if any(title.startswith(words) for words in _words()["for_sale"] for title in _titles(page)):
        return LinkState.GONE
    if _is_titled(page, "not_found") or (is_home(page.canonical) and not is_home(link)):
        return LinkState.SOFT_404
    if page.asks_password or _is_titled(page, "robot") or _is_titled(page, "wall"):
        return LinkState.WALLED
    return None


def _is_consent(link: str) -> bool:
    host = urlsplit(link).hostname or ""
    return host.startswith(("consent.", "consents.")) or has_segment(link, _CONSENT)


def _new_home(link: str, answer: PageAnswer) -> str:
    """The address to which the link leads for good; empty if that is the same page, or only for now.

    What follows the first temporary redirect isn't for good.
    """
    lasting = [step.target for step in takewhile(lambda step: step.permanent, answer.redirects)]
    return lasting[-1] if lasting and not is_same_page(link, lasting[-1]) else ""


def _is_titled(page: SourcePage, kind: str) -> bool:
    """True if the title or the heading, or a part of one, has words of this kind and no others."""
    known = _words()[kind]
    return any(part in known for title in _titles(page) for part in _parts(title))


def _titles(page: SourcePage) -> tuple[str, ...]:
    """The title, the heading, and the first line of the text, which may be all there is."""
    every = (page.facts.title, page.heading, page.text.partition("\n")[0])
    return tuple(_folded(" ".join(words[:_LONGEST_TITLE].split())) for words in every if words)


def _parts(title: str) -> Iterator[str]:
    yield from (part.strip(_MARKS) for part in (title, *_DIVIDER.split(title)))


def _folded(words: str) -> str:
    """Words in small letters, without apostrophes."""
    return re.sub("['’‘ʼ`´]", "", unicodedata.normalize("NFKC", words).casefold()).strip()


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """The words by their kind."""
    data = tomllib.loads(files("bots.sources").joinpath("page_words.toml").read_text(encoding="utf-8"))
    return {kind: tuple(_folded(words) for words in listed) for kind, listed in data.items()}
