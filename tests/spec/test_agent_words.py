"""Drugs by whatever word a source has for them: international name, synonym, product, ATC code of today or before."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.agent_synonyms import SYNONYMS
from registry.catalogue.agent_words import AGENT_WORDS
from registry.catalogue.agents import AGENTS
from registry.catalogue.look_alikes import LOOK_ALIKES
from registry.catalogue.products import PRODUCTS, SUFFIXES
from registry.catalogue.therapy_lines import TARGETED_CLASSES
from registry.errors import UnknownCodeError
from registry.spelling import word_key
from tests.spec import given
from tests.spec.given import refused

WORDS_OF_THE_LABELS = (  # word, international name by the label of EMA or FDA, or the WHO's ATC index
    ("Humira", "adalimumab"),
    ("Amgevita", "adalimumab"),
    ("Amjevita", "adalimumab"),
    ("Cyltezo", "adalimumab"),
    ("Hukyndra", "adalimumab"),
    ("Hyrimoz", "adalimumab"),
    ("Idacio", "adalimumab"),
    ("Imraldi", "adalimumab"),
    ("Yuflyma", "adalimumab"),
    ("Simlandi", "adalimumab"),
    ("adalimumab-adaz", "adalimumab"),
    ("Adalimumab adaz", "adalimumab"),
    ("Enbrel", "etanercept"),
    ("Benepali", "etanercept"),
    ("Erelzi", "etanercept"),
    ("Nepexto", "etanercept"),
    ("etanercept-szzs", "etanercept"),
    ("Remicade", "infliximab"),
    ("Inflectra", "infliximab"),
    ("Remsima", "infliximab"),
    ("Flixabi", "infliximab"),
    ("Zessly", "infliximab"),
    ("infliximab-dyyb", "infliximab"),
    ("Simponi", "golimumab"),
    ("Gobivaz", "golimumab"),
    ("Cimzia", "certolizumab pegol"),
    ("certolizumab", "certolizumab pegol"),
    ("Certolizumab-Pegol", "certolizumab pegol"),
    ("Cosentyx", "secukinumab"),
    ("Taltz", "ixekizumab"),
    ("Bimzelx", "bimekizumab"),
    ("Kyntheum", "brodalumab"),
    ("Stelara", "ustekinumab"),
    ("Uzpruvo", "ustekinumab"),
    ("Wezenla", "ustekinumab"),
    ("Tremfya", "guselkumab"),
    ("Skyrizi", "risankizumab"),
    ("Ilumetri", "tildrakizumab"),
    ("Omvoh", "mirikizumab"),
    ("Xeljanz", "tofacitinib"),
    ("Olumiant", "baricitinib"),
    ("Rinvoq", "upadacitinib"),
    ("Jyseleca", "filgotinib"),
    ("Otezla", "apremilast"),
    ("Kineret", "anakinra"),
    ("RoActemra", "tocilizumab"),
    ("Arcoxia", "etoricoxib"),
    ("Celebrex", "celecoxib"),
    ("Vioxx", "rofecoxib"),
    ("Voltaren", "diclofenac"),
    ("Mobic", "meloxicam"),
    ("acetaminophen", "paracetamol"),
    ("mesalamine", "mesalazine"),
    ("mesalazine", "mesalazine"),
    ("indomethacin", "indometacin"),
    ("ciclosporine", "ciclosporin"),
    ("MTX", "methotrexate"),
    ("L04AB04", "adalimumab"),
    ("l04aa17", "adalimumab"),
    ("L04AC17", "tildrakizumab"),
    ("L04AA44", "upadacitinib"),
    ("L04AF03", "upadacitinib"),
    ("L01BA01", "methotrexate"),
    ("A07EC01", "sulfasalazine"),
    ("A07EC02", "mesalazine"),
    ("M01AH05", "etoricoxib"),
    ("M01AG01", "mefenamic acid"),
    ("L01AA01", "cyclophosphamide"),
)


@pytest.mark.parametrize(("word", "agent"), WORDS_OF_THE_LABELS)
def test_a_course_is_recorded_by_any_word_for_its_agent(enrolled: Registry, word: str, agent: str) -> None:
    course = enrolled.start_treatment("BAR1-01", agent=word, started_on="2004")

    assert given.stated(enrolled, course)["agent"] == agent


@pytest.mark.parametrize("word", ["HUMIRA®", " humira ", "Humira™"])
def test_case_blanks_and_trade_marks_make_no_other_drug(word: str) -> None:
    assert AGENT_WORDS.agent_named(word) == "adalimumab"


def test_a_suspected_drug_is_stated_by_its_product(enrolled: Registry) -> None:
    event = enrolled.record_adverse_event("BAR1-01", term="rash", started_on="2004-02-03", agent="Benepali")

    assert given.stated(enrolled, event)["agent"] == "etanercept"


@pytest.mark.parametrize("word", ["study medication (blinded)", "L04AB", "L04AF99", "cetuximab", "Arthrotec", "TNF"])
def test_a_drug_that_the_catalogue_does_not_have_is_refused_with_how_to_add_it(enrolled: Registry, word: str) -> None:
    with refused(enrolled, UnknownCodeError, r"^agent: .* is not a known agent; declare it under \[\[agents\]\] or"):
        enrolled.start_treatment("BAR1-01", agent=word, started_on="2004")


def test_a_slip_is_refused_with_the_word_that_was_meant(enrolled: Registry) -> None:
    with refused(enrolled, UnknownCodeError, r"^agent: 'Benapali' is not a known agent; did you mean 'Benepali'\?$"):
        enrolled.start_treatment("BAR1-01", agent="Benapali", started_on="2004")


def test_every_word_means_one_agent() -> None:
    meanings: dict[str, set[str]] = {}
    for word, agent in AGENT_WORDS.all:
        meanings.setdefault(word_key(word), set()).add(agent)

    assert {word: agents for word, agents in meanings.items() if len(agents) > 1} == {}
    assert not meanings.keys() & set(map(word_key, LOOK_ALIKES))


def test_every_product_suffix_and_synonym_is_of_a_drug_of_the_catalogue() -> None:
    assert PRODUCTS.keys() | SUFFIXES.keys() | SYNONYMS.keys() <= AGENTS.keys()
    assert {len(suffix) for suffixes in SUFFIXES.values() for suffix in suffixes} == {4}


def test_every_targeted_drug_has_its_products() -> None:
    targeted = {name for name, agent in AGENTS.items() if agent.drug_class in TARGETED_CLASSES}

    assert targeted <= PRODUCTS.keys()


def test_no_product_looks_like_an_atc_code_of_another_drug() -> None:
    coded = {code: agent.name for agent in AGENTS.values() for code in (agent.atc, *agent.former_atc)}

    assert [word for word, agent in AGENT_WORDS.all if coded.get(word.upper(), agent) != agent] == []
