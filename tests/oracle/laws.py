"""How long the laws look for a history that breaks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings


def laws(*, histories: int) -> Callable[[Any], Any]:
    """Return the settings of a law that is tried on some histories, the same ones in every run."""
    return settings(
        max_examples=histories,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
