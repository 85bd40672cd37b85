"""A campaign's file: TOML, read to its end before anything is refused, so that all its problems are told at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.domain.batches import DeliveredFile
from registry.domain.campaigns import PAIRED_LESIONS, PAIRED_LESIONS_EDITION, Adjudication, Campaign
from registry.toml_keys import DefinitionError, Keys, content_of, top_of
from registry.wording import shown

FORMAT: Final = 1
NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME_AT_MOST: Final = 60
READER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
READERS_AT_MOST: Final = 50
UNITS: Final = ("study", "pair", "series")
ORDERS: Final = ("masked", "known")
DESIGNS: Final = ("random", "latin-square")
ALL: Final = "all"
FINALS: Final = ("mean", "mean-of-two-closest", "majority-2-of-3", "adjudicator", "consensus")
CONSENSUS: Final = "consensus"
OF_THREE: Final = ("mean-of-two-closest", "majority-2-of-3")  # rules that want a third reading where two differ


class Declared(NamedTuple):
    """A campaign as its file says it, and what the file leaves to others: where its studies or its cohort stand.

    `time_points` are those of the cohort that count, all of them where there are none.
    """

    campaign: Campaign
    file: str
    chosen_in: Path
    time_points: tuple[str, ...] = ()


def declared_in(file: Path | str, catalogue: Catalogue) -> Declared:
    """Return the campaign that a TOML file declares, in the words of a registry's catalogue.

    The file that it names for its studies or its cohort lies beside it. Raises `DefinitionError` with all problems.
    """
    place = Path(file)
    keys = top_of(content_of(place), str(file), catalogue)
    declared = _declared(keys, str(file), place.parent)
    if keys.problems:
        raise DefinitionError(str(file), keys.problems)
    return declared


def _declared(keys: Keys, file: str, folder: Path) -> Declared:
    keys.number("format", low=FORMAT, high=FORMAT)
    name, (method, edition) = _name(keys), _method(keys)
    chosen_by, chosen_in, delivered = _chosen(keys, folder)
    readers, unit = _readers(keys), keys.word("unit", UNITS, "study")
    order, per_unit = keys.word("order", ORDERS, "masked"), _readers_per_unit(keys, readers)
    design, repeats = keys.word("design", DESIGNS, "random"), _share(keys, "repeats")
    adjudicate, final = _adjudication(keys, readers, unit, _wants_limit(keys, method)), _final(keys)
    campaign = Campaign(
        campaign=name,
        method=method,
        method_version=edition,
        chosen_by=chosen_by,
        chosen_in=delivered,
        readers=readers,
        unit=unit,
        order=order,
        readers_per_unit=per_unit,
        design=design,
        repeats=repeats,
        adjudicate=adjudicate,
        final=final,
        due=keys.day("due"),
    )
    time_points = keys.words("time_points") if chosen_by == "cohort" else ()
    keys.end(["time_points"] if chosen_by == "cohort" else [])
    _check_together(keys, campaign, time_points)
    return Declared(campaign, file, chosen_in, time_points)


def _name(keys: Keys) -> str:
    name = keys.line("campaign")
    if name and not (NAME.fullmatch(name) and len(name) <= NAME_AT_MOST):
        keys.wrong("campaign", f"{shown(name)} is not a name of a campaign: a–z, 0–9 and single -, as msasss-2026")
    return name


def _method(keys: Keys) -> tuple[str, int]:
    """Return the code of the method, and the edition that the catalogue has of it."""
    methods = keys.catalogue.methods
    code = keys.word("method", (*methods, PAIRED_LESIONS))
    return code, methods[code].version if code in methods else PAIRED_LESIONS_EDITION


def _chosen(keys: Keys, folder: Path) -> tuple[str, Path, DeliveredFile | None]:
    """Return by which key the file says where its studies are, the file there, and what is noted of that."""
    named = {key: keys.line(key) for key in ("studies", "cohort") if keys.there(key)}
    if len(named) != 1:
        mend = 'write studies = "studies.csv" or cohort = "paper.toml"'
        keys.wrong("studies", f"stands beside cohort; {mend}" if named else f"is missing; {mend}")
        return "studies", folder, None
    ((key, name),) = named.items()
    place = folder / name
    try:
        digest = sha256(content_of(place)).hexdigest()
    except DefinitionError as failure:
        keys.wrong(key, f"{shown(name)} {failure.problems[0]}")
        return key, place, None
    return key, place, DeliveredFile(name=place.name, sha256=digest)


def _readers(keys: Keys) -> tuple[str, ...]:
    readers = keys.words("readers")
    if not readers:
        keys.wrong("readers", 'names nobody; write the codes of those who read, as ["R1", "R2"]')
    if len(readers) > READERS_AT_MOST:
        keys.wrong("readers", f"has {len(readers)} readers; {READERS_AT_MOST} at most")
    for reader in readers:
        _check_reader(keys, "readers", reader)
    folded = [reader.casefold() for reader in readers]
    if len(set(folded)) < len(set(readers)):
        keys.wrong("readers", "has two readers whom only capitals tell apart; their files would have one name")
    return readers


def _check_reader(keys: Keys, key: str, reader: str) -> None:
    if not READER.fullmatch(reader):
        keys.wrong(
            key, f"{shown(reader)} is not a code of a reader: up to 40 of A–Z a–z 0–9 . _ -, a letter or digit first"
        )


def _readers_per_unit(keys: Keys, readers: Collection[str]) -> int:
    """Return how many of the readers read each unit: all of them unless the file says fewer."""
    if not keys.there("readers_per_unit"):
        keys.word("per_reader", (ALL,), ALL)
        return len(readers)
    if keys.there("per_reader"):
        keys.wrong("readers_per_unit", 'stands beside per_reader; remove one, per_reader = "all" is that all read all')
    return keys.number("readers_per_unit", low=1, high=max(len(readers), 1))


def _share(keys: Keys, name: str) -> Decimal:
    """Return a share from 0 to 1, 0 where it is not there."""
    share = keys.decimal(name)
    if share is not None and not 0 <= share <= 1:
        keys.wrong(name, f"{share} is not a share from 0 to 1")
    return share or Decimal(0)


def _wants_limit(keys: Keys, method: str) -> bool:
    """Return whether what two readings differ by is more than yes and no, so that it takes a limit to say how much."""
    declared = keys.catalogue.methods.get(method)
    return declared is None or not all(score.is_yes_or_no for score in declared.scores if score.headline)


def _adjudication(keys: Keys, readers: Collection[str], unit: str, wants_limit: bool) -> Adjudication | None:
    """Return who reads where readers differ, and from which difference on; None where nobody does."""
    adjudicator = keys.line("adjudicator") if keys.there("adjudicator") else None
    table = keys.table("adjudicate")
    if table is None:
        if adjudicator is not None:
            keys.wrong("adjudicator", "stands without [adjudicate]; write there when somebody adjudicates")
        return None
    to = table.line("to") if adjudicator is None or table.there("to") else adjudicator
    status, change = (_differ(table, name) for name in ("status", "change"))
    table.there("final")  # read by whoever asks for it at the top
    table.end()
    _check_reader(table, "to", to)
    if adjudicator not in (None, to):
        table.wrong("to", f"{shown(to)} is not the adjudicator {shown(adjudicator)}; name one person")
    if to.casefold() in {reader.casefold() for reader in readers}:
        table.wrong("to", f"{shown(to)} is a reader of the campaign, and cannot adjudicate it; name somebody else")
    if change is not None and unit == "study":
        table.wrong("change", 'wants two studies side by side or in a series; write unit = "pair" or "series"')
    if wants_limit and status is None and change is None:
        table.wrong("status", "is missing, and change too; write status = { differ = 5 }, in units of the score")
    return Adjudication(to=to, status=status, change=change)


def _differ(table: Keys, name: str) -> Decimal | None:
    """Return above which difference two readings are adjudicated, None where the file does not say."""
    told = len(table.problems)
    rule = table.table(name)
    if rule is None:
        return None
    differ = rule.decimal("differ")
    rule.end()
    if len(table.problems) == told and (differ is None or differ < 0):
        rule.wrong("differ", "is not a number of units from 0 on; more than so many are adjudicated")
    return differ or Decimal(0)  # something to go on with


def _final(keys: Keys) -> str:
    """Return the rule of the final score; it stands at the top, or with the adjudication."""
    table = keys.value_of("adjudicate")
    within = isinstance(table, dict) and "final" in table
    if within and keys.there("final"):
        keys.wrong("final", "stands at the top and in [adjudicate]; keep one")
    if within:
        return Keys(table, "adjudicate", keys.of_file).word("final", FINALS)
    return keys.word("final", FINALS, FINALS[0])


def _check_together(keys: Keys, campaign: Campaign, time_points: Collection[str]) -> None:
    """Tell of what each key may say, and not beside another one."""
    adjudicator, final = campaign.adjudicator, campaign.final
    if campaign.method == PAIRED_LESIONS and campaign.unit != "pair":
        keys.wrong("unit", f'{shown(campaign.unit)} is not what {PAIRED_LESIONS} reads; write unit = "pair"')
    if campaign.method == PAIRED_LESIONS and adjudicator is not None:
        keys.wrong("adjudicate", f"says when scores differ, and {PAIRED_LESIONS} has none; leave it out")
    if campaign.method == PAIRED_LESIONS and campaign.repeats:
        keys.wrong("repeats", f"asks a reader twice, and {PAIRED_LESIONS} keeps one reading of a pair; leave it out")
    if final in OF_THREE and adjudicator is None and campaign.readers_per_unit < 3:
        keys.wrong("final", f"{shown(final)} wants three readings of a unit; write [adjudicate], or three readers")
    if final in ("adjudicator", CONSENSUS) and adjudicator is None:
        keys.wrong("final", f"{shown(final)} wants [adjudicate], to whom cases go that differ")
    if final == CONSENSUS and adjudicator not in (None, CONSENSUS):
        keys.wrong(
            "final", f'{CONSENSUS!r} wants to = "{CONSENSUS}" in [adjudicate], the code of what readers agree on'
        )
    if adjudicator is not None and campaign.readers_per_unit < 2:
        keys.wrong("adjudicate", "wants two readers of each unit, who can differ")
    if campaign.design == "latin-square" and len(campaign.readers) < 2:
        keys.wrong("design", "'latin-square' wants two readers, whose orders it balances")
    if campaign.unit == "pair" and len(time_points) not in (0, 2):
        keys.wrong("time_points", f"has {len(time_points)}; a pair is of two")
