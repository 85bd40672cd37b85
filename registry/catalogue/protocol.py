"""What a registry's protocol says, as data: what is collected here beside what the profession has agreed.

The records are those of the file, key by key, and are kept in the log as they are: numbers are decimals, days are whole
days of the clinical clock. `until` is the day from which something is collected no more; None while it is.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, Literal, get_args

import msgspec

from registry.catalogue.measures import Holds
from registry.catalogue.products import ProductKind

FORMAT: Final = 1

ScoreRule = Literal["sum", "mean", "weighted", "max"]
MissingRule = Literal["mean-of-others"]
ConditionGroup = Literal["manifestation", "comorbidity", "event"]
Anchor = Literal["enrolment", "course", "line"]
SCORE_RULES: Final[tuple[ScoreRule, ...]] = get_args(ScoreRule)
MISSING_RULES: Final[tuple[MissingRule, ...]] = get_args(MissingRule)
PRODUCT_KINDS: Final[tuple[ProductKind, ...]] = get_args(ProductKind)
CONDITION_GROUPS: Final[tuple[ConditionGroup, ...]] = get_args(ConditionGroup)
ANCHORS: Final[tuple[Anchor, ...]] = get_args(Anchor)

Range = tuple[Decimal | None, Decimal | None]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One table of a protocol file."""


class UnitRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A unit that the catalogue lacks; `to` has by unit what a value is multiplied by to be in that one, exactly."""

    name: str
    to: dict[str, Decimal] = {}


class MeasureRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A measure: `range` and `plausible` in the canonical `unit`, inclusive; `codes` with the label of each word.

    `ended_codes` has the words that are taken no more, each with the day from which on.
    """

    name: str
    label: str
    holds: Holds = "number"
    unit: str | None = None
    range: Range | None = None
    plausible: Range | None = None
    laboratory: bool = False
    codes: dict[str, str] = {}
    ordinal: bool = False
    until: date | None = None
    ended_codes: dict[str, date] = {}


class MissingItems(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How many items of a score may be missing, and what then stands for them."""

    at_most: int
    then: MissingRule = "mean-of-others"


class ScoreRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A score in one edition: `items` by name, those in `reverse` counted as high + low - value.

    `weights` are by item and `constant` is added, of a weighted sum alone.
    """

    name: str
    edition: int
    label: str
    source: str
    items: tuple[str, ...]
    rule: ScoreRule
    unit: str = "score"
    reverse: tuple[str, ...] = ()
    weights: dict[str, Decimal] = {}
    constant: Decimal | None = None
    range: Range | None = None
    missing: MissingItems | None = None
    until: date | None = None


class AgentRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False, rename={"drug_class": "class"}):
    """A substance that the catalogue lacks; `atc` may be empty."""

    name: str
    drug_class: str
    atc: str = ""
    until: date | None = None


class ProductRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is written on a box, and the agent in it."""

    name: str
    agent: str
    kind: ProductKind
    until: date | None = None


class ConditionRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A condition that the catalogue lacks, with its codes of ICD-10."""

    name: str
    label: str
    icd10: tuple[str, ...]
    group: ConditionGroup
    until: date | None = None


class CodeRecord(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The code of a centre, or of an arm of a trial, with its title."""

    code: str
    title: str
    until: date | None = None


class ScheduledImaging(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An examination that is due at a visit; with `every` only where the last one lies that long back."""

    modality: str
    regions: tuple[str, ...]
    every: str | None = None


class ScheduledVisit(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False, rename={"anchor": "from"}):
    """When who is expected, and what is then to be taken.

    Either on one `day` after the anchor, or `every` so often until the end of follow-up, or of the course or line.
    `window` are the first and the last day around the due one. It asks for due days from `since` on.
    """

    name: str
    anchor: Anchor
    of: tuple[str, ...] = ()
    day: int | None = None
    every: str | None = None
    since: date | None = None
    window: tuple[int, int]
    requires: tuple[str, ...] = ()
    imaging: tuple[ScheduledImaging, ...] = ()
    until: date | None = None


class FollowUpRule(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """After how long without any visit a patient counts as lost."""

    lost_after: str


class Protocol(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A protocol as its file says it; `missing` has the reasons for a missing value, by the code that a cell holds."""

    protocol: str
    title: str
    units: tuple[UnitRecord, ...] = ()
    measures: tuple[MeasureRecord, ...] = ()
    scores: tuple[ScoreRecord, ...] = ()
    agents: tuple[AgentRecord, ...] = ()
    products: tuple[ProductRecord, ...] = ()
    arms: tuple[CodeRecord, ...] = ()
    conditions: tuple[ConditionRecord, ...] = ()
    centres: tuple[CodeRecord, ...] = ()
    missing: dict[str, str] = {}
    schedule: tuple[ScheduledVisit, ...] = ()
    follow_up: FollowUpRule | None = None
