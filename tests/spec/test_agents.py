"""Drugs: what the catalogue knows of each agent, by its name and by its ATC code."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.agents import AGENTS, agent_of_atc

AGENTS_OF_THE_REFERENCE = (  # name, class, ATC code today, codes before
    ("anakinra", "IL-1i", "L04AC03", ("L04AA14",)),
    ("canakinumab", "IL-1i", "L04AC08", ()),
    ("etanercept", "TNFi", "L04AB01", ("L04AA11",)),
    ("infliximab", "TNFi", "L04AB02", ("L04AA12",)),
    ("adalimumab", "TNFi", "L04AB04", ("L04AA17",)),
    ("certolizumab pegol", "TNFi", "L04AB05", ()),
    ("golimumab", "TNFi", "L04AB06", ()),
    ("secukinumab", "IL-17i", "L04AC10", ()),
    ("ixekizumab", "IL-17i", "L04AC13", ()),
    ("bimekizumab", "IL-17A/Fi", "L04AC21", ()),
    ("ustekinumab", "IL-12/23i", "L04AC05", ()),
    ("guselkumab", "IL-23i", "L04AC16", ()),
    ("risankizumab", "IL-23i", "L04AC18", ()),
    ("tofacitinib", "JAKi", "L04AF01", ("L04AA29",)),
    ("baricitinib", "JAKi", "L04AF02", ("L04AA37",)),
    ("upadacitinib", "JAKi", "L04AF03", ("L04AA44",)),
    ("filgotinib", "JAKi", "L04AF04", ("L04AA45",)),
    ("apremilast", "PDE4i", "L04AA32", ()),
    ("methotrexate", "csDMARD", "L04AX03", ("L01BA01",)),
    ("sulfasalazine", "csDMARD", "A07EC01", ()),
    ("leflunomide", "csDMARD", "L04AK01", ("L04AA13",)),
    ("azathioprine", "csDMARD", "L04AX01", ()),
    ("hydroxychloroquine", "csDMARD", "P01BA02", ()),
    ("methylprednisolone", "glucocorticoid", "H02AB04", ()),
    ("prednisolone", "glucocorticoid", "H02AB06", ()),
    ("prednisone", "glucocorticoid", "H02AB07", ()),
    ("phenylbutazone", "NSAID", "M01AA01", ()),
    ("indometacin", "NSAID", "M01AB01", ()),
    ("diclofenac", "NSAID", "M01AB05", ()),
    ("etodolac", "NSAID", "M01AB08", ()),
    ("aceclofenac", "NSAID", "M01AB16", ()),
    ("piroxicam", "NSAID", "M01AC01", ()),
    ("tenoxicam", "NSAID", "M01AC02", ()),
    ("meloxicam", "NSAID", "M01AC06", ()),
    ("ibuprofen", "NSAID", "M01AE01", ()),
    ("naproxen", "NSAID", "M01AE02", ()),
    ("ketoprofen", "NSAID", "M01AE03", ()),
    ("flurbiprofen", "NSAID", "M01AE09", ()),
    ("celecoxib", "NSAID", "M01AH01", ()),
    ("etoricoxib", "NSAID", "M01AH05", ()),
)


@pytest.mark.parametrize(("name", "drug_class", "atc", "former"), AGENTS_OF_THE_REFERENCE, ids=str)
def test_an_agent_has_its_class_and_its_codes(name: str, drug_class: str, atc: str, former: tuple[str, ...]) -> None:
    assert AGENTS[name] == (name, atc, former, drug_class)


@pytest.mark.parametrize("name", AGENTS)
def test_every_code_that_an_agent_has_or_had_means_that_agent_and_no_other(name: str) -> None:
    agent = AGENTS[name]

    assert {agent_of_atc(code) for code in (agent.atc, *agent.former_atc)} == {agent}


def test_an_atc_code_has_seven_characters_and_is_matched_without_regard_to_case() -> None:
    assert {len(code) for agent in AGENTS.values() for code in (agent.atc, *agent.former_atc)} == {7}
    assert agent_of_atc("l04ab02") == AGENTS["infliximab"]


@pytest.mark.parametrize("code", ["", "L04AB", "L04AF99"])
def test_a_code_that_the_catalogue_does_not_have_means_nothing(code: str) -> None:
    assert agent_of_atc(code) is None


@pytest.mark.parametrize(
    ("name", "acts_on_the_immune_system"),
    [("infliximab", True), ("methotrexate", True), ("prednisolone", True), ("naproxen", False), ("paracetamol", False)],
)
def test_nsaids_and_analgesics_do_not_act_on_the_immune_system(name: str, acts_on_the_immune_system: bool) -> None:
    assert AGENTS[name].immunomodulating is acts_on_the_immune_system


def test_a_course_of_every_agent_can_be_recorded(enrolled: Registry) -> None:
    for agent in AGENTS:
        enrolled.start_treatment("BAR1-01", agent=agent.upper(), started_on="2003")

    assert enrolled.head.position == 1 + len(AGENTS)
