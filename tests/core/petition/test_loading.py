"""Petition folders: the shipped one is the client's text, and every fault of any other is found with its line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ContentError
from core.petition.envelope import with_digests
from core.petition.goals import next_goal
from core.petition.loading import PETITIONS, UNASKED, check_petitions, petition_warnings
from core.text.document import Block
from tests.loading import load_petitions
from tests.world import SALESFORCE, TREES, catalog, petitions

OWN = Path(__file__).parents[2] / "petitions"


def test_the_shipped_petition() -> None:
    petition = petitions()[SALESFORCE]
    text = petition.text("es")
    assert (petition.organizer, petition.target) == ("Demand Progress", "Salesforce CEO Marc Benioff")
    assert text.title == "Tell Salesforce to cancel their contract with Customs and Border Patrol!"
    assert text.letter.blocks[0].text == "Petition to Salesforce CEO Marc Benioff:"
    assert text.letter.blocks[-1].text == "You must cancel your corporations contract with CBP immediately."
    assert "CEO Marc Benioff to re-evaluate Salesforce’s contract with CBP, he refused.[1]" in text.background.text
    assert "“manage border activities and digital engagement with citizens.”[2] Once" in text.background.text
    assert "The pressure is mounting[3] for tech companies" in text.background.text
    assert [(source.number, source.publication, source.date) for source in text.sources] == [
        (1, "Gizmodo", "June 28, 2018"),
        (2, "Footwear News", "March 9, 2018"),
        (3, "Business Insider", "July 9, 2018"),
    ]
    assert text.sources[0].title == "Salesforce CEO Says It Won't Sever Ties With Customs and Border Protection"
    assert text.sources[1].claims == (
        "Back in March, Salesforce was over the moon to land a contract with CBP to “manage border activities and "
        "digital engagement with citizens.”[2]",
    )


def test_sources_have_links_and_are_numbered_from_the_letter_on() -> None:
    text = petitions()[TREES].text("en")
    assert [(source.number, source.publication, source.link) for source in text.sources] == [
        (1, "Town Council", None),
        (2, "The Elm Street Courier", "https://courier.example.org/elms"),
    ]
    assert petitions()[TREES].text("es").sources[0].title == "Informe del arbolado"


def test_a_text_is_never_translated() -> None:
    assert petitions()[SALESFORCE].text("es").language == "en"
    assert petitions()[TREES].text("es_MX").language == "es"
    assert petitions()[TREES].text("fr").language == "en"


def test_goals_climb() -> None:
    goals = [next_goal(1000, counted) for counted in (0, 999, 1000, 2500, 5000, 10_000, 24_999, 25_000, 10**6)]
    assert goals == [1000, 1000, 2500, 5000, 10_000, 25_000, 25_000, 50_000, 2_500_000]
    assert [next_goal(3, counted) for counted in (2, 3, 10, 25)] == [3, 10, 25, 50]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a good petition, to be spoilt."""
    shutil.copytree(OWN / TREES, tmp_path / "petitions" / TREES)
    return tmp_path / "petitions"


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


