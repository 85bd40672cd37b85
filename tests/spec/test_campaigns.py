"""A reading campaign: started once, read by whom it was given to, locked once, unblinded once."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

import pytest

from registry import Registry
from registry.domain.campaigns import CampaignLocked, CampaignStarted, CampaignUnblinded
from registry.errors import (
    CampaignKeyError,
    CampaignLockedError,
    CampaignStateError,
    ConsentWithdrawnError,
    HeldFactError,
    MissingValueError,
    NotAssignedError,
    RefusalError,
    StudyMisfitError,
    UnknownCodeError,
    UnknownStudyError,
)
from registry.toml_keys import DefinitionError
from tests.spec import given
from tests.spec.campaigns import NAME, STUDIES, all_read, declared, examined, read, started
from tests.spec.given import refused


@pytest.fixture
def registry(registry: Registry) -> Registry:
    examined(registry)
    return registry


def test_a_start_assigns_every_study_to_every_reader_and_tells_of_it_last(registry: Registry, tmp_path: Path) -> None:
    before = registry.head.position

    start = started(registry, tmp_path)

    [chunk] = registry.log.columns(after=before)
    assert chunk.topic == ["StudyAssigned"] * 8 + ["CampaignStarted"]
    assert len(set(chunk.recorded_at)) == 1
    assert start.per_reader == {"R1": 2, "R2": 2}
    [state] = registry.campaigns()
    assert isinstance(state.begun, CampaignStarted)
    told = state.begun
    assert (told.position, told.first, state.started.position) == (before, before + 1, before + 9)
    assert (told.studies, told.units, told.cases) == (4, 2, 4)
    assert (told.campaign.method, told.campaign.method_version) == ("berlin", 1)


def test_an_assignment_is_a_fact_of_its_patient_with_a_history(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    [version] = registry.history(f"assignment/MR-0001/{NAME}/R1")

    assert version.event == "StudyAssigned"
    assert version.statement == {
        "campaign": NAME,
        "reader": "R1",
        "study": "MR-0001",
        "unit": "MR-0001+MR-0002",
        "repeat": False,
        "role": "reader",
    }


def test_the_start_names_no_patient_and_no_study(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    [chunk] = registry.log.columns(topics=["CampaignStarted"])

    assert not [name for name in ("BAR1-01", "BAR1-02", *STUDIES) if name in (chunk.payload[0] or "")]


def test_a_list_that_is_called_as_a_patient_is_noted_without_its_name(registry: Registry, tmp_path: Path) -> None:
    file = declared(tmp_path)
    (tmp_path / "studies.csv").rename(tmp_path / "bar1-01.csv")
    file.write_text(file.read_text().replace("studies.csv", "bar1-01.csv"))

    registry.start_campaign(file, key=tmp_path / "campaign.key")

    [state] = registry.campaigns()
    assert state.begun.campaign.chosen_in is not None
    assert state.begun.campaign.chosen_in.name is None
    assert not registry.start_campaign(file, key=tmp_path / "other.key").is_new


def test_the_key_is_in_a_file_of_the_owner_alone_and_its_digest_in_the_log(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    file = tmp_path / "campaign.key"
    key = file.read_text().rpartition('key = "')[2].strip().strip('"')
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert registry.campaigns()[0].begun.key_sha256 == sha256(bytes.fromhex(key)).hexdigest()
    [*chunks] = registry.log.columns()
    assert not [payload for chunk in chunks for payload in chunk.payload if payload and key in payload]


def test_the_same_file_once_more_starts_nothing(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with given.nothing_recorded(registry):
        again = registry.start_campaign(tmp_path / "campaign.toml", key=tmp_path / "second.key")

    assert not again.is_new
    assert not (tmp_path / "second.key").exists()


def test_another_campaign_cannot_have_a_name_that_is_taken(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, CampaignStateError, f"^campaign: {NAME} was started @15 already, otherwise; give this one"):
        started(registry, tmp_path, readers='["R1", "R3"]')


def test_a_session_that_has_readings_cannot_become_a_campaign(registry: Registry, tmp_path: Path) -> None:
    read(registry, "MR-0001", session=f"{NAME}+repeat")

    with refused(registry, CampaignStateError, f"^campaign: {NAME} is the session of readings already; give the"):
        started(registry, tmp_path)

    assert not (tmp_path / "campaign.key").exists()


def test_a_dry_run_says_how_many_cases_each_gets_and_makes_no_key(registry: Registry, tmp_path: Path) -> None:
    file, before = declared(tmp_path, repeats="0.5"), sorted(tmp_path.iterdir())

    with given.nothing_recorded(registry):
        start = registry.start_campaign(file, key=tmp_path / "campaign.key", dry_run=True)

    assert (start.units, start.per_reader, start.state) == (2, {"R1": 3, "R2": 3}, None)
    assert sorted(tmp_path.iterdir()) == sorted({*before, file, tmp_path / "studies.csv"})


def test_a_key_is_never_written_over(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "campaign.key").write_text("of another campaign")

    with refused(registry, CampaignKeyError, r"campaign\.key: stands there already, and a key is never written over$"):
        started(registry, tmp_path)

    assert (tmp_path / "campaign.key").read_text() == "of another campaign"


def test_a_study_of_another_modality_is_refused_where_the_list_has_it(registry: Registry, tmp_path: Path) -> None:
    registry.record_study("XR-1", patient="BAR1-01", performed_on="2006-01-02", modality="XR", regions="spine")

    with refused(registry, DefinitionError, r"studies\.csv:2: study: study 'XR-1' is XR; berlin reads MRI$"):
        started(registry, tmp_path, listed="study\nXR-1\nMR-0001", unit='"study"')

    assert not (tmp_path / "campaign.key").exists()


def test_a_study_of_who_withdrew_consent_is_not_assigned(registry: Registry, tmp_path: Path) -> None:
    registry.end_follow_up("BAR1-02", ended_on="2010-01-01", reason="withdrawn")

    with refused(registry, DefinitionError, "study MR-0011: patient: consent was withdrawn on 2010-01-01") as refusal:
        started(registry, tmp_path)

    assert isinstance(refusal.value, DefinitionError)
    assert len(refusal.value.problems) == 2  # once a study, whoever was to read it


def test_a_reading_by_whom_it_was_given_to_is_recorded(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, repeats="1")

    read(registry, "MR-0001")
    read(registry, "MR-0001", session=f"{NAME}+repeat", grade=2)

    facts = registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts
    assert {f"reading/MR-0001/R1/berlin/{NAME}", f"reading/MR-0001/R1/berlin/{NAME}+repeat"} <= facts.keys()


def test_a_reading_of_a_study_that_was_given_to_nobody_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001\nMR-0002")

    with refused(registry, NotAssignedError, f"^study: campaign {NAME} gave 'R1' no study 'MR-0011'; correct study"):
        read(registry, "MR-0011")


def test_a_reading_by_somebody_else_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, NotAssignedError, f"^study: campaign {NAME} gave 'R3' no study 'MR-0001'"):
        read(registry, "MR-0001", reader="R3")


def test_a_repeat_that_was_not_asked_for_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, NotAssignedError, f"^study: campaign {NAME} gave 'R1' no study 'MR-0001' a second time;"):
        read(registry, "MR-0001", session=f"{NAME}+repeat")


def test_a_reading_by_another_method_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, RefusalError, f"^method: campaign {NAME} reads by berlin, edition 1, not by asspimri, ed"):
        registry.record_reading("MR-0001", reader="R1", method="asspimri", grades={"C2/3": 1}, session=NAME)


def test_a_verdict_on_a_lesion_is_no_reading_of_a_campaign_by_grades(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, RefusalError, "^method: campaign .* not by paired-lesions, edition 1$"):
        given.verdict(registry, reader="R1", session=NAME)


def test_a_verdict_in_a_campaign_of_paired_lesions_is_of_a_pair_that_was_given(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path, method='"paired-lesions"')

    given.verdict(registry, reader="R1", session=NAME)

    with refused(registry, NotAssignedError, f"^baseline_study: campaign {NAME} gave 'R3' no study 'MR-0001'"):
        given.verdict(registry, reader="R3", session=NAME)


def test_a_verdict_on_two_studies_that_were_not_shown_together_is_refused(registry: Registry, tmp_path: Path) -> None:
    given.mri(registry, "MR-0003", "2006-06-05")
    given.mri(registry, "MR-0004", "2008-06-09")
    pairs = "study,unit\nMR-0001,first\nMR-0003,first\nMR-0002,second\nMR-0004,second"
    started(registry, tmp_path, method='"paired-lesions"', listed=pairs)

    with refused(registry, StudyMisfitError, "^followup_study: study 'MR-0002' is shown with another one in this"):
        given.verdict(registry, reader="R1", session=NAME)


@pytest.mark.parametrize("is_dry", [False, True])
def test_paired_lesions_of_a_pair_that_its_reader_has_judged_are_not_asked_for_again(
    registry: Registry, tmp_path: Path, is_dry: bool
) -> None:
    given.verdict(registry, reader="R2", session="first look")
    file, key = declared(tmp_path, method='"paired-lesions"'), tmp_path / "campaign.key"

    message = (
        "studies.csv:2: pair 'MR-0001' and 'MR-0002': reader R2 judged it in session 'first look'; "
        "name another reader, or leave the pair out, or retract these verdicts with a reason"
    )
    with refused(registry, DefinitionError, re.escape(message)):
        registry.start_campaign(file, key=key, dry_run=is_dry)

    assert not key.exists()


def test_whether_a_pair_was_judged_is_asked_of_every_reader_who_may_be_drawn(
    registry: Registry, tmp_path: Path
) -> None:
    for reader in ("R1", "R2", "R3"):
        given.verdict(registry, reader=reader, session="")
    few = {"per_reader": "", "readers_per_unit": "1", "readers": '["R1", "R2", "R3"]'}

    with pytest.raises(DefinitionError) as refusal:
        started(registry, tmp_path, method='"paired-lesions"', **few)

    told = [
        re.findall(r"reader (R\d) judged it outside of any session; name another", each)
        for each in refusal.value.problems
    ]
    assert told == [["R1"], ["R2"], ["R3"]]


def test_paired_lesions_are_asked_for_once_the_verdicts_are_retracted(registry: Registry, tmp_path: Path) -> None:
    verdict = given.verdict(registry, reader="R2", session="first look")
    registry.retract(verdict, reason="to be read blinded")

    assert started(registry, tmp_path, method='"paired-lesions"').per_reader == {"R1": 2, "R2": 2}

    assert given.verdict(registry, reader="R2", session=NAME) == verdict


def test_one_pair_is_not_given_to_one_reader_in_two_campaigns_of_paired_lesions(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path, method='"paired-lesions"', readers='["R1"]')
    second = {"campaign": '"second-look"', "method": '"paired-lesions"'}

    message = (
        f"pair 'MR-0001' and 'MR-0002': reader R1 is to judge it in campaign {NAME}; "
        "name another reader, or leave the pair out, or lock that campaign first"
    )
    with refused(registry, DefinitionError, re.escape(message)):
        registry.start_campaign(declared(tmp_path, **second), key=tmp_path / "second.key")
    registry.lock_campaign(NAME, reason="R1 has left")

    assert registry.start_campaign(declared(tmp_path, **second), key=tmp_path / "second.key").is_new


def test_verdicts_of_a_locked_campaign_leave_another_reader_or_another_pair(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, method='"paired-lesions"', readers='["R1"]')
    given.verdict(registry, reader="R1", session=NAME)
    registry.lock_campaign(NAME, reason="R1 has left")
    second = declared(tmp_path, campaign='"second-look"', method='"paired-lesions"')

    message = f"reader R1 judged it in session '{NAME}', which is locked; name another reader, or leave the pair out"
    with refused(registry, DefinitionError, f"{re.escape(message)}$"):
        registry.start_campaign(second, key=tmp_path / "second.key")


def test_a_campaign_of_readings_is_started_whatever_verdicts_there_are(registry: Registry, tmp_path: Path) -> None:
    given.verdict(registry, reader="R1", session="first look")

    assert started(registry, tmp_path).is_new


def test_another_session_is_as_it_ever_was(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    read(registry, "MR-0001", reader="R9", session="berlin-2015")
    read(registry, "MR-0001", reader="R9", session="")


def test_an_assignment_that_is_read_cannot_be_withdrawn(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    read(registry, "MR-0001")

    with refused(registry, HeldFactError, f"^assignment/.* cannot change so: reading/MR-0001/R1/berlin/{NAME} rests"):
        registry.retract(f"assignment/MR-0001/{NAME}/R1", reason="R1 is ill")

    registry.retract(f"assignment/MR-0001/{NAME}/R2", reason="R2 is ill")
    with refused(registry, NotAssignedError, "gave 'R2' no study 'MR-0001'"):
        read(registry, "MR-0001", reader="R2")


def test_an_assignment_is_no_row_that_could_be_recorded_or_amended(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, UnknownCodeError, "^table: 'assignments' is not a known table"):
        registry.record("assignments", {"study": "MR-0001", "reader": "R3"})
    with refused(registry, RefusalError, "^assignment/.* was made by a campaign, and has no cells; retract it"):
        registry.amend(f"assignment/MR-0001/{NAME}/R1", {"reader": "R3"}, reason="R1 is ill")


def test_a_study_can_be_withdrawn_though_it_is_assigned_and_read(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    read(registry, "MR-0001")

    registry.retract("imaging/MR-0001", reason="of somebody else")

    facts = registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts
    assert {f"reading/MR-0001/R1/berlin/{NAME}", f"assignment/MR-0001/{NAME}/R2"} <= facts.keys()
    cases = registry.campaign_cases(NAME, key=tmp_path / "campaign.key")
    assert [case.assigned.key.unit for case in cases if case.assigned.is_retracted] == ["MR-0001+MR-0002"] * 2


def test_a_study_with_a_reading_of_no_campaign_is_held_as_ever(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    read(registry, "MR-0001", session="before")

    with refused(registry, HeldFactError, "^imaging/MR-0001 cannot change so: reading/MR-0001/R1/berlin/before rests"):
        registry.retract("imaging/MR-0001", reason="of somebody else")


def test_a_study_that_is_read_cannot_become_one_of_another_modality(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with pytest.raises(HeldFactError, match=r"^imaging/MR-0001 cannot change so: assignment/MR-0001"):
        registry.amend("imaging/MR-0001", {"modality": "XR"}, reason="it is none")


def test_after_the_lock_nothing_is_read_amended_or_withdrawn(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    fact = read(registry, "MR-0001")
    registry.lock_campaign(NAME, reason="the paper is due")

    with refused(registry, CampaignLockedError, f"^session: campaign {NAME} is locked, and reading/MR-0002/R1/berlin"):
        read(registry, "MR-0002")
    with refused(registry, CampaignLockedError, f"is locked, and {fact} stays as it is; read anew in another session$"):
        registry.amend(fact, {"C2/3": 2}, reason="looked again")
    with refused(registry, CampaignLockedError, f"is locked, and {fact} stays as it is"):
        registry.amend(fact, {"session": "other"}, reason="out of the campaign")
    with refused(registry, CampaignLockedError, f"is locked, and {fact} stays as it is"):
        registry.retract(fact, reason="looked again")
    with refused(registry, CampaignLockedError, "is locked, and assignment/MR-0002"):
        registry.retract(f"assignment/MR-0002/{NAME}/R1", reason="R1 is ill")


def test_a_reading_cannot_be_amended_into_a_locked_campaign(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    fact = read(registry, "MR-0001", session="other")
    registry.lock_campaign(NAME, reason="the paper is due")

    with refused(registry, CampaignLockedError, f"is locked, and {fact} stays as it is"):
        registry.amend(fact, {"session": NAME}, reason="it was of the campaign")


def test_what_is_said_again_after_the_lock_is_no_change(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    read(registry, "MR-0001")
    registry.lock_campaign(NAME, reason="the paper is due")

    with given.nothing_recorded(registry):
        read(registry, "MR-0001")


def test_a_lock_with_unread_cases_wants_a_reason(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    read(registry, "MR-0001")

    with refused(registry, CampaignStateError, f"^campaign: {NAME} has 4 unread cases; say why it is locked all the"):
        registry.lock_campaign(NAME)

    locked = registry.lock_campaign(NAME, reason="R2 is ill").locked
    assert locked is not None
    assert isinstance(locked.event, CampaignLocked)
    assert (locked.event.unread, locked.event.reason) == (4, "R2 is ill")


def test_a_lock_of_what_is_read_wants_none_and_is_done_once(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    all_read(registry)

    locked = registry.lock_campaign(NAME)

    with given.nothing_recorded(registry):
        assert registry.lock_campaign(NAME) == locked


def test_a_case_that_lost_a_study_is_not_waited_for(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001\nMR-0002")
    registry.retract("imaging/MR-0002", reason="of somebody else")

    locked = registry.lock_campaign(NAME).locked

    assert locked is not None
    assert isinstance(locked.event, CampaignLocked)
    assert locked.event.unread == 0


def test_nobody_is_unblinded_before_the_lock(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, CampaignStateError, f"^campaign: {NAME} is not locked; lock it first"):
        registry.unblind_campaign(NAME, reason="curious", key=tmp_path / "campaign.key")


def test_unblinding_publishes_the_key_with_who_and_why_and_is_done_once(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    all_read(registry)
    registry.lock_campaign(NAME)

    state = registry.unblind_campaign(NAME, reason="for the paper", key=tmp_path / "campaign.key")

    assert state.unblinded is not None
    assert isinstance(state.unblinded.event, CampaignUnblinded)
    assert state.unblinded.event.reason == "for the paper"
    assert sha256(bytes.fromhex(state.unblinded.event.key)).hexdigest() == state.begun.key_sha256
    (tmp_path / "campaign.key").unlink()
    assert len(registry.campaign_cases(NAME)) == 4  # the log has the key now
    with given.nothing_recorded(registry):
        assert registry.unblind_campaign(NAME, reason="once more") == state


def test_an_unblinding_without_a_reason_is_refused(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, MissingValueError, "^why is empty; give the reason for which it is unblinded$"):
        registry.unblind_campaign(NAME, reason=" ", key=tmp_path / "campaign.key")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"campaign\.key: is not there; give the key of berlin-2014 by --key FILE$"),
        ("", "is no key of a campaign$"),
        ("format = 1", "is no key of a campaign$"),
        (f'format = 1\nkey = "{"z" * 64}"', "is no key of a campaign$"),
        (f'format = 2\nkey = "{"0" * 64}"', "is no key of a campaign$"),
        (f'format = 1\nkey = "{"0" * 64}"', "is not the key of campaign berlin-2014, but another one$"),
    ],
)
def test_a_key_that_is_none_or_another_s_is_refused(
    registry: Registry, tmp_path: Path, content: str | None, message: str
) -> None:
    started(registry, tmp_path)
    file = tmp_path / "campaign.key"
    file.unlink()
    if content is not None:
        file.write_text(content)

    with refused(registry, CampaignKeyError, message):
        registry.campaign_cases(NAME, key=file)


def test_a_campaign_that_was_never_started_is_unknown(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    for ask in (registry.lock_campaign, registry.campaign_cases):
        with refused(
            registry, UnknownCodeError, "^campaign: 'berlin-2041' is not a known campaign; write berlin-2014$"
        ):
            ask("berlin-2041")


def test_an_erasure_takes_the_assignments_of_the_patient(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    erasure = registry.erase_patient("BAR1-02", reason="request of 2026-03-02")

    assert erasure.facts["assignment"] == 4
    cases = registry.campaign_cases(NAME, key=tmp_path / "campaign.key")
    assert {case.assigned.key.unit for case in cases} == {"MR-0001+MR-0002"}
    with pytest.raises(UnknownStudyError, match=r"^study: no imaging study 'MR-0011' is recorded"):
        registry.history(f"assignment/MR-0011/{NAME}/R1")
    assert not registry.verify().problems


def test_an_erasure_changes_no_code_of_another_patient_s_cases(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    before = {case.assigned.key: case.code for case in registry.campaign_cases(NAME, key=tmp_path / "campaign.key")}

    registry.erase_patient("BAR1-02", reason="request of 2026-03-02")

    after = {case.assigned.key: case.code for case in registry.campaign_cases(NAME, key=tmp_path / "campaign.key")}
    assert after == {key: code for key, code in before.items() if key in after}


def test_a_merge_moves_assignments_and_readings_even_of_a_locked_campaign(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    all_read(registry)
    registry.lock_campaign(NAME)
    before = registry.campaign_cases(NAME, key=tmp_path / "campaign.key")

    registry.merge_patients("BAR1-02", into="BAR1-01", reason="one person")

    facts = registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts
    assert len([fact for fact in facts if fact.startswith("assignment/")]) == 8
    assert registry.campaign_cases(NAME, key=tmp_path / "campaign.key") == before

    registry.unmerge_patients("BAR1-02", reason="two after all")

    facts = registry.patient_batch.patients(["BAR1-02"])["BAR1-02"].facts
    assert len([fact for fact in facts if fact.startswith(("assignment/", "reading/"))]) == 8
    assert registry.campaign_cases(NAME, key=tmp_path / "campaign.key") == before


def test_a_merge_takes_along_what_was_read_of_a_study_that_was_withdrawn(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    fact = read(registry, "MR-0011")
    registry.retract("imaging/MR-0011", reason="of somebody else")

    registry.merge_patients("BAR1-02", into="BAR1-01", reason="one person")

    assert fact in registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts
    assert [version.event for version in registry.history(fact)][-1] == "ReadingRecorded"
    registry.unmerge_patients("BAR1-02", reason="two after all")
    assert fact not in registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts
    assert fact in registry.patient_batch.patients(["BAR1-02"])["BAR1-02"].facts


def test_an_enrolment_with_assignments_is_held(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    with refused(registry, HeldFactError, "^patient/BAR1-01 cannot change so: .*assignment/MR-0001"):
        registry.retract("patient/BAR1-01", reason="never came")


def test_consent_that_was_withdrawn_ends_the_readings_too(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    registry.end_follow_up("BAR1-02", ended_on="2010-01-01", reason="withdrawn")

    with refused(registry, ConsentWithdrawnError, "^patient: consent was withdrawn on 2010-01-01"):
        read(registry, "MR-0011")
