"""What readers get of ten thousand campaigns is the same whatever the days, arms and pseudonyms are; a leak is caught.

Of a campaign whose order is masked, also which study is shown as A is the same. Planted leaks show that the check sees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

from registry import Registry
from registry.campaigns.blinding import letter_of
from registry.campaigns.returned_sheets import returned_files
from registry.campaigns.sheet_layout import Layouts
from registry.campaigns.sheet_workbooks import write_workbook
from registry.campaigns.sheets import SheetFile
from registry.campaigns.typed_cells import TypedSheet
from registry.campaigns.unblinded import grades_by_letter
from registry.campaigns.worklists import AssignedCase, Case
from registry.catalogue.catalogue import BUILT_IN
from tests.registry.campaigns.invented import (
    ARMS,
    Blind,
    Invented,
    as_readers_get_them,
    assigned,
    handed_out,
    invented,
    shown,
)
from tests.registry.campaigns.test_leaks import one_key
from tests.spec import given
from tests.spec.campaigns import NAME, declared
from tests.spec.readers import fill, study_shown

CAMPAIGNS = 10_000
WORKBOOKS = 300
BY_NAME = ("xl/workbook.xml", "docProps/app.xml")  # parts that list the sheets with a title to print, by their names
PLANTED_IN = 200  # campaigns among which a planted leak is looked for


def leaks(seed: int, blind: Blind = as_readers_get_them) -> bool:
    """Whether what a reader gets of a campaign changes with the days, arms or pseudonyms of its examinations."""
    one = invented(seed)
    other = one.with_days_exchanged(Random(seed + 1))
    if handed_out(one, blind) != handed_out(other, blind):
        return True
    return one.campaign.order == "masked" and shown(one, blind) != shown(other, blind)


def written(file: SheetFile, of: Invented) -> bytes:
    """The bytes of a reader's workbook."""
    content = BytesIO()
    write_workbook(content, file, Layouts(of.campaign, BUILT_IN).of)
    return content.getvalue()


def all_read_pairs(of: Invented) -> Invented:
    """A campaign in which all readers read all units, each a pair or a study: no key decides who reads how many."""
    declared = replace(of.campaign, readers_per_unit=len(of.campaign.readers))
    if declared.unit == "series":
        declared = replace(declared, unit="pair")
    return of._replace(campaign=declared, units={name: unit[:2] for name, unit in of.units.items()})


def without_codes(workbook: bytes, file: SheetFile) -> list[tuple[str, list[bytes]]]:
    """The parts of a workbook, each code in it replaced by its place, and the seal by a word.

    Where sheets are listed by their names, the elements are sorted.
    """
    named = {case.code: f"case {number}" for number, case in enumerate(file.cases)} | {file.seal: "seal"}
    pattern = re.compile("|".join(named).encode())
    with ZipFile(BytesIO(workbook)) as parts:
        found = {
            part: pattern.sub(lambda code: named[code[0].decode()].encode(), parts.read(part))
            for part in parts.namelist()
        }
    return [(part, sorted(content.split(b"<")) if part in BY_NAME else [content]) for part, content in found.items()]


def test_no_sheet_of_ten_thousand_campaigns_changes_with_days_arms_or_pseudonyms() -> None:
    assert not [seed for seed in range(CAMPAIGNS) if leaks(seed)]


def test_nobody_reads_two_units_more_than_somebody_else() -> None:
    for seed in range(CAMPAIGNS):
        of = invented(seed)
        load = Counter(dict.fromkeys(of.campaign.readers, 0))
        for case in as_readers_get_them(of, _first(of)):
            load[case.reader] += 1
        assert max(load.values()) - min(load.values()) <= 1, seed


def _first(of: Invented) -> list[AssignedCase]:
    return [case for case in assigned(of) if not case.key.repeat]


def test_every_code_of_a_campaign_is_one_case_and_every_letter_one_study() -> None:
    for seed in range(PLANTED_IN):
        of = invented(seed)
        cases = as_readers_get_them(of, _first(of))
        assert len({case.code for case in cases}) == len(cases)
        for case in cases:
            expected = [""] if len(case.letters) == 1 else [letter_of(place) for place in range(len(case.letters))]
            assert sorted(case.letters.values()) == expected


def test_letters_are_no_order_in_time() -> None:
    """Of some thousand masked pairs the earlier one is A in half: 4 standard deviations of the binomial at most off."""
    earlier_is_a = pairs = 0
    for seed in range(CAMPAIGNS):
        of = invented(seed)
        if of.campaign.order != "masked" or of.campaign.unit != "pair":
            continue
        for case in as_readers_get_them(of, _first(of)):
            first = min(case.letters, key=lambda study: of.examination[study].day)
            earlier_is_a += case.letters[first] == "A"
            pairs += 1

    assert pairs > 5_000
    assert abs(earlier_is_a - pairs / 2) < 4 * (pairs / 4) ** 0.5


@pytest.mark.parametrize("seed", range(0, WORKBOOKS, 3))
def test_workbooks_are_the_same_bytes_whatever_the_days_are(seed: int) -> None:
    one = invented(seed)
    other = one.with_days_exchanged(Random(seed + 1))

    for ours, theirs in zip(handed_out(one), handed_out(other), strict=True):
        assert written(ours, one) == written(theirs, other)


