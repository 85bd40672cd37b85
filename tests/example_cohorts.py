"""The example cohorts, as registries of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from registry import Registry
from registry.intake import import_batch
from registry.intake.report import ImportReport

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


def with_protocol_of(registry: Registry, *cohorts: str) -> Registry:
    """The registry, which has adopted the protocol of whichever example has one."""
    for cohort in cohorts:
        if (file := EXAMPLES / f"{cohort}.protocol.toml").exists():
            registry.adopt_protocol(file)
    return registry


def import_example(registry: Registry, *cohorts: str) -> ImportReport:
    """Import example cohorts as one batch, under the protocol of whichever has one."""
    return import_batch(with_protocol_of(registry, *cohorts), [EXAMPLES / cohort for cohort in cohorts])
