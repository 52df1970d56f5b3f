"""Sentences keep their abbreviations, and every citation belongs to one sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.petition.sources import claims_of
from core.text.document import Block, BlockKind, Document, Span
from core.text.sentences import sentences


def paragraph(text: str) -> Block:
    """A paragraph in which every [n] is a citation."""
    parts = [part for part in re.split(r"(\[\d+\])", text) if part]
    spans = (Span(part, citation=int(part[1:-1]) if re.fullmatch(r"\[\d+\]", part) else None) for part in parts)
    return Block(BlockKind.PARAGRAPH, tuple(spans))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council of St. Mary wants the road[1].|It refused[2]."),
        ("en", "Dr. Smith and Prof. Lee asked the U.S. Senate.[1]|The U.K. Minister left.[2]"),
        ("en", "Many, e.g. J. R. Smith, J.R. Lee and John F. Kennedy Jr., paid $3.5 million.[1]|Then they left."),
        ("en", "They met at 5 p.m. Monday, i.e. too late.[1]|Nobody came.[2]"),
        ("en", "Acme Inc. said no[1].|And Acme Inc.[2] is big.|See Fig. 3, ch. 2 and approx. 50 pages.[3]"),
        ("en", "He lives in the U.S.|He works."),
        ("en", "“We refuse.”[1]|He said “Why? Because!” and left.[2]|(It was late.)"),
        ("en", "They refused. [1]|So we ask[2], and ask[3] again. [4][5]|Now!"),
        ("en", "[1] They refused.|Why?[2]|“No!” says the mayor.[3]|Wait…[4] So."),
        ("en", "We ask you to (1) cancel it, (2) publish it.[1]|Go to example.com today."),
        ("es", "El Sr. Gómez, D. Juan y la Dra. Ruiz de EE. UU. dijeron que no (pág. 5).[1]|¿Por qué?[2]|¡No!"),
        ("es_MX", "«Nos negamos.»[1]|La Sra. Ruiz llegó a las 5 p. m.[2]"),
        ("de", "Dies gilt z. B. für Dr. Müller am 3. Mai, d. h. ca. 5 Mio. Euro.[1]|„Wir lehnen ab.“[2]|Und hier."),
        ("fr", "M. Dupont, J.-P. Martin et Dr. Noir ont dit non.[1]|« Pourquoi ? »[2]|Il est parti."),
        ("ru", "А. С. Пушкин и т. д. живут на ул. Ленина.[1]|Нет.[2]"),
        ("ar", "هل رفضوا؟[1]|نعم رفضوا.[2]|قال د. أحمد لا."),
        ("ur", "یہ سچ ہے۔[1]|وہ گیا۔[2]"),
        ("hi", "डॉ. सिंह ने कहा।[1]|वह गया।[2]|क्या?"),
        ("zh", "他们拒绝了。[1]|我们抗议！[2]|为什么？"),
        ("ja", "彼らは拒否した。[1]|「なぜ。」と言った。[2]"),
        ("tlh", "One.|Two."),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(language: str, text: str) -> None:
    glue = "" if language in ("zh", "ja") else " "
    cut = [sentence for sentence, _ in sentences(paragraph(text.replace("|", glue)), language)]
    assert cut == text.split("|")


def test_a_source_is_quoted_with_the_sentences_that_cite_it() -> None:
    letter = Document((paragraph("St. Mary refused.[1] Dr. Lee agreed[2], we hear.[1]"),))
    background = Document((paragraph("St. Mary refused.[1]"), Block(BlockKind.ITEM, (Span("Not by hand: [2]."),))))
    assert claims_of("en", letter, background) == {
        1: ("St. Mary refused.[1]", "Dr. Lee agreed[2], we hear.[1]"),
        2: ("Dr. Lee agreed[2], we hear.[1]",),
    }


WORDS = st.one_of(
    st.sampled_from([" ", ".", ". ", "? ", "\n", "St. ", "p.m. ", "U.S. ", "。", "” ", "(", "1. ", "No", "🌳", "…"]),
    st.text(max_size=8),
)
SPANS = st.lists(st.one_of(WORDS.map(Span), st.integers(1, 30).map(lambda n: Span(f"[{n}]", citation=n))), max_size=30)


@given(SPANS, st.sampled_from(["en", "es_MX", "de", "ar", "hi", "zh_Hant", "ja", "tlh", ""]))
def test_sentences_are_the_block_and_each_citation_belongs_to_one(spans: list[Span], language: str) -> None:
    block = Block(BlockKind.PARAGRAPH, tuple(spans))
    cited_sentences = list(sentences(block, language))
    rest = block.text
    for sentence, numbers in cited_sentences:
        before, own, rest = rest.partition(sentence)
        assert own == sentence
        assert not before.strip()
        assert all(f"[{number}]" in sentence for number in numbers)
    assert not rest.strip()
    cited = [span.citation for span in spans if span.citation is not None]
    assert [number for _, numbers in cited_sentences for number in numbers] == cited