FAULTS: list[tuple[str, str, str, str]] = [
    ("petition.toml", "goal = 3", 'goal = 3\norganizer_url = "elm.org"', r"toml:6: petition\.organizer_url: this"),
    ("petition.toml", "goal = 3", 'goal = 3\ncontact = "ask us"', r"toml:6: petition\.contact: this is nei"),
    ("petition.toml", "goal = 3", "goal = 0", r"petition\.toml:5: petition\.goal: 0 is too small: use at least 1"),
    ("petition.toml", "goal = 3", "gaol = 3", r"toml:5: petition\.gaol: there's no key gaol\. Did you mean goal\?"),
    ("petition.toml", "closes = 2027-06-30", 'closes = "soon"', r"toml:6: petition\.closes: not a date. Expected: 20"),
    ("petition.toml", "closes = 2027-06-30", "closes = 2027-06-31", r"petition\.toml:6: not a date. Expected: 20"),
    ("petition.toml", 'kind = "choice"', 'kind = "menu"', r"toml:26: fields\.4\.kind: there's no kind 'menu'\. Choose"),
    ("petition.toml", '"owner"]', '"tenant"]', r"petition\.toml:27: fields\.4: this option appears twice: remove one"),
    ("petition.toml", 'name = "code"', 'name = "who"', r"petition\.toml:20: .*'who' appears twice"),
    ("petition.toml", '"en", "es"', '"en", "es", "fr"', r"petition\.toml:4: the language 'fr' is listed"),
    ("petition.toml", '"en", "es"', '"en"', r"petition\.toml:4: the folder es/ has a text"),
    ("petition.toml", '"en", "es"', '"en", "klingon"', r"petition\.toml:4: petition\.languages\.2: 'klingon' is"),
    ("en/letter.md", "---\ntitle", "title", r"letter\.md:1: the front matter is missing"),
    ("en/letter.md", "  role:\n    tenant: I", "  role:\n    tenant: 5 #", r"letter\.md:12: put the words of 'tenant'"),
    ("petition.toml", '"en", "es"]', '\n"en",\n"es",\n"fr"]', r"\.toml:7: the language 'fr' is"),
    ("en/letter.md", "title: Keep", "title: : Keep", r'letter\.md:2: put the title in quotes: title: ": Keep'),
    ("en/letter.md", "title: Keep", f"title: {'long ' * 40}", r"letter\.md:2: title: it's .* long: use at most 150"),
    ("en/letter.md", "  role: Tenant or owner?\n", "", r"letter\.md:4: labels: the field 'role' needs a"),
    ("en/letter.md", "    owner: I own my home\n", "", r"letter\.md:10: options: 'role' has no words for 'owner'"),
    ("en/letter.md", "  reason: Why", "  motive: Why", r"letter\.md:7: labels: no field is called 'motive'"),
    ("en/letter.md", "Tenant or owner?", "T" * 46, r"letter\.md:5: labels\.role: it's 46 characters long"),
    ("en/letter.md", "(https://council.example.org/plan)", "(javascript:x)", r"letter\.md:\d+: not a web link|"),
    ("en/letter.md", "(https://council.example.org/plan)", "(ftp://council/plan)", r"letter\.md:22: .* isn't a"),
    ("en/background.md", "[^paper]. Its", "[^paper][^gone]. Its", r"background\.md:1: \[\^gone\] is cited, but"),
    ("en/background.md", "spring[^paper]", "spring", r"background\.md:3: the note \[\^paper\] is never cited"),
    ("en/background.md", "“Survey of street trees,” January 2026.", "a survey.", r"\.md:4: the note \[\^report\]"),
    ("en/background.md", "spring[^paper]", "spring `[^paper]`", r"\.md:3: the note \[\^paper\] is never"),
    ("en/background.md", "January 2026.", "January 2026. <tg://resolve>", r"\.md:4: the note \[\^report\] has a link"),
    ("en/background.md", "“Survey of", "“Survey[^paper] of", r"\.md:4: the note \[\^report\] cites another note"),
    ("en/background.md", "[^report]: Town", "[^paper]: Town", r"\.md:4: the note \[\^paper\] is defined twice"),
    ("en/background.md", "sound.", "\x1b[31msound.", r"background\.md:1: this line has an invisible character"),
    ("en/letter.md", "healthy", "\u202ehealthy", r"letter\.md:18: this line has an invisible character"),
    ("en/letter.md", "(https://council.example.org/plan)", "(https://)", r"letter\.md:22: .* isn't a"),
    ("en/letter.md", "[publish](", "![publish](", r"letter\.md:22: images can't be shown"),
    ("en/letter.md", "summary: We", "title: Again\nsummary: We", r"letter\.md:3: 'title' appears twice"),
    ("en/letter.md", "    owner: I own", "    landlord: I let\n    owner: I own", r"\.md:13: options: 'role' has"),
    ("petition.toml", 'name = "code"', 'name = "receipt"', r"petition\.toml:20: fields\.3: 'receipt' is the name of a"),
    ("petition.toml", 'kind = "postal_code"', 'kind = "postal_code"\ncountry = "UK"', r"\.toml:22: fields\.3: 'UK'"),
    ("petition.toml", 'kind = "country"', 'kind = "text"', r"\.toml:21: fields\.3: nothing says which country's codes"),
    ("petition.toml", 'name = "code"', 'elsewhere = "accept"\nname = "code"', r"\.toml:20: fields\.3: only fi"),
    ("petition.toml", 'kind = "postal_code"', 'kind = "postal_code"\ncountry = "US"\nelsewhere = "accept"',
     r"\.toml:23: fields\.3: the form has a field for the country"),
    ("petition.toml", 'kind = "email"', 'kind = "email"\nelsewhere = "no"', r"\.toml:37: fields\.6\.elsewhere: "),
    ("petition.toml", "goal = 3", 'goal = 3\ncountry = "UK"', r"\.toml:6: petition\.country: 'UK' isn't a"),
    ("en/letter.md", "owner: I own my home", "owner: Back", r"letter\.md:13: options: 'Back' of 'role' is also"),
    ("en/letter.md", "owner: I own my home", "owner: i RENT", r"letter\.md:13: options: 'owner' of 'role' has"),
    ("en/letter.md", "owner: I own my home", "owner: Tenant", r"letter\.md:13: options: 'owner' of 'role' has"),
    ("es/letter.md", "owner: ", "owner: Cancelar #", r"letter\.md:11: options: 'Cancelar' of 'role' is also a"),
    ("petition.toml", "closes = 2027-06-30", "closes = 9999-12-31", r"petition\.toml:6: petition\.closes: "),
    ("petition.toml", "retention_days", 'named_if = "role"\nretention_days', r"\.toml:7: named_if: 'role' isn't"),
    ("petition.toml", "closes = 2027-06-30", "opens = 2028-01-01\ncloses = 2027-06-30", r"\.toml:7: petition\.closes"),
    ("en/background.md", "January 2026", "Janember 2026", r"background\.md:4: 'Janember 2026' isn't a date. Write"),
    ("en/background.md", "March 2, 2026", "February 31, 2026", r"background\.md:3: 'February 31, 2026' isn't a date"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_every_fault_is_found_and_located(folder: Path, file: str, old: str, new: str, said: str) -> None:
    spoil(folder / TREES / file, old, new)
    if said.endswith("|"):  # markdown-it makes no link of it at all: then it is plain text and harmless
        assert not any(span.link for block in _letter(folder) for span in block.spans)
        return
    faults = [str(fault) for fault in check_petitions(folder)]
    assert any(re.search(said, fault) for fault in faults), faults


WRONG_FORM = """
[[fields]]
name = "receipt"
kind = "choice"
country = "US"
elsewhere = "accept"

[[fields]]
name = "mail"
kind = "email"
options = ["a", "a"]

[[fields]]
name = "mail"
kind = "email"

[[fields]]
name = "Wrong Name"
kind = "nme"
bogus = 1

[[fields]]
name = "code"
kind = "postal_code"
"""
SAID = (
    "fields.1: a choice needs at least two options",
    "fields.1: only fields of kind postal_code or phone have a country: remove it",
    "fields.1: only fields of kind postal_code with a country have elsewhere: remove it",
    "fields.1: 'receipt' is the name of a column",
    "fields.2: only fields of kind choice have options: remove them", "fields.2: this option appears twice: remove one",
    "fields.3: the field name 'mail' appears twice: rename one",
    "fields.3: only one field can be of kind email: remove one",
    "fields.4.name: ", "fields.4.kind: ", "fields.4.bogus: ", "fields.5: nothing says which country's codes",
)  # fmt: skip


def test_a_wrong_form_reports_every_fault_of_every_field(folder: Path) -> None:
    file = folder / TREES / "petition.toml"
    file.write_text(file.read_text().partition("[[fields]]")[0] + WRONG_FORM)
    faults = [str(fault) for fault in check_petitions(folder)]
    assert {said: sum(said in fault for fault in faults) for said in SAID} == dict.fromkeys(SAID, 1)
    with pytest.raises(ContentError, match="more: undersign check"):
        load_petitions(folder)


def test_a_fault_in_a_list_of_inline_tables_is_on_the_line_to_change(folder: Path) -> None:
    file = folder / TREES / "petition.toml"
    facts = file.read_text().partition("[[fields]]")[0]
    file.write_text(
        f'fields = [\n  {{ name = "who", kind = "name" }},\n  {{ name = "mail", kind = "nme" }},\n]\n{facts}'
    )
    faults = [str(fault) for fault in check_petitions(folder)]
    assert any(re.search(r"petition\.toml:3: fields\.2\.kind: ", fault) for fault in faults), faults


def _letter(folder: Path) -> tuple[Block, ...]:
    return load_petitions(folder)[TREES].text("en").letter.blocks


REMOVALS: list[tuple[Callable[[Path], object], str]] = [
    (lambda folder: shutil.rmtree(folder / "es"), r"petition\.toml:4: the language 'es' is listed, but"),
    (lambda folder: (folder / "en" / "background.md").unlink(), r"background\.md:1: the file is missing"),
    (lambda folder: (folder / "petition.toml").unlink(), r"petition\.toml:1: the file is missing"),
    (lambda folder: (folder / "en" / "letter.md").write_bytes(b"\xff\xfe"), r"letter\.md:1: the file isn't in UTF-8"),
    (
        lambda folder: folder.rename(folder.with_name("Town_Trees")),
        r"Town_Trees:1: the folder's name is the petition's slug",
    ),
]


@pytest.mark.parametrize(("spoiling", "said"), REMOVALS)
def test_missing_and_unreadable_files_are_found(folder: Path, spoiling: Callable[[Path], object], said: str) -> None:
    spoiling(folder / TREES)
    faults = [str(fault) for fault in check_petitions(folder)]
    assert any(re.search(said, fault) for fault in faults), faults
    with pytest.raises(ContentError, match=said):
        load_petitions(folder)


def test_good_folders_have_no_fault(folder: Path) -> None:
    assert check_petitions(folder) == []
    assert check_petitions(PETITIONS) == []


def test_a_folder_without_petitions_is_a_fault(tmp_path: Path) -> None:
    assert len(check_petitions(tmp_path)) == 1
    assert len(check_petitions(tmp_path / "nowhere")) == 1
    with pytest.raises(ContentError):
        load_petitions(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("en/letter.md", "healthy", "sick"),
        ("en/background.md", "in spring", "in autumn"),
        ("en/background.md", "March 2, 2026", "March 3, 2026"),
        ("en/letter.md", "Keep the elms", "Fell the elms"),
    ],
)
def test_the_digest_covers_title_letter_background_and_sources(folder: Path, file: str, old: str, new: str) -> None:
    before = digest_in(folder)
    spoil(folder / TREES / file, old, new)
    assert digest_in(folder) != before


def test_the_digest_disregards_what_no_reader_sees(folder: Path) -> None:
    before = digest_in(folder)
    for name in ("letter.md", "background.md"):
        path = folder / TREES / "en" / name
        path.write_bytes(
            path.read_bytes().replace(b"\n", b"  \r\n") if name == "background.md" else path.read_bytes() + b"\n"
        )
    assert digest_in(folder) == before


def test_a_petition_that_hands_in_names_unasked_is_warned_about(folder: Path) -> None:
    (warning,) = petition_warnings(folder)
    assert str(warning).endswith(f"petition.toml:1: {UNASKED}")
    spoil(folder / TREES / "petition.toml", "retention_days", 'named_if = "volunteer"\nretention_days')
    assert petition_warnings(folder) == []
    assert petition_warnings(PETITIONS) == []


def test_the_question_about_the_name_needs_no_caption_and_stops_nobody(folder: Path) -> None:
    spoil(folder / TREES / "petition.toml", "retention_days", 'named_if = "volunteer"\nretention_days')
    spoil(folder / TREES / "petition.toml", 'kind = "yes_no"', 'kind = "yes_no"\nrequired = true')
    for language in ("en", "es"):
        letter = (folder / TREES / language / "letter.md").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = "".join(line for line in letter if not line.startswith("  volunteer:"))
        (folder / TREES / language / "letter.md").write_text(kept, encoding="utf-8")
    assert check_petitions(folder) == []
    field = load_petitions(folder)[TREES].field("volunteer")
    assert field
    assert not field.required


def digest_in(folder: Path) -> str:
    petition = with_digests(load_petitions(folder)[TREES], catalog())
    return petition.text("en").digest


def test_a_petition_says_which_field_agrees_to_be_named(folder: Path) -> None:
    assert load_petitions(folder)[TREES].names({}), "everybody is named where nothing else is said"
    spoil(folder / TREES / "petition.toml", "retention_days", 'named_if = "volunteer"\nretention_days')
    asked = load_petitions(folder)[TREES]
    assert [asked.names(answers) for answers in ({}, {"volunteer": "no"}, {"volunteer": "yes"})] == [False, False, True]