@pytest.mark.parametrize("seed", range(1, WORKBOOKS, 3))
def test_no_byte_of_a_workbook_says_a_study_a_day_an_arm_or_a_pseudonym(seed: int) -> None:
    of = invented(seed)
    secrets = {word for each in of.examination.values() for word in (each.study, str(each.day), each.pseudonym)}

    for file in handed_out(of):
        content = b"".join(each for _, part in without_codes(written(file, of), file) for each in part)
        assert not [word for word in (*secrets, *ARMS, *of.units) if word.encode() in content]


@pytest.mark.parametrize("seed", range(2, WORKBOOKS, 3))
def test_with_another_key_workbooks_are_the_same_up_to_their_codes(seed: int) -> None:
    of = all_read_pairs(invented(seed))
    other = of._replace(key=Random(seed).randbytes(32))

    for ours, theirs in zip(handed_out(of), handed_out(other), strict=True):
        assert ours.seal != theirs.seal
        assert without_codes(written(ours, of), ours) == without_codes(written(theirs, other), theirs)


@pytest.mark.parametrize("seed", range(40))
def test_grades_come_back_at_the_study_that_was_shown(seed: int, tmp_path: Path) -> None:
    of = invented(seed)
    layouts, cases = Layouts(of.campaign, BUILT_IN), {case.code: case for case in as_readers_get_them(of, assigned(of))}
    number = {study: place for place, study in enumerate(of.examination)}

    for file in handed_out(of):
        place = tmp_path / f"{file.name}.xlsx"
        place.write_bytes(written(file, of))
        fill(place, lambda asked: _seen(number[study_shown([*cases.values()], asked)], asked.column))
        [back] = returned_files(place, place.name)
        for sheet in back.sheets:
            case = cases[sheet.code or ""]
            typed = TypedSheet(sheet, layouts.of(len(case.letters)), f"{file.campaign}, reader {file.reader}, ")
            read = grades_by_letter(typed)
            assert typed.problems == []
            assert {study: read[letter]["active lesions"] for study, letter in case.letters.items()} == {
                study: (number[study],) for study in case.letters
            }


def _seen(number: int, column: str) -> int:
    return number if column.endswith("active lesions") else 1


def by_day(of: Invented, cases: Iterable[AssignedCase]) -> list[Case]:
    """A leak: cases come in the order of their first examinations."""
    days = {study: each.day for study, each in of.examination.items()}
    return sorted(
        as_readers_get_them(of, cases), key=lambda case: (case.reader, min(days[each] for each in case.letters))
    )


def by_arm(of: Invented, cases: Iterable[AssignedCase]) -> list[Case]:
    """A leak: who got placebo comes last."""
    found = as_readers_get_them(of, cases)
    return sorted(found, key=lambda case: (case.reader, of.examination[min(case.letters)].arm))


def by_pseudonym(of: Invented, cases: Iterable[AssignedCase]) -> list[Case]:
    """A leak: cases come in the order of the pseudonyms."""
    found = as_readers_get_them(of, cases)
    return sorted(found, key=lambda case: (case.reader, of.examination[min(case.letters)].pseudonym))


def first_is_a(of: Invented, cases: Iterable[AssignedCase]) -> list[Case]:
    """A leak: the earliest study is A, though the order is masked."""
    found = []
    for case in as_readers_get_them(of, cases):
        in_time = sorted(case.letters, key=lambda each: of.examination[each].day)
        found.append(case._replace(letters=dict(zip(in_time, sorted(case.letters.values())))))
    return found


def code_of_day(of: Invented, cases: Iterable[AssignedCase]) -> list[Case]:
    """A leak: a code ends with the year of the first examination."""
    found = as_readers_get_them(of, cases)
    return [
        case._replace(code=f"{case.code[:5]}{min(of.examination[each].day.year for each in case.letters)}")
        for case in found
    ]


@pytest.mark.parametrize("blind", [by_day, by_arm, by_pseudonym, first_is_a, code_of_day])
def test_a_planted_leak_is_caught(blind: Blind) -> None:
    assert any(leaks(seed, blind) for seed in range(PLANTED_IN))


STUDIES = ("MR-1", "MR-2", "MR-3", "MR-4", "MR-5", "MR-6")


def worklist(folder: Path, random: Random) -> bytes:
    """R1's workbook of a registry in which chance says whose the pairs are, of which days, and who gets what."""
    folder.mkdir()
    names = ["ANNA", "BERTA", "CLARA"]
    random.shuffle(names)
    with Registry.create(f"sqlite:///{folder / 'registry.db'}", actor=names[0].lower()) as registry:
        for place, name in enumerate(names):
            given.enrolled(registry, name)
            registry.start_treatment(name, agent=random.choice(["infliximab", "adalimumab"]), started_on="2002-02-01")
            days = random.sample(range(1, 29), 2)
            for study, day in zip(STUDIES[2 * place : 2 * place + 2], days):
                given.mri(registry, study, f"2003-05-{day:02}", patient=name)
        key = folder / "campaign.key"
        registry.start_campaign(declared(folder, listed="\n".join(("study", *STUDIES)), repeats="0.5"), key=key)
        [file] = registry.write_worklist(NAME, "R1", folder / "out", key=key)
        return file.read_bytes()


def test_a_worklist_of_a_registry_is_the_same_bytes_whoever_was_examined_when(tmp_path: Path) -> None:
    with one_key():
        found = {worklist(tmp_path / str(seed), Random(seed)) for seed in range(8)}

    assert len(found) == 1
