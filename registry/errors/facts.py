"""A fact that may not be recorded beside what is known: of the patient, the study, or the fact itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.errors.values import RefusalError
from registry.wording import VALUE_AT_MOST, listed, shown, suggestion


class NotEnrolledError(RefusalError):
    """A fact of a patient who is not in the registry."""

    def __init__(self, patient: str) -> None:
        super().__init__(
            f"patient: {shown(patient)} is not enrolled; enrol the patient first", field="patient", value=patient
        )


class UnknownFactError(RefusalError):
    """Nothing is recorded under this reference."""

    def __init__(self, fact: str, known: Iterable[str] = ()) -> None:
        named = (
            fact if len(fact) <= VALUE_AT_MOST else f"{fact[:VALUE_AT_MOST]}…"
        )  # what was typed may be of any length
        super().__init__(f"{named} is not recorded{suggestion(fact, known)}")
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


class MergedPatientError(RefusalError):
    """The pseudonym is another name of a patient: it was merged into that one, where all is recorded now."""

    def __init__(self, patient: str, into: str, *, when: str = "", fact: str | None = None) -> None:
        known = "" if fact is None else f", as {fact}"
        super().__init__(
            f"patient: {shown(patient)} was merged into {shown(into)}{when}; what is known and recorded of this "
            f"patient is under {shown(into)}{known}",
            field="patient",
            value=patient,
        )
        self.patient, self.into, self.fact = patient, into, fact


class MergeRefusedError(RefusalError):
    """Two pseudonyms that cannot become one patient, or not two again; all that stands in the way, a line each."""

    def __init__(self, what: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        self._lines = (f"{what}: {len(self.problems)} in the way", *self.problems)
        super().__init__("\n".join(self._lines), field="patient")

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines


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
            f"record the study first{suggestion(study, known)}",
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
        super().__init__(f"{fact} cannot change so: {listed(resting, 'and')} {rest} on it; retract or amend first")
        self.fact, self.resting = fact, tuple(resting)
