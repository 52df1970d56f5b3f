"""Text that only looks like a note, a list, a table, or HTML is found; ordinary text isn't."""

from __future__ import annotations

import pytest

from core.text.lookalikes import LINES_JOINED, lookalikes, sources_in
from core.text.note_marks import source_label
from core.text.survey import survey


def warnings(text: str) -> list[tuple[int, str]]:
    found = survey(text)
    return list(lookalikes(text, found, {label for _, label in sources_in(found)}))


NOTE = "looks like a note"
TABLE = "tables don't work here"
LIST = "doesn't make a list"
FOUND = [
    ("They refused.¹", "'¹' looks like a note. Write [^1]"),
    ("They refused¹² twice.", "'¹²' looks like a note. Write [^12]"),
    ("They refused.[1]", "'[1]' looks like a note. Write [^1]"),
    ("They refused [12], twice.", "Write [^12]"),
    ("They refused.[iv]", "Write [^iv]"),
    ("They refused.[*]", NOTE),
    ("They refused.1", "'1' looks like a note. Write [^1]"),
    ("They said “no.”2 We ask.", "'2' looks like a note. Write [^2]"),
    ("The pressure is mounting3 for them.\n\n3. Courier, “Elms,” May 2026.", "'3' looks like a note. Write [^3]"),
    ("They refused (1).", "'(1)' looks like a note. Write [^1]"),
    ("They refused.(1) We ask.", "Write [^1]"),
    ("They refused.* We ask.", "'*' looks like a note"),
    ("They refused† twice.", "'†' looks like a note"),
    ("‡ Their own report.", "'‡' looks like a note"),
    (r"They refused.\[1\]", "Write [^1]"),
    (r"They refused.\[^1\]", "'[^1]' isn't a note: write [^1], without spaces or backslashes"),
    ("They refused.[^my note]", "isn't a note: write [^my-note]"),
    ("They refused.^[In their report.]", "isn't a note here"),
    ("They refused.[[1]](#_ftn1)", "the link '[1]' looks like a note: write [^1]"),
    ("•\tPrune them", LIST), ("◦ Prune them", LIST), ("▪ Prune them", LIST), ("\uf0b7 Prune them", LIST),
    ("– Prune them", LIST), ("o\tPrune them", LIST), ("➢Prune them", LIST),
    ("-Prune them", "put a space after -"), ("1.Prune them", "put a space after 1."), ("#Elms", "put a space after #"),
    ("-\u00a0Prune them", "the space after - is an unusual one"),
    ("One.\n\u00a0\nTwo.", "this line isn't empty"), ("One.\u2028Two.", "an unusual line break"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", TABLE), ("a | b | c\nd | e | f", TABLE),
    ("Tree\tAge\nElm\t80", TABLE), ("Tree      Age\nElm       80", TABLE),
    ("<div>Elms</div>", "HTML doesn't work here: readers would see <div>, </div>"),
    ("Elms<br/>oaks", "<br/>"), ("<!-- elms -->", "HTML doesn't work here"),
    ("Elms&amp;nbsp;oaks", "readers would see &nbsp;"),
    ("~~Elms~~ oaks", "strikethrough"), ("==Elms==", "highlighting"), ("++Elms++", "underlining"),
    ("- [ ] Prune", "checkboxes don't work"), ("- [x] Prune", "checkboxes don't work"),
    ("Yours,\nAda Lovelace", LINES_JOINED), ("Town Hall\nElm Street 1", LINES_JOINED),
    ("The elms of Elm Street were planted in the year of the flood and the fire, and they bloom,\n"
     "and nobody has ever asked to fell a single one\n"
     "of them in all that time until last year, when the new council came and had a plan made.", LINES_JOINED),
    ("[plan] (https://elms.example)", "remove the space between ] and ("), ("[plan]()", "has no address"),
    ("[](https://elms.example)", "has no words"), ("[plan][1]", "this link has no address"),
    ("(https://elms.example)[plan]", "in a link, the words come first"), ("[[plan]]", "double brackets"),
    ("##", "this heading has no words"), ("One.\n\n***\n\nTwo.", "aren't shown"), ("Elms\n---", "into a heading"),
    ("    Elms", "turn this into code"), ("\tElms", "turn this into code"),
    ("** Elms**", "readers would see the **"), ("Itâ€™s", "garbled"), ("act=E2=80=94now", "garbled"),
    ("Not ? Click here.", "part of the web page or email"), ("Share on Facebook", "part of the web page or email"),
    ("Donate", "part of the web page or email"), ("View this email in your browser", "part of the web page or email"),
    ("© 2026 Elm Street", "part of the web page or email"),
    ("Firma la petición", "part of the web page or email"),
    ("7. The Courier, “Forty elms,” March 2, 2026.", "begin it with [^7]:"),
    ("[3] The Courier, “Forty elms,” March 2, 2026.", "begin it with [^3]:"),
    ("[2] https://courier.example.org/elms", "looks like a source"),
    ("Sources\n\nhttps://courier.example.org/elms", "looks like a source"),
    ("Quellen: \n\nUlmenkurier, „Vierzig Ulmen“, 2. März 2026", "looks like a source"),
    ("المصادر\n\nالبريد، «أربعون شجرة»، ٢ مارس ٢٠٢٦", "looks like a source"),
    ("Le Courrier, « Quarante ormes », 2 mars 2026.", "looks like a source"),
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
    "words",
    [
        "We ask you to amend Section 5(2), Article 3(1)(b), and s. 12(3)(a)(iv) of the Act 1990 (c. 8).",
        "Under subsection (2), within thirty (30), and in Article (3).",
        "The court held in Smith v. Jones [2019] EWCA Civ 12 at [45] that “elms matter.”",
        "See “The Trees Act,” 1990, for more.",
        "“We will plant trees,” Mayor Quimby said in 2019.",
        "“We will plant trees.” In 2019 the council refused.",
        "E = mc², x² + y² = r², 3 km², a flow in m³, χ² = 4, 5 s⁻¹, SO₄²⁻, Ca²⁺, H²O, and CO².",
        "covid19, agenda21, windows7, H2O, CO2, and B12 are names.",
        "Grades of A* and 5* hotels. Journal of Trees, 3(2), 10–12. See Eq.3 and para.2",
        "They want [a] tree and [t]hat is all.",
        "The council | Its plan for Elm Street",
        "https://court.example.org/smith",
        "`code alone`",
    ],
)
def test_laws_and_science_have_none(words: str) -> None:
    assert warnings(words) == []


@pytest.mark.parametrize(
    ("text", "silenced"),
    [
        ("<b>Elms</b>", r"\<b>Elms\</b>"), ("<b>Elms</b>", "&lt;b>Elms&lt;/b>"), ("~~Elms~~", r"\~\~Elms\~\~"),
        ("==Elms==", r"\=\=Elms\=\="), ("They refused.*", r"They refused.\*"),
        ("They refused (1).", r"They refused \(1)."),
        ("They refused.[1]", "They refused.&#91;1]"), ("They refused.1", "They refused.&#49;"),
        ("[[plan]]", "&#91;&#91;plan]]"), ("a | b\nc | d", "a \\| b\\\nc \\| d"),
        ("They refused²", "They refused&sup2;"),
    ],
)  # fmt: skip
def test_an_escape_silences_a_warning(text: str, silenced: str) -> None:
    assert warnings(text) != []
    assert warnings(silenced) == []


def test_lines_with_an_odd_space_are_warned_of_once() -> None:
    """Typed again, the line starts a list or a paragraph, so the lines are no longer joined."""
    for text in ("We ask:\n-\u00a0Prune them", "We ask:\n\u00a0\nPrune them"):
        assert [found for _, found in warnings(text) if found == LINES_JOINED] == []
        assert len(warnings(text)) == 1
    assert [found for _, found in warnings("We ask:\nPrune them")] == [LINES_JOINED]


def elms(length: int) -> str:
    """Words of so many characters, in lower case and without a full stop."""
    return ("elms " * length)[: length - 1] + "s"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (elms(39), elms(40), True),  # a line that nobody breaks because it is full
        (elms(40), elms(40), False),
        (elms(50), "elm's " + elms(69), False),  # 75 characters: the first word would just not fit
        (elms(50), "elm's " + elms(70), True),
        ("Elm Street 1.", elms(40), True),  # an address's line
        ("12 Elm Street 1.", elms(40), False),  # a sentence
        ("Elm Street 1.", elms(70), True),
        ("Elm Street 1.", elms(71), False),  # the last line of a paragraph that its writer wrapped
    ],
)
def test_a_line_break_is_meant_where_a_line_ends_early(first: str, second: str, *, joined: bool) -> None:
    assert [found for _, found in warnings(f"{first}\n{second}")] == [LINES_JOINED] * joined


def test_a_source_has_its_year_within_eighty_characters_of_the_title() -> None:
    def source(between: str) -> str:
        return f"“Forty elms,”{between} 2026"

    names = " Courier" * 10
    assert source_label(source(names[:79])) == "1"
    assert source_label(source(f"{names[:79]}s")) == ""


@pytest.mark.parametrize("sign", ["=", "<", ">", "|", "!", "?"])
def test_a_sign_between_title_and_year_shows_that_a_line_is_no_source(sign: str) -> None:
    assert source_label("“Forty elms,” The Courier, March 2, 2026") == "1"
    assert source_label(f"“Forty elms,” The Courier {sign} March 2, 2026") == ""


@pytest.mark.parametrize(
    "words", ["न कटें।", "أشجار الدردار سليمة.", "木は健康です。「切らないで」と言う。", "Les ormes « sains » vivent."]
)
def test_other_scripts_have_none_either(words: str) -> None:
    assert warnings(words) == []
