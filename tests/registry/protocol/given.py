"""What a test of a protocol starts from: a head of a file, and a file that is the whole of the contract's example."""

from __future__ import annotations

from typing import Final

import pytest

from registry.catalogue.protocol import Protocol
from registry.protocol.file import protocol_of
from registry.toml_keys import DefinitionError

HEAD: Final = """
format = 1
protocol = "axspa-north"
title = "Northern axSpA cohort"
"""
BMI: Final = """
[[measures]]
name = "bmi"
label = "body mass index"
unit = "kg/m2"
range = [10, 80]
"""
SMOKING: Final = """
[[measures]]
name = "smoking"
label = "smoking status"
codes = { never = "never", former = "former, none for 12 months", current = "current" }
"""
ITEMS: Final = """
[[measures]]
name = "item_1"
label = "item 1"
unit = "score"
range = [0, 3]
[[measures]]
name = "item_2"
label = "item 2"
unit = "score"
range = [0, 3]
"""
MEAN: Final = """
[[scores]]
name = "both"
edition = 1
label = "both items"
source = "invented"
items = ["item_1", "item_2"]
rule = "mean"
"""
BASELINE: Final = """
[[schedule]]
name = "baseline"
from = "enrolment"
day = 0
window = [-30, 14]
requires = ["basdai", "crp"]
"""
YEARLY: Final = """
[[schedule]]
name = "year {n}"
from = "enrolment"
every = "1 year"
window = [-90, 90]
"""


def protocol(*tables: str) -> Protocol:
    """The protocol that a file with these tables says."""
    return protocol_of((HEAD + "".join(tables)).encode(), "p.toml")


def problems(*tables: str) -> list[str]:
    """What is told of a file with these tables, which is refused."""
    with pytest.raises(DefinitionError) as refusal:
        protocol(*tables)
    assert all(line.startswith("p.toml: ") for line in refusal.value.lines)
    return list(refusal.value.problems)
