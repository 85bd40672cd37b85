"""Which figures were revised between two states of knowledge, and which events revised them."""

from __future__ import annotations

import pytest

from projections import LogColumns, facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.figures.address import Address
from projections.cohort.over_time.revisions import Revisions, revisions
from registry import Registry
from registry.catalogue.methods import methods
from tests.projections.cohort.defined import SMALL

UNITS = [location.name for location in methods()["berlin"].locations]
TOTALS = '[tables.scores]\nmethods = ["berlin"]\n'
AT_BASELINE = Address("scores", "berlin", "baseline", "total")


def read(registry: Registry, study: str, total: int) -> None:
    """Have R1 read a study with a total of 0 to 3; again with a reason, as a correction."""
    registry.record_reading(study, reader="R1", method="berlin", grades=dict.fromkeys(UNITS, 0) | {"T7/8": total})


def reread(registry: Registry, study: str, total: int, reason: str) -> None:
    registry.amend(f"reading/{study}/R1/berlin", {"T7/8": total}, reason=reason)


def revised_since(registry: Registry, since: int, text: str = "", **asked: object) -> Revisions:
    """What was revised in the small cohort since a position."""
    columns = LogColumns.read(registry.log)
    then, now = facts_at(columns, known_at=since), facts_at(columns)
    return revisions(parsed((SMALL + (text or TOTALS)).encode()), then, now, columns, **asked)  # type: ignore[arg-type]


@pytest.fixture
def printed(scanned: Registry) -> int:
    """The position after both studies of P-1 were read, with totals of 3 and 1."""
    read(scanned, "A", 3)
    read(scanned, "B", 1)
    return scanned.log.head().position


def test_a_correction_is_named_beside_the_figures_that_it_revised_since(scanned: Registry, printed: int) -> None:
    reread(scanned, "A", 2, "misread")

    revised = revised_since(scanned, printed)

    (step,) = revised.steps
    assert [(event["fact"], event["reason"]) for event in step.events] == [("reading/A/R1/berlin", "misread")]
    (total,) = [each for each in revised.revised if each.address == AT_BASELINE]
    assert total.before is not None
    assert total.after is not None
    assert (total.before.value, total.after.value, total.change) == (3, 2, -1)
    assert revised.steps_of(AT_BASELINE) == [step]
    assert ("scores", "berlin", "2 years", "total") not in {each.address for each in revised.revised}


def test_an_event_that_revised_nothing_is_told_but_not_as_a_step(scanned: Registry, printed: int) -> None:
    scanned.record_visit("P-1", visited_on="2002-03-01", measures={"crp": 5})

    revised = revised_since(scanned, printed)

    assert (revised.revised, revised.steps) == ([], [])
    assert [event["event"] for event in revised.events] == ["VisitRecorded"]


def test_each_of_several_corrections_has_revised_its_own_figures(scanned: Registry, printed: int) -> None:
    reread(scanned, "A", 2, "first")
    scanned.record_visit("P-1", visited_on="2002-03-01", measures={"crp": 5})
    reread(scanned, "B", 0, "second")
    reread(scanned, "A", 1, "third")

    revised = revised_since(scanned, printed)

    assert [[event["reason"] for event in step.events] for step in revised.steps] == [["first"], ["second"], ["third"]]
    assert [event["reason"] for step in revised.steps_of(AT_BASELINE) for event in step.events] == ["first", "third"]


def test_the_steps_of_a_figure_add_up_to_the_whole(scanned: Registry, printed: int) -> None:
    for total, study in ((0, "A"), (2, "B"), (3, "A"), (0, "B"), (1, "A")):
        reread(scanned, study, total, "again")

    revised = revised_since(scanned, printed)

    assert len(revised.steps) == 5
    for each in revised.revised:
        if each.change is not None:
            steps = [one for step in revised.steps for one in step.revised if one.address == each.address]
            if all(one.change is not None for one in steps):
                assert sum(one.change or 0 for one in steps) == pytest.approx(each.change)


