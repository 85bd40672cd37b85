"""What of a registry on a server is not as it was made: definitions, and indexes that lack rows.

Whoever may only read can ask, and makes nothing: so the definitions that the migrations make stand in a file beside
them, `migrations/postgres_schema.tsv`, which a test holds against the migrations on a server.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

import migrations
from registry.store.damage import Inspection
from registry.store.database import Database
from registry.store.postgres_indexes import checked_indexes
from registry.store.schema_check import OURS, Definitions, Part, added_parts, broken_parts, one_line

MADE: Final = Path(migrations.__file__).with_name("postgres_schema.tsv")
# What unqualified names mean to whoever asks: it is what this person reads and writes. Constraints of kind 'n' are what
# later servers call NOT NULL, which stands with the columns.
PARTS: Final = text("""
    WITH ours AS (
        SELECT pg_class.* FROM unnest(CAST(:ours AS text[])) name JOIN pg_class ON pg_class.oid = to_regclass(name)
    )
    SELECT 'table', relname, relname, concat_ws(' ', 'kind', relkind, 'persistence', relpersistence,
        CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relforcerowsecurity THEN 'forced' END,
        CASE WHEN relispartition THEN 'partition' END) FROM ours
    UNION ALL
    SELECT 'column', relname, attname, concat_ws(' ', format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN 'not null' END, CASE WHEN attidentity <> '' THEN 'identity' END,
        CASE WHEN attgenerated <> '' THEN 'generated' END, 'default ' || pg_get_expr(adbin, adrelid),
        CASE WHEN attstattarget >= 0 THEN 'statistics ' || attstattarget END)
    FROM ours JOIN pg_attribute ON attrelid = ours.oid LEFT JOIN pg_attrdef ON adrelid = ours.oid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'constraint', relname, conname, pg_get_constraintdef(pg_constraint.oid, true)
    FROM ours JOIN pg_constraint ON conrelid = ours.oid WHERE contype <> 'n'
    UNION ALL
    SELECT 'index', ours.relname, of_index.relname, concat_ws(' ', pg_get_indexdef(indexrelid, 0, true),
        CASE WHEN NOT indisvalid THEN 'invalid' END, CASE WHEN NOT indisready THEN 'not ready' END,
        CASE WHEN NOT indislive THEN 'not live' END,
        (SELECT 'statistics ' || string_agg(attnum || ' ' || attstattarget, ' ' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = indexrelid AND attstattarget >= 0))
    FROM ours JOIN pg_index ON indrelid = ours.oid JOIN pg_class of_index ON of_index.oid = indexrelid
    UNION ALL
    SELECT 'trigger', relname, tgname, concat_ws(' ', pg_get_triggerdef(pg_trigger.oid, true),
        CASE WHEN tgenabled <> 'O' THEN 'enabled ' || tgenabled::text END)
    FROM ours JOIN pg_trigger ON tgrelid = ours.oid WHERE NOT tgisinternal
    UNION ALL
    SELECT DISTINCT 'function', proname, proname, concat_ws(' ', lanname, CASE WHEN prosecdef THEN 'definer' END,
        (SELECT 'with ' || string_agg(split_part(one, '=', 1), ' ' ORDER BY one) FROM unnest(proconfig) one),
        (SELECT 'elsewhere' FROM unnest(proconfig) one WHERE one LIKE 'search_path=%'
            AND relnamespace IS DISTINCT FROM (
            SELECT of_log.relnamespace
            FROM unnest(string_to_array(split_part(one, '=', 2), ',')) WITH ORDINALITY path(name, place)
                JOIN pg_namespace ON nspname = replace(trim(path.name, ' "'), '$user', current_user)
                JOIN pg_class of_log ON of_log.relnamespace = pg_namespace.oid AND of_log.relname = 'events'
            ORDER BY place LIMIT 1)), prosrc)
    FROM ours JOIN pg_trigger ON tgrelid = ours.oid JOIN pg_proc ON pg_proc.oid = tgfoid
        JOIN pg_language ON pg_language.oid = prolang
    WHERE NOT tgisinternal
    UNION ALL
    SELECT 'rule', relname, rulename, pg_get_ruledef(pg_rewrite.oid) FROM ours JOIN pg_rewrite ON ev_class = ours.oid
    UNION ALL
    SELECT 'statistics', relname, stxname, '' FROM ours JOIN pg_statistic_ext ON stxrelid = ours.oid
    UNION ALL
    SELECT 'policy', relname, polname, '' FROM ours JOIN pg_policy ON polrelid = ours.oid
    UNION ALL
    SELECT 'child', relname, inhrelid::regclass::text, '' FROM ours JOIN pg_inherits ON inhparent = ours.oid
    UNION ALL
    SELECT 'parent', relname, inhparent::regclass::text, '' FROM ours JOIN pg_inherits ON inhrelid = ours.oid
    UNION ALL
    SELECT 'setting', 'events', 'session_replication_role of ' || coalesce(rolname, datname, 'all'), ''
    FROM pg_db_role_setting LEFT JOIN pg_roles ON pg_roles.oid = setrole
        LEFT JOIN pg_database ON pg_database.oid = setdatabase
    WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND EXISTS (SELECT FROM unnest(setconfig) one WHERE one ILIKE 'session_replication_role=%')
""")


def inspected(database: Database, *, rows: bool) -> Inspection:
    """Return what is not as the migrations make it; with `rows` every index is held against every row of its table."""
    with database.reading() as connection:
        found, made = definitions(connection), made_by_migrations()
    as_made = {part.name for part in made if part.kind == "index" and found.get(part) == made[part]}
    indexes = checked_indexes(database, as_made if rows else set())
    return Inspection.of([*broken_parts(found, made), *indexes.problems], [*added_parts(found, made), *indexes.notes])


def definitions(connection: Connection) -> dict[Part, str]:
    """Return the definition of each part of our tables in one line, as the server words it."""
    rows = connection.execute(PARTS, {"ours": list(OURS)})
    return {Part(kind, table, name): one_line(definition or "") for kind, table, name, definition in rows}


@cache
def made_by_migrations() -> Definitions:
    """Return what the migrations make of an empty database."""
    rows = (line.split("\t") for line in MADE.read_text("utf-8").splitlines())
    return {Part(*part): definition for *part, definition in rows}


def as_lines(definitions: Definitions) -> str:
    """Return definitions as the file beside the migrations has them, in order."""
    return "".join("\t".join((*part, definition)) + "\n" for part, definition in sorted(definitions.items()))
