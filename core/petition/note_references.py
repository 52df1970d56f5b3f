"""Notes that cite the source of another note again: "[^1], p. 12", "Ibid., p. 12", "See note 1, at 03:15"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.text.document import Span

LONGEST_LOCATOR = 40  # characters of a page or a time mark, which are shown in the middle of a sentence
EXAMPLE = "[^1], p. 12"

_SEE = r"(?:(?:see(?: also)?|cf\.?|siehe(?: auch)?|s\.|vgl\.?|véase(?: también)?|ver|voir(?: aussi)?)\s+)?"
_BEFORE = re.compile(rf"\W*{_SEE}$", re.IGNORECASE)
_SAME = re.compile(
    rf"\W*{_SEE}(?:ibid(?:em)?|ibíd(?:em)?|id(?:em)?|íd(?:em)?|ebd|ebenda|loc\.? cit|المرجع نفسه)\b\.?(?P<after>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(
    rf"\W*{_SEE}(?:supra\s+)?(?:note|footnote|fn\.|n\.|nota|fußnote|anm\.|note de bas de page)\s+(?:no\.\s*)?"
    r"\[?\^?(?P<label>\d{1,3})\]?(?:\s*(?:above|supra))?(?P<after>(?:\W.*)?)$",
    re.IGNORECASE | re.DOTALL,
)
_TITLED = re.compile('["“”„«»「]')
_AT = re.compile(r"^(?:at|bei|ab|en|à|a)\s+(?=\d)", re.IGNORECASE)
_EDGES = " \t\n,،、，;؛:."


@dataclass(frozen=True)
class Reference:
    """A note that cites the source of the note `label` again, or that of the note before it if `label` is empty.

    `locator` says where in the source, such as "p. 12" or "03:15"; it may be empty.
    """

    label: str
    locator: str


def read_reference(spans: Sequence[Span], labels: Mapping[int, str]) -> Reference | str | None:
    """The reference in a note; a sentence about its fault, or None if it is none. `labels` are those of numbers."""
    cited = [place for place, span in enumerate(spans) if span.citation is not None]
    if cited:
        before = "".join(span.text for span in spans[: cited[0]])
        number, after = spans[cited[0]].citation or 0, "".join(span.text for span in spans[cited[0] + 1 :])
        if len(cited) > 1 or not _BEFORE.match(before):
            return f"cites another note. To cite its source again, write it alone, with the page: {EXAMPLE}"
        return _reference(labels.get(number, ""), after)
    text = "".join(span.text for span in spans)
    if _TITLED.search(text):
        return None
    if match := _SAME.match(text):
        return _reference("", match["after"])
    if match := _NUMBERED.match(text):
        return _reference(match["label"], match["after"])
    return None


def _reference(label: str, after: str) -> Reference | str:
    locator = _AT.sub("", " ".join(after.split()).strip(_EDGES)).replace("[", "(").replace("]", ")")
    if len(locator) > LONGEST_LOCATOR:
        return f"cites a source again, with more than a page or a time mark after it. Write it like {EXAMPLE}"
    return Reference(label, locator)
