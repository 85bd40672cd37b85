"""Every field of every record of a protocol has a key in its file, which is read, documented, and in the template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from registry.catalogue.protocol import Protocol, Record
from registry.protocol.file import protocol_of
from registry.protocol.template import TEMPLATE, example
from tests.docs.pages import Page
from tests.registry.protocol.given import BASELINE, BMI, HEAD, ITEMS, MEAN, SMOKING, YEARLY

UNTIL: Final = "until = 2030-01-01\n"
WHOLE: Final = "".join(
    (
        HEAD,
        BMI,
        "plausible = [14, 60]\nlaboratory = true\n",
        UNTIL,
        SMOKING,
        "ordinal = true\nended_codes = { former = 2030-01-01 }\n",
        ITEMS,
        MEAN.replace('"mean"', '"weighted"'),
        'unit = "%"\nreverse = ["item_2"]\nweights = { item_1 = 1, item_2 = 1 }\nconstant = 6\nrange = [6, 12]\n',
        "missing = { at_most = 1 }\n",
        UNTIL,
        '[[units]]\nname = "ng/ml"\nto = { "ug/l" = 1 }\n',
        '[[agents]]\nname = "x-7"\nclass = "IL-17i"\natc = "L04AC99"\n',
        UNTIL,
        '[[products]]\nname = "Newcept"\nagent = "etanercept"\nkind = "biosimilar"\n',
        UNTIL,
        '[[arms]]\ncode = "A"\ntitle = "active"\n',
        UNTIL,
        '[[conditions]]\nname = "sjogren"\nlabel = "Sjögren\'s disease"\nicd10 = ["M35.0"]\ngroup = "comorbidity"\n',
        UNTIL,
        '[[centres]]\ncode = "C1"\ntitle = "Northtown"\n',
        BASELINE.replace('"enrolment"', '"course"\nof = ["TNFi"]'),
        YEARLY,
        'since = 2020-01-01\nimaging = [{ modality = "MRI", regions = ["sij"], every = "2 years" }]\n',
        UNTIL,
        '[follow_up]\nlost_after = "18 months"\n[missing]\nNASK = "not asked"\n',
    )
)
ONLY_VALUE: Final = {("MissingItems", "then")}  # the one word that it can have is the default


def records_in(value: object) -> Iterator[Record]:
    """Every record of a protocol, itself first."""
    if isinstance(value, Record):
        yield value
        for name in value.__struct_fields__:
            yield from records_in(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from records_in(each)


def kinds_of_records(kind: type[Record] = Record) -> Iterator[type[Record]]:
    """Every class of a record that there is."""
    for each in kind.__subclasses__():
        yield each
        yield from kinds_of_records(each)


def test_every_field_of_every_record_is_read_from_the_file() -> None:
    fields = {(kind.__name__, name) for kind in kinds_of_records() for name in kind.__struct_fields__}
    defaults = {
        (kind.__name__, field.name): field.default
        for kind in kinds_of_records()
        for field in msgspec.structs.fields(kind)
    }

    said = {
        (type(record).__name__, name)
        for record in records_in(protocol_of(WHOLE.encode(), "p.toml"))
        for name in record.__struct_fields__
        if getattr(record, name) != defaults[type(record).__name__, name] and getattr(record, name) not in ({}, ())
    }

    assert said == fields - ONLY_VALUE


def test_the_page_says_every_key_where_its_table_is() -> None:
    sections = {part.partition("\n")[0]: part for part in Page.named("protocol.md").text.split("\n### ")}
    named = {"FollowUpRule": "[[schedule]]", "ScheduledImaging": "[[schedule]]", "MissingItems": "[[scores]]"}
    named |= {"ScheduledVisit": "[[schedule]]", "UnitRecord": "[[units]]", "MeasureRecord": "[[measures]]"}
    named |= {"ScoreRecord": "[[scores]]"}
    head = "".join(Page.named("protocol.md").text.split("\n### ")[0:1])
    for kind in kinds_of_records():
        if kind is Protocol:
            continue
        where = named.get(kind.__name__, "[[conditions]]")
        [section] = [text for title, text in sections.items() if where in title]
        for key in kind.__struct_encode_fields__:
            assert f"`{key}`" in section or f"{key} =" in section, (kind.__name__, key)
    assert all(f"`{key}`" in head for key in ("protocol", "title", "format"))


def test_the_template_shows_every_key_of_every_table_and_with_all_switched_on_is_a_protocol() -> None:
    twice = "\n".join(line for line in example().splitlines() if not line.startswith("# ")).replace("\n#", "\n")

    read = protocol_of(twice.encode(), "t.toml")

    assert [each.until is not None for each in read.measures].count(True) == 1
    assert [dict(each.ended_codes) != {} for each in read.measures].count(True) == 1
    keys = {key for kind in kinds_of_records() for key in kind.__struct_encode_fields__}
    assert {key for key in keys if f"{key} =" not in TEMPLATE and f"[{key}]" not in TEMPLATE} == set()
