"""Files for organizers: whole in every format, split where they must be, and a hand-in whose count is exact."""

from __future__ import annotations

import datetime as dt
import io
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bots.delivery.exports import ExportedFile, Exporter, boxes, exporter_of
from bots.delivery.files import summary
from core.conversation import state as ev
from core.export.request import FileRequest, SignatureFilter
from core.organizer.export import FORMATS, FileOrder
from core.organizer.export_matches import ExportMatches
from core.signatures.breakdowns import OWN_LINKS
from core.signatures.consent import Consent, ConsentSubject
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.papers.documents import pages_of, plain
from tests.bots.signers import signatures, store, withdraw
from tests.conftest import KEY
from tests.core.export.test_days import days_in
from tests.core.export.workbooks import rows_of
from tests.databases import migrated_sqlite
from tests.world import NOW, SALESFORCE, TREES, World, catalog, services_of

MANY, LARGEST = 250, 20_000


def silent(_: int, __: int) -> None:
    """Nobody looks."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A file."""
    database = migrated_sqlite(tmp_path)
    yield database
    database.close()


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """An empty one."""
    return World(work=lambda: SqlUnitOfWork(database, vault))


@pytest.fixture
def exporter(world: World, database: Database, vault: Vault) -> Exporter:
    """The exporter under test."""
    return exporter_of(services_of(world, database, vault))


def make(exporter: Exporter, form: str, folder: Path, largest: int | None = None) -> ExportedFile:
    return exporter.make(FileRequest(SALESFORCE, form, "en"), folder, silent, largest)


@pytest.mark.process
@pytest.mark.parametrize("form", FORMATS)
def test_what_no_key_opens_is_left_out_and_counted(
    database: Database, vault: Vault, exporter: Exporter, form: str, tmp_path: Path
) -> None:
    lost = Vault(["a key that will be lost, of thirty-two characters", KEY])
    used = [vault]
    people = World(work=lambda: SqlUnitOfWork(database, used[0]))
    for used[0], name in ((vault, "Ada"), (lost, "Ben"), (vault, "Cem")):
        people.person(name, user_id=name).does(ev.Begin(), ev.Reply("90210"), ev.SetUpdates(True), ev.Confirm())
    assert make(exporter, form, tmp_path).left_out == 1


def test_a_text_is_whole_in_one_file_and_in_several(world: World, exporter: Exporter, tmp_path: Path) -> None:
    store(world, signatures(MANY))
    assert world.counted() == 201, "one in five is a duplicate, but for the first"
    for form in [form for form in FORMATS if form != "pdf"]:
        is_whole(exporter, form, tmp_path / form)


def is_whole(exporter: Exporter, form: str, folder: Path) -> None:
    """Check that files of one format, one or several, hold everyone once."""
    (folder / "split").mkdir(parents=True)
    largest = 2 * LARGEST if form == "xlsx" else LARGEST  # a workbook with one row is almost as large as LARGEST
    whole, split = make(exporter, form, folder), make(exporter, form, folder / "split", largest)
    rows, parts = rows_of(*whole.files), [rows_of(file) for file in split.files]
    assert len(whole.files) == 1 < len(split.files)
    first, numbers = whole.files[0], range(1, len(split.files) + 1)
    assert [file.name for file in split.files] == [f"{first.stem}-{number}{first.suffix}" for number in numbers]
    assert all(0 < file.stat().st_size <= largest for file in split.files)
    assert all(parts), "none holds a header only"
    assert [row for part in parts for row in part] == rows
    assert whole.signatures == split.signatures == len(rows)
    assert stat.S_IMODE(whole.files[0].stat().st_mode) == 0o600
    assert whole.signatures == (201 if form in ("xlsx", "csv", "jsonl") else 101), "campaigning systems get who agreed"


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl", "actionkit", "action_network"])
def test_sources_are_readable(world: World, exporter: Exporter, form: str, tmp_path: Path) -> None:
    club, other = "g0123456789ab", "g0123456789cd"
    with world.work() as work:
        work.cards.community("telegram", "-1", club, "Elm Club")
        work.cards.community("discord", "1", other)
        work.commit()
    for number, label in enumerate(("r00000000000x", club, other, "newsletter")):
        (signature,) = signatures(1)
        store(world, [replace(signature, receipt=f"R-{number}", mailbox=None, label=label)])
    rows = rows_of(*make(exporter, form, tmp_path).files)
    assert [row["source"] for row in rows] == ["shared by a signer", "Elm Club", "a community on Discord", "newsletter"]
    only = SignatureFilter(label="elm club")
    exported = exporter.make(FileRequest(SALESFORCE, form, "en", only), tmp_path, silent)
    assert [row["source"] for row in rows_of(*exported.files)] == ["Elm Club"]


