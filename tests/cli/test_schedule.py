"""Who is due, and how complete a registry is, on the command line."""

from __future__ import annotations

from datetime import date

import pytest

from registry import Registry
from registry.catalogue.protocol import Protocol, ScheduledVisit
from tests.cli.conftest import Spondyl


@pytest.fixture
def followed(spondyl: Spondyl) -> Spondyl:
    """The command on a registry with yearly visits; P-1 of C1 came after a year, P-2 of C2 never did."""
    spondyl("init")
    for patient, centre in (("P-1", "C1"), ("P-2", "C2")):
        spondyl("record", "patient", f"patient={patient}", "enrolled_on=2010-01-01", f"centre={centre}")
    spondyl("record", "visit", "patient=P-1", "visited_on=2011-01-10")
    yearly = ScheduledVisit(
        name="year {n}", anchor="enrolment", every="1 year", window=(-90, 90), since=date(2000, 1, 1)
    )
    with Registry.open("spondyl.db", actor="lindner") as registry:
        registry.adopt_protocol(Protocol(protocol="north", title="North", schedule=(yearly,)))
    return spondyl


def test_the_recall_list_is_by_centre_and_at_a_point_in_time(followed: Spondyl) -> None:
    found = followed("follow-up", "--as-of", "2011-06-01", "--json").json

    assert [(row["centre"], row["patient"], row["schedule"], row["state"]) for row in found] == [
        ("C2", "P-2", "year 1", "overdue")
    ]
    assert followed("follow-up", "--as-of", "2011-06-01").err == "overdue 1, due 0 on 2011-06-01\n"


def test_a_recall_list_is_of_one_centre(followed: Spondyl) -> None:
    assert followed("follow-up", "--as-of", "2011-06-01", "--centre", "C1").err == "nobody is due\n"
    assert followed("follow-up", "--as-of", "2011-06-01", "--centre", "C3").code == 3


def test_a_registry_without_a_schedule_says_so(spondyl: Spondyl) -> None:
    spondyl("init")

    assert spondyl("follow-up").err == "no protocol with a schedule was adopted by then, so nobody is expected\n"
    for by in ((), ("--by", "centre"), ("--by", "centre,year")):
        answer = spondyl("completeness", *by)
        assert (answer.code, answer.out, answer.err) == (0, "", "nothing was expected by then\n")
    assert spondyl("completeness", "--json").json == []


def test_retention_is_a_row_a_year(followed: Spondyl) -> None:
    found = followed("follow-up", "--retention", "--as-of", "2011-06-01", "--json").json

    assert [(row["year"], row["n_at_risk"], row["n_seen"], row["n_not_over"]) for row in found] == [
        (1, 2, 0, 0),
        (2, 2, 1, 2),
    ]


def test_completeness_is_by_what_is_asked_for(followed: Spondyl) -> None:
    by_centre = followed("completeness", "--by", "centre", "--as-of", "2011-06-01", "--json").json
    of_all = followed("completeness", "--as-of", "2011-06-01", "--json").json

    assert [(row["centre"], row["n_expected"], row["n_done"]) for row in by_centre] == [("C1", 1, 1), ("C2", 1, 0)]
    assert [(row["what"], row["n_expected"], row["n_done"]) for row in of_all] == [("visit:year {n}", 2, 1)]
    assert followed("completeness", "--by", "sex").code == 3
