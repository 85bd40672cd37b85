"""A batch as it was read: the facts that it states, and everything that is wrong with its rows by themselves."""

from __future__ import annotations

from registry.domain.references import reference
from registry.errors import ClinicalDayError, NotEnrolledError, Place, Problem, RefusalError, UnknownStudyError
from registry.intake.staged_fact import StatedFact
from registry.intake.staging import Spool
from registry.schema.rows import Fields
from registry.schema.tables import Table


class Doubt:
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
    """The facts of a batch, which are in its spool, and all that is wrong with it.

    `files` names the files that hold each table; `unread` says whether a file could not be read to its end. `rows` is
    the number of rows read.
    """

    def __init__(self, spool: Spool, ignored: list[str], problems: list[Problem]) -> None:
        self.spool, self.ignored, self.problems = spool, ignored, problems
        self.files: dict[str, list[str]] = {}
        self.rows = 0
        self.unread = bool(problems)
        self.doubt = Doubt()

    def refuse(self, refusal: RefusalError | str, *, file: str, line: int, column: str | None = None) -> None:
        """Note that something cannot be recorded, and where it stands."""
        found = getattr(refusal, "field", None) if column is None else column
        value = getattr(refusal, "value", None)
        self.problems.append(Problem(Place(file, line, found or ""), str(refusal), value))

    def add(self, table: Table, fields: Fields, *, file: str, line: int) -> None:
        """Take in a row that states a fact; a second row of the same fact must say the same."""
        stated = StatedFact(table, fields, file=file, line=line)
        first = self.spool.find(stated.reference)
        if first is None:
            if not self._is_clash(stated):
                self.spool.keep(stated)
        elif stated.says_the_same(first):
            first.complete(fields)
            self.spool.keep(first)
        else:
            self.refuse(
                f"{stated.reference} stands at {first.source} too, with other content; keep one", file=file, line=line
            )

    def _is_clash(self, stated: StatedFact) -> bool:
        """Refuse a row that ids do not tell apart from another; return whether it was refused."""
        row_id, row = stated.row_id, self.spool.row(stated.file, stated.line)
        if row_id is None:
            source = self.spool.claimed(stated.reference)
        else:
            first = self.spool.claim(reference(stated.table.kind, row_id=row_id), row)
            if first is not None:
                return self._refuse_clash(stated, "id", f"{row_id!r} is another row at {first}; an id names one row")
            known = self.spool.find(stated.key_reference)
            source = known.source if known else None
            other = self.spool.claim(stated.key_reference, row)
            if stated.table.kind == "imaging" and other is not None:
                study = f"{stated.fields['study']!r} stands at {other} too, under another id; keep one"
                return self._refuse_clash(stated, "study", study)
        if source is None:
            return False
        mixed = f"{source} has the same key, and only one of the two rows has an id; give both one"
        return self._refuse_clash(stated, "id", mixed)

    def _refuse_clash(self, stated: StatedFact, column: str, why: str) -> bool:
        self.refuse(f"{column}: {why}", file=stated.file, line=stated.line, column=column)
        return True
