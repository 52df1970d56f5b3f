"""The fonts in bots/papers/fonts are what the manifest says, and every script in everyday use has one."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import cache
from itertools import islice

import regex
import typst
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, TextStringObject

from bots.papers import typesetting
from bots.papers.glyphs import TABLE, has_glyphs
from tests.renewal.fonts import LICENCE, MANIFEST, digest_of, table_of

# Unicode Standard Annex #31, tables 5 and 7: scripts of everyday use.
RECOMMENDED = (
    "Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew "
    "Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan"
)
LIMITED_USE = (
    "Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha "
    "Limbu Lisu Mandaic Meetei_Mayek Miao Newa New_Tai_Lue Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra "
    "Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi"
)
LETTERS = 30
WITHOUT_FONT = "Toto"


def test_the_manifest_names_every_file_with_its_digest() -> None:
    facts = json.loads(MANIFEST.read_text(encoding="utf-8"))
    fonts = [file for file in typesetting.FONTS.iterdir() if file not in (MANIFEST, LICENCE, TABLE)]
    assert {file.name: digest_of(file) for file in fonts} == {
        name: about["sha256"] for name, about in facts["files"].items()
    }
    assert facts["licence"] == "OFL-1.1"
    assert "SIL OPEN FONT LICENSE Version 1.1" in LICENCE.read_text(encoding="utf-8")


def test_every_script_in_everyday_use_has_a_font() -> None:
    scripts = f"{RECOMMENDED} {LIMITED_USE}".split()
    found = boxes([" ".join(letters(script)) for script in scripts])
    assert [script for script, number in zip(scripts, found, strict=True) if number] == []


def test_a_box_is_seen_as_one() -> None:
    assert boxes(["Ada " + "".join(letters(WITHOUT_FONT)), "Ada"]) == [LETTERS, 0]


def test_the_table_of_glyphs_is_that_of_the_fonts() -> None:
    assert TABLE.read_text(encoding="utf-8") == table_of(typesetting.FONTS)


def test_what_has_glyphs_is_printed_and_what_has_none_is_known() -> None:
    assert all(has_glyphs(" ".join(letters(script))) for script in f"{RECOMMENDED} {LIMITED_USE}".split())
    assert not any(map(has_glyphs, letters(WITHOUT_FONT)))
    assert has_glyphs("Nguye\u0302\u0303n \u2068Ada\u2069 👩\u200d🚀 葛\U000e0100"), "what is unseen needs none"


@cache
def every_character() -> str:
    return "".join(chr(point) for point in range(0x20, 0x110000) if not 0xD800 <= point < 0xE000)


def letters(script: str) -> list[str]:
    """The first letters of a script."""
    found = regex.finditer(rf"(?=\p{{Script={script}}})\p{{L}}", every_character())
    return [letter.group() for letter in islice(found, LETTERS)]


def boxes(texts: list[str]) -> list[int]:
    """Count the missing-glyph boxes of each text, which has a page of its own: the first glyph of every font."""
    source = b'#set text(font: "Noto Sans")\n#for words in sys.inputs.texts.split("\n") { page(words) }'
    compiler = typst.Compiler(source, font_paths=typesetting._fonts(), sys_inputs={"texts": "\n".join(texts)})
    reader = PdfReader(io.BytesIO(compiler.compile(format="pdf")))  # type: ignore[arg-type]  # bytes where no file is named
    return [sum(glyph == b"\0\0" for glyph in _glyphs(page)) for page in reader.pages]


def _glyphs(page: PageObject) -> Iterator[bytes]:
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        shown = {b"Tj": operands, b"TJ": operands and operands[0]}.get(operator, ())
        for run in shown:
            if isinstance(run, TextStringObject):
                yield from (run.original_bytes[at : at + 2] for at in range(0, len(run.original_bytes), 2))
