"""One row per vertebral unit and rule that is broken: readings of one study that cannot all be true.

The methods look at the same units, so that what one says excludes what another may say (Baraliakos et al., J Rheumatol
2013;40:1891-6: the inflammation part of the ASspiMRI-a and the Berlin score are identical, an active erosion
grades 4-6 in the first and by its inflammation only in the second). Compared are readings of one study by the same
reader in the same session; what could not be assessed contradicts nothing. These are warnings: nothing is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Rows, Truth, in_order
from projections.columns.tables import Table, declared, frame, text, word
from projections.grading.graded_readings import Readings
from projections.grading.grades import NOT_ASSESSED, Grading, Matrix
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.spine import VERTEBRAL_UNITS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

UNITS: Final = tuple(unit for unit, _ in VERTEBRAL_UNITS)
PARTS_SAY: Final = {"inflamed": "inflammation", "eroded": "active erosion"}
YES_NO: Final = ("no", "yes")


class Signs(NamedTuple):
    """What the readings of each study, reader and session say of each unit; shape groups × units, -1 where nothing.

    `inflamed` and `eroded` (an active erosion) are 0 or 1, from both parts of the unit in `vu-lesions`; the others are
    grades.
    """

    inflamed: Matrix
    eroded: Matrix
    asspimri: Matrix
    berlin: Matrix


class Rule(NamedTuple):
    """What cannot be: `broken` says where, `compares` which signs it looks at."""

    name: str
    compares: tuple[str, ...]
    broken: Callable[[Signs], Truth]


RULES: Final = (
    Rule(
        "an active erosion grades 4-6 in asspimri",
        ("eroded", "asspimri"),
        lambda said: (said.eroded == 1) & (said.asspimri >= 0) & (said.asspimri < 4),
    ),
    Rule(
        "asspimri 4-6 is an active erosion",
        ("eroded", "asspimri"),
        lambda said: (said.eroded == 0) & (said.asspimri >= 4),
    ),
    Rule(
        "a unit is inflamed exactly where asspimri is 1 or more",
        ("inflamed", "asspimri"),
        lambda said: _differ(said.inflamed, said.asspimri),
    ),
    Rule(
        "a unit is inflamed exactly where berlin is 1 or more",
        ("inflamed", "berlin"),
        lambda said: _differ(said.inflamed, said.berlin),
    ),
    Rule(
        "asspimri 0-3 and berlin are equal",
        ("asspimri", "berlin"),
        lambda said: (said.asspimri >= 0) & (said.asspimri < 4) & (said.berlin >= 0) & (said.asspimri != said.berlin),
    ),
    Rule(
        "asspimri 4-6 has berlin 1 or more",
        ("asspimri", "berlin"),
        lambda said: (said.asspimri >= 4) & (said.berlin == 0),
    ),
)
CONTRADICTIONS: Final[Table] = declared(
    "contradictions",
    "vertebral unit and broken rule",
    order="patient study reader session location rule",
    columns=(
        word("patient", "pseudonym"),
        word("study", "the examination's code"),
        word("reader", "the reader's code"),
        word("session", "reading session or campaign, empty where there was none"),
        word("location", "vertebral unit, from the neck down", *UNITS),
        word("rule", "what cannot be otherwise", *(rule.name for rule in RULES)),
        text("values", "what the readings say of the unit"),
    ),
)


def contradictions(facts: Facts) -> pd.DataFrame:
    """Return the contradictions as a frame, one row a unit and rule; columns as in `CONTRADICTIONS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the contradictions as an Arrow table by patient, study, reader, session, unit, rule."""
    readings = facts.readings
    reading, said = _signs(readings)
    broken = [np.nonzero(rule.broken(said)) for rule in RULES]
    group = np.concatenate([groups for groups, _ in broken])
    unit = np.concatenate([units for _, units in broken])
    rule = np.repeat(np.arange(len(RULES)), [len(groups) for groups, _ in broken])
    order = in_order(group, unit, rule)
    group, unit, rule = group[order], unit[order], rule[order]
    of_group = {
        name: readings.words[name].take(reading[group]).array() for name in ("patient", "study", "reader", "session")
    }
    return CONTRADICTIONS.of(
        {
            **of_group,
            "location": pa.array(UNITS).take(pa.array(unit)),
            "rule": pa.array([each.name for each in RULES]).take(pa.array(rule)),
            "values": pa.array(
                [_values(said, RULES[which].compares, where) for which, *where in zip(rule, group, unit)], pa.string()
            ),
        }
    )


def _differ(inflamed: Matrix, grade: Matrix) -> Truth:
    differ: Truth = (inflamed >= 0) & (grade >= 0) & ((inflamed == 1) != (grade >= 1))
    return differ


def _signs(readings: Readings) -> tuple[Rows, Signs]:
    """Return what is said of each study, reader and session, and one of the readings that say it."""
    keys = [readings.words[name].codes for name in ("patient", "study", "reader", "session")]
    _, reading, group = np.unique(np.stack(keys, axis=1), axis=0, return_index=True, return_inverse=True)
    said = Signs(*(np.full((len(reading), len(UNITS)), NOT_ASSESSED, dtype=np.int8) for _ in Signs._fields))
    for grading in readings.gradings:
        rows = group[grading.rows]
        if grading.method.code == "vu-lesions":
            inflammation, erosion = grading.grades
            said.inflamed[rows] = _of_units(Truths.of_codes(inflammation), grading)
            active = Truths.of_codes(inflammation) & Truths.of_codes(erosion)
            said.eroded[rows] = _of_units(active, grading)
        elif grading.method.code in Signs._fields:
            getattr(said, grading.method.code)[rows] = grading.grades[0]
    return reading, said


def _of_units(sign: Truths, grading: Grading) -> Matrix:
    """Return 1 for each unit with the sign in some part, 0 where every part is without it; else it cannot be said."""
    unit_of = [location.name.rpartition(" ")[0] for location in grading.method.locations]
    parts = [[unit == each for each in unit_of] for unit in UNITS]
    in_some = [_any(Truths(sign.certain[:, part], sign.possible[:, part])) for part in parts]
    return np.stack([answers.codes() for answers in in_some], axis=1)


def _any(answers: Truths) -> Truths:
    """Return for each row of a matrix whether one of its answers is yes."""
    return Truths(np.asarray(answers.certain.any(axis=1)), np.asarray(answers.possible.any(axis=1)))


def _values(said: Signs, compared: tuple[str, ...], where: list[Any]) -> str:
    """Return what is said of one unit, as `active erosion yes, asspimri 2`."""
    signs = ((name, int(getattr(said, name)[tuple(where)])) for name in compared)
    return ", ".join(
        f"{PARTS_SAY.get(name, name)} {YES_NO[sign] if name in PARTS_SAY else sign}" for name, sign in signs
    )
