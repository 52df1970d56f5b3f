"""Former names of petitions' folders, and which of a petition's names its data is stored under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from core.petition.petition import LONGEST_SLUG, SLUG, Petition
from core.petition.trial import is_trial


def is_slug(name: str) -> bool:
    """True if a petition's folder may have this name."""
    return SLUG.fullmatch(name) is not None and len(name) <= LONGEST_SLUG and not is_trial(name)


def conflicts(formerly: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int, str]]:
    """The former names that can't be right: folder, place in its list, and a sentence. `formerly` has every folder."""
    claims = Counter(name for names in formerly.values() for name in set(names))
    for folder, names in formerly.items():
        for place, name in enumerate(names):
            if name == folder:
                yield folder, place, f"formerly: {name!r} is the folder's present name: remove it"
            elif name in formerly:
                yield folder, place, f"formerly: another petition is in the folder {name}: its links lead there"
            elif claims[name] > 1:
                yield folder, place, f"formerly: another petition has {name!r}, too: links lead to one petition"


def stored_name(petition: Petition, signed: Callable[[str], int], known: Callable[[str], bool]) -> str:
    """The slug under which a petition's data is stored: of its names, the one with the most signatures ever.

    That never changes, since only the name in use gets more. Without signatures, it is the first `known` one in
    `formerly`, and where nothing is known the first of all.
    """
    return max((*petition.formerly, petition.slug), key=lambda name: (signed(name), known(name)))
