"""The signers' file: typed where the format has types, defused where a spreadsheet would run a value."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from core.export.formats import FILE_FORMATS
from core.export.table import Column, ColumnKind, Table, TableContext
from core.export.text_formats import SpreadsheetCsvFile, defused
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.signatures.consent import Consent, ConsentSubject, words_digest
from core.signatures.signature import Signature
from tests.core.export.test_crm import ADA, MOMENT
from tests.core.export.workbooks import cells_of, rows_of
from tests.world import SALESFORCE, petitions

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "signers.schema.json").read_text(encoding="utf-8"))
PETITION = petitions()[SALESFORCE]
BOSTON = replace(
    ADA, answers={**ADA.answers, "full_name": "Zoë Müller 李", "postal_code": "02139", "comment": "=1+1\n2"}
)
AGREED = "See updates?\nYes, by email"
WORDS = {"r3view": "The review", words_digest(AGREED): AGREED}
RICH = [
    "<r>Stop & desist</r>", "<r></r>", "<r> x </r>",
    '<r><t>hi</t></r></is></c><c r="AA2"><f>1+1</f></c><c r="AB2" t="inlineStr"><is><r><t>q</t></r>',
]  # fmt: skip
FORMULAS = ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"]


def write(path: Path, form: str, *signatures: Signature, petition: Petition = PETITION) -> Path:
    table = FILE_FORMATS[form].table(TableContext(petition, lambda digest: WORDS.get(digest, "")))
    with path.open("wb") as stream:
        file = FILE_FORMATS[form].open(stream, table)
        for signature in signatures:
            file.add(table.row(signature))
        file.close()
    return path


def csv_of(folder: Path, *signatures: Signature) -> list[dict[str, str]]:
    return rows_of(write(folder / "x.csv", "csv", *signatures))


def test_a_workbook_has_typed_cells(tmp_path: Path) -> None:
    heading, row = cells_of(write(tmp_path / "x.xlsx", "xlsx", BOSTON))
    cells = dict(zip(heading, row, strict=True))
    assert cells["postal_code"] == "02139", "text, so the zero stays"
    assert cells["number"] == 1
    assert cells["signed_at (UTC)"] == dt.datetime(2026, 11, 23, 14, 30, 5)  # noqa: DTZ001  (cells have no zone)
    assert cells["full_name"] == "Zoë Müller 李"
    assert cells["comment"] == "=1+1\n2", "text as it is, which is not a formula"
    assert cells["email"] == "ada@example.org"
    assert cells["show_name"] is None


def test_a_workbook_opens_ready_to_read(tmp_path: Path) -> None:
    long = replace(ADA, answers={**ADA.answers, "comment": "word " * 100})
    sheet = load_workbook(write(tmp_path / "x.xlsx", "xlsx", ADA, long)).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(sheet.max_column)}3"
    widths = {cell.value: sheet.column_dimensions[get_column_letter(cell.column or 0)].width for cell in sheet[1]}
    assert widths["receipt"] < widths["full_name"] < widths["comment"] < 60
    assert [cell.data_type for cell in sheet[2] if cell.value == "90210"] == ["s"]
    assert list(tmp_path.iterdir()) == [tmp_path / "x.xlsx"], "the rows that waited are gone"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300), max_size=40))
def test_a_workbook_is_never_larger_than_it_says(tmp_path_factory: pytest.TempPathFactory, comments: list[str]) -> None:
    table, path = FILE_FORMATS["xlsx"].table(TableContext(PETITION)), tmp_path_factory.mktemp("x") / "x.xlsx"
    with path.open("wb") as stream:
        file = FILE_FORMATS["xlsx"].open(stream, table)
        for comment in comments * 20:
            file.add(table.row(replace(ADA, answers={**ADA.answers, "comment": comment})))
        file.close()
    assert path.stat().st_size <= file.size


def test_csv_says_that_it_is_unicode_and_defuses_formulas(tmp_path: Path) -> None:
    (row,) = csv_of(tmp_path, BOSTON)
    assert (tmp_path / "x.csv").read_bytes().startswith(b'\xef\xbb\xbf"receipt","number",'), "every value is quoted"
    assert (row["full_name"], row["postal_code"], row["comment"]) == ("Zoë Müller 李", "02139", "'=1+1\n2")
    assert row["signed_at"] == "2026-11-23T14:30:05+00:00"


CHOICES = (
    Consent(ConsentSubject.HAND_IN, "name", "telegram", MOMENT, "en", "r3view"),
    Consent(ConsentSubject.UPDATES, "no", "telegram", MOMENT, "en", "r3view"),
    Consent(ConsentSubject.UPDATES, "email", "discord", MOMENT + dt.timedelta(days=1), "es", words_digest(AGREED)),
)


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl"])
def test_each_choice_has_its_proof(tmp_path: Path, form: str) -> None:
    (row,) = rows_of(write(tmp_path / f"x.{form}", form, replace(ADA, named=True, consents=CHOICES)))
    row = {name.removesuffix(" (UTC)"): str(value) for name, value in row.items()}
    assert (row["hand_in"], row["hand_in_platform"], row["hand_in_words"]) == ("name", "telegram", "The review")
    assert (row["updates"], row["updates_channel"], row["updates_platform"]) == ("yes", "email", "discord")
    assert (row["updates_language"], row["updates_words"].replace(" / ", "\n")) == ("es", AGREED), (
        "the latest choice is in force"
    )
    assert row["updates_at"][:10] == "2026-11-24"


def test_no_value_of_a_csv_begins_a_cell_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", "csv", replace(ADA, answers={"full_name": 'Ada";=1+1;"', "comment": 'a;=1+1\n=2;"=3'}))
    text = (tmp_path / "x.csv").read_text("utf-8-sig")
    for separator in ";\t":  # as a spreadsheet reads it that expects one of these, such as a German one
        cells = [cell for line in csv.reader(io.StringIO(text), delimiter=separator) for cell in line]
        assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.parametrize("comment", RICH)
def test_no_text_is_taken_for_a_part_of_the_workbook(comment: str, tmp_path: Path) -> None:
    answers = {**ADA.answers, "comment": comment}
    heading, row = cells_of(write(tmp_path / "x.xlsx", "xlsx", replace(ADA, answers=answers)))
    assert comment in row
    assert len(row) == len(heading)


@given(st.lists(st.lists(st.sampled_from(["a", "\0", ";", '"', "\n", "=", "＠"]), max_size=3), min_size=3, max_size=3))
@example([["a", ";", "="], [], []])
def test_each_text_of_a_row_is_defused(pieces: list[list[str]]) -> None:
    texts = ["".join(each) for each in pieces]
    stream = io.BytesIO()
    columns = Column("a"), Column("b"), Column("c", ColumnKind.REFERENCE)
    SpreadsheetCsvFile(stream, Table(columns, lambda _: {})).add(dict(zip("abc", texts, strict=True)))
    (_, row) = csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))
    assert row == [defused(text) for text in texts]


@pytest.mark.parametrize("value", FORMULAS)
def test_formulas_are_defused(value: str) -> None:
    assert defused(value) == f"'{value}"
    assert defused(f"a{value}") == f"a{value}"
    if not value[0].isspace():
        assert defused(f'a\n{value};"{value}') == f"a\n'{value};\"'{value}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("-ada@example.org", "-ada@example.org"),
        ("+ada@example.org", "+ada@example.org"),
        ("=ada@example.org", "'=ada@example.org"),
        ("-x|y!z@example.org", "'-x|y!z@example.org"),
    ],
)
def test_an_address_stays_as_it_is_unless_it_could_call_something(tmp_path: Path, address: str, expected: str) -> None:
    signature = replace(ADA, answers={**ADA.answers, "email": address})
    assert csv_of(tmp_path, signature)[0]["email"] == expected
    assert address in cells_of(write(tmp_path / "x.xlsx", "xlsx", signature))[1]


@pytest.mark.parametrize(("by_email", "shown"), [(True, "+442079460000"), (False, "")])
def test_contact_data_needs_consent(tmp_path: Path, by_email: bool, shown: str) -> None:
    asks = replace(PETITION, fields=(*PETITION.fields, Field("mobile", FieldKind.PHONE)))
    called = replace(ADA, by_email=by_email, answers={**ADA.answers, "mobile": "+442079460000"})
    (row,) = rows_of(write(tmp_path / "x.jsonl", "jsonl", called, petition=asks))
    assert (row["mobile"], bool(row["email"])) == (shown, by_email)
    (row,) = rows_of(write(tmp_path / "x.csv", "csv", called, petition=asks))
    assert row["mobile"] == (shown and f"'{shown}"), "a spreadsheet would add it up"


def test_each_line_of_json_keeps_the_documented_schema(tmp_path: Path) -> None:
    bare = replace(ADA, answers={}, label="", named=None, by_email=False)
    more = replace(PETITION, fields=(*PETITION.fields, Field("mobile", FieldKind.TEXT)))
    path = write(tmp_path / "x.jsonl", "jsonl", BOSTON, bare, petition=more)
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        validator.validate(line)
    assert lines[0]["comment"] == "=1+1\n2"
    assert dt.datetime.fromisoformat(lines[0]["signed_at"]) == MOMENT
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]), "every column about the signature is always there"
    assert set(lines[0]) - set(SCHEMA["properties"]) == {field.name for field in more.fields}
    assert not validator.is_valid({**lines[0], "number": "1"})
    assert not validator.is_valid({**lines[0], "comment": 1})
