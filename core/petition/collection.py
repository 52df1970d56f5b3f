"""The petitions of a process: those that everyone may see, and those that only a link leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from operator import attrgetter

from core.messages import DEFAULT_LOCALE
from core.petition.petition import Petition


class Visibility(Enum):
    """The petitions that a process shows, and whether signing them counts."""

    PUBLISHED = auto()  # drafts open only by their preview links
    WITH_DRAFTS = auto()  # for whoever can read the folder anyway
    ALL_PUBLISHED = auto()  # drafts as people will see them once they're published
    TRIALS = auto()  # everything, but each signature is a trial


@dataclass(frozen=True, eq=False)
class PetitionCollection(Mapping[str, Petition]):
    """Petitions by slug.

    Iterating and counting give only the `listed` ones. Looking up a slug also finds the `hidden` ones, such as a draft
    by its preview name, and a petition by one of its other `names`. `counting` are those whose signatures count.
    """

    listed: Mapping[str, Petition]
    hidden: Mapping[str, Petition] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    counting: Mapping[str, Petition] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Petition:
        slug = self.names.get(name, name)
        return self.listed[slug] if slug in self.listed else self.hidden[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)


def collect(
    petitions: Mapping[str, Petition], preview: Callable[[str], str], visibility: Visibility = Visibility.PUBLISHED,
    stored: Callable[[Petition], str] = attrgetter("slug"),
) -> PetitionCollection:  # fmt: skip
    """The collection of all petitions that were loaded, by folder.

    `preview` makes the preview name of a slug, and `stored` finds the name under which a petition's data is stored.
    """
    listed, hidden, names = dict[str, Petition](), dict[str, Petition](), dict[str, str]()
    counting = {}
    for folder, loaded in petitions.items():
        petition = replace(loaded, is_draft=False) if visibility is Visibility.ALL_PUBLISHED else loaded
        trial, slug = replace(petition, slug=preview(folder), folder=folder), stored(petition)
        known = replace(petition, slug=slug, folder=folder) if slug != folder else petition
        if not petition.is_draft:
            counting[slug] = known
        if visibility is Visibility.TRIALS or petition.is_draft:
            (hidden if visibility is Visibility.PUBLISHED else listed)[trial.slug] = trial
        else:
            listed[slug] = known
            names |= {name: slug for name in (folder, *petition.formerly) if name != slug}
            names[trial.slug] = slug  # for people who still have the link to the draft
        names |= {preview(name): names.get(trial.slug, trial.slug) for name in petition.formerly}
    return PetitionCollection(listed, hidden, names, counting)


def published(petitions: Mapping[str, Petition]) -> Mapping[str, Petition]:
    """The petitions whose signatures count, without any trial."""
    if not isinstance(petitions, PetitionCollection):
        return petitions
    return PetitionCollection(petitions.counting, names=petitions.names, counting=petitions.counting)


def drafts(petitions: Mapping[str, Petition]) -> Mapping[str, Petition]:
    """The drafts, by preview name."""
    every = {**petitions.listed, **petitions.hidden} if isinstance(petitions, PetitionCollection) else {}
    return {slug: petition for slug, petition in every.items() if petition.is_draft}


def with_drafts(petitions: Mapping[str, Petition]) -> Mapping[str, Petition]:
    """All petitions, and the drafts by preview name; each once, whether they are listed or not."""
    return {**petitions, **drafts(petitions)}


def other_names(petitions: Mapping[str, Petition]) -> Mapping[str, str]:
    """The names that only old links have, each with the name that links have now."""
    names = (*petitions.names, *petitions.listed) if isinstance(petitions, PetitionCollection) else ()
    return {name: petitions[name].public_slug for name in names if petitions[name].public_slug != name}


def original_language(petitions: Mapping[str, Petition], name: str = "") -> str:
    """The language in which a petition was first written; without a name, that of the first petition."""
    first = next(iter(petitions.values()), None)
    petition = petitions.get(name, first)
    return petition.languages[0] if petition else DEFAULT_LOCALE


def find_slug(petitions: Mapping[str, Petition], name: str) -> str:
    """The slug of the petition with a name; the name itself if there is none."""
    return petitions[name].slug if name in petitions else name


def distinct_titles(petitions: Mapping[str, Petition], locale: str) -> dict[str, str]:
    """The titles by slug. Those that several have begin with the organizer and the target, or else with the name.

    What tells them apart comes first, since a button may cut off the end.
    """
    titles = {slug: petition.text(locale).title for slug, petition in petitions.items()}
    about = {slug: f"{petition.organizer} → {petition.target}: " for slug, petition in petitions.items()}
    longer = _where_several(titles, {slug: about[slug] + title for slug, title in titles.items()})
    return _where_several(longer, {slug: f"{petitions[slug].public_slug}: {title}" for slug, title in titles.items()})


def _where_several(titles: Mapping[str, str], longer: Mapping[str, str]) -> dict[str, str]:
    """The titles, with the longer ones for those that come more than once."""
    seen = Counter(titles.values())
    return {slug: title if seen[title] == 1 else longer[slug] for slug, title in titles.items()}
