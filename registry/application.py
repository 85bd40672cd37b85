"""The registry as a program speaks to it: opened and closed, asked what is in it, told what happened to patients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from registry.audit.batches import ImportedBatch, imported_batches
from registry.audit.begun_references import KnownFact, facts_begun
from registry.audit.history import FactVersion, fact_history, owner_at
from registry.audit.proof import Proof
from registry.audit.prove import last_event_of, proof_of, root_at
from registry.audit.told_part import WHOLE, Part
from registry.campaigns.states import CampaignState, campaign_at, campaigns_at
from registry.catalogue.protocol import Protocol
from registry.patient_commands import PatientCommands
from registry.protocol.adopted import Adoption, adoptions
from registry.protocol.adopting import Trial, adopt, tried
from registry.protocol.file import written_in
from registry.schema.typed_references import parsed
from registry.store.freezes import Freeze, Freezes
from registry.store.head import Clock, Head, system_clock
from registry.store.opening import create_database
from registry.store.overwriting import finish
from registry.store.verify import Verification, Witness, verify
from registry.streams import PatientStreams
from registry.toml_keys import DefinitionError

if TYPE_CHECKING:
    from registry.campaigns.adjudicating import Adjudicating
    from registry.campaigns.starting import CampaignStart
    from registry.campaigns.units import ListedStudy
    from registry.campaigns.worklists import Case


class Registry(PatientCommands):
    """A registry: its commands, its log, its freezes.

    `actor` is who records, `source` whence; `log` is the event log, to be read; `interrupted` an erasure that was not
    finished before: opening the registry did that, or says why not. One that is
    `only_read` finishes nothing.
    """

    def __init__(
        self, streams: PatientStreams, *, actor: str | None = None, source: str = "python", only_read: bool = False
    ) -> None:
        super().__init__(streams, actor=actor, source=source)
        self._freezes = Freezes(streams.recorder.database, clock=streams.recorder.clock)
        self.interrupted = None if only_read else finish(self.log.database)

    @classmethod
    def open(cls, place: str, *, actor: str | None = None, clock: Clock = system_clock) -> Self:
        """Open the registry at a path or a database URL.

        Raises `NoRegistryError`, `OldSchemaError`, `NewSchemaError`, `NotARegistryError` or `UnreachableError`.
        """
        return cls(PatientStreams.open(place, clock=clock), actor=actor)

    @classmethod
    def open_to_read(cls, place: str, *, clock: Clock = system_clock) -> Self:
        """Open the registry at a path or a database URL so that the database itself refuses to be written.

        Every command fails with `UnreachableError`. Raises as `open` does.
        """
        return cls(PatientStreams.open(place, clock=clock, only_read=True), only_read=True)

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

    def today(self) -> date:
        """Return the day that it is where the registry is kept; no clinical day may lie after it."""
        return self._streams.standards().today

    def verify(self, *, since: str | None = None, witnesses: Iterable[Witness] = ()) -> Verification:
        """Return what a check of the log finds: gaps, order, versions, commitments, digests, freezes.

        `witnesses` are digests kept elsewhere, that are held against the log as freezes are. With `since`, the name of
        a freeze, its digest is trusted and only what came after it is checked. Raises `UnknownPointError`.
        """
        return verify(self.log, since=since, witnesses=witnesses)

    def history(self, fact: str, *, part: Part = WHOLE) -> list[FactVersion]:
        """Return every version of a fact in the order in which the registry learnt of it, by default from all the log.

        Raises `UnknownFactError` where nothing was recorded under the reference in that `part`, `ErasedPatientError`
        where the patient was erased.
        """
        named = parsed(fact)
        if named.patient is not None:
            self.check_not_erased(named.patient)
        streams = self._streams.streams_of(named)
        return fact_history(self.log, streams, str(named), catalogue=self.catalogue, part=part)

    def facts_begun(self, reference: str, *, part: Part = WHOLE) -> list[KnownFact]:
        """Return the facts whose references begin as one does, as `visit/P-001` or `reading/MR-0001`, by reference.

        They are those that a `part` of the log tells of, by default all of it.

        Raises `UnknownStudyError` for a study that was never recorded, `ErasedPatientError` for an erased patient.
        """
        named = parsed(reference)
        if named.patient is not None:
            self._streams.check_not_erased(named.patient)
        return facts_begun(self.log, self._streams.streams_of(named), named, part=part)

    def owner(self, fact: str, *, until: int | None = None) -> str:
        """Return the pseudonym of the patient to whom a reference belongs now, or belonged at a position of the log.

        Raises `UnknownStudyError` or `UnknownFactError` where nobody ever had it, by then.
        """
        named = parsed(fact)
        if until is None or named.patient is not None:
            return self._streams.owner(named)
        return owner_at(self.log, self._streams.streams_of(named), str(named), until=until)

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

    def adopt_protocol(
        self, protocol: Protocol | Path | str, *, reason: str | None = None, expecting: int | None = None
    ) -> Adoption:
        """Collect from now on what a protocol or its file says, beside what is built in; return the edition that it is.

        A protocol that holds already stores nothing. `expecting` is the edition after which it was written, 0 for none;
        another one that holds is refused. Raises `DefinitionError` with all that is wrong with it.
        """
        note, clock = self._note(reason), self._streams.recorder.clock
        return adopt(self.log, written_in(protocol), note, clock=clock, expecting=expecting)

    def try_protocol(self, protocol: Protocol | Path | str) -> Trial:
        """Return what adopting a protocol or its file would do, and record nothing. Raises as `adopt_protocol` does."""
        return tried(self.log, written_in(protocol))

    def batches(self) -> list[ImportedBatch]:
        """Return every import, the oldest first: what was delivered, by whom, and by which mapping it was read."""
        return imported_batches(self.log)

    def protocols(self) -> list[Adoption]:
        """Return every edition of the protocol that was adopted, the oldest first."""
        return adoptions(self.log)

    # its reading campaigns, of which a start of the command line needs nothing but what became of them

    def start_campaign(
        self,
        file: Path | str,
        *,
        studies: Iterable[ListedStudy] | None = None,
        key: Path | str | None = None,
        position: int | None = None,
        dry_run: bool = False,
    ) -> CampaignStart:
        """Start the campaign that a file declares: make its key, and store who reads which study, all or nothing.

        `studies` are those to read, chosen at a `position` of the log, by default those of the list that the file
        names; of a cohort, `spondyl.chosen_studies` gives them. `key` is the file that is made for the key, by default
        the campaign's name with `.key`. The same file once more stores nothing. Raises `DefinitionError` with all that
        is wrong, `CampaignStateError` where the name is taken, and `CampaignKeyError`.
        """
        from registry.campaigns.file import declared_in
        from registry.campaigns.keys import key_file
        from registry.campaigns.starting import Chosen, start
        from registry.campaigns.units import listed_in

        declared = declared_in(file, self.catalogue)
        if studies is None:
            if declared.campaign.chosen_by == "cohort":
                raise DefinitionError(str(file), ["cohort: chooses the studies; give those of chosen_studies"])
            studies = listed_in(declared.chosen_in)
        chosen = Chosen([*studies], self.head.position if position is None else position)
        kept = key_file(declared.campaign.campaign) if key is None else Path(key)
        return start(self._streams, declared, chosen, self._note(), key_file=kept, dry_run=dry_run)

    def campaigns(self) -> list[CampaignState]:
        """Return every campaign that was started, the oldest first, and what became of it."""
        return [*campaigns_at(self.log).values()]

    def campaign_cases(self, name: str, *, reader: str | None = None, key: Path | str | None = None) -> list[Case]:
        """Return the cases of a campaign, or of one reader, in their order, with codes and letters.

        `key` is the file of the key, by default where it is made; once the campaign is unblinded none is needed.
        Whoever has the answer is not blinded. Raises `UnknownCodeError` and `CampaignKeyError`.
        """
        from registry.campaigns.unblinding import key_of
        from registry.campaigns.worklists import cases_of

        state = campaign_at(self.log, name)
        return cases_of(self._streams, state, key_of(state, None if key is None else Path(key)), reader=reader)

    def write_worklist(
        self, name: str, reader: str, folder: Path | str, *, key: Path | str | None = None, ending: str = ".xlsx"
    ) -> list[Path]:
        """Write the blinded files of what a reader of a campaign is to read still; return where they are.

        They are workbooks of at most 100 cases, or with the `ending` `.csv` tables. `key` is the file of the key, by
        default where it is made. Nothing is ever written over. Raises `UnknownCodeError`, `CampaignStateError` where
        the campaign is locked, `CampaignKeyError`, and `UnwritableError`.
        """
        from registry.campaigns.handing_out import hand_out

        kept = None if key is None else Path(key)
        return hand_out(self._streams, name, reader, Path(folder), key=kept, ending=ending)

    def adjudicate_campaign(self, name: str, units: Iterable[str]) -> Adjudicating:
        """Give units of a campaign to its adjudicator, all or nothing; what was given before is left alone.

        Which units readers differ about, `spondyl.disagreements` says. Raises `UnknownCodeError`, and
        `CampaignStateError` where nobody adjudicates, or the campaign is locked.
        """
        from registry.campaigns.adjudicating import adjudicate

        return adjudicate(self._streams, name, units, self._note())

    def lock_campaign(self, name: str, *, reason: str | None = None) -> CampaignState:
        """Lock a campaign: nothing is read in it from then on, nor amended or retracted; return what it is since.

        Raises `UnknownCodeError`, and `CampaignStateError` where cases are unread and no `reason` is given.
        """
        from registry.campaigns.locking import lock

        return lock(self._streams, name, self._note(reason))

    def unblind_campaign(self, name: str, *, reason: str, key: Path | str | None = None) -> CampaignState:
        """Publish the key of a locked campaign in the log, with who did it and why; return what it is since.

        Raises `UnknownCodeError`, `CampaignStateError` before it is locked, `MissingValueError`, `CampaignKeyError`.
        """
        from registry.campaigns.unblinding import unblind

        return unblind(self.log, name, self._note(reason), key=None if key is None else Path(key))
