"""What a person can be told and can mend.

    RegistryError
    ├── StoreError                 the registry itself cannot be used as asked
    │   ├── NoRegistryError        nothing there
    │   ├── NotARegistryError      something there, but not a registry
    │   ├── OldSchemaError         made by an earlier spondyl, wants an upgrade
    │   ├── NewSchemaError         made by a later spondyl
    │   ├── UnreachableError       the database does not answer, or not to us
    │   ├── NoRoomError            no room for temporary files
    │   ├── CopyError              a copy that cannot be made, or would not be whole
    │   │   ├── ExistingCopyError  something stands in its place already
    │   │   └── ServerCopyError    a registry on a server, which has its own tools
    │   ├── ConcurrentChangeError  somebody else recorded in between
    │   ├── FreezeExistsError
    │   └── UnknownPointError      no such freeze, position or instant
    └── RefusalError               what was asked may not be recorded
        ├── MissingValueError      a required value is empty
        ├── FormatError            a value that cannot be read
        ├── UnknownCodeError       a word that no list contains
        ├── UnitError              a unit that cannot be converted exactly
        ├── RangeError             a number outside its limits
        ├── GradeError             a grade that the method does not allow
        ├── ClinicalDayError       a day on which it cannot have happened
        ├── NotEnrolledError       a fact of a patient who is not in the registry
        ├── UnknownFactError       nothing is recorded under this reference
        ├── RetractedFactError     it was recorded, and withdrawn as an error
        ├── ConsentWithdrawnError  nothing more is recorded about this patient
        ├── ErasedPatientError     the patient was erased, and nothing of it is kept
        ├── ProofError             a proof that does not hold
        ├── AlreadyRecordedError   something else is recorded under this key
        ├── AlreadyEndedError      a second stop or end
        ├── UnknownStudyError      a reading or verdict without its study
        ├── StudyMisfitError       a study that the method or verdict cannot rest on
        ├── HeldFactError          other facts rest on it
        └── BatchRefusedError      everything that is wrong with one import, at once

A message names the field, the value, the limit and the mend; never a person. `StoreError`s and
`RefusalError`s are the user's to act on; every other exception is a defect of spondyl.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

import msgspec

LISTED_AT_MOST: Final = 12
VALUE_AT_MOST: Final = 200  # characters of a refused cell, for machines
SUGGESTED_AT_MOST: Final = 100  # characters of a word for which the nearest known one is looked for


class RegistryError(Exception):
    """Something that the person who asked can act on; it says the same when it comes from another process."""

    def __reduce__(self) -> tuple[object, ...]:
        # Python would make it anew from its message, where most classes want the values that the message is made of.
        return _as_it_was, (type(self), self.args), vars(self)


def _as_it_was(kind: type[RegistryError], args: tuple[object, ...]) -> RegistryError:
    return kind.__new__(kind, *args)


class StoreError(RegistryError):
    """The registry itself cannot be used as asked."""


class NoRegistryError(StoreError):
    """Nothing is there."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no registry at {place}; create one with `spondyl init`")
        self.place = place


class NotARegistryError(StoreError):
    """Something is there, but it is not a registry."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place} is not a spondyl registry: {what}")
        self.place = place


class OldSchemaError(StoreError):
    """The registry was made by an earlier spondyl."""

    def __init__(self, place: str, *, found: str, wanted: str) -> None:
        super().__init__(f"{place} has schema {found}, this spondyl needs {wanted}; upgrade it with `spondyl init`")
        self.found, self.wanted = found, wanted


class NewSchemaError(StoreError):
    """The registry was made by a later spondyl."""

    def __init__(self, place: str, *, found: str, wanted: str) -> None:
        super().__init__(f"{place} has schema {found}, this spondyl knows up to {wanted}; open it with a newer spondyl")
        self.found, self.wanted = found, wanted


class UnreachableError(StoreError):
    """The database does not answer, or not to us."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"cannot use the registry at {place}: {why}")
        self.place, self.why = place, why


class NoRoomError(StoreError):
    """The folder for temporary files has no room for what an import reads; nothing was stored."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"nothing was stored: no room for temporary files: {why}; name another folder in SQLITE_TMPDIR"
        )


class CopyError(StoreError):
    """A copy of a registry that cannot be made, or would not be whole; there is none then."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"cannot copy a registry to {place}: {why}")
        self.place = place


