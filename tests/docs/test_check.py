"""The manual of the checks has the rules, the limits and the sources that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from projections.checks.rules import RULES
from registry.catalogue.first_approvals import FIRST_APPROVED, TRIALS_BEFORE_APPROVAL
from registry.catalogue.measures import MEASURES
from registry.catalogue.plausible_days import LONG_BEFORE_ENROLMENT, PLACEHOLDERS
from registry.catalogue.plausible_doses import LIGHTEST, MOST_A_DAY, NEVER_DAILY
from registry.catalogue.plausible_limits import PLAUSIBLE_LIMITS, SCALE_CHANCE, SCALE_PATIENTS, SCALE_VALUES, SCALES
from tests.cli.conftest import Spondyl, spondyl  # noqa: F401

MANUAL = (Path(__file__).parents[2] / "docs" / "check.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text under a heading, on one line a paragraph."""
    return MANUAL.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table under a heading."""
    rows = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [tuple(cell.strip().strip("`") for cell in row.strip("|").split("|")) for row in rows[2:]]


def held(heading: str, wanted: list[tuple[str, ...]]) -> None:
    """Hold the table under a heading to the rows that it should have, and say which to write where it has others."""
    found = table(heading)
    lacking, beyond = ([" | ".join(row) for row in rows] for rows in (minus(wanted, found), minus(found, wanted)))
    place = f"docs/check.md, ## {heading}"
    assert not lacking, f"{place}: write the row {lacking}"
    assert not beyond, f"{place}: nothing in the code says {beyond}"
    assert found == wanted, f"{place}: the rows stand in another order than in the code"


def minus(rows: list[tuple[str, ...]], others: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Those rows that are not among the others."""
    return [row for row in rows if row not in others]


def test_the_manual_has_every_rule_with_its_limit_and_source() -> None:
    held("Rules", [rule[:5] for rule in RULES])


def test_the_manual_has_every_limit_of_days_scales_and_values() -> None:
    held("Placeholders", [(str(day), what) for day, what in PLACEHOLDERS.items()])
    held("Years before enrolment", [(*place, str(years)) for place, years in LONG_BEFORE_ENROLMENT.items()])
    held(
        "Scales of a centre",
        [(measure, f"{limit} {MEASURES[measure].unit}", scale) for measure, (limit, scale) in SCALES.items()],
    )
    held(
        "Values",
        [(measure, str(low), str(high), MEASURES[measure].unit) for measure, (low, high) in PLAUSIBLE_LIMITS.items()],
    )


def test_a_row_that_the_manual_lacks_is_told_with_its_place() -> None:
    lacking = re.escape("docs/check.md, ## Values: write the row ['mases | 0 | 13 | score']")

    with pytest.raises(AssertionError, match=f"^{lacking}"):
        held("Values", [*table("Values"), ("mases", "0", "13", "score")])


def test_the_manual_has_the_year_and_the_limit_of_every_drug_that_is_judged_by_one() -> None:
    rows = {drug: cells for drug, *cells in table("Drugs")}

    assert set(rows) == set(FIRST_APPROVED) | set(MOST_A_DAY)
    for drug, cells in rows.items():
        assert cells == [
            str(FIRST_APPROVED.get(drug, "·")),
            str(MOST_A_DAY.get(drug, "·")),
            "never" if drug in NEVER_DAILY else "·",
        ]


def test_the_numbers_in_its_text_are_those_of_the_code() -> None:
    seldom, of = SCALE_CHANCE
    scales, drugs = (" ".join(section(heading).split()) for heading in ("Scales of a centre", "Drugs"))

    assert f"It must have {SCALE_VALUES} values of {SCALE_PATIENTS} patients" in scales
    assert f"all other centres together {SCALE_VALUES} values" in scales
    assert f"less than {seldom} in {of:,}" in scales
    assert f"less {TRIALS_BEFORE_APPROVAL} years" in drugs
    assert f"an adult of {LIGHTEST} kg" in drugs


def test_every_rule_of_the_manual_is_known_to_the_command(spondyl: Spondyl) -> None:  # noqa: F811
    spondyl("init")

    for name, *_ in table("Rules"):
        assert spondyl("check", "--rule", name).code == 0
