"""A registry of which everything could be told: pseudonyms by centre, notes, labels, reader names, partial days."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from registry import Registry
from registry.catalogue.protocol import CodeRecord, MeasureRecord, Protocol
from tests.spec.campaigns import declared

PATIENTS: Final = tuple(f"ULM-{number:03}" for number in range(1, 8))
CENTRES: Final = ("ULM-CITY", "BERLIN-BUCH")
STUDIES: Final = tuple(f"ACC77{number:03}" for number in range(1, 15))
READERS: Final = ("dr.zwirner", "dr.quandt")
ASSIGNED: Final = ("dr.adler", "dr.bussard")
SESSION: Final = "night-shift-ulm"
CAMPAIGN: Final = "ulm-reader-study"
WORDS: Final = (  # what somebody typed where there is no list
    "brought by his daughter Roswitha",
    "fell off the stage of the opera",
    "mayor of a small town",
    "visit in the Christmas market week",
    "struck by lightning",
    "by nurse Hildegard",
    "sequence of Dr Wurm",
    "left of the old shrapnel",
)
DAUGHTER, OPERA, MAYOR, MARKET, LIGHTNING, NURSE, WURM, SHRAPNEL = WORDS
PROTOCOL: Final = Protocol(
    protocol="south",
    title="Southern cohort",
    measures=(
        MeasureRecord(name="occupation", label="occupation", holds="text"),
        MeasureRecord(name="last_dxa", label="last bone densitometry", holds="partial-day"),
        MeasureRecord(name="smoking", label="smoking", holds="codes", codes={"never": "never", "now": "now"}),
    ),
    centres=tuple(CodeRecord(code=code, title=f"hospital of {code}") for code in CENTRES),
)


def told(registry: Registry, folder: Path) -> Registry:
    """The registry with seven patients, six of whom are seen alike; the campaign's files lie in a folder."""
    registry.adopt_protocol(PROTOCOL)
    for number, patient in enumerate(PATIENTS):
        _enrolled(registry, patient, number)
        _seen(registry, patient, number)
        _examined(registry, patient, number)
    _typed(registry, PATIENTS[0])
    file = declared(
        folder,
        listed="\n".join(("study", *STUDIES[:4])),
        campaign=f'"{CAMPAIGN}"',
        readers='["dr.adler", "dr.bussard"]',
    )
    registry.start_campaign(file, key=folder / "campaign.key")
    for reader in ASSIGNED:
        for study in STUDIES[:4]:
            registry.record_reading(study, reader=reader, method="berlin", grades={"C2/3": 1}, session=CAMPAIGN)
    return registry


def _enrolled(registry: Registry, patient: str, number: int) -> None:
    registry.enrol_patient(
        patient,
        enrolled_on=f"2010-03-{number + 1:02}",
        centre=CENTRES[number == 6],
        sex="female" if number < 5 else "male",
        birth_year=1971 + number,
        symptom_onset=("2001-05", "1999", "2000-02-29", None)[number % 4],
        diagnosed_on="2005-12-31",
        criteria="mNY; ASAS-axSpA" if number % 2 else "mNY",
        hla_b27="positive",
        consented_on="2010-03-01",
        follow_up_ended_on="2013-12-31" if number in (3, 6) else None,
        follow_up_end_reason={3: "study-end", 6: "died"}.get(number),
    )


def _seen(registry: Registry, patient: str, number: int) -> None:
    for year in (2010, 2011, 2012):
        day = f"{year}-06-{number + 3:02}"
        seen = {"patient": patient, "visited_on": day, "visit": "yearly", "crp": number + 1, "smoking": "never"}
        registry.record("visits", seen)
    began = ("2010-07", "2010-07-14")[number % 2]
    registry.start_treatment(patient, agent="adalimumab", started_on=began, frequency="every 2 weeks", route="sc")
    registry.record_adverse_event(patient, term="rash", started_on=f"2011-01-{number + 1:02}")


def _examined(registry: Registry, patient: str, number: int) -> None:
    read = {"method": "berlin", "session": SESSION, "read_on": "2012-12-24"}
    for at, study in enumerate(STUDIES[2 * number : 2 * number + 2]):
        seen = {"performed_on": f"201{at}-06-20", "modality": "MRI", "regions": "spine", "sequences": "STIR"}
        registry.record("imaging", {"study": study, "patient": patient, **seen})
        for reader in READERS:
            registry.record_reading(study, reader=reader, grades={"C2/3": number % 3}, **read)


def _typed(registry: Registry, patient: str) -> None:
    """What stands of one patient only."""
    visit = {"visited_on": "2012-12-23", "visit": MARKET, "occupation": MAYOR, "last_dxa": "2008-11", "crp": 3}
    registry.record("visits", {"patient": patient, **visit})
    registry.start_flare(patient, started_on="2011-08-08", note=DAUGHTER)
    registry.record_adverse_event(patient, term=LIGHTNING, started_on="2011-09-09")
    registry.record_condition(patient, condition="uveitis", started_on="2009", note=OPERA)
    course = {"agent": "naproxen", "started_on": "2012", "stopped_on": "2012-05", "route": NURSE}
    registry.record("treatments", {"patient": patient, **course})
    study = {"performed_on": "2013-01-01", "modality": "MRI", "regions": "spine", "sequences": WURM, "note": OPERA}
    registry.record("imaging", {"study": "ACC77099", "patient": patient, **study})
    lesion = {"lesion": "1", "region": "spine", "kind": "romanus", "location": SHRAPNEL, "verdict": "unchanged"}
    registry.record_lesion_verdict(STUDIES[0], STUDIES[1], reader=READERS[0], session=SESSION, **lesion)
