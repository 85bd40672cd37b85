"""The one tree of errors: as it is drawn, so it is, and whatever a person can mend hangs in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

import pytest

import migrations
from registry import errors
from registry.errors import BatchRefusedError, RegistryError, UnreadableError
from registry.places import Place, Problem
from registry.wording import suggestion
from spondyl.shadows import ShadowedError

ROOT: Final = Path(__file__).parents[2]
NOT_OURS: Final = ("benchmarks", "migrations", "tests")  # nobody installs the first and the last, nor runs the second
PAGES: Final = "views."  # whose exceptions are answered with a page, and never leave the server
PACKAGES: Final = sorted(file.parent.name for file in ROOT.glob("*/__init__.py") if file.parent.name not in NOT_OURS)


def modules() -> Iterator[str]:
    for package in PACKAGES:
        yield package
        yield from (each.name for each in walk_packages(import_module(package).__path__, f"{package}."))


def exceptions() -> set[type[Exception]]:
    """Return every exception that the packages define for who calls them."""
    members = (vars(import_module(module)).values() for module in modules())
    return {
        each
        for of_module in members
        for each in of_module
        if isclass(each) and issubclass(each, Exception) and each.__module__.partition(".")[0] in PACKAGES
        if not each.__module__.startswith(PAGES)
    }


def drawn() -> dict[str, str]:
    """Return the parent of every class of the drawing; the root's is `Exception`."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.fullmatch(r"    ((?:[│ ]   )*(?:[├└]── )?)(\w+Error)(?: .*)?", line):
            depth = len(found[1]) // 4
            parents[found[2]] = above[depth - 1] if depth else "Exception"
            above[depth:] = [found[2]]
    return parents


def test_the_tree_is_drawn_as_it_is() -> None:
    in_tree = {kind for kind in exceptions() if issubclass(kind, RegistryError)}
    parents = {
        kind.__name__: next(base.__name__ for base in kind.__bases__ if base in in_tree or base is Exception)
        for kind in in_tree
    }

    assert drawn() == parents


def test_no_two_classes_of_the_tree_have_one_name() -> None:
    names = [kind.__name__ for kind in exceptions()]

    assert len(set(names)) == len(names) == len({*drawn(), "ShadowedError"})


def test_every_exception_hangs_in_the_tree_but_the_one_that_says_that_no_tree_can_be_imported() -> None:
    assert {kind for kind in exceptions() if not issubclass(kind, RegistryError)} == {ShadowedError}


def test_only_who_takes_a_log_apart_with_a_program_of_his_own_meets_another() -> None:
    defined = {kind for kind in vars(migrations).values() if isclass(kind) and issubclass(kind, Exception)}

    assert defined == {migrations.NoWayBackError}


def test_every_class_of_the_registry_is_imported_from_one_place() -> None:
    of_package = {kind.__name__ for kind in exceptions() if kind.__module__.startswith("registry.errors.")}

    assert set(errors.__all__) == of_package


def test_each_class_says_in_a_sentence_what_is_wrong() -> None:
    assert [kind.__name__ for kind in exceptions() if not (kind.__doc__ or "").strip().endswith(".")] == []


def test_a_file_that_cannot_be_read_on_does_nothing_to_a_terminal_and_is_cut() -> None:
    error = UnreadableError(7, "\x1b[31m" + "x" * 1000)

    assert (error.line, str(error)) == (7, "\ufffd[31m" + "x" * 495)


@pytest.mark.parametrize(("number", "said"), [(1, "1 problem in the batch"), (2, "2 problems in the batch")])
def test_a_batch_has_its_problems_in_the_order_of_their_places(number: int, said: str) -> None:
    problems = [Problem(Place("visits.csv", line), "visited_on is empty") for line in (9, 10)][:number]

    refused = BatchRefusedError(reversed(problems))

    assert (list(refused.problems), str(refused)) == (problems, f"nothing was stored: {said}")


@pytest.mark.parametrize(
    ("word", "known", "mend"),
    [
        ("berln", ("berlin", "asspimri"), "; did you mean 'berlin'?"),
        ("BERLN", ("Berlin",), "; did you mean 'Berlin'?"),
        ("sparcc", ("berlin", "asspimri"), "; write berlin or asspimri"),
        ("sparcc", ("berlin",), "; write berlin"),
        ("sparcc", (), ""),
        ("sparcc", tuple(f"method-{number}" for number in range(21)), ""),
        ("berlin" * 17, ("berlin", "asspimri"), "; write berlin or asspimri"),
    ],
)
def test_the_mend_is_the_nearest_word_or_all_where_they_are_few(word: str, known: tuple[str, ...], mend: str) -> None:
    assert suggestion(word, known) == mend


def test_a_reference_of_any_length_is_told_by_its_beginning() -> None:
    refusal = errors.UnknownFactError(f"patient/{'x' * 4_000}")

    assert str(refusal) == f"patient/{'x' * 192}… is not recorded"
    assert refusal.fact == f"patient/{'x' * 4_000}"
