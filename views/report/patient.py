"""The report of one patient: the course, every value, what images show, treatments, events, follow-up, warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from projections.checks import all_warnings
from projections.columns.tables import only, rows
from projections.course.entry import table_of_patient
from projections.course.timeline import timeline
from registry.wording import counted
from views.drawing.change_map import change_map
from views.drawing.figure import slug
from views.drawing.patient_timeline import patient_timeline
from views.drawing.spine_map import spine_map
from views.manuscript.labels import Labels
from views.pages.origin import origin_of
from views.pages.projected import for_people, named, table_of
from views.pages.sections import Block, Section, beside, empty, figures, pairs, section, table, text
from views.pages.tables import Table, said
from views.report.page import page

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts

Row = dict[str, object]
VISITS_BESIDE: Final = 6  # of a table of values
TIMELINE: Final = 860.0  # how wide the course is drawn
WHAT_HAPPENED: Final = ("flares", "adverse_events", "conditions")
NOTHING_YET: Final = "Files that are imported, or `spondyl record`, add to it."


def patient_report(facts: Facts, patient: str) -> str:
    """Return the report of a patient as a page, from facts of which some are the patient's.

    Somebody of whom nothing is known at the point in time has none: whoever asks sees to that.
    """
    sections = [_course(facts, patient), _values(facts, patient), *_images(facts, patient)]
    sections += [_treatments(facts, patient), _events(facts, patient), _follow_up(facts, patient)]
    return page(
        f"Patient {patient}",
        [*sections, _warnings(facts, patient)],
        origin_of(facts),
        subtitle=_subtitle(facts, patient),
        personal=f"patient {patient}",
        elsewhere="`spondyl show P --svg FILE --map METHOD` draws a map.",
    )


def _of(facts: Facts, name: str, patient: str) -> ArrowTable:
    return table_of_patient(facts, name, patient).drop_columns(["patient"])


def _subtitle(facts: Facts, patient: str) -> str:
    """Return who it is, and that consent was withdrawn where it was."""
    found = rows(for_people(_of(facts, "patients", patient), ("sex", "birth_year", "centre", "enrolled_on")))
    who = dict(found[0]) if found else {}
    born = f"born {who['birth_year']}" if who.get("birth_year") else ""
    centre = f"centre {who['centre']}" if who.get("centre") else ""
    enrolled = f"enrolled {who['enrolled_on']}" if who.get("enrolled_on") else ""
    withdrawn = patient in facts.without_consent.to_pylist()
    shown = "consent withdrawn: what was recorded until then is shown" if withdrawn else ""
    return ", ".join(filter(None, (str(who.get("sex") or ""), born, centre, enrolled, shown)))


def _course(facts: Facts, patient: str) -> Section:
    course = timeline(facts, patient)
    happened = [(each.on, each.until, each.what, each.which, each.details) for each in course.entries]
    columns = ("on", "until", "what", "which", "details")
    return section(
        "course",
        "Course",
        figures(patient_timeline(course, width=TIMELINE)),
        table(Table("What happened, by day", columns, happened, empty="Nothing is known of the course.")),
    )


def _values(facts: Facts, patient: str) -> Section:
    """Return every value at every visit, some visits beside each other."""
    values = rows(_of(facts, "measures", patient))
    found: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    visits: dict[str, None] = {}
    for row in values:
        if found_value := _value(row):
            measure, day = str(row["measure"]), str(row["visited_on"])
            visits[day] = None
            cell = found.setdefault(measure, {})
            cell[day] = found_value if day not in cell else f"{cell[day]}; {found_value}"
            units[measure] = str(row["unit"] or "")
    labels = Labels(facts.catalogue)
    names = labels.sorted(found)
    blocks = [
        table(
            Table(
                f"Values at visits, {days[0]} to {days[-1]}",
                ("", *days),
                [(labels.of(name, units[name]), *(found[name].get(day) for day in days)) for name in names],
            )
        )
        for days in _beside(sorted(visits))
    ]
    nothing = empty("No visit has a value.", NOTHING_YET)
    return section("values", "Measures and scores at visits", *(blocks or [nothing]))


def _beside(days: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(days), VISITS_BESIDE):
        yield days[first : first + VISITS_BESIDE]


def _value(row: Row) -> str:
    """Return a value as it is read: with what it is a limit of, a word, a text, or why it is missing."""
    if row["value"] is not None:
        return f"{row['comparator'] or ''}{row['value']:.10g}"
    word = row["code"] or row["text"] or row["missing_reason"]
    return "" if word is None else str(word).replace("-", " ")


def _images(facts: Facts, patient: str) -> Iterator[Section]:
    """Yield the studies, then for each method that was read its maps and its scores."""
    studies = _of(facts, "imaging", patient)
    taken = table_of(studies, "Studies", empty="No study is recorded. A file of imaging brings them.")
    yield section("studies", "Imaging studies", table(taken))
    of_patient = [rows(table_of_patient(facts, name, patient)) for name in ("findings", "lesion_courses", "scores")]
    for method in dict.fromkeys(str(row["method"]) for row in of_patient[0]):
        declared = facts.catalogue.methods[method]
        mine, changed, totals = ([row for row in each if row["method"] == method] for each in of_patient)
        maps = [spine_map(mine, declared), *([change_map(changed, declared)] if changed else [])]
        yield section(f"method-{slug(method)}", f"Readings by {method}", beside(*maps), table(_scores(totals, method)))


def _scores(totals: Sequence[Row], method: str) -> Table:
    """Return the scores of a method, a row each, a column a reading; where not all was assessed, of how many it is."""
    readings: dict[str, None] = {}
    cells: dict[tuple[str, str], str] = {}
    for row in totals:
        session = f", {row['session']}" if row["session"] else ""
        reading = f"{row['performed_on']} by {row['reader']}{session}"
        readings[reading] = None
        whole = row["n_assessed"] == row["n_expected"]
        of = "" if whole else f" ({row['n_assessed']} of {row['n_expected']} assessed)"
        cells[str(row["score"]), reading] = f"{said(row['value'])}{of}"
    names = dict.fromkeys(name for name, _ in cells)
    lines = [(name.replace("-", " "), *(cells.get((name, reading)) for reading in readings)) for name in names]
    nothing = "No score follows from these readings."
    return Table(f"Scores by {method}", ("", *readings), lines, empty=nothing)


def _treatments(facts: Facts, patient: str) -> Section:
    given = _of(facts, "treatments", patient)
    responses = _responses(rows(_of(facts, "responses", patient)))
    return section(
        "treatments",
        "Treatments",
        table(table_of(given, "Courses of drugs", stubs=2, empty="No course of a drug is recorded.")),
        table(responses) if responses else None,
    )


def _responses(found: Sequence[Row]) -> Table | None:
    """Return which criteria were met at which visit, a column a visit; of those of which that is known anywhere."""
    met = {(str(row["criterion"]), str(row["visited_on"])): row["met"] for row in found if row["met"] is not None}
    criteria, days = (list(dict.fromkeys(each[side] for each in met)) for side in (0, 1))
    if not met:
        return None
    cells = [[name, *(met.get((name, day)) for day in sorted(days))] for name in criteria]
    return Table("Criteria of response met at visits", ("", *sorted(days)), cells)


def _events(facts: Facts, patient: str) -> Section:
    blocks = list[Block]()
    for name in WHAT_HAPPENED:
        found = _of(facts, name, patient)
        title = name.replace("_", " ").capitalize()
        if found.num_rows:
            blocks.append(table(table_of(found, title)))
    nothing = empty("No flare, adverse event or condition is recorded.", NOTHING_YET)
    return section("events", "Flares, adverse events, conditions", *(blocks or [nothing]))


def _follow_up(facts: Facts, patient: str) -> Section:
    enrolled = for_people(_of(facts, "patients", patient), _of(facts, "patients", patient).column_names)
    known = [(named(name), value) for row in rows(enrolled) for name, value in row.items()]
    resumed = _of(facts, "follow_ups", patient)
    expected = _of(facts, "expected_visits", patient)
    adopt = "No schedule was adopted by then; a protocol with one says whom to expect: `spondyl protocol adopt`."
    without = "The schedule expects no visit of this patient." if facts.schedule else adopt
    asked = table_of(expected, "Visits that the schedule expects", leave_out=("visit_id",), empty=without)
    return section(
        "follow-up",
        "The patient, and follow-up",
        pairs(known),
        table(table_of(resumed, "Follow-up, resumed")) if resumed.num_rows else None,
        table(asked),
    )


def _warnings(facts: Facts, patient: str) -> Section:
    found = only(all_warnings.table(facts), patient=patient)
    says = table_of(found, counted(found.num_rows, "warning"), leave_out=("patient", "centre"))
    told = text("A warning changes nothing and keeps nothing out: a person has to look.")
    return section(
        "warnings",
        "What is implausible",
        *([table(says), told] if found.num_rows else [empty("Nothing is implausible by any rule.")]),
    )
