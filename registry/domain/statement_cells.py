"""A statement cell by cell, under the columns that a source has for it.

The columns are the fields of the statement; a visit has a column a measure instead of its list of them, and one for the
version of a reported BASMI. The edition of a reading's method is no column: nobody states it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from registry.catalogue.measures import MEASURES
from registry.domain.statements import Statement

LISTED: Final = {"measures": (*MEASURES, "basmi_version")}  # a field that has columns of its own
UNSTATED: Final = frozenset({"method_version"})


@cache
def column_names(kind: type[Statement]) -> tuple[str, ...]:
    """Return the columns under which a source can say something of a kind of fact.

    >>> from registry.domain.statements import Flare
    >>> column_names(Flare)
    ('started_on', 'ended_on', 'basis', 'severity', 'trigger', 'note')
    """
    fields = (name for name in kind.__struct_fields__ if name not in UNSTATED)
    return tuple(column for name in fields for column in LISTED.get(name, (name,)))
