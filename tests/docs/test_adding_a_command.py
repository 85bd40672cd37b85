"""The page on adding a command, carried out: a module and a line, and it is listed, helped with and obeyed."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import Checkout, Page

PAGE = Page.named("adding-a-command.md")
MODULE = "cli/commands/readers.py"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the command, and a registry of the page's three readings."""
    copied = Checkout.copied(tmp_path_factory.mktemp("command"))
    copied.add(MODULE, PAGE.block("python"))
    copied.follow(PAGE)
    assert copied.spondyl("init").code == 0
    return copied


@pytest.fixture(scope="module")
def read(checkout: Checkout) -> Checkout:
    """The same after the page's three readings."""
    checkout.write("patients.csv", "patient,enrolled_on\nP-1,2020-01-01\n")
    checkout.write(
        "imaging.csv",
        "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,MRI,spine\nMR-2,P-1,2021-02-01,MRI,spine\n",
    )
    checkout.write(
        "readings.csv",
        "study,reader,method,location,grade\nMR-1,R1,berlin,C2/3,1\nMR-2,R1,berlin,C2/3,0\nMR-2,R2,berlin,C2/3,0\n",
    )
    assert checkout.spondyl("import", "patients.csv", "imaging.csv", "readings.csv").code == 0
    return checkout


def test_the_page_lists_the_files_that_its_example_touches_and_a_test() -> None:
    assert PAGE.files == [MODULE, *PAGE.changes, "tests/cli/test_readers.py"]


def test_without_readings_it_says_so(checkout: Checkout) -> None:
    empty = checkout.spondyl("--db", "other.db", "init")

    assert empty.code == 0
    assert checkout.spondyl("--db", "other.db", "readers").err == "no readings at this point in time\n"


def test_the_help_lists_it_after_the_command_that_it_follows(checkout: Checkout) -> None:
    listed = re.findall(r"^  (\S+)  +\S", checkout.spondyl("--help").out.partition("Commands:")[2], re.MULTILINE)

    assert listed[listed.index("scores") + 1] == "readers"
    assert "Print how many readings each reader gave by each method." in checkout.spondyl("readers", "--help").out


def test_it_prints_what_the_page_says(read: Checkout) -> None:
    printed = read.spondyl("readers")

    assert printed.code == 0, printed.err
    assert re.sub(r" +$", "", printed.out, flags=re.MULTILINE) == PAGE.block("text")


def test_it_is_given_to_machines_and_for_any_point_in_time(read: Checkout) -> None:
    early = read.spondyl("readers", "--as-of", "2020-12-31", "--json")

    assert early.json == [{"reader": "R1", "method": "berlin", "n": 1}]


def test_a_near_miss_of_its_name_is_answered_with_it(checkout: Checkout) -> None:
    mistyped = checkout.spondyl("reader")

    assert mistyped.code == 2
    assert "Did you mean 'readers'?" in mistyped.err


def test_the_tests_of_all_commands_hold_with_it(checkout: Checkout) -> None:
    asked = checkout.tests("tests/cli/test_commands.py", "-k", "help")

    assert asked.code == 0, asked.out


def test_it_is_held_to_texts_that_are_hostile(read: Checkout) -> None:
    ended = read.tests("tests/faults/test_ways_out.py", "-k", "readers or asked")

    assert ended.code == 0, ended.out
    assert "4 passed" in ended.out
