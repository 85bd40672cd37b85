"""The registry as a program speaks to it: one method a command, everything decided before anything is stored.

Each command names the clinical day; the recorded instant and the position are the log's. A command that says what is
known already stores nothing. Every command returns the reference of its fact, with which it is amended, retracted
and looked up later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from getpass import getuser
from typing import Final, Self

import msgspec

from registry.audit.begun_references import KnownFact, facts_begun
from registry.audit.history import FactVersion, fact_history
from registry.audit.proof import Proof
from registry.audit.prove import last_event_of, proof_of, root_at
from registry.batch import PatientBatch
from registry.catalogue.catalogue import Catalogue
from registry.domain.days import day
from registry.domain.events import KINDS
from registry.domain.follow_up import FollowUp
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.references import reference
from registry.domain.rules import study_of
from registry.domain.statements import Statement
from registry.erasure import Erasure
from registry.errors import ConcurrentChangeError, MissingValueError, UnknownCodeError
from registry.merging.joined import Merge
from registry.merging.storing import merge_patients, unmerge_patients
from registry.schema.command_cells import Cells, check_places, codes_of_pair, in_order_of_days, own_and_grades, restated
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.field_mapping import Grading, blank_grades, graded, method_of, statement_of
from registry.schema.keys import check_key_is_free, reference_to_record
from registry.schema.rows import Fields, as_text, read_cells
from registry.schema.tables import Table, tables_of
from registry.schema.typed_references import Reference, parsed
from registry.store.freezes import Freeze, Freezes
from registry.store.head import Clock, Head, system_clock
from registry.store.opening import create_database
from registry.store.overwriting import finish, overwrite
from registry.store.verify import Verification, Witness, verify
from registry.streams import PatientStreams, encoded

DECIDED_AT_MOST: Final = 8  # times, when somebody else records about the same patient in between

Decision = Callable[[Patient], str]  # what a patient decides, and about which fact


class Registry:
    """A registry: its commands, its log, its freezes.

    `actor` is who records, `source` whence; `log` is the event log, to be read; `interrupted` an erasure that was not
    finished before: opening the registry did that, or says why not.
    """

    def __init__(self, streams: PatientStreams, *, actor: str | None = None, source: str = "python") -> None:
        self._streams = streams
        self._freezes = Freezes(streams.recorder.database, clock=streams.recorder.clock)
        self.log = streams.event_log
        self.actor, self.source = getuser() if actor is None else actor, source
        self.interrupted = finish(self.log.database)

    @classmethod
    def open(cls, place: str, *, actor: str | None = None, clock: Clock = system_clock) -> Self:
        """Open the registry at a path or a database URL.

        Raises `NoRegistryError`, `OldSchemaError`, `NewSchemaError`, `NotARegistryError` or `UnreachableError`.
        """
        return cls(PatientStreams.open(place, clock=clock), actor=actor)

    @classmethod
    def create(cls, place: str, *, actor: str | None = None, clock: Clock = system_clock) -> Self:
        """Create the registry at a path or a database URL, or bring an older one up to date, and open it."""
        create_database(place, actor=actor, clock=clock).close()
        return cls.open(place, actor=actor, clock=clock)

    def close(self) -> None:
        """Let go of the database."""
        self._streams.close()

    def __repr__(self) -> str:
        return f"<Registry at {self.place}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    # what is in it

    @property
    def place(self) -> str:
        """Where the registry is kept, without passwords."""
        return self.log.database.place

    @property
    def head(self) -> Head:
        """The last event's position, recorded instant and digest; position 0 while the log is empty."""
        return self.log.head()

    @property
    def catalogue(self) -> Catalogue:
        """What can be recorded here now, and in which words."""
        return self._streams.catalogue()

    def today(self) -> date:
        """Return the day that it is where the registry is kept; no clinical day may lie after it."""
        return self._streams.standards().today

    @property
    def patient_batch(self) -> PatientBatch:
        """What decides about many patients at once, as an import does."""
        return PatientBatch(self._streams)

    def verify(self, *, since: str | None = None, witnesses: Iterable[Witness] = ()) -> Verification:
        """Return what a check of the log finds: gaps, order, versions, commitments, digests, freezes.

        `witnesses` are digests kept elsewhere, that are held against the log as freezes are. With `since`, the name of
        a freeze, its digest is trusted and only what came after it is checked. Raises `UnknownPointError`.
        """
        return verify(self.log, since=since, witnesses=witnesses)

    def history(self, fact: str) -> list[FactVersion]:
        """Return every version of a fact in the order in which the registry learnt of it.

        Raises `UnknownFactError` where nothing was ever recorded under the reference, `ErasedPatientError` where the
        patient was erased.
        """
        named = parsed(fact)
        if named.patient is not None:
            self.check_not_erased(named.patient)
        return fact_history(self.log, self._streams.streams_of(named), str(named), catalogue=self.catalogue)

    def facts_begun(self, reference: str) -> list[KnownFact]:
        """Return the facts whose references begin as one does, as `visit/P-001` or `reading/MR-0001`, by reference.

        Raises `UnknownStudyError` for a study that was never recorded, `ErasedPatientError` for an erased patient.
        """
        named = parsed(reference)
        if named.patient is not None:
            self._streams.check_not_erased(named.patient)
        return facts_begun(self.log, self._streams.streams_of(named), named)

    def check_not_erased(self, patient: str) -> None:
        """Raise `ErasedPatientError` where a patient was erased: what is not there then is no mistake."""
        self._streams.check_not_erased(patient)

    def check_not_merged(self, patient: str) -> None:
        """Raise `MergedPatientError` where a pseudonym is another name of a patient, under whose own all is known."""
        self._streams.mergings().check_not_merged(patient)

    def root(self, position: int | None = None) -> bytes:
        """Return the hash over all digests up to a position, by default the last: what a short proof ends in."""
        return root_at(self.log, self.head.position if position is None else position)

    def prove(self, fact: str, *, at: int | None = None, freeze: str | None = None, by_chain: bool = False) -> Proof:
        """Return a proof that the last event of a fact up to a position, or the event `@N`, was in the log there.

        It has the event's plain text, and is checked without the registry by whoever knows the root at the position;
        `by_chain` it is long, and the digest is enough. Raises `UnknownFactError`, `ErasedPatientError`,
        `UnknownPointError`, and `ProofError` where the log is damaged.
        """
        head = self.head if at is None else self.log.head_at(at)
        if fact[:1] == "@" and fact[1:].isdecimal():
            return proof_of(self.log, int(fact[1:]), head, freeze=freeze, by_chain=by_chain)
        named = parsed(fact)
        if named.patient is not None:
            self._streams.check_not_erased(named.patient)
        position = last_event_of(self.log, self._streams.streams_of(named), str(named), until=head.position)
        return proof_of(self.log, position, head, freeze=freeze, by_chain=by_chain)

    def freeze(self, name: str, note: str | None = None) -> Freeze:
        """Give the log as it is now a name, for ever; that this was done is the log's next event.

        Raises `FreezeExistsError`.
        """
        return self._freezes.add(name, note=note, actor=self.actor)

    def freeze_position(self, name: str) -> int | None:
        """Return the position that a freeze names, None where there is no such freeze."""
        freeze = self._freezes.find(name)
        return freeze.position if freeze else None

    def freezes(self) -> list[Freeze]:
        """Return every freeze, the oldest first."""
        return self._freezes.all()

    # what happens to patients

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
            for _, refusal in patient.refusals(self._streams.standards()):
                raise refusal
            try:
                self._streams.store([*map(encoded, patient.collect_events())])
            except ConcurrentChangeError:
                continue
            return fact
        raise ConcurrentChangeError

    def _note(self, reason: str | None = None) -> Note:
        return Note.given(self.actor, self.source, reason)
