"""The covariates of a model as a definition writes them: "sex", "age", "start year", "basdai at baseline", "uveitis".

They are what groups tell members apart by, what a data set has of members on day 0, and measures at a time point on or
before day 0. What is a number is one column, per unit of its own; words are a column for each level but the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from projections.cohort.definition.groups import DRUG, FIXED, LINE, START, Groups, kind_of
from registry.catalogue.catalogue import Catalogue
from registry.spelling import nearest
from registry.toml_keys import Keys
from registry.wording import shown

Kind = Literal["years", "start year", "number", "words", "group"]

AT: Final = " at "
GROUP: Final = "group"
START_YEAR: Final = "start year"
YEARS: Final = ("age", "symptom duration", "disease duration")
OVERLAPPING: Final = ("criteria",)  # of which a member can have several
OF_ENROLMENT: Final = tuple(name for name in FIXED if name not in (*OVERLAPPING, START))
WORDS: Final = (*OF_ENROLMENT, *DRUG)
METHOD: Final = "vu-lesions"  # that of states of a location, as of groups


class Covariate(NamedTuple):
    """A covariate by its `name` in the file: what is read, and at which time point where it was measured.

    `by` says of words, and of the number of a line, how groups would tell members apart; `time_point` is None for the
    baseline. `reference` is the level with which each other is compared, None for the usual one.
    """

    name: str
    kind: Kind
    what: str
    by: Groups | None = None
    time_point: str | None = None
    reference: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is a number, with one coefficient per unit."""
        return self.kind in ("years", "start year", "number")

    @property
    def needs_baseline(self) -> bool:
        """Whether it is read at the baseline, which the definition has to have."""
        at_baseline = self.kind == "number" or (self.by is not None and self.by.kind in ("word", "state"))
        return at_baseline and self.time_point is None


def read_covariate(keys: Keys, key: str, text: str, time_points: Sequence[str]) -> Covariate | None:
    """Return the covariate that a text of a key writes, None where it is none, which is told."""
    what, at, point = text.partition(AT)
    found = _covariate(text, what, keys.catalogue)
    if found is None:
        keys.wrong(key, _unknown(text, what, keys.catalogue))
        return None
    if not at:
        return found
    if point not in time_points:
        near = nearest(point, time_points)
        mend = f"did you mean {near!r}?" if near else f"write {', '.join(map(repr, time_points))}"
        keys.wrong(key, f"{shown(text)}: {shown(point)} is no time point; {mend}")
        return None
    if found.kind != "number" and not (found.by is not None and found.by.kind == "word"):
        keys.wrong(key, f"{shown(text)}: {what} is known on day 0; write {what!r} alone")
        return None
    return found._replace(time_point=point)


def _covariate(text: str, what: str, catalogue: Catalogue) -> Covariate | None:
    if what == GROUP:
        return Covariate(text, "group", what)
    if what in YEARS:
        return Covariate(text, "years", what.replace(" ", "_"))
    if what == START_YEAR:
        return Covariate(text, "start year", what)
    kind = None if what in (*OVERLAPPING, START) else kind_of(what, METHOD, catalogue)
    if kind is None or kind == "states":
        return None
    if kind == "number":
        return Covariate(text, "number", what)
    return Covariate(text, "words", what, Groups(what, kind, method=METHOD if kind == "state" else None))


def _unknown(text: str, what: str, catalogue: Catalogue) -> str:
    if what in (*OVERLAPPING, START):
        mend = f"write {START_YEAR!r}" if what == START else "a patient can have several of them"
        return f"{shown(text)} is no covariate; {mend}"
    if what in catalogue.response_criteria:
        return f"{shown(text)} is a response and no covariate; it can be the outcome"
    fixed = (*YEARS, START_YEAR, *WORDS, GROUP)
    near = nearest(what, (*fixed, *catalogue.described, *catalogue.conditions))
    told = f"; did you mean {near!r}?" if near else ""
    listed = ", ".join(map(repr, fixed))
    return f"{shown(text)} is not one of {listed}, nor a measure, an index, a condition or a state{told}"


def of_line(covariate: Covariate) -> bool:
    """Return whether a covariate is the number of a line, whose levels are numbers."""
    return covariate.what == LINE