def test_a_patient_who_joined_is_named_and_so_are_the_events_that_did_it(scanned: Registry, printed: int) -> None:
    scanned.enrol_patient("P-2", enrolled_on="2002-02-01")
    scanned.record_study("D", patient="P-2", performed_on="2002-03-01", modality="MRI", regions="spine")
    read(scanned, "D", 2)

    revised = revised_since(scanned, printed)

    assert (revised.joined, revised.left, revised.before.n, revised.after.n) == (["P-2"], [], 1, 2)
    assert [event["event"] for step in revised.steps_of(AT_BASELINE) for event in step.events] == [
        "PatientEnrolled",  # from then on the total is that of one of two patients
        "ReadingRecorded",
    ]


def test_what_a_patient_did_who_came_and_went_is_put_down_to_nobody_else(scanned: Registry, printed: int) -> None:
    scanned.enrol_patient("P-2", enrolled_on="2002-02-01")
    reread(scanned, "A", 2, "misread")
    scanned.retract("patient/P-2", reason="entered in error")

    steps = revised_since(scanned, printed).steps

    assert [[event["reason"] for event in step.events] for step in steps] == [[], ["misread"], []]
    assert [step.until - step.after for step in steps] == [1, 1, 1]


def test_without_recalculations_a_stretch_is_told_with_all_its_events(scanned: Registry, printed: int) -> None:
    reread(scanned, "A", 2, "first")
    reread(scanned, "A", 1, "second")

    (step,) = revised_since(scanned, printed, recalculations=0).steps

    assert [event["reason"] for event in step.events] == ["first", "second"]


def test_the_clinical_day_is_a_step_of_its_own(scanned: Registry, printed: int) -> None:
    columns = LogColumns.read(scanned.log)
    one, other = facts_at(columns, as_of="2003-01-01"), facts_at(columns)

    revised = revisions(parsed((SMALL + TOTALS).encode()), other, one, columns)

    assert (revised.before.facts.at, revised.after.facts.at) == (one.at, other.at)
    assert [(step.after, step.until, step.events) for step in revised.steps] == [(printed, printed, [])]
    assert Address("scores", "berlin", "2 years", "total") in {each.address for each in revised.revised}


LESIONS = "[tables.lesions]\n"
PLACE = "T7/8 anterior"


def read_lesions(registry: Registry, study: str, erosion: int | None) -> None:
    """Have R1 read a study with inflammation and perhaps an erosion at one place, and nothing elsewhere."""
    blank = {(each.name, item): 0 for each in methods()["vu-lesions"].locations for item in ("inflammation", "erosion")}
    grades = {**blank, (PLACE, "inflammation"): 1, (PLACE, "erosion"): erosion}
    registry.record_reading(study, reader="R1", method="vu-lesions", grades=grades)


def test_a_figure_whose_footnote_moved_only_is_told_apart_from_one_that_moved(scanned: Registry) -> None:
    """A patient who has not been read leaves the counts and the sums as they are, and the notes tell of him."""
    read_lesions(scanned, "A", 1)
    read_lesions(scanned, "B", 1)
    printed = scanned.log.head().position
    scanned.enrol_patient("P-2", enrolled_on="2002-02-01")

    revised = revised_since(scanned, printed, LESIONS)

    share = Address("lesions", "active-erosions", "baseline", "share of inflammation")
    (footnote,) = [each for each in revised.footnotes if each.address == share]
    notes = [each.denominator_note for each in (footnote.before, footnote.after) if each is not None]
    assert notes == [
        "locations with inflammation, of 1 of 1 patient",
        "locations with inflammation, of 1 of 2 patients; 1 not read",
    ]
    assert share not in {each.address for each in revised.figures}
    assert revised.figures == []


def test_a_figure_that_moved_with_its_footnote_has_moved(scanned: Registry) -> None:
    read_lesions(scanned, "A", 1)
    printed = scanned.log.head().position
    scanned.amend("reading/A/R1/vu-lesions", {f"{PLACE} erosion": None}, reason="read again")

    revised = revised_since(scanned, printed, LESIONS)

    n = Address("lesions", "erosions", "baseline", "n")
    (moved,) = [each for each in revised.figures if each.address == n]
    assert moved.before is not None
    assert moved.after is not None
    assert moved.before.denominator_note != moved.after.denominator_note
    assert n not in {each.address for each in revised.footnotes}
