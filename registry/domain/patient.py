"""One patient's stream: what may be recorded about a patient, decided from that patient's own history.

A command places a statement, or withdraws one, and refuses what contradicts the history of that fact. What
contradicts other facts is judged when all that is to be recorded together has been placed (`refusals`), so that the
order within a batch does not matter. Applying a stored event never refuses: what is in the log has happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final, Literal, Self

from msgspec.structs import replace

from registry.domain.ended_words import why_ended
from registry.domain.ends import differ_in_the_end_only, kind_of, without_end
from registry.domain.events import Confirmation, Event, PatientErased, StatementEvent, stream_of
from registry.domain.follow_up import WITHDRAWN, FollowUp
from registry.domain.locked_sessions import is_broken, locked_facts, outlives_its_study
from registry.domain.memories import Carried, Memories
from registry.domain.merges import Merges
from registry.domain.notes import Note, StreamEvent
from registry.domain.origins import Origin
from registry.domain.other_streams import unnamed, unnamed_fact
from registry.domain.references import numbered, reference
from registry.domain.rules import PatientFacts, Standards, clinical_day, may_lie_in, why_not
from registry.domain.statement_cells import LABEL, same
from registry.domain.statements import Assignment, Enrolment, Resumption, Statement, Study
from registry.domain.stream_events import FormerNameErased, Merging
from registry.domain.studies import studies_read
from registry.errors import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ConsentWithdrawnError,
    ErasedPatientError,
    HeldFactError,
    MergedPatientError,
    MissingValueError,
    NotEnrolledError,
    RefusalError,
    RetractedFactError,
    UnknownFactError,
)

NO_STUDIES: Final[frozenset[str]] = frozenset()  # one for all facts: an import touches hundreds of thousands at once
Outcome = Literal["recorded", "amended", "ended", "unchanged"]  # of stating what a source says now


class Patient:
    """A patient's facts as they stand, and the events that commands have added and nobody has saved."""

    def __init__(self, pseudonym: str) -> None:
        self.id = stream_of(pseudonym)
        self.version = 0
        self.pseudonym = pseudonym
        self.enrolment_reference = reference("patient", pseudonym)
        self.facts: dict[str, Statement] = {}
        self.studies: dict[str, str] = {}
        self.memories = Memories()
        self.merges = Merges(pseudonym)
        self.is_erased = False
        self._retracted: dict[str, Statement] = {}  # as each fact was stated last
        self._followed = FollowUp.of({})  # the follow-up before anything was placed that waits to be saved
        self._pending: list[StreamEvent] = []
        self._touched: dict[str, frozenset[str]] = {}  # the facts that commands changed, and the studies that they name
        self._stated_before: dict[str, Statement | None] = {}  # of these, what was stated before; None of a new one
        self._given_away: set[str] = set()  # of these, what went to another patient whole

    @classmethod
    def of(cls, events: Sequence[Event | Merging]) -> Self:
        """Return the patient to whom one stream's events happened, none of them erased; there must be one at least."""
        patient = cls(events[0].patient)
        for event in events:
            patient.apply(event)
        return patient

    def pass_over(self) -> None:
        """Count an event whose payload was erased: it has happened, and what it said is gone."""
        self.version += 1

    def apply(self, event: Event | Merging | PatientErased) -> None:
        """Take in an event that has happened."""
        self.version += 1
        if isinstance(event, PatientErased):
            self.is_erased |= not isinstance(event, FormerNameErased)
            return
        if isinstance(event, Merging):
            self.merges.turn(event)
            return
        self.memories.take(event)
        fact = event.fact
        self.merges.take(event, is_standing=fact in self.facts, was_withdrawn=fact in self._retracted)
        if isinstance(event, Confirmation):
            return
        before = self.facts.get(event.fact)
        if isinstance(before, Study):
            self.studies.pop(before.study, None)
        if isinstance(event, StatementEvent):
            self.facts[event.fact] = event.statement
            self._retracted.pop(event.fact, None)
            if isinstance(event.statement, Study):
                self.studies[event.statement.study] = event.fact
        elif before is not None:
            del self.facts[event.fact]
            self._retracted[event.fact] = before

    def collect_events(self) -> list[StreamEvent]:
        """Return the events that wait to be saved, and let go of them."""
        collected, self._pending = self._pending, []
        self._touched.clear()
        self._stated_before.clear()
        self._given_away.clear()
        return collected

    @property
    def enrolment(self) -> Enrolment | None:
        """The enrolment as it stands, None where the patient is not enrolled."""
        enrolment = self.facts.get(self.enrolment_reference)
        return enrolment if isinstance(enrolment, Enrolment) else None

    def record(self, fact: str, statement: Statement, note: Note) -> bool:
        """State a fact for the first time, or with the end that it did not have; return whether that was news.

        Raises `AlreadyRecordedError` where something else is recorded under the key, `AlreadyEndedError` where it has
        ended otherwise.
        """
        known, kind = self.facts.get(fact), kind_of(fact)
        if known is not None:
            if same(known, statement) or same(without_end(kind, known), statement):
                return False
            if differ_in_the_end_only(kind, known, statement):
                return self.end(fact, statement, note)
            raise AlreadyRecordedError(fact)
        self._record(fact, statement, note)
        return True

    def _record(self, fact: str, statement: Statement, note: Note, *, moved_from: str | None = None) -> None:
        kind = kind_of(fact)
        begun = without_end(kind, statement)
        if kind.ended is None or begun == statement:
            self._trigger(kind.recorded, fact, note, statement, moved_from=moved_from)
        else:
            self._trigger(kind.recorded, fact, note.without(kind.end_fields), begun, moved_from=moved_from)
            self._trigger(kind.ended, fact, note, statement, moved_from=moved_from)

    def end(self, fact: str, statement: Statement, note: Note) -> bool:
        """State the end of a fact that goes on, as the stop of a treatment; return whether it is news."""
        known, kind = self.standing(fact), kind_of(fact)
        if kind.ended is None:
            raise RefusalError(f"{fact} has no end of its own; amend it with a reason")
        if same(known, statement):
            return False
        if known != without_end(kind, known):
            raise AlreadyEndedError(fact, kind.end_fields[0], getattr(known, kind.end_fields[0]))
        self._trigger(kind.ended, fact, note, statement)
        return True

    def amend(self, fact: str, statement: Statement, note: Note) -> bool:
        """State a fact anew, as a whole and with a reason; return whether anything changed."""
        if note.reason is None:
            raise MissingValueError("reason", "why the fact is amended")
        known = self.standing(fact)
        if same(known, statement) and getattr(known, LABEL, None) == getattr(statement, LABEL, None):
            return False
        self._trigger(kind_of(fact).amended, fact, note, statement)
        return True

    def retract(self, fact: str, note: Note, *, moved_to: str | None = None) -> None:
        """Withdraw a fact that was entered in error, or `moved_to` another patient's stream, with a reason."""
        if note.reason is None:
            raise MissingValueError("reason", "why the fact is retracted")
        statement = self.standing(fact)
        day = clinical_day(statement, self)
        kind = kind_of(fact)
        if moved_to is not None:
            self._given_away.add(fact)
        self._add(
            kind.retracted(
                patient=self.pseudonym,
                fact=fact,
                clinical_on=day,
                actor=note.actor,
                source=note.source,
                reason=note.reason,
                moved_to=moved_to and unnamed_fact(moved_to),
                under=note.under and unnamed(note.under),
                origin=note.origin,
            )
        )

    def confirm(self, fact: str, note: Note) -> None:
        """Note what a source says of a fact, where nothing that stands changes by it."""
        assert note.origin is not None, "what is confirmed was said by a source"
        self._add(
            kind_of(fact).confirmed(
                patient=self.pseudonym,
                fact=fact,
                clinical_on=None,
                actor=note.actor,
                source=note.source,
                reason=None,
                under=note.under and unnamed(note.under),
                origin=note.origin,
            )
        )

    def update(self, fact: str, statement: Statement, note: Note) -> Outcome:
        """State what a source says now of a fact, whatever was known before; return what that meant.

        `recorded`, `amended`, `ended` where only its end was added, or `unchanged`.
        """
        known = self.facts.get(fact)
        if known is None:
            self._record(fact, statement, Note(note.actor, note.source, None, note.origin, note.under))
            return "recorded"
        if same(known, statement):
            return "unchanged"
        kind = kind_of(fact)
        if known == without_end(kind, known) and differ_in_the_end_only(kind, known, statement):
            self.end(fact, statement, replace(note, reason=None))
            return "ended"
        self.amend(fact, statement, note)
        return "amended"

    def carried(self, fact: str) -> Carried:
        """Return a fact as it is taken along to another patient: what stands of it, and what sources said of it."""
        return Carried(fact, self.facts.get(fact), dict(self.memories.of(fact)))

    def give_away(self, carried: Carried, note: Note, *, moved_to: str, heard: Collection[str] = ()) -> None:
        """Let go of a fact that is another patient's, with what sources said of it; some are `heard` here still."""
        said = self.memories.of(carried.fact)
        if carried.statement is None:  # a person withdrew it before
            for source in [source for source in said if source not in heard]:
                self.confirm(carried.fact, replace(note, origin=Origin(source=source)))
            return
        kept = {source: memory for source, memory in said.items() if source in heard}
        self.retract(carried.fact, note, moved_to=moved_to)
        for source, memory in kept.items():
            self.confirm(carried.fact, replace(note, reason=None, origin=memory.alone(source)))

    def take_over(self, carried: Carried, fact: str, note: Note) -> None:
        """Record a fact that was another patient's, with all that sources said of it."""
        others = dict(carried.memories)
        if carried.statement is not None:
            origin = None
            for source in list(others)[:1]:
                origin = others.pop(source).beside(source, carried.statement)
            told = replace(note, reason=None, origin=origin)
            self._stated_before[fact] = carried.statement
            self._record(fact, carried.statement, told, moved_from=carried.fact)
        for source, memory in others.items():
            self.confirm(fact, replace(note, origin=memory.alone(source)))

    def free_reference(self, proposed: str, *, again: bool = False, under: str | None = None) -> str:
        """Return the reference of a new fact: the one proposed, or where that names another, one with a number.

        A fact that was withdrawn gives its reference to one that is recorded `again`; else only where no source
        remembers it, and neither it nor the new one comes `under` another name of the patient.
        """
        fact, number = proposed, 1
        if fact == self.enrolment_reference:
            return fact
        while fact in self.facts or (not again and (self.memories.of(fact) or self._names_another(fact, under))):
            again, number = False, number + 1
            fact = numbered(proposed, number)
        return fact

    def _names_another(self, fact: str, under: str | None) -> bool:
        """Return whether a fact was withdrawn here that is of another name than what comes under one, or under none."""
        was_here = fact in self._retracted and fact not in self.merges.went
        return was_here and (under is not None or fact in self.merges.came)

    def withdrawn(self, fact: str) -> Statement | None:
        """Return what was stated last of a fact that was withdrawn, None of any other."""
        return self._retracted.get(fact)

    def refusals(self, standards: Standards) -> Iterator[tuple[str, RefusalError]]:
        """Yield each fact that cannot stand beside the others, with the reason.

        Judges what was placed since the last save and what rests on it.
        """
        if self.is_erased:
            yield from ((fact, ErasedPatientError()) for fact in self._touched)
            return
        if self.merges.into is not None:
            yield from ((fact, self._merged_away(fact)) for fact in self._touched)
            return
        changed = {fact: was for fact, was in self._stated_before.items() if fact not in self._given_away}
        yield from locked_facts(changed, self.facts, standards.campaigns)
        if self.enrolment is None:
            held = [fact for fact in self.facts if fact not in self._touched]
            if held:
                yield self.enrolment_reference, HeldFactError(self.enrolment_reference, held)
            for fact in self._touched:
                if fact in self.facts:
                    yield fact, NotEnrolledError(self.pseudonym)
            return
        judged = PatientFacts(self, standards)
        # What comes in one batch with the withdrawal of consent was recorded while the consent held.
        withdrawn_on = self._followed.withdrawn_on if judged.follow_up.withdrawn_on is not None else None
        for fact in self._touched:
            if fact in self.facts and (refusal := self._why_not(fact, judged, withdrawn_on)):
                yield fact, refusal
        for cause in self._touched:
            broken = [fact for fact in self._resting_on(cause) if is_broken(self.facts[fact], judged)]
            if broken:
                yield cause, HeldFactError(cause, broken)

    def _why_not(self, fact: str, judged: PatientFacts, withdrawn_on: date | None) -> RefusalError | None:
        """Return why a fact that was placed is refused; after consent was withdrawn all but what says so is."""
        statement, before = self.facts[fact], self._stated_before[fact]
        is_as_it_was = before is not None and same(before, statement)
        if is_as_it_was and outlives_its_study(statement, self, judged.campaigns):
            return None
        if withdrawn_on is None or isinstance(statement, Enrolment):
            return why_not(statement, judged) or why_ended(statement, before, judged.catalogue)
        if isinstance(statement, Resumption):
            refusal = why_not(statement, judged)
            if refusal is not None or statement.end_reason == WITHDRAWN:
                return refusal
        return ConsentWithdrawnError(withdrawn_on)

    def _resting_on(self, cause: str) -> Iterator[str]:
        """Yield the untouched facts that a changed fact may have made impossible."""
        if kind_of(cause).name == "patient":
            yield from (fact for fact in self.facts if fact not in self._touched)
        elif (span := self._followed.span_of(cause)) is not None:
            for fact, statement in self.facts.items():
                if fact not in self._touched and may_lie_in(span, statement):
                    yield fact
        for fact, statement in self.facts.items() if self._touched[cause] else ():
            if fact not in self._touched and self._touched[cause].intersection(studies_read(statement)):
                yield fact

    def standing(self, fact: str) -> Statement:
        """Return what is stated of a fact now.

        Raises `UnknownFactError` or `RetractedFactError`.
        """
        known = self.facts.get(fact)
        if known is None:
            if self.is_erased:
                raise ErasedPatientError
            if self.merges.into is not None:
                raise self._merged_away(fact)
            if fact in self._retracted:
                raise RetractedFactError(fact)
            raise UnknownFactError(fact, self.facts)
        return known

    def turn(self, event: Merging) -> None:
        """Say that the patient and another pseudonym are one, or two again."""
        self._place(event)

    def _merged_away(self, fact: str) -> MergedPatientError:
        assert self.merges.into is not None
        return MergedPatientError(self.pseudonym, self.merges.into, fact=self.merges.went.get(fact))

    def _trigger(
        self,
        event: type[StatementEvent],
        fact: str,
        note: Note,
        statement: Statement,
        *,
        moved_from: str | None = None,
    ) -> None:
        kind = kind_of(fact)
        ended = event is kind.ended
        self._add(
            event(
                patient=self.pseudonym,
                fact=fact,
                clinical_on=clinical_day(statement, self, ended=ended),
                actor=note.actor,
                source=note.source,
                reason=note.reason,
                moved_from=moved_from and unnamed_fact(moved_from),
                under=note.under and unnamed(note.under),
                statement=statement,
                origin=note.origin,
            )
        )

    def _add(self, event: Event) -> None:
        before = self.facts.get(event.fact)
        self._stated_before.setdefault(event.fact, before)
        self._place(event)
        now = self.facts.get(event.fact)
        stated = (before, None if isinstance(now, Assignment) else now)  # on a new assignment nothing rests yet
        touched = self._touched.setdefault(event.fact, NO_STUDIES)
        if studies := {each.study for each in stated if isinstance(each, Study | Assignment)}:
            self._touched[event.fact] = touched | studies

    def _place(self, event: Event | Merging) -> None:
        if not self._pending:
            self._followed = FollowUp.of(self.facts)
        self.apply(event)
        self._pending.append(StreamEvent(self.id, self.version, event))
