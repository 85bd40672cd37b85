"""How long the laws look for a history that breaks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from tests.faults.lengths import IS_PLANTED, times


def laws(*, histories: int, long: int | None = None) -> Callable[[Any], Any]:
    """Return the settings of a law that is tried on some histories, the same ones in every run.

    `make faults` tries it on `long` of them. Where a bug is planted the first history that finds it is enough: to make
    it smaller takes minutes, and nobody reads it.
    """
    return settings(
        max_examples=times(short=histories, long=histories if long is None else long),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate] if IS_PLANTED else [Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
