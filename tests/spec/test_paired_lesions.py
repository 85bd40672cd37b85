"""Paired readings: two studies of one patient side by side, a verdict a lesion."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import (
    AlreadyRecordedError,
    ClinicalDayError,
    HeldFactError,
    MissingValueError,
    StudyMisfitError,
    UnknownCodeError,
    UnknownStudyError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused

SPINE = ("romanus", "end-plate", "facet-joint", "spinous-process")


def test_a_verdict_says_what_became_of_one_lesion(scanned: Registry) -> None:
    fact = given.verdict(scanned, read_on="2004-11-10", session="1")

    assert fact == "lesion/MR-0001/MR-0002/consensus/1"
    assert given.stated(scanned, fact) == {
        "baseline_study": "MR-0001",
        "followup_study": "MR-0002",
        "reader": "consensus",
        "session": "1",
        "lesion": "1",
        "region": "spine",
        "kind": "romanus",
        "location": "L2",
        "verdict": "resolution",
        "read_on": "2004-11-10",
    }


@pytest.mark.parametrize("kind", SPINE)
def test_each_kind_of_spinal_lesion_is_recorded(scanned: Registry, kind: str) -> None:
    assert given.stated(scanned, given.verdict(scanned, kind=kind.upper()))["kind"] == kind


@pytest.mark.parametrize("said", ["resolution", "improvement", "unchanged", "deterioration", "new"])
def test_each_verdict_is_recorded(scanned: Registry, said: str) -> None:
    assert given.stated(scanned, given.verdict(scanned, verdict=said.title()))["verdict"] == said


def test_a_subchondral_lesion_lies_in_a_sacroiliac_joint(enrolled: Registry) -> None:
    given.mri(enrolled, "MR-0001", "2003-09-01", regions="sij")
    given.mri(enrolled, "MR-0002", "2003-11-24", regions="sij;spine")

    fact = given.verdict(enrolled, region="SIJ", kind="subchondral", location="right upper ilial")

    assert given.stated(enrolled, fact)["region"] == "sij"


@pytest.mark.parametrize("kind", SPINE)
def test_a_kind_that_is_not_of_the_region_is_refused(scanned: Registry, kind: str) -> None:
    with refused(scanned, UnknownCodeError, f"^kind: '{kind}' is not a known kind of sij lesion; write subchondral$"):
        given.verdict(scanned, region="sij", kind=kind)


def test_a_subchondral_lesion_of_the_spine_is_refused(scanned: Registry) -> None:
    with refused(
        scanned, UnknownCodeError, "^kind: 'subchondral' is not a known kind of spine lesion; write romanus, "
    ):
        given.verdict(scanned, kind="subchondral")


@pytest.mark.parametrize(("field", "meaning"), [("region", "region"), ("kind", "kind"), ("verdict", "what became")])
def test_a_verdict_without_what_makes_it_one_is_refused(scanned: Registry, field: str, meaning: str) -> None:
    with refused(scanned, MissingValueError, f"^{field} is empty; give {meaning}"):
        given.verdict(scanned, **{field: ""})


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("region", "spin", "write spine or sij"),
        ("kind", "romanos", "did you mean 'romanus'"),
        ("verdict", "unchangd", "did you mean 'unchanged'"),
        ("verdict", "healed", "write resolution, improvement, unchanged, deterioration or new"),
    ],
)
def test_a_word_that_no_list_contains_is_refused(scanned: Registry, field: str, value: str, mend: str) -> None:
    with refused(scanned, UnknownCodeError, f"^{field}: '{value}' is not a known {field}; {mend}"):
        given.verdict(scanned, **{field: value})


@pytest.mark.parametrize(
    ("field", "studies"), [("baseline_study", ("MR-9", "MR-0002")), ("followup_study", ("MR-0001", "MR-9"))]
)
def test_a_verdict_on_an_unknown_study_is_refused(scanned: Registry, field: str, studies: tuple[str, str]) -> None:
    with refused(scanned, UnknownStudyError, f"^{field}: no imaging study 'MR-9'( of this patient)? is recorded"):
        scanned.record_lesion_verdict(
            *studies, reader="consensus", lesion="1", region="spine", kind="romanus", verdict="new"
        )


def test_a_verdict_over_studies_of_two_patients_is_refused(scanned: Registry) -> None:
    given.enrolled(scanned, "BAR1-02")
    given.mri(scanned, "MR-0003", "2004-06-07", patient="BAR1-02")

    with refused(scanned, UnknownStudyError, "^followup_study: no imaging study 'MR-0003' of this patient") as refusal:
        scanned.record_lesion_verdict(
            "MR-0001", "MR-0003", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="new"
        )

    assert "BAR1-02" not in str(refusal.value)


def test_a_verdict_in_the_wrong_order_is_refused(scanned: Registry) -> None:
    message = "^followup_study: 2002-06-03 does not follow the baseline study, 2004-06-07; exchange the two where they"

    with refused(scanned, ClinicalDayError, message):
        scanned.record_lesion_verdict(
            "MR-0002", "MR-0001", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="new"
        )


def test_a_verdict_over_two_studies_of_one_day_is_refused(scanned: Registry) -> None:
    given.mri(scanned, "MR-0001b", "2002-06-03")

    with refused(
        scanned, ClinicalDayError, "^followup_study: 2002-06-03 does not follow the baseline study, 2002-06-03"
    ):
        scanned.record_lesion_verdict(
            "MR-0001", "MR-0001b", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="new"
        )


def test_a_verdict_over_studies_of_two_days_in_a_row_is_recorded(scanned: Registry) -> None:
    given.mri(scanned, "MR-0001b", "2002-06-04")

    fact = scanned.record_lesion_verdict(
        "MR-0001", "MR-0001b", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="new"
    )

    assert fact == "lesion/MR-0001/MR-0001b/consensus/1"


def test_a_verdict_on_a_region_that_a_study_does_not_show_is_refused(scanned: Registry) -> None:
    with refused(scanned, StudyMisfitError, "^baseline_study: study 'MR-0001' shows spine, not the sij$"):
        given.verdict(scanned, region="sij", kind="subchondral")


def test_a_part_of_the_spine_shows_lesions_of_the_spine(enrolled: Registry) -> None:
    given.mri(enrolled, "MR-0001", "2003-09-01", regions="lumbar-spine")
    given.mri(enrolled, "MR-0002", "2003-11-24", regions="lumbar-spine")

    assert given.verdict(enrolled) == "lesion/MR-0001/MR-0002/consensus/1"


def test_a_verdict_before_the_follow_up_examination_is_refused(scanned: Registry) -> None:
    with refused(scanned, ClinicalDayError, "^read_on: 2004-06-06 lies before the examination MR-0002, 2004-06-07$"):
        given.verdict(scanned, read_on="2004-06-06")


def test_the_same_verdict_again_triggers_nothing(scanned: Registry) -> None:
    given.verdict(scanned)

    with nothing_recorded(scanned):
        given.verdict(scanned, verdict="RESOLUTION")


def test_another_verdict_on_the_same_lesion_is_refused(scanned: Registry) -> None:
    fact = given.verdict(scanned)

    with refused(
        scanned, AlreadyRecordedError, f"^{fact} is recorded already, with other content; amend it with a reas"
    ):
        given.verdict(scanned, verdict="improvement")


def test_each_reader_has_a_verdict_of_their_own(scanned: Registry) -> None:
    assert len({given.verdict(scanned, reader=reader) for reader in ("R1", "R2", "consensus")}) == 3


def test_a_study_that_verdicts_rest_on_cannot_be_retracted(scanned: Registry) -> None:
    fact = given.verdict(scanned)

    with refused(
        scanned, HeldFactError, f"^imaging/MR-0002 cannot change so: {fact} rests on it; retract or amend first"
    ):
        scanned.retract("imaging/MR-0002", reason="test image")


def test_a_study_cannot_be_moved_past_the_one_that_it_is_compared_with(scanned: Registry) -> None:
    fact = given.verdict(scanned)

    with refused(scanned, HeldFactError, f"^imaging/MR-0001 cannot change so: {fact} rests on it"):
        scanned.amend("imaging/MR-0001", {"performed_on": "2004-06-07"}, reason="typing error")


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("resolution", "new"),
        ("Improvement", "deterioration"),
        ("unchanged", "unchanged"),
        ("deterioration", "improvement"),
        ("new", "resolution"),
    ],
)
def test_a_verdict_from_the_later_study_to_the_earlier_is_stored_in_the_order_of_the_days(
    scanned: Registry, said: str, true: str
) -> None:
    cells = {"reader": "R1", "lesion": "1", "region": "spine", "kind": "romanus", "verdict": said}

    fact = scanned.record_lesion_verdict("MR-0002", "MR-0001", masked_order=True, **cells)

    assert fact == "lesion/MR-0001/MR-0002/R1/1"
    assert given.stated(scanned, fact)["verdict"] == true


def test_a_verdict_whose_masked_order_was_the_true_one_stays(scanned: Registry) -> None:
    fact = given.verdict(scanned, verdict="improvement", masked_order=True)

    assert fact == "lesion/MR-0001/MR-0002/consensus/1"
    assert given.stated(scanned, fact)["verdict"] == "improvement"


def test_a_masked_verdict_again_in_the_order_of_the_days_triggers_nothing(scanned: Registry) -> None:
    cells = {"reader": "R1", "lesion": "1", "region": "spine", "kind": "romanus"}
    scanned.record_lesion_verdict("MR-0002", "MR-0001", masked_order=True, verdict="new", **cells)

    with nothing_recorded(scanned):
        scanned.record_lesion_verdict("MR-0001", "MR-0002", verdict="resolution", **cells)  # type: ignore[arg-type]


def test_a_masked_verdict_over_two_studies_of_one_day_is_refused(scanned: Registry) -> None:
    given.mri(scanned, "MR-0001b", "2002-06-03")

    with refused(scanned, ClinicalDayError, "^followup_study: 2002-06-03 does not follow the baseline study"):
        scanned.record_lesion_verdict(
            "MR-0001",
            "MR-0001b",
            reader="R1",
            lesion="1",
            region="spine",
            kind="romanus",
            verdict="new",
            masked_order=True,
        )


@pytest.mark.parametrize("studies", [("MR-0001", "MR-0003"), ("MR-0003", "MR-0001")])
def test_a_masked_verdict_on_an_unknown_study_is_refused(scanned: Registry, studies: tuple[str, str]) -> None:
    with refused(scanned, UnknownStudyError, "'MR-0003'"):
        scanned.record_lesion_verdict(
            *studies, reader="R1", lesion="1", region="spine", kind="romanus", verdict="new", masked_order=True
        )
