"""One row per version of a fact: what was stated, in the columns of the fact's own table, and from when until when.

What a table of facts has beside that follows from other facts or from the catalogue, as the class of a drug or the day
of the study that was read, and is not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.campaigns.assignments import ASSIGNMENTS
from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, day, declared, text, word
from projections.derived.flares import FLARES
from projections.log.layouts import LAYOUTS, PARTIAL_DAY, PRECISION
from projections.stated.adverse_events import ADVERSE_EVENTS
from projections.stated.conditions import CONDITIONS
from projections.stated.follow_ups import FOLLOW_UPS
from projections.stated.imaging import IMAGING
from projections.stated.patients import PATIENTS
from projections.stated.readings import READINGS
from projections.stated.treatments import TREATMENTS, doses
from projections.stated.visits import VISITS
from projections.versions.known_versions import FROM, NEVER_NULL, OF_EVENTS, SPAN, notes_columns
from registry.catalogue import codes
from registry.catalogue.verdicts import NEW, SCALE

if TYPE_CHECKING:
    from projections.versions.known_versions import KnownVersions

ENDING: Final = "_versions"  # of the name of a table of versions, after that of the facts
LESIONS: Final[Table] = declared(  # which no export has but as versions
    "lesions",
    "paired lesion verdict",
    order="patient",
    columns=(
        word("patient", "pseudonym"),
        text("verdict_id", "reference of the verdict"),
        word("baseline_study", "code of the earlier examination"),
        word("followup_study", "code of the later examination"),
        word("reader", "the reader's code"),
        word("session", "reading session or campaign, empty where there was none"),
        word("lesion", "name of the lesion"),
        word("region", "region of the body", *codes.LESION_KINDS),
        word("kind", "kind of lesion", *dict.fromkeys(kind for kinds in codes.LESION_KINDS.values() for kind in kinds)),
        word("location", "where it is"),
        word("verdict", "what became of it", *SCALE, NEW),
        day("read_on", "day on which it was read"),
    ),
)._replace(
    never_null=frozenset(
        ("patient", "baseline_study", "followup_study", "reader", "session", "lesion", "region", "kind", "verdict")
    )
)
PATIENT: Final = "patient"


REFERENCE: Final = {  # kind of fact: the column that has its reference
    "patients": "enrolment_id",
    "follow_ups": "follow_up_id",
    "visits": "visit_id",
    "treatments": "treatment_id",
    "flares": "flare_id",
    "adverse_events": "adverse_event_id",
    "conditions": "condition_id",
    "imaging": "study_id",
    "assignments": "assignment_id",
    "readings": "reading_id",
    "lesions": "verdict_id",
}


def _of_facts(stated: Table, what: str, meaning: str | None = None) -> Table:
    """Declare the versions of the facts of a table; `what` completes "version of".

    Where the table has no column of the reference, its `meaning` is given.
    """
    layout, reference = LAYOUTS[stated.name], REFERENCE[stated.name]
    partial = {name + PRECISION for name, kind in layout.fields.items() if kind == PARTIAL_DAY}
    own = [column for column in stated.columns if column.name in {*layout.fields, *partial}]
    of_stated = {column.name: column for column in stated.columns}
    named = text(reference, meaning) if meaning is not None else of_stated[reference]
    columns = (of_stated[PATIENT], named, *SPAN, *notes_columns(stated.name), *own)  # own ones are added at the end
    table = declared(f"{stated.name}{ENDING}", f"version of {what}", order=f"{PATIENT} {FROM}", columns=columns)
    never_null = f"{PATIENT} {reference} {NEVER_NULL} event actor source"
    stated_always = [column.name for column in own if column.name in stated.never_null]
    return table.keyed(FROM, *OF_EVENTS, never_null=" ".join((never_null, *stated_always)))


OF_FACTS: Final = {  # kind of fact: the table of its versions
    "patients": _of_facts(PATIENTS, "an enrolment", "reference of the enrolment"),
    "follow_ups": _of_facts(FOLLOW_UPS, "a resumption of follow-up"),
    "visits": _of_facts(VISITS, "a visit"),
    "treatments": _of_facts(TREATMENTS, "a course of treatment"),
    "flares": _of_facts(FLARES, "a flare"),
    "adverse_events": _of_facts(ADVERSE_EVENTS, "an adverse event"),
    "conditions": _of_facts(CONDITIONS, "a condition of a patient"),
    "imaging": _of_facts(IMAGING, "an imaging study", "reference of the study"),
    "assignments": _of_facts(ASSIGNMENTS, "an assignment"),
    "readings": _of_facts(READINGS, "a reading"),
    "lesions": _of_facts(LESIONS, "a paired lesion verdict"),
}


def rows_of(kind: str, known: KnownVersions) -> ArrowTable:
    """Return the versions of a kind of fact by patient and position, with the columns that are declared."""
    versions = known.of(kind)
    stated = {name: versions[name] for name in versions.column_names}
    if kind == "treatments":
        stated["dose"] = doses(stated["dose"])
    return OF_FACTS[kind].of(
        {**stated, REFERENCE[kind]: versions["fact"], **known.spans(versions), **known.notes(versions)}
    )
