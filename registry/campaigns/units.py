"""What is shown together: each study by itself, the two of a pair, or all of a series, of one patient each.

A list of studies is a file `studies.csv` with the column `study`, and `unit` where it is to say which belong together;
without it, those of one patient do. A unit is called as the list calls it, else by its studies in the order of their
codes, which is no order in time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from registry.domain.patient import Patient
from registry.domain.statements import Study
from registry.domain.studies import study_of
from registry.spelling import nearest
from registry.toml_keys import DefinitionError, content_of
from registry.wording import shown

COLUMNS: Final = ("study", "unit")
SEPARATORS: Final = ",;\t"
JOINED: Final = "+"
SIZES: Final = {"study": (1, 1), "pair": (2, 2), "series": (2, 1_000)}  # studies of a unit, the fewest and the most


class ListedStudy(NamedTuple):
    """A study that a campaign reads, the unit that the list gives it (empty: none), and where it stands."""

    study: str
    unit: str = ""
    place: str = ""


class Unit(NamedTuple):
    """What is shown together: its name, whose it is, and the codes of its studies in alphabetical order."""

    name: str
    patient: str
    studies: tuple[str, ...]


def listed_in(file: Path) -> list[ListedStudy]:
    """Return the studies of a list, a CSV in UTF-8 with commas, semicolons or tabs.

    Raises `DefinitionError` with all that is wrong with it, by line.
    """
    try:
        text = content_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise DefinitionError(str(file), [f"is not text in UTF-8: {failure.reason}; save it as UTF-8"]) from None
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        rows = list(enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True), 1))
    except csv.Error as failure:
        raise DefinitionError(str(file), [f"is not readable as rows of cells ({failure})"]) from None
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    problems = _wrong_header(header)
    if problems:
        raise DefinitionError(str(file), problems)
    return _rows(file, header, [(line, [cell.strip() for cell in cells]) for line, cells in rows[1:] if any(cells)])


def _wrong_header(header: list[str]) -> list[str]:
    strange = [name for name in header if name not in COLUMNS]
    problems = [f"1: {shown(name)} is no column here{_did_you_mean(name)}" for name in strange]
    problems += ["1: a column stands twice; remove one"] if len(set(header)) < len(header) else []
    return problems + ([] if "study" in header else ["1: the column study is missing; write it in the first line"])


def _did_you_mean(name: str) -> str:
    near = nearest(name, COLUMNS)
    return f"; did you mean {near!r}?" if near else "; write study, and unit where the list says it"


def _rows(file: Path, header: list[str], rows: Iterable[tuple[int, list[str]]]) -> list[ListedStudy]:
    found: dict[str, ListedStudy] = {}
    problems: list[str] = []
    for line, cells in rows:
        row = dict(zip(header, cells))
        code, place = row.get("study", ""), f"{file.name}:{line}"
        if len(cells) != len(header):
            problems.append(f"{line}: has {len(cells)} cells; the header has {len(header)}")
        elif not code:
            problems.append(f"{line}: study is empty; give the examination's code")
        elif code in found:
            problems.append(f"{line}: study {shown(code)} stands at {found[code].place} too; keep one")
        elif "unit" in header and not row["unit"]:
            problems.append(f"{line}: unit is empty; say with which other studies it is shown, or leave the column out")
        else:
            found[code] = ListedStudy(code, row.get("unit", ""), place)
    if not found and not problems:
        problems.append("has no studies")
    if problems:
        raise DefinitionError(str(file), problems)
    return list(found.values())


def units_of(
    listed: Iterable[ListedStudy], unit: str, patients: Mapping[str, Patient], holders: Mapping[str, str]
) -> tuple[list[Unit], list[str]]:
    """Return the units of a campaign in the order of their names, and all that is wrong with them.

    `holders` is whose each study is, by its code, `patients` who these are; `unit` is `study`, `pair` or `series`.
    """
    problems: list[str] = []
    members: dict[tuple[str, str], list[ListedStudy]] = {}
    whose: dict[str, str] = {}
    for each in listed:
        holder = holders.get(each.study)
        if holder is None:
            problems.append(f"{_at(each)}no imaging study {shown(each.study)} is recorded; record the study first")
            continue
        if each.unit and whose.setdefault(each.unit, holder) != holder:
            problems.append(
                f"{_at(each)}unit {shown(each.unit)} has a study of another patient; a unit is of one patient"
            )
            continue
        named = each.unit or ("" if unit != "study" else each.study)
        members.setdefault((holder, named), []).append(each)
    units = [_unit(holder, name, within) for (holder, name), within in members.items()]
    for made, within in zip(units, members.values()):
        problems += _wrong_unit(made, unit, within, patients[made.patient])
    return sorted(units), problems


def _unit(patient: str, name: str, within: list[ListedStudy]) -> Unit:
    codes = tuple(sorted(each.study for each in within))
    return Unit(name or JOINED.join(codes), patient, codes)


def _wrong_unit(made: Unit, unit: str, within: list[ListedStudy], patient: Patient) -> list[str]:
    """Return what is wrong with a unit: how many studies it has, and a pair of one day."""
    fewest, most = SIZES[unit]
    place, number = _at(within[0]), len(made.studies)
    if not fewest <= number <= most:
        wanted = "one" if most == 1 else "two" if most == 2 else f"{fewest} to {most:,}"
        said = f"of {shown(made.studies[0])} has one study" if number == 1 else f"{made.name} has {number} studies"
        return [f"{place}unit {said}; a {unit} has {wanted}, say by the column unit which belong together"]
    days = [study.performed_on for code in made.studies if isinstance(study := study_of(patient, code), Study)]
    if unit != "study" and len(set(days)) < len(days):
        return [f"{place}unit {made.name} has two studies of one day; of these neither is the earlier one"]
    return []


def _at(listed: ListedStudy) -> str:
    return f"{listed.place}: " if listed.place else ""
