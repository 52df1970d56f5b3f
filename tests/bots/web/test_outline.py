"""Markdown as the tree that HTML wants."""

from __future__ import annotations

from bots.web.outline import Listing, Node, Paragraph, Quote, outline
from core.text.markdown import Numbering, parse


def drawn(markdown: str) -> str:
    document, _ = parse(markdown, (), Numbering())
    return " ".join(_drawn(node) for node in outline(document, "letter"))


def _drawn(node: Node) -> str:
    match node:
        case Paragraph(block, _, level):
            return f"h{level}:{block.text}" if level else block.text
        case Quote(paragraphs):
            return f"<{' '.join(map(_drawn, paragraphs))}>"
        case Listing(items, start):
            inside = "; ".join(" ".join(map(_drawn, item)) for item in items)
            return f"{'' if start is None else start}[{inside}]"


def test_lists_lie_within_lists() -> None:
    assert drawn("- a\n- b\n    1. c\n    2. d\n        - e\n- f\n\nend") == "[a; b 1[c; d [e]]; f] end"


def test_an_item_has_several_paragraphs_also_after_a_list_of_its_own() -> None:
    assert drawn("- a\n\n    more\n\n    - b\n\n    last\n- c") == "[a more [b] last; c]"


def test_ordered_lists_begin_where_they_say_and_other_lists_are_others() -> None:
    assert drawn("4. a\n5. b\n\n- c\n- d") == "4[a; b] [c; d]"


def test_headings_begin_at_the_third_level_and_leave_none_out() -> None:
    assert drawn("# a\n\n### b\n\n# c\n\n###### d") == "h3:a h4:b h3:c h5:d"
    assert drawn("## a\n\n#### b") == "h3:a h4:b"


def test_a_quote_has_several_paragraphs() -> None:
    assert drawn("a\n\n> b\n>\n> c\n\nd") == "a <b c> d"
