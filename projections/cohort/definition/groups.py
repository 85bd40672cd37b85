"""How the section `groups` of a cohort file is read: by what the members are told apart, and into which groups.

What tells members apart is a word or several, or a number. A level takes words, or `ranges`; of the start these are of
years or days, of anything else in its own unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final, Literal, NamedTuple

from projections.cohort.definition.ranges import Range, parsed_days, parsed_range
from registry.catalogue import codes
from registry.catalogue.catalogue import Catalogue
from registry.domain.texts import is_one_line
from registry.spelling import nearest
from registry.toml_keys import FARTHEST, Keys
from registry.wording import shown

Kind = Literal["fixed", "drug", "number", "word", "condition", "state", "states"]

AT_MOST: Final = 20  # groups; each is a column of every table
YES_NO: Final = ("yes", "no")
LESION_STATE: Final = "lesion-state"
START: Final = "start"
LINE: Final = "line"
FIXED: Final = ("sex", "centre", "hla_b27", "criteria", START)  # known at day 0, whatever is recorded since
DRUG: Final = (LINE, "agent", "class", "product")  # of the treatment that begins on day 0
RANGE_TOLD: Final = "a range, as '2', '2..3', '3..', '..<5' or '>= 5'"


class Level(NamedTuple):
    """A group by its name: whoever has one of the `words`, or a number in one of the `ranges`."""

    name: str
    words: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()


class Groups(NamedTuple):
    """By what members are told apart, of which `kind` that is, and the levels; none for one a word that occurs.

    `reference` is the group with which each other is compared, None for the first. `tests` says whether p stand between
    groups, None where only characteristics have none. `landmark` is the day after day 0 on which a member's group is
    known, and from which time counts. `method` is that of a state of lesions.
    """

    by: str
    kind: Kind
    levels: tuple[Level, ...] = ()
    reference: str | None = None
    overall: bool = True
    tests: bool | None = None
    landmark: int = 0
    method: str | None = None

    @property
    def of_drug(self) -> bool:
        """Whether groups are of what is given, so that rates count time on it alone."""
        return self.kind == "drug"


def read_groups(keys: Keys, *, with_baseline: bool) -> Groups | None:
    """Return the groups of a file's table `groups`, None where `by` is no such thing.

    `with_baseline` says whether a time point stands for day 0.
    """
    by = keys.line("by")
    method = keys.word("method", _methods(keys.catalogue), "vu-lesions") if keys.there("method") else "vu-lesions"
    kind = kind_of(by, method, keys.catalogue)
    if kind is None:
        _strange(keys, by)
    levels = _levels(keys, by, kind, method)
    groups = Groups(
        by,
        kind or "fixed",
        levels,
        _reference(keys, levels),
        keys.yes_no("overall", True),
        keys.yes_no("tests") if keys.there("tests") else None,
        keys.number("landmark", low=1, high=FARTHEST) if keys.there("landmark") else 0,
        method if kind in ("state", "states") else None,
    )
    if kind is not None:
        _tell_what_does_not_fit(keys, groups, with_baseline=with_baseline)
    keys.end()
    return groups if kind is not None else None


def kind_of(by: str, method: str, catalogue: Catalogue) -> Kind | None:
    """Return what kind of thing tells members apart, None where it is no such thing."""
    kinds: list[tuple[Sequence[str], Kind]] = [
        (FIXED, "fixed"),
        (DRUG, "drug"),
        ((LESION_STATE,), "states"),
        (catalogue.valued, "number"),
        (catalogue.coded, "word"),
        (tuple(catalogue.conditions), "condition"),
        (state_names(catalogue, method), "state"),
    ]
    return next((kind for names, kind in kinds if by in names), None)


def state_names(catalogue: Catalogue, method: str) -> tuple[str, ...]:
    """Return the states in which a method can find a location."""
    states = catalogue.methods[method].states.values() if method in catalogue.methods else ()
    return tuple(dict.fromkeys(state.name for state in states if state.name))


def _methods(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(name for name in catalogue.methods if state_names(catalogue, name))


def _strange(keys: Keys, by: str) -> None:
    catalogue = keys.catalogue
    fixed = (*DRUG, *FIXED, LESION_STATE)
    near = nearest(by, (*fixed, *catalogue.described, *catalogue.conditions))
    listed = ", ".join(map(repr, fixed))
    told = f"; did you mean {near!r}?" if near else ""
    keys.wrong("by", f"{shown(by)} is not one of {listed}, nor a measure, an index, a condition or a state{told}")


def _tell_what_does_not_fit(keys: Keys, groups: Groups, *, with_baseline: bool) -> None:
    if groups.kind in ("fixed", "drug") and groups.landmark:
        keys.wrong("landmark", f"says nothing of {shown(groups.by)}, which is known on day 0; leave it out")
    if groups.kind in ("number", "word", "state", "states") and not (with_baseline or groups.landmark):
        mend = "write a [[time_points]] with day = 0, or a landmark"
        keys.wrong("by", f"{shown(groups.by)} is read at a baseline; {mend}")
    if keys.there("method") and groups.kind not in ("state", "states"):
        keys.wrong("method", f"says nothing of {shown(groups.by)}, which is no state of a lesion; leave it out")
    if (groups.kind == "number" or groups.by == START) and not keys.there("levels"):
        keys.wrong("levels", f'is missing; write the groups of {shown(groups.by)}, as {{ low = "..<4", high = "4.." }}')


def _levels(keys: Keys, by: str, kind: Kind | None, method: str) -> tuple[Level, ...]:
    """Return the levels in the file's order; none where it leaves them open."""
    table = keys.table("levels")
    if table is None:
        keys.defaults.append(("groups.levels", "one for each that occurs"))
        return ()
    names = table.names()
    if not 1 <= len(names) <= AT_MOST:
        keys.wrong("levels", f"has {len(names)} groups; 1 to {AT_MOST}")
    levels = tuple(_level(table, name, by, kind, method) for name in names[:AT_MOST])
    for one, other in combinations(levels, 2):
        shared = [word for word in one.words if word in other.words]
        if shared or any(first.meets(second) for first in one.ranges for second in other.ranges):
            what = f"both take {shared[0]!r}" if shared else "overlap"
            keys.wrong("levels", f"{one.name!r} and {other.name!r} {what}; a member has one group")
    return levels


