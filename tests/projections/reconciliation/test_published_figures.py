"""Files of printed figures: what they may say, and that the examples list everything that is printed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from projections.cohort.figures.address import Address
from projections.reconciliation.published_figures import Part, parsed, read_published
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import EXAMPLES

MEDIAN = """
paper = "A paper"

[[figures]]
where = "Table 1"
printed = "31 (14–65)"
is = ["clinical / crp / baseline / median", "clinical / crp / baseline / lowest", "clinical / crp / baseline / highest"]
"""


def one(keys: str) -> str:
    """A file with one figure of these keys."""
    return f'paper = "A paper"\n\n[[figures]]\n{keys}'


def test_each_number_of_a_text_is_a_figure_of_its_own() -> None:
    (figure,) = parsed(MEDIAN.encode()).figures

    assert [str(number.value) for number in figure.numbers] == ["31", "14", "65"]
    assert [part.address.statistic for part in figure.parts] == ["median", "lowest", "highest"]


def test_an_address_may_name_the_field_and_a_segment_has_a_colon_of_its_own() -> None:
    text = one(
        'where = "T"\nprinted = "252 3"\nis = ["lesions / a:cervical / t / n:denominator", "lesions / a:c / t / n"]'
    )
    (figure,) = parsed(text.encode()).figures

    assert figure.parts == (
        Part(Address.of("lesions / a:cervical / t / n"), "denominator"),
        Part(Address.of("lesions / a:c / t / n")),
    )


def test_a_limit_alone_holds_of_every_figure_named() -> None:
    text = one('where = "T"\nprinted = ">0.05"\nis = ["scores / a v b / t / p", "scores / a v c / t / p"]')
    (figure,) = parsed(text.encode()).figures

    assert [number.value for number in figure.numbers] == [Decimal("0.05")] * 2


def test_a_printed_unit_is_that_of_the_registry_in_whatever_case_it_was_printed() -> None:
    text = 'where = "T"\nprinted = "1"\nis = "a / b / c / d"\nunit = '

    units = [parsed(one(f'{text}"{unit}"').encode()).figures[0].unit for unit in ("mg/dL", "MG/L", "furlong")]

    assert units == ["mg/dl", "mg/l", "furlong"]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('printed = "1"\nis = "a / b / c / d"', r"figures\[1\].where: is missing"),
        ('where = "T"\nprinted = "1"', r"figures\[1\].is: is missing; write the address .* or in 'reason' why"),
        ('where = "T"\nprinted = "1"\nis = "a / b"', r"figures\[1\].is: 'a / b' is not 'table / row / time point / st"),
        (
            'where = "T"\nprinted = "1 (2)"\nis = "a / b / c / d"',
            r"figures\[1\].is: has 1 addresses; '1 \(2\)' prints 2",
        ),
        ('where = "T"\nprinted = "all"\nis = "a / b / c / d"', r"prints 0 \(no number\)"),
        (
            'where = "T"\nprinted = "1"\nis = "a / b / c / d"\nreason = "none"',
            r"figures\[1\].reason: .* write one of them",
        ),
        ('where = "T"\nprinted = "1"\nis = 3', r"figures\[1\].is: '3' is not a text or a list of texts"),
        (
            'where = "T"\nprinted = "1"\nis = "a / b / c / d"\nunits = "s"',
            r"units: is not a key here; write 'where', 'printed', 'is', 'what', 'unit', 'note' or 'reason'",
        ),
    ],
)
def test_what_is_wrong_with_a_figure_is_told_by_its_key(keys: str, problem: str) -> None:
    with pytest.raises(DefinitionError, match=problem):
        parsed(one(keys).encode())


def test_a_file_without_figures_or_that_is_no_toml_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"figures: is missing"):
        parsed(b'paper = "A paper"')
    with pytest.raises(DefinitionError, match=r"is not TOML"):
        parsed(b"paper = ")


@pytest.mark.parametrize("name", ["baraliakos2013", "anakinra2004"])
def test_the_examples_list_every_printed_figure_as_it_is_printed(name: str) -> None:
    printed = [
        (figure["where"], figure["figure"], figure["printed"])
        for figure in json.loads((EXAMPLES / name / "published.json").read_text())["figures"]
        if not figure["figure"].endswith("as meant")  # a reading of a misprint, which nobody printed
    ]

    listed = read_published(EXAMPLES / f"{name}.published.toml").figures

    assert [(figure.where, figure.what, figure.printed) for figure in listed] == printed
