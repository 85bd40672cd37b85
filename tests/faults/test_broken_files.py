"""Whatever stands in a file, it is stored or refused at its place: no traceback, no hang, no part of a batch."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Callable
from inspect import cleandoc
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import BatchRefusedError
from registry.intake import import_batch
from registry.places import Problem
from registry.schema.tables import tables_of
from tests.faults.killing import run
from tests.faults.lengths import figure, times
from tests.faults.mutations import SOUND, broken
from tests.faults.what_files_say import UnreadableError, rows_of
from tests.faults.what_logs_say import everything_in, rows_in, said

TABLES = tables_of(BUILT_IN)

BROKEN = times(short=100, long=2_000)
SECONDS_A_FILE = 20
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ("", "P-1", "2020-01-15", "2003-02-30", "1e400", "NaN", "<5", "-1", "berlin", "C2/3", "R1", "=1+1")
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
)


def written(files: dict[str, bytes], folder: Path) -> Path:
    """Write files into a folder, in place of what it held."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def is_stored(registry: Registry, files: dict[str, bytes], folder: Path) -> bool:
    """Import files; return whether they were stored, and see that a refusal names places and stores nothing."""
    path = Path(registry.place)
    before = everything_in(path)
    signal.alarm(SECONDS_A_FILE)  # its default ends the process, and with it a test that would hang
    try:
        import_batch(registry, written(files, folder))
        problems: tuple[Problem, ...] = ()
        assert import_batch(registry, folder).events == 0, "a second time changes nothing"
    except BatchRefusedError as refusal:
        problems = refusal.problems
        assert problems
    signal.alarm(0)
    if problems:
        assert everything_in(path) == before, "what is refused leaves everything as it was"
    for problem in problems:
        assert problem.place.file.partition("!")[0] in files
        assert problem.place.line >= 1
        assert 0 < len(problem.message) < 1500
        assert problem.message.isprintable()
    return not problems


def judgement(template: Path, files: dict[str, bytes], folder: Path) -> str:
    """Import files into an empty registry, and see that exactly what they say is in its log, or nothing of it.

    What they say is read by other readers; return `refused`, `as the files say`, or `not judged` where these fail.
    """
    with Registry.open(str(shutil.copy(template, folder / "empty.db")), actor="ines") as registry:
        if not is_stored(registry, files, folder / "files"):
            return "refused"
        assert registry.verify().is_whole
    try:
        rows = [row for name, content in files.items() for row in rows_of(name, content)]
    except UnreadableError:
        return "not judged"
    assert said(rows_in(folder / "empty.db")) == said(rows)
    return "as the files say"


def feeding(form: str, folder: Path, tell: Callable[[object], None]) -> None:
    """Import a sound batch and then broken ones, each of its own seed, and tell of each before it is read.

    Each comes on top of the sound one, and into an empty registry, where it is seen what became of every row.
    """
    sound, counts = SOUND[form](), Counter[str]()
    template = folder / "template.db"
    Registry.create(str(template), actor="ines").close()
    with Registry.open(str(shutil.copy(template, folder / "registry.db")), actor="ines") as registry:
        assert is_stored(registry, sound, folder / "files")
        assert judgement(template, sound, folder) == "as the files say"
        for seed in range(BROKEN):
            tell(seed)
            files = broken(sound, Random(f"{form} {seed}"))
            is_stored(registry, files, folder / "files")
            counts[judgement(template, files, folder)] += 1
        assert registry.verify().is_whole
    tell(counts)


@pytest.mark.parametrize("form", SOUND)
def test_a_file_that_was_broken_at_random_is_stored_or_refused(form: str, tmp_path: Path) -> None:
    ended = run(feeding, form, tmp_path, within=times(short=60, long=3600))

    counts = ended.told[-1]
    assert isinstance(counts, Counter)
    stored, refused = counts["as the files say"], counts["refused"]
    assert counts.total() == BROKEN
    assert refused > BROKEN / 10
    assert stored > BROKEN / 50
    assert counts["not judged"] < BROKEN / 5
    unjudged = f", {counts['not judged']:,} stored that no other reader reads" if counts["not judged"] else ""
    found = f"{refused:,} refused at their places, {stored:,} stored, every row as another reader has it{unjudged}"
    figure("files broken byte by byte", form, BROKEN, found)


@st.composite
def batches(draw: st.DrawFn) -> dict[str, bytes]:
    """Some tables, under any of their columns and others, with any cells."""
    files = {}
    for name in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=3, unique=True)):
        known = list(TABLES[name].columns)
        required = [column.name for column in TABLES[name].columns.values() if column.required]
        others = draw(st.lists(st.sampled_from(known) | st.text(max_size=12), max_size=4))
        headers = list(dict.fromkeys([*required, *others])) if draw(st.booleans()) else others
        rows = draw(st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), max_size=5))
        lines = [_line(row) for row in (headers, *rows)]
        files[f"{name}.csv"] = "\n".join(lines).encode("utf-8", errors="surrogatepass")
    return files


@settings(max_examples=times(short=60, long=2_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(files=batches())
def test_any_cells_under_any_columns_are_stored_or_refused(sqlite_template: Path, files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder, Registry.open(shutil.copy(sqlite_template, folder), actor="ines") as registry:
        is_stored(registry, {"patients.csv": PATIENTS, **files}, Path(folder) / "files")
        assert registry.verify().is_whole


PATIENTS = cleandoc("""
    patient,enrolled_on
    P-1,2020-01-01
""").encode()


def _line(cells: list[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
