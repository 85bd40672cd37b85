"""The rights of those who use a registry on a server, as SQL for its owner to run.

| role | may | may not |
|---|---|---|
| writer | read everything, append events and freezes | change, erase or remove anything, alter a table |
| reader | read everything, from which all projections come | write anything |
| owner | migrate, and erase patients | — |

The roles cannot log in and have no password: they are granted to people's own.
"""

from __future__ import annotations

import re
from typing import Final

from registry.errors import FormatError

NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
STATEMENTS: Final = """\
-- Run this as the owner of the registry's tables, once it was created: spondyl roles | psql DATABASE
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{writer}') THEN CREATE ROLE {writer} NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{reader}') THEN CREATE ROLE {reader} NOLOGIN; END IF;
END $$;
REVOKE ALL ON events, freezes, to_overwrite, tracking, spondyl_schema FROM PUBLIC, {writer}, {reader};
GRANT SELECT ON events, freezes, to_overwrite, tracking, spondyl_schema TO {writer}, {reader};
GRANT INSERT ON events, freezes TO {writer};
GRANT INSERT, UPDATE ON tracking TO {writer};
-- Then, for each person: GRANT {writer} TO name; or GRANT {reader} TO name;
"""


def roles_sql(*, writer: str, reader: str) -> str:
    """Return the statements that make a writer, who only appends, and a reader, who only reads.

    Raises `FormatError` for a name that is none in plain SQL.
    """
    for field, name in (("writer", writer), ("reader", reader)):
        if not NAME.fullmatch(name):
            raise FormatError(field, name, "a name of a role: lower-case letters, digits and _, at most 63")
    return STATEMENTS.format(writer=writer, reader=reader)
