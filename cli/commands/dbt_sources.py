"""`spondyl dbt-sources`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.output import counted, give_document, put, say
from cli.pairing import PairedCommand


@click.command("dbt-sources", cls=PairedCommand, registry="none")
@click.argument("dictionary", type=click.Path(path_type=Path), metavar="DICTIONARY|FEED")
@click.argument("out", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--source", default="spondyl", show_default=True, help="What the source is called in the project.")
@click.option("--database", help="The database in which its tables are, where it is not that of the project.")
@click.option("--schema", default="main", show_default=True, help="The schema in which its tables are.")
@click.option("--history", is_flag=True, help="Also the tables of versions that spondyl feed apply --history keeps.")
def command(*, dictionary: Path, out: Path, source: str, database: str | None, schema: str, history: bool) -> None:
    """Write the sources of a dbt project, with their tests, from the dictionary of an export or of a feed into OUT.

    DICTIONARY is a dictionary.json, or a folder with one. Keys become tests that they are unique, foreign keys that
    what they refer to is there, closed lists which values there are. OUT is a new file, or - for the screen.

    \b
    Examples: spondyl dbt-sources /srv/feed models/sources.yml --history
              spondyl dbt-sources export/dictionary.json - --source registry --schema raw
    """
    from projections.feed.dbt_sources import Source, dbt_sources
    from projections.feed.read_dictionary import read_dictionary
    from registry.new_files import new_file

    if not source.isidentifier():
        raise click.UsageError("--source takes a name of letters, digits and _")
    described = read_dictionary(dictionary)
    if history and not described.is_of_feed:
        raise click.UsageError("--history goes with the folder of a feed: an export has no such tables")
    text = dbt_sources(described.tables, Source(source, schema, database, history), keyed=described.is_of_feed)
    if str(out) == "-":
        give_document(text)
        return
    with new_file(out) as file:
        file.write(text.encode())
    say(counted(len(described.tables), "table"))
    put(str(out))
