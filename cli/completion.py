"""What a shell offers on the tab key: names from the registry of `--db`, and words of the catalogue.

A shell waits for the answer and has no place for a refusal: where there is no registry, or anything else is wrong,
nothing is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import click

from cli.plain_text import is_typed_plainly
from registry.errors import RegistryError

if TYPE_CHECKING:
    from registry.catalogue.catalogue import Catalogue
    from registry.store.log import EventLog

OFFERED_AT_MOST: Final = 500  # a list that is longer is no help

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def offering(words: Callable[[click.Context], Iterable[str]]) -> Complete:
    """Return what offers the words that begin as what is typed does; the last of several after commas."""

    def offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        before, comma, begun = incomplete.rpartition(",") if "," in (param.metavar or "") else ("", "", incomplete)
        try:
            found = sorted({word for word in words(ctx) if word.startswith(begun) and is_typed_plainly(word)})
        except (RegistryError, OSError):
            return []
        return [f"{before}{comma}{word}" for word in found[:OFFERED_AT_MOST]]

    return offered


@contextmanager
def _log(ctx: click.Context) -> Iterator[EventLog]:
    """Open the log to read it and nothing else: a shell does not wait until an interrupted erasure is finished."""
    from registry.store.log import EventLog
    from registry.store.opening import open_database

    with closing(open_database(ctx.meta.get("db") or ctx.find_root().params["db"])) as database:
        yield EventLog(database)


def _patients(ctx: click.Context) -> Iterator[str]:
    import msgspec

    class Enrolled(msgspec.Struct):
        patient: str

    with _log(ctx) as log:
        for chunk in log.columns(topics=["PatientEnrolled"]):
            yield from (msgspec.json.decode(said, type=Enrolled).patient for said in chunk.payload if said)


def _freezes(ctx: click.Context) -> list[str]:
    from registry.store.freezes import Freezes

    with _log(ctx) as log:
        return [freeze.name for freeze in Freezes(log.database).all()]


def _campaigns(ctx: click.Context) -> list[str]:
    from registry.campaigns.states import campaigns_at

    with _log(ctx) as log:
        return [*campaigns_at(log)]


def _tables(ctx: click.Context) -> Iterable[str]:
    from projections import TABLES

    if ctx.params.get("history"):
        from projections.versions.tables import VERSIONS

        return (*TABLES, *VERSIONS)
    return TABLES


def _compared_tables(ctx: click.Context) -> Iterable[str]:
    from projections.changes.compared import COMPARED

    return COMPARED


def _profiles(ctx: click.Context) -> Iterable[str]:
    from projections.export.profiles.known import PROFILES

    return PROFILES


def _catalogue(ctx: click.Context) -> Catalogue:
    """Return the catalogue of the registry, what is built in where there is none."""
    from registry.catalogue.catalogue import BUILT_IN
    from registry.protocol.adopted import catalogue_at

    try:
        with _log(ctx) as log:
            return catalogue_at(log)
    except (RegistryError, OSError):
        return BUILT_IN


def _criteria(ctx: click.Context) -> Iterable[str]:
    return _catalogue(ctx).criteria


def _flare_definitions(ctx: click.Context) -> Iterable[str]:
    return _catalogue(ctx).flare_definitions


def _agents(ctx: click.Context) -> Iterable[str]:
    return _catalogue(ctx).agents


def _measures(ctx: click.Context) -> Iterable[str]:
    return _catalogue(ctx).described


def _methods(ctx: click.Context) -> Iterable[str]:
    return _catalogue(ctx).methods


def _rules(ctx: click.Context) -> Iterable[str]:
    from projections.checks.all_warnings import RULE_NAMES

    return RULE_NAMES


def _source_kinds(ctx: click.Context) -> Iterable[str]:
    from registry.intake.sources.mapping import KINDS

    return (kind for kind in KINDS if kind != "sql")


patients: Final = offering(_patients)
freezes: Final = offering(_freezes)
campaigns: Final = offering(_campaigns)
tables: Final = offering(_tables)
compared_tables: Final = offering(_compared_tables)
profiles: Final = offering(_profiles)
criteria: Final = offering(_criteria)
flare_definitions: Final = offering(_flare_definitions)
agents: Final = offering(_agents)
measures: Final = offering(_measures)
methods: Final = offering(_methods)
rules: Final = offering(_rules)
source_kinds: Final = offering(_source_kinds)
