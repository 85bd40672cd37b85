"""A REDCap project: cells a second from its XML and its raw CSV, and its import by a mapping beside intake files.

The side by side of the reading is the raw CSV made a frame, as PyCap gives it, and flattened to a row a record, as
scripts do; nothing of what the dictionary says is looked at there.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.redcap_project import CELLS_A_VISIT, VISITS, write_project
from benchmarks.running import main
from benchmarks.sources import importing
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.redcap.project import open_project
from registry.intake.sources.shown_tables import show_tables

SECONDS_AT_MOST: Final = 60  # of a million cells
MEMORY_AT_MOST: Final = 300  # MB
XML, CSV = "project.xml", "data.csv"
MAPPING: Final = """
format = 1
[source]
kind = "redcap"
{files}
unmapped = "ignore"
[patient]
field = "record_id"
[[table]]
to = "patients"
each = {{ events = ["visit_1_arm_1"] }}
enrolled_on = {{ field = "seen_on" }}
[[table]]
to = "visits"
visited_on = {{ field = "seen_on" }}
"""
ITEMS: Final = (*(f"basdai_{n}" for n in range(1, 7)), *(f"basfi_{n}" for n in range(1, 11)))


def measure(scale: Scale) -> Found:
    """Measure the reading of a project by each of its files, and the whole import of its XML."""
    with TemporaryDirectory(dir=scale.folder) as folder:
        project = Path(folder) / "project"
        n_rows = VISITS * write_project(project, cells=scale.events)
        for file in (XML, CSV):
            (project / f"{file}.toml").write_text(mapping_of(file), encoding="utf-8")
        show_tables(project / f"{XML}.toml", project / "tables")
        n_cells = CELLS_A_VISIT * n_rows
        xml, text, frame = in_turn(
            scale.few,
            Contender("a project's XML", lambda: scale.apart(read, str(project), XML), n_cells, "cells"),
            Contender("the same as raw CSV", lambda: scale.apart(read, str(project), CSV), n_cells, "cells"),
            Contender("`pandas`, the CSV flattened", lambda: scale.apart(flattened, str(project)), n_cells, "cells"),
        )
        of_xml, of_text, files = in_turn(
            scale.few,
            Contender("import of the XML by a mapping", importing(scale, project, f"{XML}.toml"), n_rows, "rows"),
            Contender("import of the CSV by a mapping", importing(scale, project, f"{CSV}.toml"), n_rows, "rows"),
            Contender("import of the same as intake files", importing(scale, project, "tables"), n_rows, "rows"),
        )
    imports = [Compared(of_xml, (files,)), Compared(of_text, (files,))]
    return Found(
        (Compared(xml), Compared(text, (frame,)), *imports),
        (
            Target("a project's XML", SECONDS_AT_MOST, xml.median, "s"),
            Target("memory of that", MEMORY_AT_MOST, (xml.peak or 0) / 1e6, "MB"),
            Target("the same as raw CSV", SECONDS_AT_MOST, text.median, "s"),
            *(Target(f"{each.ours.what}, against the same as intake files", 0.8, each.ratio(files)[0], "×",
                     at_least=True) for each in imports),
        ),
    )  # fmt: skip


def mapping_of(file: str) -> str:
    """Return the mapping of a project by one of its files."""
    files = "".join(f'{name} = "{said}"\n' for name, said in beside(file).items())
    columns = "".join(f'{name} = {{ field = "item_{n}" }}\n' for n, name in enumerate(ITEMS, 1))
    return MAPPING.format(files=f'files = ["{file}"]\n{files}') + columns


def beside(file: str) -> dict[str, str]:
    """Return what goes with a file of a project, by the key of a mapping."""
    return {} if file == XML else {"dictionary": "dictionary.csv", "events": "events.csv"}


def read(folder: str, name: str) -> tuple[float, int]:
    """Read a project to its end by one of its files, and count its cells without the record's id."""

    def cells() -> int:
        source = open_project(SourceRule(kind="redcap", files=(name,), **beside(name)), [Path(folder) / name])
        return sum(len(row.values) - 1 for row in source.rows())

    run = timed(cells, lambda count: count)
    return run.seconds, run.answer


def flattened(folder: str) -> tuple[float, int]:
    """Make a frame of the raw CSV with a row a record, and count its cells."""
    import pandas as pd

    def cells() -> int:
        frame = pd.read_csv(Path(folder) / CSV, dtype=str).set_index(["record_id", "redcap_event_name"])
        return int(frame.unstack().notna().to_numpy().sum())

    run = timed(cells, lambda count: count)
    return run.seconds, run.answer


BENCHMARK: Final = Benchmark(
    name="redcap",
    title="REDCap projects",
    method="A longitudinal project, with a cell for each of the scale's events, is read to its end from its XML and "
    "from raw CSV beside its dictionary, in turn with pandas making a frame of that CSV with a row a record; all must "
    "count the same cells. Then each of the two is imported by a mapping into an SQLite log, in turn with "
    "the same rows as intake files.",
    packages=("pyarrow", "pandas"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
