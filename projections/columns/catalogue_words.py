"""Closed lists of words that a declared column can hold, as the catalogue at its point in time has them."""

from __future__ import annotations

from collections.abc import Collection

from registry.catalogue.catalogue import Catalogue


def agents(catalogue: Catalogue) -> Collection[str]:
    """Return the agents, by international non-proprietary name."""
    return catalogue.agents


def drug_classes(catalogue: Catalogue) -> Collection[str]:
    """Return the classes of agents."""
    return catalogue.drug_classes


def immunomodulating(catalogue: Catalogue) -> Collection[str]:
    """Return the agents that act on the immune system."""
    return catalogue.immunomodulating


def products(catalogue: Catalogue) -> Collection[str]:
    """Return what is written on boxes."""
    return catalogue.products


def arms(catalogue: Catalogue) -> Collection[str]:
    """Return the arms of a trial; nothing where the protocol has none."""
    return catalogue.arms
