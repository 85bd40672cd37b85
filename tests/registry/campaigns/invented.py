"""Invented campaigns, each by its seed: examinations with days, arms and pseudonyms, and what readers get of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from registry.campaigns.blinding import Blinding
from registry.campaigns.design import READER, first_cases
from registry.campaigns.sheets import SheetFile, sheet_files
from registry.campaigns.worklists import AssignedCase, Case, CaseStudy, blinded
from registry.domain.campaigns import Campaign
from tests.registry.campaigns.given import campaign

FIRST = date(2002, 6, 3)
ARMS = ("infliximab", "placebo")
SIZES = {"study": (1, 1), "pair": (2, 2), "series": (2, 4)}
LENGTH = 8  # characters of a code


class Examination(NamedTuple):
    """A study, and what no reader may learn of it: its day, whose it is, and which arm that patient is in."""

    study: str
    day: date
    pseudonym: str
    arm: str


class Invented(NamedTuple):
    """A campaign, its key, and the examinations of each unit by the unit's name."""

    campaign: Campaign
    key: bytes
    units: dict[str, list[Examination]]

    @property
    def examination(self) -> dict[str, Examination]:
        """The examinations by their codes."""
        return {each.study: each for unit in self.units.values() for each in unit}

    def with_days_exchanged(self, random: Random) -> Invented:
        """The same campaign, had its examinations been on each other's days, of others' pseudonyms and other arms."""
        found = [*self.examination.values()]
        days, names = [each.day for each in found], [each.pseudonym for each in found]
        random.shuffle(days)
        random.shuffle(names)
        anew = {
            each.study: Examination(each.study, day, name, random.choice(ARMS))
            for each, day, name in zip(found, days, names)
        }
        units = {name: [anew[each.study] for each in unit] for name, unit in self.units.items()}
        return self._replace(units=units)


Blind = Callable[[Invented, Iterable[AssignedCase]], list[Case]]


def invented(seed: int) -> Invented:
    """A campaign with a design, an order and examinations that the seed chooses."""
    random = Random(seed)
    readers = tuple(f"R{number}" for number in range(1, random.randint(1, 4) + 1))
    unit = random.choice([*SIZES])
    declared = campaign(
        readers=readers,
        unit=unit,
        order=random.choice(["masked", "known"]),
        design=random.choice(["random", "latin-square"]) if len(readers) > 1 else "random",
        readers_per_unit=random.randint(1, len(readers)),
        repeats=Decimal(random.choice(["0", "0.1", "0.5"])),
        method="asas-mri-sij",
    )
    units = dict(_unit(random, number, random.randint(*SIZES[unit])) for number in range(random.randint(1, 9)))
    return Invented(declared, random.randbytes(32), units)


def _unit(random: Random, number: int, size: int) -> tuple[str, list[Examination]]:
    pseudonym, arm = f"PSEUDO-{number:03}", random.choice(ARMS)
    days = random.sample(range(4_000), size)
    found = [
        Examination(f"STUDY-{number:03}-{place}", FIRST + timedelta(days=day), pseudonym, arm)
        for place, day in enumerate(days)
    ]
    return "+".join(each.study for each in found), found


def assigned(of: Invented) -> list[AssignedCase]:
    """The cases of a campaign at its start, as they stand with the patients."""
    blinding = Blinding(of.key, of.campaign.campaign)
    return [
        AssignedCase(
            key,
            READER,
            tuple(
                CaseStudy(each.study, is_retracted=False, is_read=False, performed_on=each.day)
                for each in of.units[key.unit]
            ),
        )
        for key in first_cases(of.campaign, of.units, blinding)
    ]


def as_readers_get_them(of: Invented, cases: Iterable[AssignedCase]) -> list[Case]:
    """The cases as spondyl blinds them."""
    return blinded(of.campaign, cases, Blinding(of.key, of.campaign.campaign), length=LENGTH)


def handed_out(of: Invented, blind: Blind = as_readers_get_them) -> list[SheetFile]:
    """The files of all readers."""
    cases, blinding = blind(of, assigned(of)), Blinding(of.key, of.campaign.campaign)
    return [
        file
        for reader in of.campaign.readers
        for file in sheet_files(
            of.campaign.campaign, reader, [case for case in cases if case.reader == reader], blinding
        )
    ]


def shown(of: Invented, blind: Blind = as_readers_get_them) -> dict[tuple[str, str], str]:
    """Which study is shown under which code and letter."""
    return {(case.code, letter): study for case in blind(of, assigned(of)) for study, letter in case.letters.items()}
