"""Cohorts in groups as tests define them."""

from __future__ import annotations

from projections.cohort.definition.groups import Groups
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from tests.projections.cohort.defined import SMALL, cohort

ON_DRUG = SMALL.replace('"enrolment"', '"course"')


def groups_of(text: str) -> Groups:
    """The groups that a section of a cohort file declares."""
    found = parsed(f"{ON_DRUG}\n[groups]\n{text}\n".encode()).groups
    assert found is not None
    return found


def in_groups(whole: Cohort, text: str, **more: object) -> Cohort:
    """The same cohort with groups, and with other parts of its definition where named."""
    return cohort(whole.definition._replace(groups=groups_of(text), **more), whole.facts)
