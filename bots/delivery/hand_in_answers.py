"""The appendix of the hand-in: the answers that signers agreed to hand in, as lines and as counts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bots.papers.hand_in_content import AnswerCount
from core.conversation.scene import display_value
from core.export.naming import shown_answers
from core.messages import Catalog, Message, Words
from core.petition.captions import field_caption, options
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition, PetitionText
from core.signatures.signature import Signature

_MOST_LINES = 20  # that a signer may break; more are joined, or one answer could fill pages


@dataclass
class AnswerCensus:
    """Counts answers while it words them, with the captions and options of `text`, in the language `spoken`."""

    petition: Petition
    text: PetitionText
    catalog: Catalog
    spoken: str
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._fields = [field for field in self.petition.fields if field.hand_in]
        self._captions = {field.name: self._words(field_caption(self.text, field)) for field in self._fields}
        self._is_titled = sum(field.kind is FieldKind.TEXT for field in self._fields) > 1

    def lines(self, signature: Signature) -> tuple[str, ...]:
        """The lines of a named signer's answers: choices first, then texts, each below its caption if several ask."""
        shown = shown_answers(self.petition, signature)
        texts = [field for field in shown if field.kind is FieldKind.TEXT]
        chosen = [field for field in shown if field.kind is not FieldKind.TEXT]
        return (
            *(self._choice(field, signature.answers[field.name]) for field in chosen),
            *(line for field in texts for line in self._text(field, signature.answers[field.name])),
        )

    def questions(self) -> tuple[AnswerCount, ...]:
        """The questions with their counts; none if nobody's answers are handed in."""
        if not self.counts:
            return ()
        return tuple(AnswerCount(self._captions[field.name], tuple(self._options(field))) for field in self._fields)

    def _choice(self, field: Field, value: str) -> str:
        self.counts[field.name, value] += 1
        return f"{self._lead(field)} {self._words(display_value(self.text, field, value, self.spoken))}"

    def _text(self, field: Field, value: str) -> Iterator[str]:
        self.counts[field.name, ""] += 1
        if self._is_titled:
            yield self._lead(field)
        lines = list(filter(None, map(str.strip, value.split("\n"))))
        yield from lines if len(lines) <= _MOST_LINES else (" / ".join(lines),)

    def _lead(self, field: Field) -> str:
        """The caption, with a colon unless it ends with a question mark or the like."""
        caption = self._captions[field.name]
        return caption if unicodedata.category(caption[-1:] or ".") == "Po" else f"{caption}:"

    def _options(self, field: Field) -> Iterator[tuple[str, int]]:
        """The options in the form's order, then those that it no longer has."""
        if field.kind is FieldKind.TEXT:
            yield self._words(Message("handin.answered")), self.counts[field.name, ""]
            return
        known = dict(options(self.text, field))
        for key, words in known.items():
            yield self._words(words), self.counts[field.name, key]
        for name, key in sorted(self.counts):
            if name == field.name and key not in known:
                yield key, self.counts[name, key]

    def _words(self, words: Words) -> str:
        return self.catalog.words(words, self.spoken)
