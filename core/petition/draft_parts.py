"""Tells the parts of a petition's text apart: organizer, title, target, letter, and background."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.petition.draft_notes import Doubt, cited_labels
from core.petition.draft_paragraphs import DraftParagraph

_TITLE = 150  # characters of a title, as in front_matter.py
_NAME = 60  # characters of an organizer's name, or of a line under a closing
_ADDRESS = re.compile(
    r"(?:(?:an? )?(?:open )?(?:petition|letter) (?:addressed )?to(?=:| (?:the|our|all) | (?-i:[A-Z]))|to(?=:|"
    r" the .*[:,]$| (?:the )?(?-i:[A-Z])[^.!?]*$)|dear|"
    r"petición a|carta (?:abierta )?a|a(?= (?:la|el|los|las) .*:$)|estimad[oa]s?|"
    r"petition an|(?:offener )?brief an|an(?= (?:den|die|das) [^.!?]*$)|sehr geehrter?|liebe[rs]?|"
    r"pétition (?:à|au|aux)|lettre (?:ouverte )?(?:à|au|aux)|monsieur|madame|chère?s?|إلى|सेवा में|致|aan|ao|à|"
    r"alla?)(?:\b|(?=[:：,]))[:：,]?\s*(?<=[\s:：])"
    r"(?P<target>.{2,90}?)\s*[:,،.!]*$",
    re.IGNORECASE,
)
_REASONS = re.compile(
    r"(?:background|why|reasons?|why (?:it|this|we).*|why is this important\??|more information|about|the facts|"
    r"hintergrund|begründung|warum.*|antecedentes|por qué.*|motivos|contexte|pourquoi.*|خلفية|لماذا.*)[\s:?!]*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:yours|sincerely|respectfully|kind regards|best regards|regards|signed|the undersigned|with respect|"
    r"mit freundlichen grüßen|hochachtungsvoll|atentamente|cordialmente|cordialement|respectueusement)\b.{0,25}$",
    re.IGNORECASE,
)
_YOU = re.compile(
    r"\b(?i:you|your|yours|usted|ustedes|vuestr[oa]s?|vous|votre|vos|"
    r"we (?:ask|urge|call on|demand)|(?:le|les|os)? ?(?:pedimos|instamos|exigimos)|nous (?:demandons|appelons)|"
    r"wir (?:bitten|fordern))\b|(?<=[\w,] )(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b|نطلب|نطالب"
)


_UNDERLINE = re.compile(r"([=\-_~*])\1{2,}")
_CAPTION = re.compile(
    r"^\s*(?:(?:title|subject|titel|betreff|título|asunto|titre|objet|re|fwd?|aw|wg|rv|tr)\s*[:：]\s*)+", re.IGNORECASE
)
"""Words in front of a title in a text or a mail."""
_ANYONE = re.compile(
    r"(?:damen und herren|sir|madam|all|friends?|señor(?:es|as)?|mesdames|messieurs|monsieur|madame)\b", re.IGNORECASE
)
"""Salutations that name nobody."""


@dataclass(frozen=True)
class Parts:
    """The parts of a text; `address` is the paragraph that names the target, and belongs to the letter."""

    title: DraftParagraph
    organizer: str
    target: str
    address: DraftParagraph | None
    letter: tuple[DraftParagraph, ...]
    background: tuple[DraftParagraph, ...]


def split(paragraphs: tuple[DraftParagraph, ...], doubts: list[Doubt]) -> Parts:
    """The parts of a text that has at least one paragraph."""
    at = _title_at(paragraphs, doubts)
    title = _bare_title(paragraphs[at])
    organizer = next((each.words for each in paragraphs[:at] if _is_name(each)), "")
    if organizer:
        doubts.append((paragraphs[0].line, f"taken as the organizer: {organizer}"))
    is_above = not any(map(_addressed, paragraphs[:at]))  # or else it is a sentence of the letter, which stays there
    above = {organizer, paragraphs[at].words} if is_above else {organizer}
    skipped = {each for each in paragraphs if each.words in above}
    rest = tuple(each for each in paragraphs if each not in skipped) or (title,)
    addresses = [index for index, each in enumerate(rest) if _addressed(each)]
    begin = addresses[0] if addresses else None
    address = rest[begin] if begin is not None else None
    found = [match for each in rest if (match := _addressed(each))]
    match = next((each for each in found if not _ANYONE.match(each["target"])), found[0] if found else None)
    target = match["target"].strip() if match else ""
    if address:
        doubts.append((address.line, f"taken as the target: {target}"))
    before, after = rest[: begin or 0], rest[begin or 0 :]
    end, is_sure = _end_of_letter(after, starts=1 if address else 0)
    background = tuple(each for each in (*before, *after[end:]) if not each.is_rule and not _REASONS.match(each.words))
    if background and not is_sure:
        doubts.append((background[0].line, f"the background begins here: {background[0].words[:60]}"))
    return Parts(title, organizer, target, address, tuple(each for each in after[:end] if not each.is_rule), background)


def _bare_title(paragraph: DraftParagraph) -> DraftParagraph:
    """The title without what stood before or below it, such as "Subject: Fwd:" and a line of equals signs."""
    lines = tuple(line for line in paragraph.lines if not _UNDERLINE.fullmatch(line.strip())) or paragraph.lines
    return replace(paragraph, lines=(_CAPTION.sub("", lines[0]) or lines[0], *lines[1:]))


def _is_name(paragraph: DraftParagraph) -> bool:
    """True for a short line that may name the organizer."""
    is_words = not paragraph.is_rule and not _is_list(paragraph) and not is_greeting(paragraph)
    return is_words and len(paragraph.words) <= _NAME


def is_greeting(paragraph: DraftParagraph) -> bool:
    """True for a salutation, an address, and a closing, which say nothing on their own."""
    return _addressed(paragraph) is not None or _CLOSING.match(paragraph.lines[0].rstrip("\\ ,")) is not None


def _addressed(paragraph: DraftParagraph) -> re.Match[str] | None:
    """The match for a paragraph that says who gets the petition, such as "To the Town Council" above its address."""
    first = replace(paragraph, lines=paragraph.lines[:1])
    return _ADDRESS.match(paragraph.words if len(paragraph.lines) == 1 else first.words)


def _title_at(paragraphs: Sequence[DraftParagraph], doubts: list[Doubt]) -> int:
    """The index of the title: a heading, a line that is there twice, or the first short one."""
    words = [each.words for each in paragraphs]
    headings = [index for index, each in enumerate(paragraphs) if each.is_heading and not _REASONS.match(each.words)]
    if headings and headings[0] <= len(paragraphs) // 2:
        return headings[0]
    repeated = [index for index, said in enumerate(words) if words.count(said) > 1 and len(said) <= _TITLE]
    if repeated:
        return repeated[0]
    usable = [index for index, each in enumerate(paragraphs) if not each.is_rule]
    short = [index for index in usable if len(words[index]) <= _TITLE and not is_greeting(paragraphs[index])]
    found = (short or usable)[0]
    doubts.append((paragraphs[found].line, f"taken as the title: {words[found]}"))
    return found


def _end_of_letter(paragraphs: Sequence[DraftParagraph], starts: int) -> tuple[int, bool]:
    """The index after the letter's last paragraph; True if the text says so."""
    for index, paragraph in enumerate(paragraphs[starts:], starts):
        if index > starts and (paragraph.is_rule or _REASONS.match(paragraph.words)):
            return index, True
        if index > starts and _CLOSING.match(paragraph.lines[0].rstrip("\\ ,")):
            signed = index + 1
            while signed < len(paragraphs) and _is_signature(paragraph, paragraphs[signed]):
                signed += 1
            return signed, True
    addressed = [index for index, each in enumerate(paragraphs) if index >= starts and _YOU.search(each.text)]
    if addressed and addressed[0] == starts:
        end = starts
        while end < len(paragraphs) and (end in addressed or _is_list(paragraphs[end])):
            end += 1
        return end, False
    citing = [index for index, each in enumerate(paragraphs) if index > starts and cited_labels([each])]
    return (citing[0] if citing else min(starts + 1, len(paragraphs))), False


def _is_signature(closing: DraftParagraph, below: DraftParagraph) -> bool:
    """True for a name or a role below a closing that has none on its own."""
    is_words = not below.is_heading and not below.is_rule and not _REASONS.match(below.words)
    return is_words and len(closing.lines) == 1 and len(below.words) <= _NAME and not below.words.endswith((".", ":"))


def _is_list(paragraph: DraftParagraph) -> bool:
    """True for a list, which belongs to the paragraph above it."""
    return re.match(r"[-*+] |\d+[.)] ", paragraph.lines[0]) is not None
