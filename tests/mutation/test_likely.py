"""The choice of test files for a place by names and imports."""

from __future__ import annotations

from tests.mutation.likely import MOST, Likely
from tests.mutation.places import Place


def files(module: str) -> list[str]:
    return Likely("today").of(Place(module, "delete call", 0, 1, "", (1, 1)))


def test_the_mirrored_file_comes_first_then_those_that_import_the_module() -> None:
    first, *others = files("core/log/tree.py")
    assert first == "tests/core/log/test_tree.py"
    assert "tests/core/log/test_log_properties.py" in others or others
    assert len(others) < MOST


def test_a_file_with_its_name_elsewhere_in_the_package_is_near() -> None:
    assert files("storage/tables/inline_cards.py")[0] == "tests/storage/test_inline_cards.py"


def test_a_module_without_a_mirrored_file_gets_the_tests_of_its_importers() -> None:
    """No test imports it; storage/unit_of_work.py does."""
    assert files("storage/repositories/people.py")


def test_a_module_that_no_test_is_near_gets_those_of_its_folder() -> None:
    assert {file.rpartition("/")[0] for file in files("bots/discord/uploads.py")} == {"tests/bots/discord"}


def test_a_migration_gets_the_tests_of_migrations() -> None:
    assert "tests/storage/test_schema.py" in files("storage/migrations/versions/0005_organizers.py")


def test_what_survived_the_same_files_or_more_is_not_tried_again() -> None:
    assert Likely("today").has_tried(Likely("today").sources)
    assert Likely("today").has_tried("today"), "a measuring run takes in all tests"
    assert not Likely("today").has_tried(Likely("yesterday").sources)
