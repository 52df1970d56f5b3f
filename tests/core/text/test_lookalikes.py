"""Text that only looks like a note, a list, a table, or HTML is found; ordinary text isn't."""

from __future__ import annotations

import pytest

from core.text.lookalikes import LINES_JOINED, lookalikes
from core.text.survey import survey


def warnings(text: str) -> list[tuple[int, str]]:
    return list(lookalikes(text, survey(text)))


NOTE = "looks like a note"
TABLE = "a chat shows no tables"
LIST = "makes no list"
FOUND = [
    ("They refused.¹", "'¹' looks like a note. Write [^1]"),
    ("They refused¹² twice.", "'¹²' looks like a note. Write [^12]"),
    ("They refused.[1]", "'[1]' looks like a note. Write [^1]"),
    ("They refused [12], twice.", "Write [^12]"),
    ("They refused.[iv]", "Write [^iv]"),
    ("They refused.[*]", NOTE),
    ("They refused.1", "'1' looks like a note. Write [^1]"),
    ("They said “no.”2 We ask.", "'2' looks like a note. Write [^2]"),
    ("The pressure is mounting3 for them.", "'3' looks like a note. Write [^3]"),
    ("They refused (1).", "'(1)' looks like a note. Write [^1]"),
    ("They refused.(1) We ask.", "Write [^1]"),
    ("They refused.* We ask.", "'*' looks like a note"),
    ("They refused† twice.", "'†' looks like a note"),
    ("‡ Their own report.", "'‡' looks like a note"),
    (r"They refused.\[1\]", "Write [^1]"),
    (r"They refused.\[^1\]", "'[^1]' isn't a note: write [^1], with no blanks or backslashes"),
    ("They refused.[^my note]", "isn't a note: write [^my-note]"),
    ("They refused.^[In their report.]", "isn't a note here"),
    ("They refused.[[1]](#_ftn1)", "the link '[1]' looks like a note: write [^1]"),
    ("•\tPrune them", LIST), ("◦ Prune them", LIST), ("▪ Prune them", LIST), ("\uf0b7 Prune them", LIST),
    ("– Prune them", LIST), ("o\tPrune them", LIST), ("➢Prune them", LIST),
    ("-Prune them", "put a blank after -"), ("1.Prune them", "put a blank after 1."), ("#Elms", "put a blank after #"),
    ("-\u00a0Prune them", "- has a blank of another kind"),
    ("One.\n\u00a0\nTwo.", "this line isn't empty"), ("One.\u2028Two.", "a line break of another kind"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", TABLE), ("a | b | c\nd | e | f", TABLE),
    ("Tree\tAge\nElm\t80", TABLE), ("Tree      Age\nElm       80", TABLE),
    ("<div>Elms</div>", "HTML isn't read: <div>, </div> is shown as it is"),
    ("Elms<br/>oaks", "<br/>"), ("<!-- elms -->", "HTML isn't read"),
    ("Elms&amp;nbsp;oaks", "&nbsp; is shown as it is"),
    ("~~Elms~~ oaks", "doesn't strike words out"), ("==Elms==", "doesn't highlight"), ("++Elms++", "doesn't underline"),
    ("- [ ] Prune", "no boxes to check"), ("- [x] Prune", "no boxes to check"),
    ("Yours,\nAda Lovelace", LINES_JOINED), ("Town Hall\nElm Street 1", LINES_JOINED),
    ("The elms of Elm Street were planted in the year of the flood and the fire, and they bloom,\n"
     "and nobody has ever asked to fell a single one\n"
     "of them in all that time until last year, when the new council came and had a plan made.", LINES_JOINED),
    ("[plan] (https://elms.example)", "remove the blank between ] and ("), ("[plan]()", "has no address"),
    ("[](https://elms.example)", "has no words"), ("[plan][1]", "this link has no address"),
    ("(https://elms.example)[plan]", "a link has its words first"), ("[[plan]]", "two brackets make no link"),
    ("##", "this heading has no words"), ("One.\n\n***\n\nTwo.", "isn't shown"), ("Elms\n---", "makes this a heading"),
    ("    Elms", "makes this code"), ("\tElms", "makes this code"),
    ("** Elms**", "** is shown as it is"), ("Itâ€™s", "garbled"), ("act=E2=80=94now", "garbled"),
    ("Not ? Click here.", "a part of the page"), ("Share on Facebook", "a part of the page"),
    ("Donate", "a part of the page"), ("View this email in your browser", "a part of the page"),
    ("© 2026 Elm Street", "a part of the page"),
    ("Firma la petición", "a part of the page"),
    ("7. The Courier, “Forty elms,” March 2, 2026.", "looks like a source. Begin it with [^7]:"),
    ("[3] The Courier, “Forty elms,” March 2, 2026.", "looks like a source. Begin it with [^3]:"),
    ("https://courier.example.org/elms", "looks like a source"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FOUND)
def test_what_a_chat_shows_differently_is_found(text: str, said: str) -> None:
    assert any(said in found for _, found in warnings(text)), warnings(text)


def test_each_warning_is_on_its_own_line() -> None:
    text = "One.\n\nThey refused,\nand we ask.[1]\n\n- Prune.\n- Plant.\u00b2\n\n> Said.[3]\n"
    assert [line for line, found in warnings(text) if NOTE in found] == [4, 7, 9]


ORDINARY = """\
# Elms

The **forty elms** of Elm Street are *healthy*.[^1] They take up 40 m², or 3 km³, and 10⁶ leaves. CO2, H2O, COVID-19
are abbreviations; so is G7. See Art. 5, p. 12, no. 3. We ask you (1) to prune them, (2) to plant more. “We [will],”
they said, “fell [t]hem [sic].” 2 * 3 = 6, and 5 < 7. Its price is $5|unit. In 2026, they said “we refuse” in May 2026!

The plan at [the council’s page](https://council.example.org/a/long/address/of/a/page) says that
`every single elm of the street` is sound, that none is ill, and that nobody has to be afraid.

This one sentence has a line of its own, as many writers like it.
Another sentence follows on the next line, and nothing is lost by that.

- prune them in winter,
- plant ten more – or twenty –, and
- [publish](https://council.example.org/plan) the plan at https://council.example.org/a~b.

1. First of all, water them.
2. Then `[1]` and `<div>` and ~tilde~.

Donate blood.

Copyright law must change.

Email providers must act, and read more books.

> A tree is a promise.\\
> Keep it.

Yours,\\
Ada Lovelace

```
| a table | in code |
```

[^1]: The Courier, “Forty elms,” March 2, 2026.
      <https://courier.example.org/elms>
"""


def test_ordinary_text_has_no_warning() -> None:
    assert warnings(ORDINARY) == []


@pytest.mark.parametrize(
    "words", ["न कटें।", "أشجار الدردار سليمة.", "木は健康です。「切らないで」と言う。", "Les ormes « sains » vivent."]
)
def test_other_scripts_have_none_either(words: str) -> None:
    assert warnings(words) == []
