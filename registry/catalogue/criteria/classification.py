"""What a set of classification criteria is: named features of a patient, each yes, no or open, and one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry.catalogue.instruments.truths import Truths

Features = Mapping[str, Truths]


@dataclass(frozen=True, kw_only=True)
class Classification:
    """A set of criteria in one edition; the answer is open where open features could turn it either way.

    `name` is the one under which a patient's criteria are recorded, where the registry has one.
    """

    name: str
    rule: str
    title: str
    source: str
    features: tuple[str, ...]
    kernel: Callable[[Features], Truths]

    def over(self, features: Features) -> Truths:
        """Return the answer of each patient; `features` holds every feature, all of one length.

        Raises:
            KeyError: where a feature does not exist.
        """
        return self.kernel({name: features[name] for name in self.features})