@pytest.mark.parametrize(
    ("only", "kept"),
    [
        (SignatureFilter(), "ABDE"),
        (SignatureFilter(status="any"), "ABCDE"),
        (SignatureFilter(status="withdrawn"), "C"),
        (SignatureFilter(since=NOW), "DE"),
        (SignatureFilter(label="elm-club"), "B"),
        (SignatureFilter(label=OWN_LINKS), "D"),
        (SignatureFilter(language="es"), "E"),
        (SignatureFilter(language="en", since=NOW), "D"),
    ],
)
def test_a_file_has_the_signatures_that_match(
    world: World, exporter: Exporter, only: SignatureFilter, kept: str, tmp_path: Path
) -> None:
    before = NOW - dt.timedelta(seconds=1)
    made = {
        "A": {"signed_at": before}, "B": {"signed_at": before, "label": "elm-club"}, "C": {"signed_at": before},
        "D": {"label": "r00000000000x"}, "E": {"locale": "es", "label": ""},
    }  # fmt: skip
    for each, (name, facts) in zip(signatures(5), made.items(), strict=True):
        signature = replace(each, petition=TREES, receipt=f"R-{name}", mailbox=None, answers={"who": name})
        store(world, [replace(signature, **facts)])  # type: ignore[arg-type]
    withdraw(world, "R-C")
    exported = exporter.make(FileRequest(TREES, "jsonl", "en", only), tmp_path, silent)
    assert "".join(row["receipt"][-1] for row in rows_of(*exported.files)) == kept
    assert exported.signatures == len(kept)
    with world.work() as work:
        matches = ExportMatches(work.reviews, world.petitions[TREES], {})
        assert matches.nothing("jsonl", only, {}) == ()
        assert matches.nothing("jsonl", replace(only, label="flyer"), {"label": "flyer"}) != ()


def test_a_workbook_has_the_days_of_signing(world: World, exporter: Exporter, tmp_path: Path) -> None:
    store(world, signatures(7))  # of which the sixth shares a mailbox
    withdraw(world, "R-0003")
    assert days_in(*make(exporter, "xlsx", tmp_path).files) == [[world.now.date(), 7, 5, 1, 1, 5]]


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pdf"])
def test_there_is_no_file_if_filters_match_nothing(world: World, exporter: Exporter, form: str, tmp_path: Path) -> None:
    store(world, signatures(3))
    filtered = FileRequest(SALESFORCE, form, "en", SignatureFilter(label="flyer"))
    exported = exporter.make(filtered, tmp_path, silent)
    assert (exported.files, exported.signatures, list(tmp_path.glob("sales*"))) == ((), 0, [])
    words = summary(FileOrder("0", SALESFORCE, form, "en"), exported, catalog())
    assert words.startswith("No signature matches, so I didn't make a file.")
    stream = io.BytesIO()
    if form != "xlsx":
        assert exporter.write(filtered, stream, silent).signatures == 0
    assert stream.getvalue() == b""
    assert len(make(exporter, form, tmp_path).files) == 1, "without filters there is one"


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pdf"])
def test_long_words_of_choices_do_not_make_a_file_too_large(
    world: World, exporter: Exporter, form: str, tmp_path: Path
) -> None:
    with world.work() as work:
        words = work.words.keep("".join(map(chr, range(0x4E00, 0x4E00 + 7000))))
        work.commit()
    chosen = Consent(ConsentSubject.UPDATES, "email", "telegram", NOW, "en", words)
    store(world, (replace(each, mailbox=None, by_email=True, consents=(chosen,)) for each in signatures(30)))
    made = make(exporter, form, tmp_path, 80_000)
    assert all(file.stat().st_size <= 80_000 for file in made.files)
    assert made.signatures == 30


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.process
def test_without_signatures_there_is_a_file_all_the_same(exporter: Exporter, form: str, tmp_path: Path) -> None:
    made = make(exporter, form, tmp_path, LARGEST * 100)
    assert [file.name for file in made.files] == [made.files[0].name]
    assert made.signatures == 0
    assert form == "pdf" or rows_of(*made.files) == []


@pytest.mark.process
def test_the_hand_in_says_how_its_count_was_reached(world: World, exporter: Exporter, tmp_path: Path) -> None:
    store(world, signatures(12))
    store(
        world,
        (
            replace(signature, receipt=f"R-1{signature.receipt[3:]}", mailbox=None)
            for signature in signatures(2, digest="old")
        ),
    )
    withdraw(world, "R-0001")
    made = make(exporter, "pdf", tmp_path)
    assert made.signatures == world.counted() == 11
    first, *_, names = pages_of(*made.files)
    for sentence in (
        "11 signatures", "Signatures received 14", "a counted signature 2", "withdrawn by the signer 1", "Counted 11",
        "signed the text in this document 9", "signed version old (earlier) 2",
    ):  # fmt: skip
        assert plain(sentence) in plain(first)
    assert "being checked" not in first, "what there is none of is not said"
    assert "counted without a name" not in first
    assert plain("1Ada Lovelace 000010001") in plain(names)
    assert "example.org" not in names
    assert plain(names).count(plain("Ben Smith 0001")) == 1, "that of the old text; the other one withdrew"


