"""The file with a signer's data: a page that people read, with JSON in it that programs read."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from bots.papers.data_labels import CHOICES, DETAILS, LABELS, SUBJECTS
from bots.papers.data_page import DataFile, data_file
from core.conversation import state as ev
from core.conversation.my_data import MyData
from core.outbox import NewEntry, Topic
from core.petition.answers import details_of
from core.petition.form import Field, FieldKind
from tests.world import SALESFORCE, TREES, World, catalog, petitions

DOCUMENT = Path(__file__).parents[3] / "docs" / "my-data.md"
ANSWERS = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant", "mail": "ada@example.org"}
IN_JSON = re.compile(r'<script type="application/json" id="my-data">(.*?)</script>', re.DOTALL)


def rich(reason: str = "The elms & I") -> MyData:
    """Data of a person with one of everything."""
    world = World()
    ada = world.person("Ada", "telegram", "7").about(TREES)
    ada.does(ev.Open("news"), ev.Begin(), ev.Answer({**ANSWERS, "reason": reason}), ev.Confirm())
    ada.about(SALESFORCE).does(ev.Begin(), ev.Answer({"full_name": "Ada", "postal_code": "x" * 200}))
    with world.work() as work:
        person = work.signers.find(ada.signer)
        assert person
        entry = NewEntry(Topic("files.telegram", repeat=True), "key", world.now, {"form": "csv"}, person=person.id)
        work.outbox.put([entry])
        work.commit()
    view = world.signing.handle(ada.signer, ev.SendData(), TREES)
    assert isinstance(view.data, MyData)
    return view.data


def page(data: MyData, locale: str = "en") -> str:
    file = data_file(data, catalog(), locale)
    assert file
    return file.content.decode()


def parsed(html: str) -> Any:
    (inside,) = IN_JSON.findall(html)
    return json.loads(inside)


def test_people_read_their_data_in_their_language() -> None:
    data = rich()
    words = JustHTML(page(data, "es")).to_text()
    for shown in ("Todo lo que guardamos sobre ti", "Ada Lovelace", "The elms & I", "2026-11-23 12:00:00 UTC", "Sí"):
        assert shown in words
    assert "data." not in re.sub(IN_JSON, "", page(data, "es")).replace("my-data.", "")


def test_the_page_says_its_language_and_nothing_translates_the_data() -> None:
    for locale, language in (("en", "en"), ("es", "es"), ("ar", "en")):
        html = page(rich(), locale)
        assert f'<html lang="{language}" dir="ltr">' in html
        assert len(re.findall("<dd", html)) == len(re.findall('<dd dir="auto" translate="no">', html)) > 0


def test_people_read_words_and_not_codes() -> None:
    world = World()
    ada = world.person("Ada Lovelace", "telegram", "7")
    ada.does(ev.Begin(), ev.Reply("Deutschland"), ev.Confirm(named=True))
    view = world.signing.handle(ada.signer, ev.SendData(), SALESFORCE)
    assert isinstance(view.data, MyData)
    words = JustHTML(page(view.data)).to_text()
    for caption, shown in (("Country", "Germany"), ("Country of your postal code", "Germany")):
        assert re.search(rf"{caption}\s+{shown}", words)
    assert "How you're listed: with your name" in words
    assert "Updates: off" in words


def test_a_topic_and_the_questions_of_a_form_are_words_too() -> None:
    words = JustHTML(page(rich())).to_text()
    assert re.search(r"Kind\s+File for an organizer on Telegram", words)
    assert re.search(r"Answers refused\s+Postal code: ", words)
    world = World()
    ada = world.person("Ada Lovelace", "telegram", "7").about(SALESFORCE)
    ada.does(ev.Answer({"full_name": "Ada Lovelace", "postal_code": "90210"}), ev.Edit("email"))
    view = world.signing.handle(ada.signer, ev.SendData(), SALESFORCE)
    assert isinstance(view.data, MyData)
    assert re.search(r"Question you chose\s+Email", JustHTML(page(view.data)).to_text())


def test_every_detail_that_is_kept_has_a_label() -> None:
    fields = tuple(Field(kind.value, kind) for kind in FieldKind)
    one, two = replace(petitions()[TREES], fields=fields), ("first_name", "last_name")
    parts = replace(one, fields=tuple(Field(name, FieldKind.NAME) for name in two))
    kept = details_of(one, {field.name: "US" for field in fields}) | details_of(parts, dict.fromkeys(two, "Ada"))
    assert kept.keys() == DETAILS.keys()
    labels = (*DETAILS.values(), *SUBJECTS.values(), *CHOICES.values())
    assert not [label for label in labels if catalog().text(label, "en") == label.key]


def test_programs_read_the_same_with_times_in_utc() -> None:
    data = rich()
    data = replace(
        data, content={**data.content, "made_at": data.made_at.astimezone(dt.timezone(dt.timedelta(hours=5)))}
    )
    content = parsed(page(data))
    assert content["made_at"] == "2026-11-23T12:00:00Z"
    assert content["signatures"][0]["answers"] == {**ANSWERS, "reason": "The elms & I"}
    assert content["conversations"][0]["refused_answers"]["postal_code"]["message"] == "refused.too_long"


def with_answer(data: MyData, answer: str) -> str:
    """The page with this answer alone."""
    (signature,) = data.content["signatures"]
    return page(replace(data, content={**data.content, "signatures": [{**signature, "answers": {answer: answer}}]}))


@given(st.text(alphabet=st.sampled_from("</script>!-&\"'\u2028 ab{}%"), min_size=1))
def test_no_answer_ends_the_script_or_becomes_markup(answer: str) -> None:
    data = rich()
    html = with_answer(data, answer)
    assert parsed(html)["signatures"][0]["answers"] == {answer: answer}
    assert re.findall(r"<[!/\w]+", html) == re.findall(r"<[!/\w]+", with_answer(data, "a"))


def test_the_page_needs_nothing_from_the_network() -> None:
    html = page(rich())
    assert "default-src 'none'" in html
    assert not re.search(r"\b(?:src|href)=", html)


def names(value: Any) -> Iterator[str]:
    """The names in the file, except those of answers and of content."""
    match value:
        case Mapping():
            for name, inside in value.items():
                yield name
                if name not in ("answers", "refused_answers", "details", "content", "notice"):
                    yield from names(inside)
        case list():
            for inside in value:
                yield from names(inside)


def test_every_name_is_documented_and_has_a_label() -> None:
    used = set(names(parsed(page(rich()))))
    documented = {
        name
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert documented == used
    apart = {"format", "made_at", "account", "signatures", "conversations", "waiting", "title", "answers", "details"}
    assert LABELS.keys() == used - apart


def test_the_example_in_the_document_reads_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data.html").write_bytes(page(rich()).encode())
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    program = example.replace("sys.argv[1]", repr(str(tmp_path / "data.html")))
    exec(compile(program, "example", "exec"), {})  # noqa: S102  (our own document)
    assert capsys.readouterr().out == "7 1\n"


def test_a_failure_is_logged_without_any_data(caplog: pytest.LogCaptureFixture) -> None:
    data = rich()
    broken = replace(data, content={**data.content, "signatures": [{"Ada Lovelace": object()}]})
    with caplog.at_level(logging.DEBUG):
        assert data_file(broken, catalog(), "en") is None
    assert "a signer's file was not made: KeyError" in caplog.text
    assert "Ada" not in caplog.text


def test_nothing_of_the_data_is_in_what_a_log_could_print() -> None:
    data = rich()
    assert "Ada" not in repr(data)
    assert repr(DataFile("my-data.html", b"Ada", "words")) == "DataFile('my-data.html')"
