"""Two pseudonyms of one person: merged into one patient, and parted again where that was a mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from projections import facts_at, facts_of
from registry import Registry
from registry.errors import (
    ConcurrentChangeError,
    ConsentWithdrawnError,
    ErasedPatientError,
    MergedPatientError,
    MergeRefusedError,
    MissingValueError,
    NotEnrolledError,
    RefusalError,
    UnknownFactError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused

OLD, SURVIVOR = "P-0102", "P-0041"
REASON = "one person, two centres"


def merged(registry: Registry, *, keep_enrolment: bool = False) -> None:
    """P-0102 is P-0041."""
    registry.merge_patients(OLD, into=SURVIVOR, reason=REASON, keep_enrolment=keep_enrolment)


def parted(registry: Registry) -> None:
    """They are two after all."""
    registry.unmerge_patients(OLD, reason="two persons of one name")


def standing(registry: Registry, patient: str) -> set[str]:
    """The references of the facts of a patient as they stand."""
    return set(registry.patient_batch.patients([patient])[patient].facts)


def crp(registry: Registry, patient: str, visited_on: str, value: object) -> str:
    """A visit at which CRP was measured."""
    return registry.record_visit(patient, visited_on=visited_on, measures={"crp": value})


@pytest.fixture
def two(registry: Registry) -> Registry:
    """P-0041 and P-0102, enrolled alike, of whom nothing else is known."""
    given.enrolled(registry, SURVIVOR)
    given.enrolled(registry, OLD)
    return registry


@pytest.fixture(name="registry_of_each_store")
def each_store(url: str) -> Iterator[Registry]:
    """P-0041 and P-0102 in each of the stores; P-0102 with a visit, a course that ended, a study and its reading."""
    with Registry.open(url, actor="lindner", clock=given.StandingClock()) as registry:
        given.enrolled(registry, SURVIVOR)
        given.enrolled(registry, OLD)
        crp(registry, OLD, "2004-01-12", 24)
        registry.start_treatment(OLD, agent="infliximab", started_on="2003-02", stopped_on="2004")
        given.mri(registry, "MR-0001", "2002-06-03", patient=OLD)
        given.berlin(registry)
        yield registry


MOVED = {
    "visit/P-0041/2004-01-12",
    "treatment/P-0041/infliximab/2003-02",
    "imaging/MR-0001",
    "reading/MR-0001/R1/berlin",
}


# what goes where


def test_every_fact_is_the_survivor_s_after_a_merge(registry_of_each_store: Registry) -> None:
    merge = registry_of_each_store.merge_patients(OLD, into=SURVIVOR, reason=REASON)

    assert (merge.moved, merge.shared) == (4, 1)
    assert standing(registry_of_each_store, SURVIVOR) == {"patient/P-0041", *MOVED}
    assert standing(registry_of_each_store, OLD) == set()
    assert registry_of_each_store.patient_batch.holders_of_studies(["MR-0001"]) == {"MR-0001": SURVIVOR}
    assert registry_of_each_store.verify().is_whole


def test_before_a_merge_they_are_two_after_it_one_and_after_its_end_two(registry_of_each_store: Registry) -> None:
    registry = registry_of_each_store
    before = registry.head.position
    merged(registry)
    between = registry.head.position
    parted(registry)

    for position, patients in ((before, {OLD}), (between, {SURVIVOR}), (None, {OLD})):
        facts = facts_at(registry, known_at=position)
        for table in ("visits", "treatments", "imaging", "readings"):
            assert set(facts.of(table)["patient"].to_pylist()) == patients
        assert facts.count("patients") == (1 if position == between else 2)


def test_a_merge_stands_in_both_streams_with_its_reason(two: Registry) -> None:
    merge = two.merge_patients(OLD, into=SURVIVOR, reason=REASON)

    topics = [topic for chunk in two.log.columns(after=2) for topic in chunk.topic]
    assert topics == ["EnrolmentRetracted", "PatientMerged", "PatientMerged"]
    assert merge.position == 4


def test_what_both_state_alike_stands_once(two: Registry) -> None:
    crp(two, OLD, "2004-01-12", "5.0")
    crp(two, SURVIVOR, "2004-01-12", 5)

    assert two.merge_patients(OLD, into=SURVIVOR, reason=REASON).shared == 2

    assert standing(two, SURVIVOR) == {"patient/P-0041", "visit/P-0041/2004-01-12"}
    assert given.stated(two, "visit/P-0041/2004-01-12")["measures"] == [
        {"measure": "crp", "value": "5", "unit": "mg/l"}
    ]


def test_a_reference_that_named_another_fact_of_the_survivor_is_not_given_again(two: Registry) -> None:
    two.retract(crp(two, SURVIVOR, "2004-01-12", 5), reason="another patient's")
    crp(two, OLD, "2004-01-12", 24)
    merged(two)

    assert "visit/P-0041/2004-01-12~2" in standing(two, SURVIVOR)
    assert given.events_of(two, "visit/P-0041/2004-01-12") == ["VisitRecorded", "VisitRetracted"]


def test_resumptions_move_with_the_patient(two: Registry) -> None:
    for patient in (OLD, SURVIVOR):
        two.end_follow_up(patient, ended_on="2005-12-31", reason="lost")
    two.resume_follow_up(OLD, resumed_on="2007-03-01")
    crp(two, OLD, "2007-03-01", 5)
    merged(two)

    assert standing(two, SURVIVOR) == {"patient/P-0041", "follow-up/P-0041/2007-03-01", "visit/P-0041/2007-03-01"}


# what is refused


def test_what_is_stated_differently_under_one_key_is_refused_and_all_of_it_listed(two: Registry) -> None:
    for patient, value, dose in ((OLD, 24, 300), (SURVIVOR, 5, 400)):
        crp(two, patient, "2004-01-12", value)
        two.start_treatment(patient, agent="infliximab", started_on="2003-02-11", dose=dose, dose_unit="mg")
    crp(two, OLD, "2005-01-10", 7)

    with refused(two, MergeRefusedError, "^P-0102 was not merged into P-0041: 2 in the way") as refusal:
        merged(two)

    mend = "amend or retract one of the two first"
    assert refusal.value.problems == (  # type: ignore[attr-defined]
        f"visit/P-0102/2004-01-12 and visit/P-0041/2004-01-12: crp is '24 mg/l' and '5 mg/l'; {mend}",
        "treatment/P-0102/infliximab/2003-02-11 and treatment/P-0041/infliximab/2003-02-11: dose is '300' and '400'; "
        + mend,
    )


def test_an_enrolment_that_says_more_or_otherwise_is_refused(registry: Registry) -> None:
    given.enrolled(registry, SURVIVOR, sex="female", hla_b27="positive")
    given.enrolled(registry, OLD, sex="male", centre="Ghent")

    with refused(registry, MergeRefusedError, "centre is 'Ghent' and empty, sex is 'male' and 'female'; amend one of"):
        merged(registry)


def test_an_enrolment_that_says_less_is_no_hindrance(registry: Registry) -> None:
    given.enrolled(registry, SURVIVOR, sex="female", centre="Herne")
    given.enrolled(registry, OLD)
    merged(registry)

    assert given.stated(registry, SURVIVOR)["centre"] == "Herne"


def test_the_survivor_s_enrolment_is_kept_where_that_is_asked_for_and_the_other_comes_back(registry: Registry) -> None:
    given.enrolled(registry, SURVIVOR, centre="Herne")
    given.enrolled(registry, OLD, centre="Ghent", enrolled_on="2005-03-01")
    merged(registry, keep_enrolment=True)
    assert given.stated(registry, SURVIVOR)["centre"] == "Herne"

    parted(registry)
    assert given.stated(registry, OLD)["centre"] == "Ghent"
    assert given.stated(registry, SURVIVOR)["centre"] == "Herne"


def test_what_cannot_stand_in_the_survivor_s_follow_up_is_refused(two: Registry) -> None:
    two.amend(SURVIVOR, {"follow_up_ended_on": "2003-12-31"}, reason="moved")
    crp(two, OLD, "2004-01-12", 24)
    crp(two, OLD, "2003-01-13", 24)

    with refused(two, MergeRefusedError, "^P-0102 was not merged into P-0041: 1 in the way\nvisit/P-0041/2004-01-12: "):
        merged(two)


def test_a_patient_cannot_be_merged_into_itself(two: Registry) -> None:
    with refused(two, RefusalError, "^into: a patient cannot be merged into itself"):
        two.merge_patients(OLD, into=OLD, reason=REASON)


@pytest.mark.parametrize(("merging", "into"), [("P-9", SURVIVOR), (OLD, "P-9")])
def test_a_patient_whom_nobody_knows_is_refused(two: Registry, merging: str, into: str) -> None:
    with refused(two, UnknownFactError, "^patient/P-9 is not recorded"):
        two.merge_patients(merging, into=into, reason=REASON)


def test_a_survivor_whose_enrolment_was_withdrawn_is_refused(two: Registry) -> None:
    two.retract(SURVIVOR, reason="entered twice")

    with refused(two, NotEnrolledError, "'P-0041' is not enrolled"):
        merged(two)


@pytest.mark.parametrize("erased", [OLD, SURVIVOR])
def test_who_was_erased_is_not_merged(two: Registry, erased: str) -> None:
    two.erase_patient(erased, reason="Art. 17 GDPR")

    with refused(two, ErasedPatientError, "was erased"):
        merged(two)


@pytest.mark.parametrize("withdrawn", [OLD, SURVIVOR])
def test_who_withdrew_consent_is_not_merged(two: Registry, withdrawn: str) -> None:
    two.end_follow_up(withdrawn, ended_on="2005-12-31", reason="withdrawn")

    with refused(two, ConsentWithdrawnError, f"withdrawn on 2005-12-31, .* enrolment of '{withdrawn}' first"):
        merged(two)


def test_a_merge_round_in_a_circle_is_refused(two: Registry) -> None:
    merged(two)

    with refused(two, MergedPatientError, "^patient: 'P-0102' was merged into 'P-0041'"):
        two.merge_patients(SURVIVOR, into=OLD, reason=REASON)


def test_a_name_of_one_patient_is_not_merged_into_another(two: Registry) -> None:
    given.enrolled(two, "P-0300")
    merged(two)

    for merging, into in ((OLD, "P-0300"), ("P-0300", OLD)):
        with refused(two, MergedPatientError, "^patient: 'P-0102' was merged into 'P-0041'"):
            two.merge_patients(merging, into=into, reason=REASON)


def test_a_patient_who_has_other_names_is_not_merged_away(two: Registry) -> None:
    given.enrolled(two, "P-0300")
    merged(two)

    with refused(two, RefusalError, "^patient: P-0102 was merged into 'P-0041'; merge the other into 'P-0041', or"):
        two.merge_patients(SURVIVOR, into="P-0300", reason=REASON)


def test_a_third_name_is_merged_into_the_same_patient(two: Registry) -> None:
    given.enrolled(two, "P-0300")
    crp(two, "P-0300", "2005-01-10", 5)
    merged(two)
    two.merge_patients("P-0300", into=SURVIVOR, reason=REASON)

    assert standing(two, SURVIVOR) == {"patient/P-0041", "visit/P-0041/2005-01-10"}


def test_a_merge_without_a_reason_is_refused(two: Registry) -> None:
    with refused(two, MissingValueError, "^reason is empty"):
        two.merge_patients(OLD, into=SURVIVOR, reason=" ")
    merged(two)
    with refused(two, MissingValueError, "^reason is empty"):
        two.unmerge_patients(OLD, reason="")


def test_a_merge_that_stands_already_records_nothing(two: Registry) -> None:
    merged(two)

    with nothing_recorded(two):
        assert two.merge_patients(OLD, into=SURVIVOR, reason="said again").position is None


# the merged name


def test_a_command_under_the_merged_name_is_refused_with_the_survivor_s(two: Registry) -> None:
    visit = crp(two, OLD, "2004-01-12", 24)
    merged(two)

    with refused(two, MergedPatientError, "^patient: 'P-0102' was merged into 'P-0041'; what is known and recorded of"):
        crp(two, OLD, "2005-01-10", 7)
    with refused(two, MergedPatientError, "is under 'P-0041', as visit/P-0041/2004-01-12$"):
        two.amend(visit, {"crp": 25}, reason="misread")
    with refused(two, MergedPatientError, "^patient: 'P-0102' was merged into 'P-0041'"):
        two.end_follow_up(OLD, ended_on="2005-12-31")


def test_a_reference_that_names_no_patient_stays_as_it_was(registry_of_each_store: Registry) -> None:
    merged(registry_of_each_store)

    registry_of_each_store.amend("reading/MR-0001/R1/berlin", {"C2/3": 2}, reason="re-read")

    assert registry_of_each_store.history("reading/MR-0001/R1/berlin")[-1].changes[0].after == 2


def test_who_is_asked_for_by_the_merged_name_was_merged(two: Registry) -> None:
    merge = two.merge_patients(OLD, into=SURVIVOR, reason=REASON)

    assert facts_of(two, OLD).count("patients") == 0
    with pytest.raises(MergedPatientError, match=rf"merged into 'P-0041' at @{merge.position} \(2014-06-30\)"):
        two.check_not_merged(OLD)
    two.check_not_merged(SURVIVOR)


# the end of a merge


def test_what_came_goes_back_as_it_stands_then(registry_of_each_store: Registry) -> None:
    registry = registry_of_each_store
    merged(registry)
    registry.amend("visit/P-0041/2004-01-12", {"crp": 25}, reason="misread")
    crp(registry, SURVIVOR, "2006-01-09", 3)
    registry.record_reading("MR-0001", reader="R2", method="berlin", grades={"C2/3": 0})
    parted(registry)

    assert standing(registry, SURVIVOR) == {"patient/P-0041", "visit/P-0041/2006-01-09"}
    assert standing(registry, OLD) == {
        "patient/P-0102",
        "visit/P-0102/2004-01-12",
        "treatment/P-0102/infliximab/2003-02",
        "imaging/MR-0001",
        "reading/MR-0001/R1/berlin",
        "reading/MR-0001/R2/berlin",
    }
    assert given.stated(registry, "visit/P-0102/2004-01-12")["measures"] == [
        {"measure": "crp", "value": "25", "unit": "mg/l"}
    ]
    assert registry.verify().is_whole


def test_what_both_had_stands_in_both(two: Registry) -> None:
    for patient in (OLD, SURVIVOR):
        crp(two, patient, "2004-01-12", 5)
    merged(two)
    two.amend("visit/P-0041/2004-01-12", {"crp": 6}, reason="misread")
    parted(two)

    for patient in (OLD, SURVIVOR):
        assert given.stated(two, f"visit/{patient}/2004-01-12")["measures"] == [
            {"measure": "crp", "value": "6", "unit": "mg/l"}
        ]


def test_what_came_and_was_withdrawn_since_does_not_come_back(two: Registry) -> None:
    crp(two, OLD, "2004-01-12", 5)
    merged(two)
    two.retract("visit/P-0041/2004-01-12", reason="never took place")
    parted(two)

    assert standing(two, OLD) == {"patient/P-0102"}


def test_a_verdict_on_studies_of_both_keeps_them_one(two: Registry) -> None:
    given.mri(two, "MR-0001", "2002-06-03", patient=OLD)
    given.mri(two, "MR-0002", "2004-06-07", patient=SURVIVOR)
    merged(two)
    given.verdict(two)

    with refused(two, MergeRefusedError, "^P-0102 was not parted from P-0041: 1 in the way\nimaging/MR-0001: .* rests"):
        parted(two)


def test_the_last_merge_is_undone_first(two: Registry) -> None:
    given.enrolled(two, "P-0300")
    merged(two)
    two.merge_patients("P-0300", into=SURVIVOR, reason=REASON)

    with refused(two, RefusalError, "^patient: P-0300 was merged into 'P-0041' later; unmerge that first"):
        parted(two)
    two.unmerge_patients("P-0300", reason="another one")
    parted(two)

    assert standing(two, OLD) == {"patient/P-0102"}


@pytest.mark.parametrize("name", [SURVIVOR, "P-9"])
def test_a_patient_of_its_own_cannot_be_parted(two: Registry, name: str) -> None:
    merged(two)

    with refused(two, RefusalError, f"^patient: '{name}' is merged into nobody"):
        two.unmerge_patients(name, reason="two persons")


def test_they_are_merged_and_parted_any_number_of_times(registry_of_each_store: Registry) -> None:
    registry = registry_of_each_store
    before = standing(registry, OLD)
    for _ in range(3):
        merged(registry)
        assert standing(registry, SURVIVOR) == {"patient/P-0041", *MOVED}
        parted(registry)

    assert standing(registry, OLD) == before
    assert standing(registry, SURVIVOR) == {"patient/P-0041"}


# history


def test_the_history_of_a_moved_fact_tells_what_happened_in_both_streams(two: Registry) -> None:
    visit = crp(two, OLD, "2004-01-12", 24)
    two.amend(visit, {"crp": 25}, reason="misread")
    merged(two)
    two.amend("visit/P-0041/2004-01-12", {"crp": 26}, reason="misread again")

    told = two.history("visit/P-0041/2004-01-12")
    assert [(version.event, version.fact.split("/")[1]) for version in told] == [
        ("VisitRecorded", OLD),
        ("VisitAmended", OLD),
        ("VisitRetracted", OLD),
        ("VisitRecorded", SURVIVOR),
        ("VisitAmended", SURVIVOR),
    ]
    assert [[change.after for change in version.changes] for version in told[1:]] == [
        ["25 mg/l"],
        [],
        [],
        ["26 mg/l"],
    ]


def test_the_history_of_the_former_reference_says_where_the_fact_went(two: Registry) -> None:
    visit = crp(two, OLD, "2004-01-12", 24)
    merged(two)

    last = two.history(visit)[-1]
    assert (last.event, last.moved_to, last.under, last.reason) == (
        "VisitRetracted",
        "visit/P-0041/2004-01-12",
        SURVIVOR,
        REASON,
    )


def test_a_moved_fact_is_proved_under_both_references(two: Registry) -> None:
    visit = crp(two, OLD, "2004-01-12", 24)
    merged(two)

    assert two.prove(visit).event.topic == "VisitRetracted"
    assert two.prove("visit/P-0041/2004-01-12").event.topic == "VisitRecorded"


# erasure

SECRETS = (OLD, SURVIVOR, "17.31", "Kniegelenk", REASON)


def payloads(registry: Registry) -> str:
    """All that the log says still."""
    return "\n".join(text for chunk in registry.log.columns() for text in chunk.payload if text is not None)


@pytest.mark.parametrize("name", [OLD, SURVIVOR])
def test_erasing_either_name_erases_both(registry_of_each_store: Registry, name: str) -> None:
    registry = registry_of_each_store
    crp(registry, OLD, "2005-01-10", "17.31")
    registry.record_adverse_event(SURVIVOR, term="Kniegelenk", started_on="2005-01-10")
    merged(registry)
    erasure = registry.erase_patient(name, reason="request, Art. 17 GDPR")

    assert set(erasure.names) == {OLD, SURVIVOR}
    assert erasure.names[0] == name
    assert [secret for secret in SECRETS if secret in payloads(registry)] == []
    verification = registry.verify()
    assert (verification.is_whole, verification.notes) == (True, ())
    for asked in (OLD, SURVIVOR):
        with refused(registry, ErasedPatientError, "was erased"):
            given.enrolled(registry, asked)


def test_a_reason_for_an_erasure_names_none_of_the_pseudonyms(two: Registry) -> None:
    merged(two)

    with refused(two, RefusalError, "^reason: it stays in the log for ever"):
        two.erase_patient(OLD, reason="asked for by p-0041")


def test_erasing_one_after_the_end_of_a_merge_erases_what_that_left_with_the_other(two: Registry) -> None:
    crp(two, SURVIVOR, "2003-01-13", 5)
    crp(two, OLD, "2004-01-12", "17.31")
    given.mri(two, "MR-0001", "2002-06-03", patient=OLD)
    merged(two)
    two.amend("visit/P-0041/2004-01-12", {"crp": "17.32"}, reason="misread")
    given.berlin(two)
    parted(two)
    erasure = two.erase_patient(OLD, reason="request, Art. 17 GDPR")

    assert (erasure.names, erasure.parted) == ((OLD,), (SURVIVOR,))
    assert [secret for secret in (OLD, "17.31", "17.32", "MR-0001") if secret in payloads(two)] == []
    assert standing(two, SURVIVOR) == {"patient/P-0041", "visit/P-0041/2003-01-13"}
    verification = two.verify()
    assert (verification.is_whole, verification.notes) == (True, ())
    crp(two, SURVIVOR, "2005-01-10", 7)


def test_erasing_the_survivor_after_the_end_of_a_merge_leaves_the_other(two: Registry) -> None:
    crp(two, SURVIVOR, "2003-01-13", "17.31")
    crp(two, OLD, "2004-01-12", 5)
    merged(two)
    parted(two)
    two.erase_patient(SURVIVOR, reason="request, Art. 17 GDPR")

    assert [secret for secret in ("17.31", '"merged"') if secret in payloads(two)] == []
    assert standing(two, OLD) == {"patient/P-0102", "visit/P-0102/2004-01-12"}
    assert (two.verify().is_whole, two.verify().notes) == (True, ())


# at the same time


@pytest.fixture
def interrupted(url: str) -> Iterator[Callable[..., Registry]]:
    """Open the registry for somebody who is interrupted before storing: `interrupted(somebody, times=1)`."""
    opened: list[Registry] = []

    def somebody_else(somebody: Callable[[int], object], *, times: int = 1) -> Registry:
        opened.append(Registry.open(url, actor="voss", clock=given.InterruptedClock(somebody, times=times)))
        return opened[-1]

    yield somebody_else
    for each in opened:
        each.close()


@pytest.mark.parametrize("patient", [OLD, SURVIVOR])
def test_a_merge_is_decided_again_where_either_stream_grew(
    registry_of_each_store: Registry, interrupted: Callable[..., Registry], patient: str
) -> None:
    slower = interrupted(lambda _: crp(registry_of_each_store, patient, "2005-01-10", 7))
    merged(slower)

    assert "visit/P-0041/2005-01-10" in standing(slower, SURVIVOR)
    assert standing(slower, OLD) == set()


@pytest.mark.parametrize("patient", [OLD, SURVIVOR])
def test_the_end_of_a_merge_is_decided_again_where_the_patient_changed(
    registry_of_each_store: Registry, interrupted: Callable[..., Registry], patient: str
) -> None:
    merged(registry_of_each_store)
    change = {"crp": 25 if patient == OLD else 26}
    slower = interrupted(lambda _: registry_of_each_store.amend("visit/P-0041/2004-01-12", change, reason="misread"))
    parted(slower)

    assert given.stated(slower, "visit/P-0102/2004-01-12")["measures"] == [
        {"measure": "crp", "value": str(change["crp"]), "unit": "mg/l"}
    ]


def test_two_who_merge_at_the_same_time_merge_once(
    registry_of_each_store: Registry, interrupted: Callable[..., Registry]
) -> None:
    slower = interrupted(lambda _: merged(registry_of_each_store))
    merged(slower)

    topics = [topic for chunk in slower.log.columns() for topic in chunk.topic]
    assert topics.count("PatientMerged") == 2


def test_a_command_is_refused_where_its_patient_was_merged_in_between(
    registry_of_each_store: Registry, interrupted: Callable[..., Registry]
) -> None:
    slower = interrupted(lambda _: merged(registry_of_each_store))

    with pytest.raises(MergedPatientError, match="was merged into 'P-0041'"):
        crp(slower, OLD, "2005-01-10", 7)


def test_who_is_always_slower_is_told(registry_of_each_store: Registry, interrupted: Callable[..., Registry]) -> None:
    slower = interrupted(lambda time: crp(registry_of_each_store, OLD, f"2003-01-{time:02}", 5), times=100)

    with pytest.raises(ConcurrentChangeError):
        merged(slower)

    assert "visit/P-0102/2004-01-12" in standing(slower, OLD)
