"""No byte that a reader receives says a study, a day, a patient, an arm or what anybody read: not one of any answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from registry import Registry
from tests.spec import given
from tests.spec.campaigns import NAME, STUDIES, read
from tests.views.readings.conftest import Running, running
from tests.views.readings.page_readers import Field, Reader, highest, zeros
from views.readings import application

ARMS = ("infliximab", "placebo")
PATIENTS = ("BAR1-01", "BAR1-02")
NOTES = ("seen-before", "Herne")
SECRETS = {
    *STUDIES,
    *PATIENTS,
    *ARMS,
    *NOTES,
    *(day for _, day in STUDIES.values()),
    *("2002", "2003", "2004", "2005"),
    "lindner",  # who records
    "R2",
}


def examined(registry: Registry) -> None:
    """Two patients with all that a reader must not know: days, arms, a centre, and what was read of them before."""
    for patient, arm in zip(PATIENTS, ARMS):
        given.enrolled(registry, patient)
        registry.amend(f"patient/{patient}", {"centre": "Herne"}, reason="seen-before")
        registry.record("conditions", {"patient": patient, "condition": "uveitis", "note": arm})
    for study, (patient, performed_on) in STUDIES.items():
        given.mri(registry, study, performed_on, patient=patient)
        registry.record_reading(study, reader="R2", method="berlin", grades={"C2/3": 3}, session="seen-before")


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Running]:
    yield from running(tmp_path, examined=examined, repeats="0.5")


DRAWN: Final = re.compile(r"[0-9a-f]{64}|[0-9A-Z]{4}(-[0-9A-Z]{4})+")  # proofs and case codes, which chance has made


def said(text: str) -> str:
    """What a text says, without what chance has made: in that anything can stand."""
    return DRAWN.sub("", text)


class Received:
    """All that came to a reader: of each answer the address that it leads to, the headers and the body."""

    def __init__(self, reader: Reader) -> None:
        self.bytes: list[bytes] = []
        reader.client.event_hooks["response"] = [self._take]

    def _take(self, answer: Any) -> None:
        answer.read()
        headers = b"\n".join(b": ".join(pair) for pair in answer.headers.raw)
        self.bytes.append(str(answer.url).encode() + b"\n" + headers + b"\n" + answer.content)

    @property
    def told(self) -> set[str]:
        """Which secrets are in it."""
        everything = said(b"\n".join(self.bytes).decode())
        return {secret for secret in SECRETS if secret in everything}


def partly(field: Field) -> str:
    """Some cells are wrong, some are empty."""
    return {"C2/3": "9", "C3/4": ""}.get(field.label.partition(",")[0], "1")


def test_no_answer_says_a_study_a_day_a_patient_an_arm_or_another_reader(
    campaign: Running, caplog: pytest.LogCaptureFixture
) -> None:
    reader = campaign.reader()
    received = Received(reader)

    with caplog.at_level(logging.INFO, logger="spondyl.serve"):
        everything_that_a_reader_can_do(campaign, reader)

    assert len(received.bytes) > 30
    assert received.told == set()
    assert [line for line in caplog.messages if any(secret in line for secret in SECRETS)] == []


def test_a_planted_leak_is_seen(campaign: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = campaign.reader()
    received = Received(reader)
    monkeypatch.setattr(application, "NOWHERE", application.NOWHERE._replace(says="MR-0001 of 2002-06-03"))

    reader.client.get("/nowhere")

    assert received.told == {"MR-0001", "2002-06-03", "2002"}


def everything_that_a_reader_can_do(campaign: Running, reader: Reader) -> None:
    """Pages, drafts, submits, refusals of each kind, foreign cases, and the lock."""
    [again] = [case for case in campaign.cases() if case.assigned.key.repeat]
    is_again = {case.code: case.assigned.key.unit == again.assigned.key.unit for case in campaign.cases()}
    [one] = [code for code in reader.codes() if is_again[code] and code != again.code]
    [other] = [code for code in reader.codes() if not is_again[code]]
    held = reader.form(one, highest)
    for do, answer in (("save", zeros), ("submit", partly), ("save", partly), ("submit", zeros)):
        reader.send(one, reader.form(one, answer) if reader.page(one).fields else held, do)
        reader.send(other, reader.form(other, answer), "save", to="/draft")
        reader.client.get("/")
    reader.send(one, held)
    reader.send(one, held, "discard")
    for address in (f"/cases/{one}", f"/cases/{campaign.cases('R2')[0].code}", "/cases/MR", "/nowhere", "/static/x"):
        reader.client.get(address)
    reader.client.post(f"/cases/{other}", data={"form": "wrong"})
    reader.client.get("/open?token=wrong")
    study = next(iter(next(case for case in campaign.cases() if case.code == other).letters))
    form = reader.form(other, zeros)
    for fact in (f"reading/{study}/R2/berlin/seen-before", f"imaging/{study}"):
        campaign.registry.retract(fact, reason="seen-before")
    for do in ("save", "submit", "discard"):
        reader.send(other, form, do)
    form = reader.form(again.code, zeros)
    campaign.registry.erase_patient(STUDIES[next(iter(again.letters))][0], reason="asked for")
    reader.send(again.code, form)
    campaign.registry.lock_campaign(NAME, reason="seen-before")
    reader.send(again.code, form)
    reader.client.get("/")
    reader.client.post("/leave", data={"form": form["form"]})


def test_what_the_registry_refuses_by_a_message_of_its_own_is_told_in_none_of_its_words(
    campaign: Running,
) -> None:
    """Consent that was withdrawn is such a refusal: it names the patient."""
    reader = campaign.reader()
    received = Received(reader)
    forms = {code: reader.form(code, zeros) for code in reader.codes()}
    campaign.registry.end_follow_up("BAR1-01", ended_on="2020-01-01", reason="withdrawn")

    statuses = {reader.send(code, form).status_code for code, form in forms.items()}

    assert 422 in statuses
    assert received.told == set()


def test_a_draft_says_nothing_but_the_code_of_its_case_and_what_was_typed(campaign: Running) -> None:
    reader = campaign.reader()
    for code in reader.codes():
        reader.send(code, reader.form(code, zeros), "save")

    files = [*campaign.desk.drafts.folder.iterdir()]

    assert len(files) == len(campaign.cases())
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600
        assert not [secret for secret in {*SECRETS, "R1"} if secret in said(file.name + file.read_text())]


def test_two_registries_with_days_arms_and_pseudonyms_exchanged_show_the_same_pages(tmp_path: Path) -> None:
    found = []
    for name, examined_so in (("one", invented), ("other", exchanged)):
        (tmp_path / name).mkdir()
        for at_work in running(tmp_path / name, examined=examined_so):
            reader = at_work.reader()
            pages = [reader.client.get(f"/cases/{code}").text for code in reader.codes()]
            for page, code in zip(pages, reader.codes()):
                form = reader.page(code).hidden["form"]
                found.append((name, page.replace(code, "CODE").replace(form, "FORM")))

    one = sorted(page for name, page in found if name == "one")
    assert one == sorted(page for name, page in found if name == "other")
    assert len(one) == 2


def exchanged(registry: Registry) -> None:
    """The same, with their names and days exchanged."""
    invented(registry, turned=True)


def invented(registry: Registry, *, turned: bool = False) -> None:
    """Two patients with two MRIs each, whose names and days are exchanged where they are turned."""
    patients, days = ["BAR1-01", "BAR1-02"], [day for _, day in STUDIES.values()]
    if turned:
        patients.reverse()
        days = [days[1], days[0], days[3], days[2]]
    for patient in sorted(patients):
        given.enrolled(registry, patient)
    for place, (study, day) in enumerate(zip(STUDIES, days)):
        given.mri(registry, study, day, patient=patients[place // 2])
    read(registry, "MR-0001", reader="R9", session="before", grade=2 if turned else 1)