@pytest.mark.process
def test_signers_who_did_not_agree_to_be_named_are_a_number(world: World, exporter: Exporter, tmp_path: Path) -> None:
    petition = replace(world.petitions[TREES], named_if="volunteer")
    world.petitions[TREES] = petition
    for name, agreed in (("Ada", "yes"), ("Ben", "no"), ("Cem", None)):
        answers = {"who": name, "country": "ES", "code": "28001", "role": "tenant"}
        filled_in = answers | ({"volunteer": agreed} if agreed else {})
        store(
            world, [replace(next(signatures(1)), petition=TREES, receipt=f"R-{name}", mailbox=None, answers=filled_in)]
        )
    made = exporter.make(FileRequest(TREES, "pdf", "en"), tmp_path, silent)
    pages = pages_of(*made.files)
    names = plain(pages[-1])
    assert plain("1Ada 28001, Spain") in names
    assert plain("2(not named)") in names
    assert plain("3(not named)") in names
    assert "Ben" not in "".join(pages)
    assert "Cem" not in "".join(pages)
    nameless = "counted without a name: they did not agree to be named, or had their data erased 2"
    assert plain(nameless) in plain(pages[0])
    assert made.signatures == 3


@pytest.mark.process
def test_the_hand_in_says_how_many_signed_the_text_of_each_language(
    world: World, exporter: Exporter, tmp_path: Path
) -> None:
    texts = world.petitions[TREES].texts
    digests = (texts["en"].digest, texts["es"].digest, texts["es"].digest, "old")
    people = (replace(each, petition=TREES, mailbox=None) for each in signatures(len(digests)))
    store(world, (replace(each, digest=digest) for each, digest in zip(people, digests, strict=True)))
    made = exporter.make(FileRequest(TREES, "pdf", "es"), tmp_path, silent)
    pages = [plain(page) for page in pages_of(*made.files)]
    counted = "Contadas 4 de ellas, del texto en este idioma: español 2 de ellas, del texto en este idioma: inglés 1"
    assert plain(f"{counted} de ellas, de la versión old (anterior) 1") in pages[0]
    assert plain(f"español{texts['es'].digest}inglés{texts['en'].digest}") in pages[0]
    assert plain(texts["es"].letter.blocks[0].text) in pages[1]
    assert plain(texts["en"].letter.blocks[0].text) in pages[2]
    assert plain(texts["en"].title) in pages[2]


@pytest.mark.process
def test_organizers_learn_which_signers_no_font_can_print(world: World, exporter: Exporter, tmp_path: Path) -> None:
    names = ("Ada", "\U0001e290\U0001e291", "ܣܘܪܝܝܐ")  # in Latin, Toto, and Syriac
    people = zip(signatures(len(names)), names, strict=True)
    store(world, (replace(each, mailbox=None, answers={"full_name": name}) for each, name in people))
    made = make(exporter, "pdf", tmp_path)
    assert made.unprinted == ("R-0001",)
    assert "R-0001" not in "".join(pages_of(*made.files))
    order = FileOrder("0", SALESFORCE, "pdf", "en")
    assert "No font has all the letters of 1 signer" in summary(order, made, catalog())
    assert "R-0001" in summary(order, made, catalog())
    assert "R-0001" in boxes(made.unprinted)


@pytest.mark.process
def test_a_large_hand_in_comes_in_volumes(world: World, exporter: Exporter, tmp_path: Path) -> None:
    store(world, (replace(signature, mailbox=None) for signature in signatures(1200)))
    progress: list[tuple[int, int]] = []
    request = FileRequest(SALESFORCE, "pdf", "en")
    made = exporter.make(request, tmp_path, lambda done, total: progress.append((done, total)), 120_000)
    assert len(made.files) > 1
    assert all(file.stat().st_size <= 120_000 for file in made.files)
    assert made.signatures == 1200
    assert progress[0] == (0, 1200)
    assert progress[-1] == (1200, 1200)
    pages = pages_of(*made.files)
    assert plain(f"Page {len(pages)} of {len(pages)}") in plain(pages[-1])


@pytest.mark.parametrize("form", list(FORMATS))
def test_making_a_file_can_be_stopped(world: World, exporter: Exporter, form: str, tmp_path: Path) -> None:
    store(world, signatures(3))

    def stop(_: int, __: int) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        exporter.make(FileRequest(SALESFORCE, form, "en"), tmp_path, stop)