class ExistingCopyError(CopyError):
    """Something stands in the place of the copy already."""

    def __init__(self, place: str) -> None:
        super().__init__(place, "something is there; choose another place, or ask for a registry to be overwritten")


class ServerCopyError(CopyError):
    """A registry on a server is copied with the server's own tools."""

    def __init__(self, place: str) -> None:
        super().__init__(place, "it is on a server; use pg_dump and pg_restore, as docs/backup.md says")


class ConcurrentChangeError(StoreError):
    """Somebody else recorded about the same patients in between."""

    def __init__(self) -> None:
        super().__init__(
            "somebody else recorded about the same patients at the same time; nothing was stored, run it again"
        )


class FreezeExistsError(StoreError):
    """A freeze keeps its name for ever."""

    def __init__(self, name: str, *, position: int) -> None:
        super().__init__(f"freeze {name!r} exists already, at position @{position}; choose another name")
        self.name, self.position = name, position


class UnknownPointError(StoreError):
    """A place on the recorded clock that this log does not have."""

    def __init__(self, asked: str, why: str, known: Iterable[str] = (), *, field: str = "known_at") -> None:
        super().__init__(f"{field} {asked!r}: {why}{_suggestion(asked, known)}")
        self.asked = asked


class RefusalError(RegistryError):
    """What was asked may not be recorded.

    `field` is the column that has to change, where one does; `value` is what stands there, cut where it is long, None
    where it is empty or may be a name.
    """

    def __init__(self, message: str, *, field: str | None = None, value: object = None) -> None:
        super().__init__(message)
        self.field = field
        self.value = None if value is None else str(value)[:VALUE_AT_MOST]


class MissingValueError(RefusalError):
    """A required value is empty."""

    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field} is empty; give {wanted}", field=field)


class FormatError(RefusalError):
    """A value that cannot be read as what its column holds."""

    def __init__(self, field: str, value: object, wanted: str) -> None:
        super().__init__(f"{field}: {shown(value)} is not {wanted}", field=field, value=value)


class UnknownCodeError(RefusalError):
    """A word that no list contains."""

    def __init__(self, field: str, value: object, known: Iterable[str], *, what: str | None = None) -> None:
        known = tuple(known)
        super().__init__(
            f"{field}: {shown(value)} is not a known {what or field}{_suggestion(str(value), known)}",
            field=field,
            value=value,
        )
        self.known = known


class UnitError(RefusalError):
    """A unit that cannot be converted exactly into the measure's own."""

    def __init__(self, field: str, unit: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"{field}: unit {shown(unit)} cannot be used; write {' or '.join(allowed)}", field=field, value=unit
        )


class RangeError(RefusalError):
    """A number outside its limits."""

    def __init__(self, field: str, value: object, limit: str) -> None:
        super().__init__(f"{field}: {value} is outside {limit}", field=field, value=value)


class GradeError(RefusalError):
    """A grade that the method does not allow."""

    def __init__(self, grade: object, *, method: str, where: str, allowed: Sequence[int]) -> None:
        super().__init__(
            f"grade: {shown(grade)} at {where} is not a grade of {method}; write {_listed(map(str, allowed))}, "
            "or leave it empty where it could not be assessed",
            field="grade",
            value=grade,
        )


class ClinicalDayError(RefusalError):
    """A day on which it cannot have happened."""

    def __init__(self, field: str, day: object, why: str) -> None:
        super().__init__(f"{field}: {day} {why}", field=field, value=day)


class NotEnrolledError(RefusalError):
    """A fact of a patient who is not in the registry."""

    def __init__(self, patient: str) -> None:
        super().__init__(
            f"patient: {shown(patient)} is not enrolled; enrol the patient first", field="patient", value=patient
        )


class UnknownFactError(RefusalError):
    """Nothing is recorded under this reference."""

    def __init__(self, fact: str, known: Iterable[str] = ()) -> None:
        super().__init__(f"{fact} is not recorded{_suggestion(fact, known)}")
        self.fact = fact


