"""The columns of the tables that a registry is fed with, and what each holds, by the catalogue that it goes by.

The one declaration from which files are read, templates written, commands' arguments checked and mistyped
columns corrected. `docs/intake.md` says the same in prose of what is built in; a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from registry.catalogue import codes
from registry.catalogue.agent_words import AgentWords
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.conditions import words_for
from registry.catalogue.measures import BASMI_VERSIONS, Measure
from registry.schema.fact_tables import FACT_TABLES

ID_COLUMN: Final = "id"
CATALOGUES_REMEMBERED: Final = 8


class Column(NamedTuple):
    """One column: `holds` says how a cell is read.

    `words` is the closed list for codes, `synonyms` what else is read as one of them, `measure` what is taken under a
    column of a visit, `agents` the words for drugs.
    """

    name: str
    holds: str
    meaning: str
    required: bool = False
    words: tuple[str, ...] = ()
    measure: Measure | None = None
    agents: AgentWords | None = None
    synonyms: Mapping[str, str] = {}


@dataclass(frozen=True, eq=False)
class Table:
    """One table: the file's stem, the kind of fact that a row states, the key columns, all columns, a row as example.

    `catalogue` is the one by which it is read; each table is equal to itself alone.
    """

    name: str
    kind: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    example: Mapping[str, str]
    catalogue: Catalogue


ROW_ID: Final = Column(
    ID_COLUMN, "text", "the row's stable key at its source; without it the key columns identify the row"
)
PATIENT: Final = Column("patient", "pseudonym", "pseudonym; never a name", required=True)
READER: Final = Column("reader", "text", "the reader's code", required=True)


@lru_cache(CATALOGUES_REMEMBERED)
def tables_of(catalogue: Catalogue) -> Mapping[str, Table]:
    """Return the tables of facts as a catalogue has them, by name."""
    made = (
        _patients,
        _follow_ups,
        _visits,
        _treatments,
        _flares,
        _adverse_events,
        _conditions,
        _imaging,
        _readings,
        _lesions,
    )
    return {table.name: table for table in (one(catalogue) for one in made)}


def _table(catalogue: Catalogue, name: str, columns: tuple[Column, ...], example: str) -> Table:
    described = {column.name: column for column in (*columns, ROW_ID)}
    cells = dict(cell.split("=", 1) for cell in example.split(" | "))
    return Table(*FACT_TABLES[name], described, cells, catalogue)


def _measured(measure: Measure) -> Column:
    return Column(measure.name, "measure", f"{measure.label}; {measure.limit()}", measure=measure)


def _patients(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "patients",
        (
            PATIENT,
            Column("enrolled_on", "day", "date of entry into the registry", required=True),
            _centre(catalogue),
            Column("sex", "word", "sex", words=codes.SEXES),
            Column("birth_year", "year", "year of birth, four digits"),
            Column("symptom_onset", "partial day", "first symptoms"),
            Column("diagnosed_on", "partial day", "diagnosis"),
            Column("criteria", "words", "classification criteria fulfilled", words=codes.CLASSIFICATION_CRITERIA),
            Column("hla_b27", "word", "HLA-B27", words=codes.HLA_B27),
            Column("consented_on", "day", "date of consent to the registry"),
            Column("follow_up_ended_on", "day", "last day of follow-up; what resumes later is a row of follow_ups"),
            Column("follow_up_end_reason", "word", "why it ended", words=codes.FOLLOW_UP_END_REASONS),
        ),
        "patient=P-001 | enrolled_on=2024-01-15 | centre=C1 | sex=female | birth_year=1985 | "
        "symptom_onset=2015-06 | diagnosed_on=2019 | criteria=mNY;ASAS-axSpA | hla_b27=positive | "
        "consented_on=2024-01-15 | follow_up_ended_on=2024-10-31 | follow_up_end_reason=moved",
    )


def _centre(catalogue: Catalogue) -> Column:
    """Return the column of centres: any code, or one of the protocol's where it has centres."""
    holds = "word" if catalogue.centres else "text"
    return Column("centre", holds, "code of the recruiting centre", words=catalogue.centres)


def _follow_ups(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "follow_ups",
        (
            PATIENT,
            Column("resumed_on", "day", "first day of follow-up after an end of it", required=True),
            Column("ended_on", "day", "last day of the resumed follow-up; empty while it goes on"),
            Column("end_reason", "word", "why it ended", words=codes.FOLLOW_UP_END_REASONS),
        ),
        "patient=P-001 | resumed_on=2025-01-13 | ended_on=2025-06-30 | end_reason=study-end",
    )


def _visits(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "visits",
        (
            PATIENT,
            Column("visited_on", "day", "day of the visit", required=True),
            Column("visit", "text", "label, e.g. baseline or week 12"),
            *map(_measured, catalogue.measures.values()),
            Column("basmi_version", "word", "which BASMI the reported total is", words=BASMI_VERSIONS),
        ),
        "patient=P-001 | visited_on=2024-01-15 | visit=baseline | basdai_1=6 | basdai_2=7.5 | crp=<5 | "
        "patient_global=62",
    )


