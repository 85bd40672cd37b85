"""No file takes more than 600 MiB to read, however much it unpacks to; it is imported, or refused at its place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.registry.intake.spreadsheet_xml import shared, workbook

ROOT = Path(__file__).parents[3]
ALLOWED = 600 * 2**20  # bytes
MILLION = "x" * 999_999
MILLION_SHARED = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array([MILLION]))
HEADER = '<row r="1"><c r="A1" t="str"><v>patient</v></c><c t="str"><v>enrolled_on</v></c></row>'
IMPORT = """
import resource, sys
from pathlib import Path
from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake import import_batch


def status():
    return [line.partition(":") for line in open("/proc/self/status")]

file, allowed = Path(sys.argv[1]), int(sys.argv[2])
held = {key: int(kib.split()[0]) * 1024 for key, _, kib in status() if kib.endswith("kB\\n")}
resource.setrlimit(resource.RLIMIT_DATA, (held["VmData"] - held["VmRSS"] + allowed,) * 2)
with Registry.create(str(file.parent / "registry.db"), actor="tester") as registry:
    try:
        import_batch(registry, file)
    except BatchRefusedError as refused:
        print(len(refused.problems), refused.problems[0])
print(next(kib.split()[0] for key, _, kib in status() if key == "VmHWM"), file=sys.stderr)
"""


def in_little_memory(file: Path) -> str:
    """Import a file in a process that gets no more memory than is allowed; what it is refused for, counted."""
    frugal = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
    call = [sys.executable, "-c", IMPORT, str(file), str(ALLOWED)]
    ended = subprocess.run(
        call, cwd=ROOT, env={**os.environ, **frugal}, check=False, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stderr) * 1024 < ALLOWED
    return ended.stdout.strip()


def shared_text_in_many_cells(folder: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 20_002))
    return workbook(folder, HEADER + rows, texts=shared(f"<si><t>{MILLION}</t></si>"))


def shared_texts_without_end(folder: Path) -> Path:
    return workbook(folder, HEADER, texts=shared(f"<si><t>{MILLION}</t></si>" * 70))


def shared_texts_without_number(folder: Path) -> Path:
    return workbook(folder, HEADER, texts=shared("<si><t>ab</t></si>" * 2_000_001))


def inline_texts_in_a_row(folder: Path) -> Path:
    return workbook(folder, HEADER + '<row r="2">' + f'<c t="str"><v>{MILLION}</v></c>' * 100 + "</row>")


def text_beside_the_cells(folder: Path) -> Path:
    return workbook(folder, HEADER + " " * 100_000_000)


def a_dictionary_text_in_many_rows(folder: Path) -> Path:
    return parquet(folder, MILLION_SHARED)


def a_list_of_a_text_in_many_rows(folder: Path) -> Path:
    return parquet(folder, pa.ListArray.from_arrays(pa.array(range(200_001), pa.int32()), MILLION_SHARED))


def long_texts_in_parquet(folder: Path) -> Path:
    return parquet(folder, pa.array([MILLION] * 200))


def longer_texts_in_parquet(folder: Path) -> Path:
    return parquet(folder, pa.array([MILLION] * 300))


def parquet(folder: Path, centres: pa.Array) -> Path:
    rows = len(centres)
    table = pa.table({"patient": ["P-1"] * rows, "enrolled_on": ["2020-01-01"] * rows, "centre": centres})
    has_dictionaries = rows > 1000
    pq.write_table(
        table, folder / "patients.parquet", compression="zstd", store_schema=False, use_dictionary=has_dictionaries
    )
    return folder / "patients.parquet"


def a_row_over_a_hundred_lines(folder: Path) -> Path:
    row = "P-1,2020-01-01" + f',{MILLION},"\n"' * 400
    (folder / "patients.csv").write_text(f"patient,enrolled_on\n{row}\n")
    return folder / "patients.csv"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its limit")
@pytest.mark.parametrize(
    ("write", "why"),
    [
        (shared_text_in_many_cells, "cohort.xlsx!patients:1002: cell A1002: 'xxx"),
        (
            shared_texts_without_end,
            "shared texts up to no. 64 have 64,999,935 characters; a workbook has at most 64,",
        ),
        (shared_texts_without_number, "more than 2,000,000 shared texts; write .csv"),
        (
            inline_texts_in_a_row,
            " of its row: with it the row has 16,999,983 characters; at most 16,000,000",
        ),
        (text_beside_the_cells, ""),
        (a_dictionary_text_in_many_rows, "100001 patients.parquet:2:centre: text of 999999 characters"),
        (a_list_of_a_text_in_many_rows, "100001 patients.parquet:2:centre: text of 999999 characters"),
        (
            long_texts_in_parquet,
            "1 patients.parquet:1: 200,004,821 bytes in the largest page of each column of a row group",
        ),
        (longer_texts_in_parquet, "patients.parquet:1: 300,"),
        (a_row_over_a_hundred_lines, "patients.csv:2: a row of "),
    ],
)
def test_a_file_of_any_kind_is_read_or_refused_in_600_mebibytes(
    tmp_path: Path, write: Callable[[Path], Path], why: str
) -> None:
    assert why in in_little_memory(write(tmp_path))