class RetractedFactError(RefusalError):
    """It was recorded, and withdrawn as an error."""

    def __init__(self, fact: str) -> None:
        super().__init__(f"{fact} was retracted; record it anew where it is true after all")
        self.fact = fact


class ConsentWithdrawnError(RefusalError):
    """The patient has withdrawn consent: nothing more is recorded."""

    def __init__(
        self,
        withdrawn_on: object,
        *,
        mend: str = "leave the row out, or amend the enrolment first where that was an error",
    ) -> None:
        super().__init__(
            f"patient: consent was withdrawn on {withdrawn_on}, nothing more is recorded; {mend}", field="patient"
        )


class ErasedPatientError(RefusalError):
    """The patient was erased: nothing of it can be shown, and nothing more be recorded."""

    def __init__(self, when: str = "") -> None:
        super().__init__(
            f"patient: this patient was erased{when}; nothing of it is kept, and nothing more is recorded under the "
            "pseudonym",
            field="patient",
        )


class ProofError(RefusalError):
    """A proof that does not hold, or is none."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the proof does not hold: {why}")


class AlreadyRecordedError(RefusalError):
    """Something else is recorded under this key."""

    def __init__(self, fact: str, *, mend: str = "amend it with a reason") -> None:
        super().__init__(f"{fact} is recorded already, with other content; {mend}")
        self.fact = fact


class AlreadyEndedError(RefusalError):
    """A second stop or end."""

    def __init__(self, fact: str, field: str, day: object) -> None:
        super().__init__(f"{field}: {fact} has ended already, on {day}; amend it with a reason", field=field, value=day)
        self.fact = fact


class UnknownStudyError(RefusalError):
    """A reading or a verdict without its study."""

    def __init__(self, field: str, study: str, known: Iterable[str] = (), *, whose: str = "") -> None:
        super().__init__(
            f"{field}: no imaging study {shown(study)}{whose} is recorded; "
            f"record the study first{_suggestion(study, known)}",
            field=field,
            value=study,
        )
        self.study = study


class StudyMisfitError(RefusalError):
    """A study that the method or the verdict cannot rest on."""

    def __init__(self, field: str, study: str, why: str) -> None:
        super().__init__(f"{field}: study {shown(study)} {why}", field=field, value=study)
        self.study = study


class HeldFactError(RefusalError):
    """Other facts rest on it."""

    def __init__(self, fact: str, resting: Sequence[str]) -> None:
        rest = "rests" if len(resting) == 1 else "rest"
        super().__init__(f"{fact} cannot change so: {_listed(resting, 'and')} {rest} on it; retract or amend first")
        self.fact, self.resting = fact, tuple(resting)


class Place(msgspec.Struct, frozen=True, order=True):
    """Where in the files something stands: file (or workbook!sheet), line from 1, column name."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return printable(f"{self.file}:{self.line}" + (f":{self.column}" if self.column else ""))


class Problem(msgspec.Struct, frozen=True):
    """One refused cell or row and what would be right; `value` is the refused cell's, as `RefusalError` has it."""

    place: Place
    message: str
    value: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class BatchRefusedError(RefusalError):
    """Everything that is wrong with one import; nothing of it is stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.place, problem.message)))
        count = len(self.problems)
        super().__init__(f"nothing was stored: {count} {'problem' if count == 1 else 'problems'} in the batch")


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal: a sign that cannot be printed becomes the sign for that."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def shown(value: object) -> str:
    """Return a value as it may stand in a message: quoted, on one line, cut where it is long."""
    text = repr(str(value))
    return text if len(text) <= 60 else f"{text[:57]}…'"


def _suggestion(value: str, known: Iterable[str]) -> str:
    """Return the mend: the nearest of the known words, or all of them where they are few."""
    by_lower = {word.lower(): word for word in known}
    near = [] if len(value) > SUGGESTED_AT_MOST else get_close_matches(value.lower(), by_lower, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {by_lower[near[0]]!r}?"
    if by_lower and len(by_lower) <= LISTED_AT_MOST:
        return f"; write {_listed(by_lower.values())}"
    return ""


def _listed(words: Iterable[str], last: str = "or") -> str:
    words = list(words)
    if len(words) > LISTED_AT_MOST:
        words = [*words[:LISTED_AT_MOST], f"{len(words) - LISTED_AT_MOST:,} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
