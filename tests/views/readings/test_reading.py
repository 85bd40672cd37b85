"""Reading in a browser: own cases in own order, and one reading a study when a case is submitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.campaigns.returned import import_sheets
from tests.spec.campaigns import NAME, STUDIES
from tests.spec.readers import fill, handed_out, study_shown
from tests.views.readings.conftest import Running, running
from tests.views.readings.page_readers import Field, Page, Reader, highest, zeros

SHOWN = {study: str(grade) for grade, study in enumerate(STUDIES)}  # what there is to be seen in each study


def seen(campaign: Running, code: str, reader: str = "R1"):  # type: ignore[no-untyped-def]
    """What a reader types who grades what is shown under each letter."""
    [case] = [case for case in campaign.cases(reader) if case.code == code]
    study_at = {letter: study for study, letter in case.letters.items()}

    def answer(field: Field) -> str:
        return SHOWN[study_at[field.label.partition(", ")[2].removesuffix(" grade")]]

    return answer


def stated(campaign: Running, study: str, reader: str = "R1") -> dict[str, object]:
    """The only version of a reading."""
    [version] = campaign.registry.history(f"reading/{study}/{reader}/berlin/{NAME}")
    assert version.statement is not None
    return {"actor": version.actor, "source": version.source, **version.statement}


def test_a_reader_sees_own_cases_alone_in_the_order_of_the_worklist(campaign: Running) -> None:
    reader, other = campaign.reader("R1"), campaign.reader("R2")

    assert reader.codes() == [case.code for case in campaign.cases("R1")]
    assert other.codes() == [case.code for case in campaign.cases("R2")]
    answer = reader.client.get(f"/cases/{other.codes()[0]}")
    assert (answer.status_code, "No such case" in answer.text) == (410, True)


def test_what_is_seen_in_each_letter_is_recorded_of_the_study_that_was_shown(campaign: Running) -> None:
    reader = campaign.reader()

    for code in reader.codes():
        assert reader.submit(code, seen(campaign, code)).status_code == 303

    for study, grade in SHOWN.items():
        said = stated(campaign, study)
        assert said["grades"] == {"grade": [int(grade)] * 23}
        assert (said["actor"], said["reader"], said["session"]) == ("R1", "R1", NAME)
        assert said["read_on"] == campaign.registry.today().isoformat()


def test_the_next_case_opens_when_one_is_submitted_and_the_list_when_all_are(campaign: Running) -> None:
    reader = campaign.reader()
    first, second = reader.codes()

    answer = reader.submit(first, zeros)
    assert answer.headers["location"] == f"/cases/{second}?recorded={first}"
    page = reader.client.get(answer.headers["location"]).text
    assert "1 of 2 read" in page
    assert f"Case <strong>{first}</strong> is recorded" in page
    answer = reader.submit(second, zeros)

    assert answer.headers["location"] == f"/?recorded={second}"
    page = reader.client.get(answer.headers["location"]).text
    assert "2 of 2 read" in page
    assert "All is read." in page


def test_n_stands_for_what_could_not_be_assessed(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]

    reader.submit(code, lambda field: "n" if field.label.startswith("C2/3") else "1")

    [case] = [case for case in campaign.cases() if case.code == code]
    for study in case.letters:
        assert stated(campaign, study)["grades"] == {"grade": [None] + [1] * 22}


def test_a_case_that_is_not_whole_is_kept_and_what_is_wrong_is_told(campaign: Running) -> None:
    reader = campaign.reader()
    code, before = reader.codes()[0], campaign.registry.head

    answer = reader.submit(code, lambda field: {"C2/3, A grade": "7", "C3/4, B grade": ""}.get(field.label, "0"))

    assert answer.status_code == 422
    assert "C2/3, A grade: grade &#39;7&#39; at C2/3 is not in the list; choose 0, 1, 2, 3 or n/a" in answer.text
    assert "C3/4, B grade is empty; grade each, n/a included" in answer.text
    assert campaign.registry.head == before
    kept = {field.label: field.text for field in reader.page(code).fields}
    assert (kept["C2/3, A grade"], kept["C3/4, B grade"], kept["C4/5, A grade"]) == ("7", "", "0")


def test_the_same_case_once_more_changes_nothing(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]
    form = reader.form(code, zeros)
    reader.send(code, form)
    before = campaign.registry.head

    assert reader.send(code, form).status_code == 303

    assert campaign.registry.head == before


def test_of_two_windows_the_first_submits_and_the_second_is_told_and_keeps_its_draft(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]
    one, other = reader.form(code, zeros), reader.form(code, highest)
    reader.send(code, one)
    before = campaign.registry.head

    late = reader.send(code, other)

    assert late.status_code == 409
    assert "This case was submitted before" in late.text
    assert campaign.registry.head == before
    assert campaign.desk.drafts.cases() == [code]
    page = reader.client.get(f"/cases/{code}").text
    assert "The draft that is kept" in page
    reader.send(code, Page(page).hidden, "discard")
    assert campaign.desk.drafts.cases() == []


def test_what_was_submitted_is_not_shown_again(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]
    reader.submit(code, highest)

    page = reader.client.get(f"/cases/{code}").text

    assert "This case is recorded." in page
    assert Page(page).fields == []
    assert code not in reader.codes()


def test_a_case_that_was_read_from_a_file_counts_as_read(campaign: Running, tmp_path: Path) -> None:
    listed = campaign.cases()
    file = handed_out(campaign.registry, NAME, "R1", tmp_path / "out", key=campaign.key)
    reader = campaign.reader()
    code = reader.codes()[0]
    form = reader.form(code, zeros)
    import_sheets(
        campaign.registry, NAME, fill(file, lambda asked: SHOWN[study_shown(listed, asked)]), key=campaign.key
    )

    assert reader.send(code, form).status_code == 409
    assert "2 of 2 read" in reader.client.get("/").text


def test_a_file_that_says_what_was_read_in_a_browser_changes_nothing(campaign: Running, tmp_path: Path) -> None:
    file = handed_out(campaign.registry, NAME, "R1", tmp_path / "out", key=campaign.key)
    reader = campaign.reader()
    for code in reader.codes():
        reader.submit(code, zeros)

    report = import_sheets(campaign.registry, NAME, fill(file, lambda asked: 0), key=campaign.key)

    assert (report.events, {case.what for case in report.cases}) == (0, {"unchanged"})


def test_a_case_whose_study_was_retracted_is_read_no_more(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]
    form = reader.form(code, zeros)
    study = next(iter(campaign.cases()[0].letters))
    campaign.registry.retract(f"imaging/{study}", reason="another patient's")

    answer = reader.send(code, form)

    assert (answer.status_code, "Not to be read any more" in answer.text) == (410, True)
    assert "0 of 1 read" in reader.client.get("/").text
    assert code not in reader.codes()


def test_after_the_lock_nothing_is_submitted_and_no_link_opens_anything(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]
    form = reader.form(code, zeros)
    campaign.registry.lock_campaign(NAME, reason="the study ends")
    before = campaign.registry.head

    for answer in (
        reader.send(code, form),
        reader.send(code, form, "save"),
        reader.send(code, form, "save", to="/draft"),
        reader.client.get("/"),
        Reader(campaign.client()).open("x"),
    ):
        assert (answer.status_code, "The campaign is locked" in answer.text) == (410, True)

    assert campaign.registry.head == before
    assert campaign.desk.drafts.cases() == []


def test_what_was_begun_before_the_lock_stays_a_draft_and_is_not_submitted(campaign: Running) -> None:
    reader = campaign.reader()
    code = reader.codes()[0]
    reader.send(code, reader.form(code, zeros), "save")

    campaign.registry.lock_campaign(NAME, reason="the study ends")
    reader.client.get("/")

    assert campaign.desk.drafts.cases() == [code]


def test_an_erasure_takes_the_drafts_of_the_person_along(campaign: Running) -> None:
    reader = campaign.reader()
    forms = {code: reader.form(code, zeros) for code in reader.codes()}
    for code, form in forms.items():
        reader.send(code, form, "save")
    [gone] = [case.code for case in campaign.cases() if "MR-0001" in case.letters]

    campaign.registry.erase_patient("BAR1-01", reason="asked for")
    campaign.desk.look_quietly()  # as the server does every few seconds

    assert gone not in campaign.desk.drafts.cases()
    assert len(campaign.desk.drafts.cases()) == 1
    for do in ("save", "submit"):
        answer = reader.send(gone, forms[gone], do)
        assert (answer.status_code, "No such case" in answer.text) == (410, True)
    assert gone not in campaign.desk.drafts.cases()


def test_repeats_are_recorded_in_their_own_session(tmp_path: Path) -> None:
    for campaign in running(tmp_path, repeats="0.5"):
        reader = campaign.reader()
        for code in reader.codes():
            reader.submit(code, zeros)

        [again] = [case for case in campaign.cases() if case.assigned.key.repeat]
        for study in again.letters:
            assert campaign.registry.history(f"reading/{study}/R1/berlin/{NAME}+repeat")


@pytest.mark.parametrize("unit", ["study", "pair"])
def test_how_long_a_case_took_stands_with_the_reading(tmp_path: Path, unit: str) -> None:
    for campaign in running(tmp_path, unit=f'"{unit}"'):
        reader = campaign.reader()
        code = reader.codes()[0]
        form = reader.form(code, zeros)
        campaign.now[0] += 317
        reader.send(code, form, "save")
        campaign.now[0] += 1_900  # lunch
        form = reader.form(code, zeros)
        campaign.now[0] += 100.4
        reader.send(code, form)

        [case] = [case for case in campaign.cases() if case.code == code]
        said = [stated(campaign, study) for study in case.letters]

        took = {(each["seconds"], each["source"]) for each in said}
        assert took == {(417, "serve-readings") if unit == "study" else (None, "serve-readings, 417 s for the case")}
