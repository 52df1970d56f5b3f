"""The petitions of a process: those that everyone may see, and those that only a link leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from core.petition.petition import Petition


class Listing(Enum):
    """The petitions that a process lists."""

    PUBLISHED = auto()  # drafts open only by their preview links
    WITH_DRAFTS = auto()  # for whoever can read the folder anyway
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
    petitions: Mapping[str, Petition], preview: Callable[[str], str], listing: Listing = Listing.PUBLISHED
) -> PetitionCollection:
    """The collection of all petitions that were loaded; `preview` makes the preview name of a slug."""
    listed, hidden, names = dict[str, Petition](), dict[str, Petition](), dict[str, str]()
    for slug, petition in petitions.items():
        trial = replace(petition, slug=preview(slug), folder=slug)
        if listing is Listing.TRIALS or petition.is_draft:
            (hidden if listing is Listing.PUBLISHED else listed)[trial.slug] = trial
        else:
            listed[slug] = petition
            names[trial.slug] = slug  # for people who still have the link to the draft
    return PetitionCollection(
        listed, hidden, names, {slug: petition for slug, petition in petitions.items() if not petition.is_draft}
    )


def published(petitions: Mapping[str, Petition]) -> Mapping[str, Petition]:
    """The petitions whose signatures count, without any trial."""
    if not isinstance(petitions, PetitionCollection):
        return petitions
    return PetitionCollection(petitions.counting, names=petitions.names, counting=petitions.counting)


def drafts(petitions: Mapping[str, Petition]) -> Mapping[str, Petition]:
    """The drafts, by preview name."""
    every = {**petitions.listed, **petitions.hidden} if isinstance(petitions, PetitionCollection) else {}
    return {slug: petition for slug, petition in every.items() if petition.is_draft}


def other_names(petitions: Mapping[str, Petition]) -> Mapping[str, str]:
    """The names that only old links have, with the slugs that they lead to."""
    return petitions.names if isinstance(petitions, PetitionCollection) else {}


def find_slug(petitions: Mapping[str, Petition], name: str) -> str:
    """The slug of the petition with a name; the name itself if there is none."""
    return petitions[name].slug if name in petitions else name
