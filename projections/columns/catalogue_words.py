"""Closed lists of words that a declared column can hold, as the catalogue at its point in time has them."""

from __future__ import annotations

from collections.abc import Collection

from registry.catalogue.catalogue import Catalogue


def measures(catalogue: Catalogue) -> Collection[str]:
    """Return all that can be measured or computed at a visit, each once."""
    return dict.fromkeys((*catalogue.measures, *catalogue.computable))


def units(catalogue: Catalogue) -> Collection[str]:
    """Return the units in which values are told, and of what is no number what it holds."""
    return dict.fromkeys(catalogue.unit_of(name) for name in measures(catalogue))


def captured_units(catalogue: Catalogue) -> Collection[str]:
    """Return the units in which values can come."""
    return dict.fromkeys(unit for each in catalogue.measures.values() if each.is_number for unit in each.units)


def rules(catalogue: Catalogue) -> Collection[str]:
    """Return the rules by which values are computed, in the edition that counts."""
    return [each.rule() for each in catalogue.computable.values()]


def agents(catalogue: Catalogue) -> Collection[str]:
    """Return the agents, by international non-proprietary name."""
    return catalogue.agents


def conditions(catalogue: Catalogue) -> Collection[str]:
    """Return the conditions, by name."""
    return catalogue.conditions


def drug_classes(catalogue: Catalogue) -> Collection[str]:
    """Return the classes of agents."""
    return catalogue.drug_classes


def immunomodulating(catalogue: Catalogue) -> Collection[str]:
    """Return the agents that act on the immune system."""
    return catalogue.immunomodulating


def measure_codes(catalogue: Catalogue) -> Collection[str]:
    """Return the words of all measures whose values are words of a list, each once."""
    return dict.fromkeys(code for name in catalogue.coded for code in catalogue.measures[name].codes)


def methods(catalogue: Catalogue) -> Collection[str]:
    """Return the imaging methods, by code."""
    return catalogue.methods


def segments(catalogue: Catalogue) -> Collection[str]:
    """Return the segments of all methods, each once."""
    return dict.fromkeys(segment for method in catalogue.methods.values() for segment in method.segments)


def graded_items(catalogue: Catalogue) -> Collection[str]:
    """Return what is graded by methods that grade several things, in the order of the names."""
    return sorted({item.name for method in catalogue.methods.values() for item in method.items if item.name})


def location_states(catalogue: Catalogue) -> Collection[str]:
    """Return what the items of a location can say together, by any method, in the order of the words."""
    states = (state.name for method in catalogue.methods.values() for state in method.states.values())
    return sorted({name for name in states if name is not None})


def score_policies(catalogue: Catalogue) -> Collection[str]:
    """Return what may become of locations that could not be assessed, by any score of any method."""
    return dict.fromkeys(score.policy.name for method in catalogue.methods.values() for score in method.scores)


def imaging_criteria(catalogue: Catalogue) -> Collection[str]:
    """Return the criteria over readings of images, by name."""
    return catalogue.imaging_criteria


def imaging_rules(catalogue: Catalogue) -> Collection[str]:
    """Return the criteria over readings of images in the edition that counts."""
    return [each.rule for each in catalogue.imaging_criteria.values()]


def imaging_definitions(catalogue: Catalogue) -> Collection[str]:
    """Return what the criteria over readings of images require, each once."""
    return dict.fromkeys(each.requires.told for each in catalogue.imaging_criteria.values())


def imaging_policies(catalogue: Catalogue) -> Collection[str]:
    """Return what may become of locations that were not assessed, by any criterion over readings of images."""
    criteria = catalogue.imaging_criteria.values()
    return dict.fromkeys(each.policy(catalogue.methods[code]) for each in criteria for code in each.methods)


def flare_definitions(catalogue: Catalogue) -> Collection[str]:
    """Return the named definitions of flare."""
    return catalogue.flare_definitions


def missing_reasons(catalogue: Catalogue) -> Collection[str]:
    """Return the reasons for which a measure may have no value."""
    return catalogue.missing_reasons


def products(catalogue: Catalogue) -> Collection[str]:
    """Return what is written on boxes."""
    return catalogue.products


def arms(catalogue: Catalogue) -> Collection[str]:
    """Return the arms of a trial; nothing where the protocol has none."""
    return catalogue.arms


def centres(catalogue: Catalogue) -> Collection[str]:
    """Return the centres that the protocol lists; nothing where any code may be one."""
    return catalogue.centres
