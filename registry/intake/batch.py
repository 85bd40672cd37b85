"""A batch as it was read: the facts that it states, and everything that is wrong with its rows by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.domain.batches import DeliveredFile
from registry.domain.references import reference
from registry.errors import ClinicalDayError, NotEnrolledError, RefusalError, UnknownStudyError
from registry.intake.problem_list import ProblemList
from registry.intake.staged_fact import NO_OTHER_WORDS, StagedFact
from registry.intake.staging import Staging
from registry.places import Place, Problem
from registry.schema.rows import Fields
from registry.schema.tables import Table

ID_ONCE: Final = "an id names one row"
KEEP_ONE: Final = "with other content; keep one"


class UnresolvedReferences:
    """Whom and what refused rows would have introduced; what rests on these cannot be judged before they are mended."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {"patients": set(), "follow_ups": set(), "imaging": set()}
        self._unknown: set[str] = set()

    def add(self, table: Table, fields: Fields) -> None:
        """Remember a refused row, by as much of it as can be read."""
        if table.name not in self._known:
            return
        code = fields.get(table.key[0])
        if code is None:
            self._unknown.add(table.name)
        else:
            self._known[table.name].add(str(code))

    def about_patient(self, patient: str) -> bool:
        """Return whether a refused row may have enrolled a patient."""
        return "patients" in self._unknown or patient in self._known["patients"]

    def about_follow_up(self, patient: str) -> bool:
        """Return whether a refused row may have resumed the follow-up of a patient."""
        return patient in self._known["follow_ups"]

    def about_study(self, study: str) -> bool:
        """Return whether a refused row may have introduced a study."""
        return "imaging" in self._unknown or study in self._known["imaging"]

    def explains(self, refusal: RefusalError, patient: str) -> bool:
        """Return whether a refusal may only be the echo of a refused row."""
        match refusal:
            case NotEnrolledError():
                return self.about_patient(patient)
            case ClinicalDayError():
                return self.about_follow_up(patient)
            case UnknownStudyError():
                return self.about_study(refusal.study)
        return False


class Batch:
    """The facts of a batch, which are in its staging, and all that is wrong with it.

    `files` names the files that hold each table; `unread` says whether a file could not be read to its end. `rows` is
    the number of rows read, `delivered` what of the files is noted with the batch, `mapping` the SHA-256 of the mapping
    by which they were read and `shifted_dates` what it says of their dates, None where they are tables of ours;
    `left_out` what the mapping leaves out of their rows, counted.
    """

    def __init__(self, staging: Staging, ignored: list[str], problems: list[Problem]) -> None:
        self.staging, self.ignored, self.problems = staging, ignored, ProblemList(problems)
        self.files: dict[str, list[str]] = {}
        self.delivered: list[DeliveredFile] = []
        self.mapping: str | None = None
        self.shifted_dates: bool | None = None
        self.left_out: list[str] = []
        self.rows = 0
        self.unread = bool(problems)
        self.unresolved = UnresolvedReferences()

    def refuse(self, refusal: RefusalError | str, *, file: str, line: int, column: str | None = None) -> None:
        """Note that something cannot be recorded, and where it stands."""
        field = getattr(refusal, "field", None) if column is None else column
        value = getattr(refusal, "value", None)
        self.problems.append(Problem(Place(file, line, field or ""), str(refusal), value))

    def add(
        self, table: Table, fields: Fields, *, file: str, line: int, own: Mapping[str, str] = NO_OTHER_WORDS
    ) -> None:
        """Take in a row that states a fact; a second row of the same fact must say the same."""
        staged = StagedFact(table, fields, file=file, line=line, own=own)
        if staged.row_id is None and not self.staging.is_claimed and self.staging.keep_new(staged):
            return
        first = self.staging.find(staged.identity)
        if first is None:
            if not self._is_clash(staged):
                self.staging.keep(staged)
        elif staged.says_the_same(first):
            first.complete(fields, own)
            self.staging.keep(first)
        else:
            self.refuse(f"{staged.reference} stands at {first.source} too, {KEEP_ONE}", file=file, line=line)

    def _is_clash(self, staged: StagedFact) -> bool:
        """Refuse a row that ids do not tell apart from another; return whether it was refused."""
        row_id, row = staged.row_id, self.staging.row(staged.file, staged.line)
        if row_id is None:
            source = self.staging.claimed(staged.identity)
        else:
            first = self.staging.claim(reference(staged.table.kind, row_id=row_id), row)
            if first is not None:
                return self._refuse_clash(staged, "id", f"{row_id!r} is another row at {first}; {ID_ONCE}")
            known = self.staging.find(staged.key_identity)
            source = known.source if known else None
            other = self.staging.claim(staged.key_identity, row)
            if staged.table.kind == "imaging" and other is not None:
                study = f"{staged.fields['study']!r} stands at {other} too, under another id; keep one"
                return self._refuse_clash(staged, "study", study)
        if source is None:
            return False
        mixed = f"{source} has the same key, and only one of the two rows has an id; give both one"
        return self._refuse_clash(staged, "id", mixed)

    def _refuse_clash(self, staged: StagedFact, column: str, why: str) -> bool:
        self.refuse(f"{column}: {why}", file=staged.file, line=staged.line, column=column)
        return True