def _level(table: Keys, name: str, by: str, kind: Kind | None, method: str) -> Level:
    taken = table.texts(name)
    if not name.strip() or name != name.strip() or not is_one_line(name):
        table.wrong(name, "is no name of a group; write a word, without blanks before and after it")
    if kind == "number" or by in (START, LINE):
        ranges = [_range(table, name, text, by) for text in taken]
        return Level(name, ranges=tuple(each for each in ranges if each is not None))
    allowed = allowed_words(by, kind, method, table.catalogue)
    for word in taken:
        if allowed is not None and word not in allowed:
            near = nearest(word, allowed)
            told = f"did you mean {near!r}?" if near else f"write {', '.join(map(repr, allowed[:AT_MOST]))}"
            table.wrong(name, f"{shown(word)} is nothing that {by} can be; {told}")
    if len(set(taken)) < len(taken):
        table.wrong(name, "names something twice")
    return Level(name, words=taken)


def allowed_words(by: str, kind: Kind | None, method: str | None, catalogue: Catalogue) -> tuple[str, ...] | None:
    """Return the words by which members are told apart in their order; None of an open list."""
    listed: dict[str, tuple[str, ...]] = {
        "sex": codes.SEXES,
        "hla_b27": codes.HLA_B27,
        "criteria": codes.CLASSIFICATION_CRITERIA,
        "agent": tuple(catalogue.agents),
        "class": tuple(catalogue.drug_classes),
    }
    if kind in ("condition", "state"):
        return YES_NO
    if kind == "states" and method is not None:
        return state_names(catalogue, method)
    if kind == "word":
        return tuple(catalogue.measures[by].codes)
    return listed.get(by)


def _reference(keys: Keys, levels: Sequence[Level]) -> str | None:
    if not keys.there("reference"):
        keys.defaults.append(("groups.reference", levels[0].name if levels else "the first"))
        return None
    reference = keys.line("reference")
    if levels and reference not in [level.name for level in levels]:
        names = ", ".join(repr(level.name) for level in levels)
        keys.wrong("reference", f"{shown(reference)} is none of the groups; write {names}")
    return reference


def _range(table: Keys, name: str, text: str, by: str) -> Range | None:
    found = parsed_days(text) if by == START else parsed_range(text)
    if found is None or found.is_empty:
        wanted = "years or days, as '2015', '2015..2018' or '2019-07-01..'" if by == START else RANGE_TOLD
        table.wrong(name, f"{shown(text)} is not {wanted}")
        return None
    return found