def _treatments(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "treatments",
        (
            PATIENT,
            Column("agent", "agent", "the drug", required=True, agents=catalogue.agent_words),
            Column("started_on", "partial day", "first day of the course", required=True),
            Column("stopped_on", "partial day", "last day; empty while it goes on"),
            Column("stop_reason", "word", "why it was stopped", words=codes.STOP_REASONS),
            Column("dose", "number", "amount a time"),
            Column("dose_unit", "text", "e.g. mg"),
            Column("frequency", "text", "e.g. daily"),
            Column("route", "text", "e.g. sc"),
            Column("product", "product", "what is written on the box", agents=catalogue.agent_words),
            *_arms(catalogue),
        ),
        "patient=P-001 | agent=adalimumab | started_on=2024-02 | dose=40 | dose_unit=mg | "
        "frequency=every 2 weeks | route=sc",
    )


def _arms(catalogue: Catalogue) -> tuple[Column, ...]:
    """Return the column of arms, where the protocol has any: elsewhere nobody is asked for what cannot be answered."""
    meaning = "arm of the trial to which the course belongs"
    return (Column("arm", "word", meaning, words=catalogue.arms),) if catalogue.arms else ()


def _flares(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "flares",
        (
            PATIENT,
            Column("started_on", "day", "first day of the flare", required=True),
            Column("ended_on", "day", "last day; empty while it goes on"),
            Column("basis", "word", "who or what called it a flare", words=codes.FLARE_BASES),
            Column("severity", "word", "severity", words=codes.SEVERITIES),
            Column("trigger", "word", "what set it off", words=codes.FLARE_TRIGGERS),
            Column("note", "text", "free text without names"),
        ),
        "patient=P-001 | started_on=2024-09-02 | basis=patient | severity=moderate | trigger=infection",
    )


def _adverse_events(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "adverse_events",
        (
            PATIENT,
            Column("term", "text", "what happened", required=True),
            Column("started_on", "day", "first day", required=True),
            Column("ended_on", "day", "last day; empty while it goes on"),
            Column("severity", "word", "severity", words=codes.SEVERITIES),
            Column("serious", "word", "whether it was serious", words=codes.YES_NO),
            Column("agent", "agent", "the suspected drug", agents=catalogue.agent_words),
            Column("outcome", "word", "how it ended", words=codes.ADVERSE_EVENT_OUTCOMES),
        ),
        "patient=P-001 | term=injection site reaction | started_on=2024-02-20 | ended_on=2024-02-27 | "
        "severity=mild | serious=no | agent=adalimumab | outcome=resolved",
    )


def _conditions(catalogue: Catalogue) -> Table:
    known = catalogue.conditions
    return _table(
        catalogue,
        "conditions",
        (
            PATIENT,
            Column(
                "condition",
                "word",
                "the condition",
                required=True,
                words=tuple(known),
                synonyms=words_for(known.values()),
            ),
            Column("started_on", "partial day", "since when; empty where nobody knows"),
            Column("ended_on", "partial day", "last day; empty while it goes on"),
            Column("basis", "word", "who or what says so", words=codes.CONDITION_BASES),
            Column("side", "word", "which side of the body", words=codes.SIDES),
            Column("note", "text", "free text without names"),
        ),
        "patient=P-001 | condition=uveitis | started_on=2011-05 | ended_on=2011-06 | basis=clinician | side=left",
    )


def _imaging(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "imaging",
        (
            Column("study", "pseudonym", "the examination's code", required=True),
            PATIENT,
            Column("performed_on", "day", "day of the examination", required=True),
            Column("modality", "word", "modality", required=True, words=codes.MODALITIES),
            Column("regions", "words", "regions examined", required=True, words=codes.REGIONS),
            Column("sequences", "open words", "sequences", words=codes.SEQUENCES),
            Column("note", "text", "e.g. why it is incomplete"),
        ),
        "study=MR-0001 | patient=P-001 | performed_on=2024-01-20 | modality=MRI | regions=spine;sij | "
        "sequences=T1;STIR",
    )


def _readings(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "readings",
        (
            Column("study", "pseudonym", "the examination's code", required=True),
            READER,
            Column("method", "word", "code of the method", required=True, words=tuple(catalogue.methods)),
            Column("location", "text", "a location of the method", required=True),
            Column("item", "text", "what is graded, where the method has several items"),
            Column("grade", "integer", "a grade of the method; empty where it could not be assessed"),
            Column("session", "text", "reading session or campaign"),
            Column("read_on", "day", "when it was read"),
            Column("seconds", "integer", "how long the whole reading took, in seconds"),
        ),
        "study=MR-0001 | reader=R1 | method=berlin | location=C2/3 | grade=0 | read_on=2024-03-01 | seconds=310",
    )


def _lesions(catalogue: Catalogue) -> Table:
    return _table(
        catalogue,
        "lesions",
        (
            Column("baseline_study", "pseudonym", "the earlier examination", required=True),
            Column("followup_study", "pseudonym", "the later examination", required=True),
            READER,
            Column("lesion", "text", "number or code of the lesion within the pair", required=True),
            Column("region", "word", "region", required=True, words=tuple(codes.LESION_KINDS)),
            Column(
                "kind",
                "word",
                "kind of lesion",
                required=True,
                words=tuple(kind for kinds in codes.LESION_KINDS.values() for kind in kinds),
            ),
            Column("location", "text", "e.g. L2 or right upper ilial"),
            Column("verdict", "word", "what became of it", required=True, words=codes.VERDICTS),
            Column("read_on", "day", "when it was read"),
            Column("session", "text", "reading session or campaign"),
        ),
        "baseline_study=MR-0001 | followup_study=MR-0002 | reader=consensus | lesion=1 | region=spine | "
        "kind=romanus | location=L2 | verdict=resolution",
    )
