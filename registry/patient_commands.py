"""What a program records about patients: one method a command, everything decided before anything is stored.

Each command names the clinical day; the recorded instant and the position are the log's. A command that says what is
known already stores nothing. Every command returns the reference of its fact, with which it is amended, retracted
and looked up later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from getpass import getuser
from typing import Final

import msgspec

from registry.batch import PatientBatch
from registry.catalogue.catalogue import Catalogue
from registry.domain.days import day
from registry.domain.follow_up import FollowUp
from registry.domain.kinds import KINDS
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.references import reference
from registry.domain.statements import Assignment, Statement
from registry.domain.studies import study_of
from registry.erasure import Erasure
from registry.errors import ConcurrentChangeError, MissingValueError, RefusalError, UnknownCodeError
from registry.merging.joined import Merge
from registry.merging.storing import merge_patients, unmerge_patients
from registry.schema.command_cells import Cells, check_places, codes_of_pair, in_order_of_days, own_and_grades, restated
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.field_mapping import Grading, blank_grades, graded, method_of, statement_of
from registry.schema.keys import check_key_is_free, reference_to_record
from registry.schema.rows import Fields, as_text, read_cells
from registry.schema.tables import Table, tables_of
from registry.schema.typed_references import Reference, parsed
from registry.store.overwriting import overwrite
from registry.streams import PatientStreams, encoded

DECIDED_AT_MOST: Final = 8  # times, when somebody else records about the same patient in between

Decision = Callable[[Patient], str]  # what a patient decides, and about which fact


class PatientCommands:
    """What can be recorded about patients; `actor` is who records, `source` whence, `log` where it is kept."""

    def __init__(self, streams: PatientStreams, *, actor: str | None = None, source: str = "python") -> None:
        self._streams, self.log = streams, streams.event_log
        self.actor, self.source = getuser() if actor is None else actor, source

    @property
    def catalogue(self) -> Catalogue:
        """What can be recorded here now, and in which words."""
        return self._streams.catalogue()

    @property
    def patient_batch(self) -> PatientBatch:
        """What decides about many patients at once, as an import does."""
        return PatientBatch(self._streams)

    def record(self, table_name: str, cells: Mapping[str, object]) -> str:
        """Record one fact of a table, its cells by column, as they would stand in a file.

        A reading takes its grades as cells named by their places: `C2/3`, `C2/3 anterior erosion`. Raises the refusal
        that says what would be right; a fact that is known already is stored no second time.
        """
        tables = tables_of(self.catalogue)
        table = tables.get(table_name)
        if table is None:
            raise UnknownCodeError("table", table_name, tables)
        if table.kind == "reading":
            return self._record_reading(*own_and_grades(table, cells))
        fields = read_cells(table, cells)
        return self._record(table, fields, statement_of(table, fields))

    def _record(self, table: Table, fields: Fields, statement: Statement) -> str:
        owner = "patient" if "patient" in fields else table.key[0]
        whose = Reference("patient" if "patient" in fields else table.kind, (str(fields[owner]),))

        def record(patient: Patient) -> str:
            fact = reference_to_record(patient, table, fields, statement)
            patient.record(fact, statement, self._note())
            return fact

        return self._decide(whose, record)

    def enrol_patient(self, patient: str, *, enrolled_on: date | str, **cells: object) -> str:
        """Enrol a patient under a pseudonym; further cells as in the table `patients`."""
        return self.record("patients", {"patient": patient, "enrolled_on": enrolled_on, **cells})

    def end_follow_up(self, patient: str, *, ended_on: date | str, reason: str | None = None) -> str:
        """Record the end of a patient's follow-up; nothing clinical can happen after it until it is resumed.

        Ended is what goes on by that day: the last resumption that began on or before it, else what began at enrolment.
        """
        on = day((as_text(ended_on) or "").strip())
        followed = FollowUp.of(self.patient_batch.patients([patient], deciding=())[patient].facts)
        span = followed.begun_by(on) if on else None
        fact = span.fact if span else reference("patient", patient)
        return self._end(fact, dict(zip(KINDS[parsed(fact).kind].end_fields, (ended_on, reason))))

    def resume_follow_up(self, patient: str, *, resumed_on: date | str, **cells: object) -> str:
        """Record that follow-up was resumed after an end of it; further cells as in the table `follow_ups`."""
        return self.record("follow_ups", {"patient": patient, "resumed_on": resumed_on, **cells})

    def record_visit(
        self,
        patient: str,
        *,
        visited_on: date | str,
        visit: str | None = None,
        measures: Mapping[str, object] | None = None,
    ) -> str:
        """Record a visit; measures by name, with the unit in brackets where it is not the canonical one."""
        return self.record("visits", {"patient": patient, "visited_on": visited_on, "visit": visit, **(measures or {})})

    def start_treatment(self, patient: str, *, agent: str, started_on: date | str, **cells: object) -> str:
        """Record the start of a course of an agent; further cells as in the table `treatments`."""
        return self.record("treatments", {"patient": patient, "agent": agent, "started_on": started_on, **cells})

    def stop_treatment(self, treatment: str, *, stopped_on: date | str, stop_reason: str | None = None) -> str:
        """Record that a course was stopped.

        Raises `AlreadyEndedError` for a second stop on another day or for another reason.
        """
        return self._end(treatment, {"stopped_on": stopped_on, "stop_reason": stop_reason})

    def start_flare(self, patient: str, *, started_on: date | str, **cells: object) -> str:
        """Record a flare; further cells as in the table `flares`."""
        return self.record("flares", {"patient": patient, "started_on": started_on, **cells})

    def end_flare(self, flare: str, *, ended_on: date | str) -> str:
        """Record that a flare is over."""
        return self._end(flare, {"ended_on": ended_on})

    def record_adverse_event(self, patient: str, *, term: str, started_on: date | str, **cells: object) -> str:
        """Record an adverse event; further cells as in the table `adverse_events`."""
        return self.record("adverse_events", {"patient": patient, "term": term, "started_on": started_on, **cells})

    def record_condition(
        self, patient: str, *, condition: str, started_on: date | str | None = None, **cells: object
    ) -> str:
        """Record a condition; further cells as in the table `conditions`. Nobody need know since when it is so."""
        given = {"condition": condition, "started_on": started_on, **cells}
        return self.record("conditions", {"patient": patient, **given})

    def end_condition(self, condition: str, *, ended_on: date | str) -> str:
        """Record that a condition is over, given by its reference."""
        return self._end(condition, {"ended_on": ended_on})

    def record_study(
        self, study: str, *, patient: str, performed_on: date | str, modality: str, regions: object, **cells: object
    ) -> str:
        """Record an imaging examination; further cells as in the table `imaging`."""
        given = {"performed_on": performed_on, "modality": modality, "regions": regions, **cells}
        return self.record("imaging", {"study": study, "patient": patient, **given})

    def record_reading(self, study: str, *, reader: str, method: str, grades: Grading, **cells: object) -> str:
        """Record one reader's scoring of one study; further cells `session`, `read_on`, `seconds`.

        `grades` maps a location, or a location and an item, to a grade; a location that is not named, or has None,
        could not be assessed.
        """
        return self._record_reading({"study": study, "reader": reader, "method": method, **cells}, grades)

    def record_lesion_verdict(
        self,
        baseline_study: str,
        followup_study: str,
        *,
        reader: str,
        lesion: str,
        masked_order: bool = False,
        **cells: object,
    ) -> str:
        """Record what became of one lesion between two studies; further cells as in the table `lesions`.

        With `masked_order` the studies are given as the reader saw them, and the verdict is from the first to the
        second: where the second was performed before the first (clinical clock), the two are exchanged and the verdict
        is turned round before it is stored.
        """
        own = {"reader": reader, "lesion": lesion, **cells}
        stated = {"baseline_study": baseline_study, "followup_study": followup_study, **own}
        return self.record("lesions", self._unmasked(stated) if masked_order else stated)

    def amend(self, fact: str, cells: Cells, *, reason: str) -> str:
        """State a fact anew, with a reason: the cells given, by column, the rest as it was.

        Single grades of a reading are amended by their places, as in `record`. The reference stays, whatever becomes of
        the days in it. Raises `UnknownFactError` or `RetractedFactError`, and `AlreadyRecordedError` where another fact
        has the key that it would get; whose the fact is cannot be amended.
        """
        named = parsed(fact)

        def anew(patient: Patient) -> str:
            statement = self._restated(named, patient, cells)
            check_key_is_free(patient, TABLE_OF_KIND[named.kind], str(named), statement)
            patient.amend(str(named), statement, self._note(reason))
            return str(named)

        return self._decide(named, anew)

    def retract(self, fact: str, *, reason: str) -> str:
        """Withdraw a fact that was entered in error; what rests on it must be retracted first."""
        named = parsed(fact)

        def withdraw(patient: Patient) -> str:
            patient.retract(str(named), self._note(reason))
            return str(named)

        return self._decide(named, withdraw)

    def merge_patients(self, merged: str, *, into: str, reason: str, keep_enrolment: bool = False) -> Merge:
        """Say that a pseudonym is another one of the patient `into`, to whom goes all that is known of it.

        What both state alike stands once. What they state differently under one key is refused, and all of it listed;
        so is what the merged enrolment says and the other does not, unless `keep_enrolment` lets that be. A merge that
        stands already stores nothing. Raises `MergeRefusedError`, `MergedPatientError`, `UnknownFactError`,
        `NotEnrolledError`, `ConsentWithdrawnError` or `ErasedPatientError`.
        """
        return merge_patients(self._streams, merged, into, self._note(reason), keep_enrolment=keep_enrolment)

    def unmerge_patients(self, merged: str, *, reason: str) -> Merge:
        """Say that a merged pseudonym is a patient of its own after all: what came goes back, as it stands now.

        What both had stands in both. Of a patient's merges only the last can be undone. Raises as `merge_patients`.
        """
        return unmerge_patients(self._streams, merged, self._note(reason))

    def erase_patient(self, patient: str, *, reason: str, dry_run: bool = False) -> Erasure:
        """Erase a patient for ever, at every point in time; remove all blocks, write the database's pages anew.

        The events keep their places, digests and commitments, so that the log verifies; what they said is gone. The
        erasure is itself an event, with the reason and not the pseudonym. With `dry_run` nothing is done. Raises
        `UnknownFactError` where nothing was ever recorded.
        """
        erasure = self._streams.erase(patient, self._note(reason), dry_run=dry_run)
        why_not = None if dry_run else overwrite(self.log.database)
        return msgspec.structs.replace(erasure, overwritten=not dry_run and why_not is None, why_not=why_not)

    def _restated(self, named: Reference, patient: Patient, cells: Cells) -> Statement:
        if KINDS[named.kind].statement is Assignment:
            raise RefusalError(f"{named} was made by a campaign, and has no cells; retract it with a reason")
        table = tables_of(self.catalogue)[TABLE_OF_KIND[named.kind].name]
        return restated(table, named, patient.standing(str(named)), cells)

    def _record_reading(self, cells: Mapping[str, object], grading: Grading) -> str:
        check_places(cells)
        table = tables_of(self.catalogue)["readings"]
        method = method_of(table.catalogue, str(cells.get("method") or ""))
        fields = read_cells(table, {"location": "all", **cells})
        grades = graded(method, grading, blank_grades(method))
        statement = statement_of(table, {**fields, "method_version": method.version, "grades": grades})
        return self._record(table, fields, statement)

    def _unmasked(self, cells: Mapping[str, object]) -> Mapping[str, object]:
        codes = codes_of_pair(cells)
        name = self._streams.owner(Reference("lesion", codes[:1]))
        patient = self._streams.patients([name])[name]
        return in_order_of_days(cells, *(study_of(patient, code) for code in codes))

    def _end(self, fact: str, cells: Mapping[str, object]) -> str:
        """Record the end of a fact; the first of the cells is its day."""
        named, day = parsed(fact), next(iter(cells))
        if not (as_text(cells[day]) or "").strip():
            raise MissingValueError(day, "the last day")

        def over(patient: Patient) -> str:
            patient.end(str(named), self._restated(named, patient, cells), self._note())
            return str(named)

        return self._decide(named, over)

    def _decide(self, whose: Reference, decision: Decision) -> str:
        """Let a patient decide, and store the outcome; decide again where somebody was faster. Return the fact."""
        for _ in range(DECIDED_AT_MOST):
            pseudonym = self._streams.owner(whose)
            patient = self._streams.patients([pseudonym])[pseudonym]
            fact = decision(patient)
            standards = self._streams.standards()
            for _, refusal in patient.refusals(standards):
                raise refusal
            try:
                self._streams.store([*map(encoded, patient.collect_events())], standards=standards)
            except ConcurrentChangeError:
                continue
            return fact
        raise ConcurrentChangeError

    def _note(self, reason: str | None = None) -> Note:
        return Note.given(self.actor, self.source, reason)
