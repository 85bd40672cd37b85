"""Asking each command, an export and Python the same question about a registry in a file.

Options of the contract (`--until`, `--grace`, `--gap`, `--withdrawn`, keys of a cohort) are passed through as they are,
so that a comparison needs only their words.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from click.testing import CliRunner

from cli.main import spondyl
from projections import facts_at, project
from registry import Registry
from tests.answers.observation import Observation

Row = dict[str, Any]


class Figure(NamedTuple):
    """The address of a figure of a cohort: table, row, time point, statistic."""

    table: str
    row: str
    timepoint: str
    statistic: str


def asked(place: str, *arguments: object) -> Any:
    """Return what a command gives as JSON; a refusal or a defect is raised as it is."""
    command = ["--db", place, *map(str, arguments), "--json"]
    result = CliRunner().invoke(spondyl, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def at(as_of: date | None) -> list[str]:
    """Return the option of a clinical day."""
    return [] if as_of is None else ["--as-of", as_of.isoformat()]


def observed_as(chosen: Observation) -> list[str]:
    """Return the options of a choice of `[observation]`; what holds by default is left out."""
    options = at(chosen.as_of)
    if chosen.until != "last-contact":
        options += ["--until", chosen.until]
    if chosen.grace_days:
        options += ["--grace", f"{chosen.grace_days} days"]
    if chosen.gap_months is not None:
        options += ["--gap", f"{chosen.gap_months} months"]
    return options


def observation_table(chosen: Observation) -> str:
    """Return the choice as the table `[observation]` of a cohort."""
    lines = [f'until = "{chosen.until}"', f'grace = "{chosen.grace_days} days"']
    if chosen.gap_months is not None:
        lines.append(f'gap = "{chosen.gap_months} months"')
    return "\n".join(["[observation]", *lines])


def summaries(place: str, *options: object) -> dict[tuple[str, str | None], Row]:
    """Return the rows of `summary` by measure and label."""
    return {(row["measure"], row["visit"]): row for row in asked(place, "summary", *options)}


def rates(place: str, *options: object) -> dict[tuple[str, str | None], Row]:
    """Return the rows of `flares --rates` by group and last agent."""
    return {(row["group"], row["last_agent"]): row for row in asked(place, "flares", "--rates", *options)}


def years(place: str, *options: object) -> dict[tuple[str, str], Row]:
    """Return the rows of `treatments --years` by level and name."""
    return {(row["level"], row["name"]): row for row in asked(place, "treatments", "--years", *options)}


def figures(place: str, definition: str, *options: object) -> dict[Figure, Row]:
    """Return every figure of the cohort that a text defines, by its address."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cohort.toml"
        path.write_text(definition, encoding="utf-8")
        given = asked(place, "cohort", path, *options)["figures"]
    return {Figure(*(row[part] for part in ("table", "row", "timepoint", "statistic"))): row for row in given}


def exported(place: str, tables: tuple[str, ...], *options: object) -> dict[str, list[Row]]:
    """Return the tables of an export, read from its Parquet files, days as ISO texts."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = ["--db", place, "export", str(out), "--tables", ",".join(tables), *map(str, options)]
        result = CliRunner().invoke(spondyl, command, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return {
            name: [
                plain(row) for part in sorted((out / name).glob("*.parquet")) for row in pq.read_table(part).to_pylist()
            ]
            for name in tables
        }


def rows_of_parts(folder: Path) -> list[Row]:
    """Return the rows of all parts of a table."""
    return [row for part in sorted(folder.glob("*.parquet")) for row in pq.read_table(part).to_pylist()]


def in_python(registry: Registry, tables: tuple[str, ...], as_of: date | None) -> dict[str, list[Row]]:
    """Return the same tables as Python gives them."""
    facts = facts_at(registry, as_of=as_of)
    return {name: [plain(row) for row in project(name, facts).to_pylist()] for name in tables}


def on_screen(place: str, tables: tuple[str, ...], as_of: date | None) -> dict[str, list[Row]]:
    """Return the same tables as `spondyl table` gives them."""
    return {name: [plain(row) for row in asked(place, "table", name, *at(as_of))] for name in tables}


def plain(row: Row) -> Row:
    """Return a row with its days as ISO texts, as JSON has them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
