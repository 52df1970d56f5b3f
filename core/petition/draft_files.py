"""Writes a draft as a petition's folder, all at once and only if there is none."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from core.errors import ContentError
from core.petition import postal_code
from core.petition.country import CODES
from core.petition.draft import ORGANIZER, TARGET, Draft
from core.petition.former_names import is_slug
from core.petition.language_code import known_language
from core.petition.petition import LONGEST_SLUG
from core.petition.trial import is_trial
from core.petition.yaml_text import lost_words

TEMPLATE = Draft(
    "What you ask for, in one line",
    "One or two sentences that say what you ask for.",
    ORGANIZER,
    TARGET,
    "Write here the letter that people sign. Say who you are, what you ask for, and by when.",
    "Write here why people should sign. Cite a source for each fact.[^1]\n\n"
    "[^1]: The Elm Street Courier, “Forty elms to go by spring,” March 2, 2026. <https://courier.example.org/elms>",
)
"""The draft of a petition that has no text yet."""


@dataclass(frozen=True)
class DraftFacts:
    """Facts that only the organizer knows: the petition's language, and the country of most signers, if any."""

    language: str = "en"
    country: str = ""


def refused(slug: str, facts: DraftFacts) -> str:
    """The reason why a petition can't have this slug or these facts, or empty."""
    if is_trial(slug):
        return f"{slug!r} is the name of a draft's preview link: choose another name"
    if not is_slug(slug):
        return f"{slug!r} can't be a petition's name: use at most {LONGEST_SLUG} characters (a-z, 0-9, single hyphens)"
    if facts.country and facts.country not in CODES:
        return f"{facts.country!r} isn't a country code such as US or GB"
    if facts.country and facts.country not in postal_code.countries():
        return f"{facts.country} has no postal codes: leave the country out, and the form asks for it"
    try:
        known_language(facts.language)
    except ValueError as error:
        return str(error)
    return ""


def write_draft(draft: Draft, folder: Path, facts: DraftFacts) -> None:
    """Make the petition's folder. Raises ContentError if there is anything of that name."""
    if folder.exists() or folder.is_symlink():
        raise ContentError(f"{folder} exists already, and nothing in it was changed: choose another name.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".undersign-", dir=folder.parent) as name:
        made = Path(name) / folder.name
        (made / facts.language).mkdir(parents=True)
        (made / "petition.toml").write_text(_petition_file(draft, facts), encoding="utf-8")
        (made / facts.language / "letter.md").write_text(_letter(draft), encoding="utf-8")
        (made / facts.language / "background.md").write_text(f"{draft.background.strip()}\n", encoding="utf-8")
        made.rename(folder)


def _letter(draft: Draft) -> str:
    return f"---\n{_yaml('title', draft.title)}\n{_yaml('summary', draft.summary)}\n---\n\n{draft.letter.strip()}\n"


def _yaml(key: str, words: str) -> str:
    """A line of front matter, in quotes if YAML would read the words as something else."""
    plain = f"{key}: {words}"
    try:
        is_plain = yaml.safe_load(plain) == {key: words} and not list(lost_words(f"{plain}\n"))
    except yaml.YAMLError:
        is_plain = False
    return plain if is_plain else f"{key}: {_quoted(words)}"


def _quoted(words: str) -> str:
    """The words in quotes, as both TOML and YAML read them."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "")


def _petition_file(draft: Draft, facts: DraftFacts) -> str:
    lines = [
        "[petition]",
        f"organizer = {_quoted(draft.organizer)}",
        f"target = {_quoted(draft.target)}",
        f"{f'languages = [{_quoted(facts.language)}]':<29} # the first is the original",
        "goal = 1000                   # the first goal; when it is reached, the next one is shown",
        "# closes = 2027-12-31         # the last day to sign; without it, you close the petition yourself",
        '# timezone = "America/New_York"    # where that day ends; without it, in UTC',
        "retention_days = 180          # personal data is erased this long after closing",
        *([f'country = "{facts.country}"                # where most signers live'] if facts.country else ()),
        'named_if = "show_name"        # the field in which signers agree to be named in the hand-in',
        "",
        *_fields(facts),
    ]
    return "\n".join(lines) + "\n"


def _fields(facts: DraftFacts) -> list[str]:
    place = ['name = "country"', 'kind = "country"']
    if facts.country:
        accept = 'elsewhere = "accept"          # people elsewhere give their country instead'
        place = ['name = "postal_code"', 'kind = "postal_code"', f'country = "{facts.country}"', accept]
    fields = (
        ['name = "full_name"', 'kind = "name"', "required = true"],
        [*place, "required = true"],
        ['name = "email"', 'kind = "email"', "required = false"],
        ['name = "comment"', 'kind = "text"', "max_length = 500", "required = false"],
        ['name = "show_name"', 'kind = "yes_no"'],
    )
    return "\n\n".join("\n".join(("[[fields]]", *field)) for field in fields).split("\n")
