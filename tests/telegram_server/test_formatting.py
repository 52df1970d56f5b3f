"""HTML and entities: what is read, what is refused, and that offsets count UTF-16 units."""

import html as standard_html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram_server import html
from tests.telegram_server.entities import check, find, units
from tests.telegram_server.errors import ApiError
from tests.telegram_server.formatting import trimmed

PREFIX = "Bad Request: can't parse entities: "


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length} | more


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a <b>b</b>", "a b", [entity("bold", 2, 1)]),
        ("😀<i>x</i>", "😀x", [entity("italic", 2, 1)]),
        (
            "<b>a<i>b</i></b>",
            "ab",
            [entity("bold", 0, 2), entity("italic", 1, 1)],
        ),
        (
            '<a href="https://a.org/?b=1&amp;c=2">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://a.org/?b=1&c=2")],
        ),
        ('<span class="tg-spoiler">s</span>', "s", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        (
            '<pre><code class="language-python">x = 1</code></pre>',
            "x = 1",
            [entity("pre", 0, 5, language="python")],
        ),
        ("<code>y</code>", "y", [entity("code", 0, 1)]),
        ("1 &lt; 2 &amp; 3 &quot; &#33; &#x21; &copy;", '1 < 2 & 3 " ! ! &copy;', []),
        ("<b></b>x", "x", []),
        (
            "<blockquote><code>x</code></blockquote>",
            "x",
            [entity("blockquote", 0, 1), entity("code", 0, 1)],
        ),
    ],
)
def test_html_is_read(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert html.parse(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b><code>x</code></b>", "code at UTF-16 offset 0 can't be nested in bold at UTF-16 offset 0"),
    ],
)
def test_malformed_html_is_refused(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        html.parse(source)
    assert caught.value.description == PREFIX + reason


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert html.parse(standard_html.escape(text, quote=False).replace("\x00", "")) == (
        text.replace("\x00", ""),
        [],
    )


@given(st.text(), st.text(min_size=1))
def test_offsets_count_utf16_units(before: str, bold: str) -> None:
    source = f"{standard_html.escape(before, quote=False)}<b>{standard_html.escape(bold, quote=False)}</b>"
    assert html.parse(source)[1] == [entity("bold", units(before), units(bold))]


@pytest.mark.parametrize(
    ("text", "entities", "reason"),
    [
        ("ab", [entity("bold", 1, 2)], "Entity beginning at UTF-16 offset 1 ends after the end of the text"),
        ("a😀", [entity("bold", 0, 2)], "Entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16"),
        ("😀a", [entity("bold", 1, 2)], "Entity beginning at UTF-16 offset 1 begins in a middle of a UTF-16"),
        ("ab", [entity("bold", -1, 2)], "Receive an entity with incorrect offset -1"),
        ("ab", [entity("bold", 0, 0)], "Receive an entity with incorrect length 0"),
        ("ab", [entity("loud", 0, 1)], "Unsupported type 'loud' of MessageEntity specified"),
        ("ab", [entity("text_link", 0, 1)], 'Can\'t find field "url"'),
        (
            "abc",
            [entity("bold", 0, 2), entity("italic", 1, 2)],
            "italic at UTF-16 offset 1 partially overlaps",
        ),
        (
            "abc",
            [entity("pre", 0, 3), entity("bold", 1, 1)],
            "bold at UTF-16 offset 1 can't be nested in pre",
        ),
        (
            "abc",
            [entity("blockquote", 0, 3), entity("expandable_blockquote", 1, 1)],
            "expandable_blockquote at UTF-16 offset 1 can't be nested in blockquote",
        ),
    ],
)
def test_wrong_entities_are_refused(text: str, entities: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        check(text, entities)
    assert caught.value.description.startswith(PREFIX + reason)


def test_entities_follow_the_trimmed_text() -> None:
    assert trimmed(" \n😀b  ", [entity("bold", 0, 7), entity("code", 5, 2)]) == (
        "😀b",
        [entity("bold", 0, 3)],
    )


def test_entities_that_telegram_finds_in_a_persons_text() -> None:
    marks = [(mark["type"], mark["offset"], mark["length"]) for mark in find("😀 /start@undersign_bot a@b.org #tag")]
    assert marks == [("bot_command", 3, 20), ("email", 24, 7), ("hashtag", 32, 4)]
    assert [mark["type"] for mark in find("see https://a.org/x?y=1. and @anna_b")] == ["url", "mention"]
