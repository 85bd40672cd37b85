"""docs/protocol.md, and the page that begins with it: what they say is what the program does."""

from __future__ import annotations

import re

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.protocol import (
    AgentRecord,
    CodeRecord,
    ConditionRecord,
    FollowUpRule,
    MeasureRecord,
    ProductRecord,
    Protocol,
    ScheduledImaging,
    ScheduledVisit,
    ScoreRecord,
    UnitRecord,
)
from registry.catalogue.units import CONVERSIONS, UNITS
from registry.protocol.file import written_in
from registry.protocol.limits import AT_MOST
from tests.docs.pages import ROOT, Page

PAGE = Page.named("protocol.md")
TEN_MINUTES = Page.named("a-registry-of-your-own.md")
RECORDS = (
    *(UnitRecord, MeasureRecord, ScoreRecord, AgentRecord, ProductRecord, CodeRecord, ConditionRecord),
    *(ScheduledVisit, ScheduledImaging, FollowUpRule, Protocol),
)


def test_the_page_lists_the_units_of_the_catalogue() -> None:
    assert dict(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE.text, re.MULTILINE)) == UNITS


def test_every_unit_that_is_used_is_one_of_the_catalogue() -> None:
    used = {measure.unit for measure in BUILT_IN.measures.values()}
    used |= {instrument.unit for instrument in BUILT_IN.instruments.values()}
    used |= {unit for pair in CONVERSIONS for unit in pair}

    assert used <= UNITS.keys()


def test_the_page_names_every_key_of_a_file() -> None:
    words = set(re.findall(r"[\w-]+", PAGE.text))
    keys = {key for record in RECORDS for key in record.__struct_encode_fields__}

    assert keys <= words


def test_the_page_says_how_much_a_protocol_may_have() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([\d,]+) \|$", PAGE.text, re.MULTILINE)
    said = {name: int(limit.replace(",", "")) for names, limit in rows for name in re.findall(r"\w+", names)}

    assert said == AT_MOST


def test_the_file_of_the_page_is_the_example() -> None:
    assert TEN_MINUTES.block("toml") == (ROOT / "examples" / "protocol.toml").read_text(encoding="utf-8")
    assert written_in(ROOT / "examples" / "protocol.toml").all_problems() == []
