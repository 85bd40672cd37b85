"""Blinded sheets of a reading campaign: cases a second by the method with the most cells, beside openpyxl.

A case is a pair of studies; of the SPARCC score of 23 units it has 828 cells. openpyxl writes the same cells in its
write-only mode, which is the quick one.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import WHOLE, Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from registry.campaigns.blinding import Blinding, CaseKey
from registry.campaigns.sheet_layout import Layout, Layouts
from registry.campaigns.sheet_tables import write_table
from registry.campaigns.sheet_workbooks import write_workbook
from registry.campaigns.sheets import SheetFile, sheet_files
from registry.campaigns.worklists import AssignedCase, Case, CaseStudy
from registry.catalogue.catalogue import BUILT_IN
from registry.domain.campaigns import Campaign

CASES: Final = 5_000  # at the whole scale
PART: Final = 10  # of the cases that openpyxl writes, one in so many
WITHIN: Final = 60  # seconds for the cases of the whole scale
LARGEST, COMMON = "sparcc-spine-23", "berlin"
NAME, READER = "sheets", "R1"
KEY: Final = bytes(range(32))


def measure(scale: Scale) -> Found:
    """Measure the workbooks of the largest method and of a common one, and the tables, each in a process of its own."""
    cases = max(10, CASES * scale.events // WHOLE)
    few = max(1, cases // PART)

    def contender(what: str, work: Callable[..., object], method: str, n: int) -> Contender:
        return Contender(what, lambda: _apart(scale, work, method, n), n, "cases")

    large, other = in_turn(
        scale.few,
        contender(f"workbooks of {LARGEST}", workbooks, LARGEST, cases),
        contender("`openpyxl`, write-only, the same cells", by_openpyxl, LARGEST, few),
    )
    common = in_turn(scale.few, contender(f"workbooks of {COMMON}", workbooks, COMMON, cases))[0]
    tables = in_turn(scale.few, contender(f"tables of {LARGEST}", in_csv, LARGEST, cases))[0]
    return Found(
        (Compared(large, (other,)), Compared(common), Compared(tables)),
        (Target(f"workbooks of {CASES:,} cases of {LARGEST}", WITHIN, large.median * CASES / cases, "s"),),
    )


def _apart(scale: Scale, work: Callable[..., object], method: str, cases: int) -> Run:
    with TemporaryDirectory(dir=scale.folder) as folder:
        return scale.apart(work, folder, method, cases)


def workbooks(folder: str, method: str, cases: int) -> tuple[float, int]:
    """Write the workbooks of so many cases; the answer is the number of cells that can be typed in, of one case."""
    return _measured(folder, method, cases, write_workbook, ".xlsx")


def in_csv(folder: str, method: str, cases: int) -> tuple[float, int]:
    """Write the same as tables."""
    return _measured(folder, method, cases, write_table, ".csv")


def by_openpyxl(folder: str, method: str, cases: int) -> tuple[float, int]:
    """Write the same cells as workbooks, with openpyxl."""
    return _measured(folder, method, cases, _write_by_openpyxl, ".xlsx")


def _measured(folder: str, method: str, cases: int, write: Callable[..., object], ending: str) -> tuple[float, int]:
    campaign = _campaign(method)
    layout_of = Layouts(campaign, BUILT_IN).of

    def made() -> list[Path]:
        files = sheet_files(NAME, READER, _cases(cases), Blinding(KEY, NAME))
        places = [Path(folder) / f"{file.name}{ending}" for file in files]
        for file, place in zip(files, places):
            with place.open("wb") as content:
                write(content, file, layout_of)
        return places

    run = timed(made, lambda places: sum(place.stat().st_size > 0 for place in places) and _cells(layout_of(2)))
    return run.seconds, run.answer


def _cells(layout: Layout) -> int:
    return sum(bool(layout.words_at(row, column)) for row, column in product(layout.rows, layout.columns))


def _campaign(method: str) -> Campaign:
    return Campaign(
        campaign=NAME,
        method=method,
        method_version=BUILT_IN.methods[method].version,
        chosen_by="studies",
        chosen_in=None,
        readers=(READER,),
        unit="pair",
        order="masked",
        readers_per_unit=1,
    )


def _cases(number: int) -> list[Case]:
    """Return cases of two studies each, with their codes."""
    blinding = Blinding(KEY, NAME)
    made = []
    for place in range(number):
        key = CaseKey(READER, f"MR-{place:05}")
        studies = tuple(CaseStudy(f"{key.unit}-{each}", False, False, None) for each in "xy")
        letters = blinding.letters(key, [each.study for each in studies])
        made.append(Case(place + 1, blinding.code(key), AssignedCase(key, "reader", studies), letters))
    return made


def _write_by_openpyxl(content: object, file: SheetFile, layout_of: Callable[[int], Layout]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Protection

    book = Workbook(write_only=True)
    for case in file.cases:
        layout, sheet = layout_of(case.studies), book.create_sheet(case.code)
        sheet.protection.sheet = True
        sheet.append([layout.rows_are, *(column.name for column in layout.columns)])
        cell = WriteOnlyCell(sheet)
        cell.protection = Protection(locked=False)
        for row in layout.rows:
            sheet.append([row.name, *(cell if layout.words_at(row, column) else None for column in layout.columns)])
    book.save(content)


BENCHMARK: Final = Benchmark(
    name="campaigns",
    title="Blinded sheets",
    method=f"A reader gets {CASES:,} pairs of studies, a hundred to a workbook, with drop-downs, protection and rules; "
    "beside the largest method a common one, and the same as CSV. openpyxl writes the cells alone, of a tenth of the "
    "cases.",
    packages=("xlsxwriter", "openpyxl"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
