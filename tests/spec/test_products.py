"""Products: what is written on the box of a course, kept beside its agent."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.product_kinds import BIOSIMILARS, ORIGINATORS
from registry.catalogue.products import PRODUCTS, SUFFIXES
from registry.catalogue.protocol import ProductRecord, Protocol
from registry.errors import RefusalError, UnknownCodeError
from tests.spec import given
from tests.spec.given import nothing_recorded, refused

OF_NO_KIND = {"Remsima SC", "Zymfentra", "infliximab-dyyb"}  # module docstring of the kinds says why


def course(registry: Registry, **cells: object) -> str:
    """A course that began in February 2004."""
    return registry.start_treatment("BAR1-01", **{"started_on": "2004-02", **cells})  # type: ignore[arg-type]


def box(registry: Registry, treatment: str) -> tuple[object, object]:
    """The agent and the product of a course as it stands."""
    stated = given.stated(registry, treatment)
    return stated["agent"], stated.get("product")


@pytest.mark.parametrize("word", ["Benepali", "BENEPALI®", " bene-pali "])
def test_a_course_that_is_named_by_a_product_keeps_both(enrolled: Registry, word: str) -> None:
    assert box(enrolled, course(enrolled, agent=word)) == ("etanercept", "Benepali")


def test_the_name_that_fda_gives_a_biosimilar_is_a_product(enrolled: Registry) -> None:
    assert box(enrolled, course(enrolled, agent="Adalimumab-ADAZ")) == ("adalimumab", "adalimumab-adaz")


@pytest.mark.parametrize("word", ["etanercept", "L04AB01", "l04aa11", "Etanercept"])
def test_a_course_of_which_only_the_substance_is_said_has_no_product(enrolled: Registry, word: str) -> None:
    assert box(enrolled, course(enrolled, agent=word)) == ("etanercept", None)


def test_a_synonym_of_a_substance_is_no_product(enrolled: Registry) -> None:
    assert box(enrolled, course(enrolled, agent="MTX")) == ("methotrexate", None)


@pytest.mark.parametrize("agent", ["etanercept", "L04AB01", "Benepali"])
def test_agent_and_product_that_agree_are_kept(enrolled: Registry, agent: str) -> None:
    assert box(enrolled, course(enrolled, agent=agent, product="benepali")) == ("etanercept", "Benepali")


def test_an_empty_product_beside_one_that_stands_as_agent_contradicts_nothing(enrolled: Registry) -> None:
    assert box(enrolled, course(enrolled, agent="Benepali", product="")) == ("etanercept", "Benepali")


def test_a_product_of_another_agent_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, RefusalError, r"^product: Humira is adalimumab, not etanercept; give another product, or"):
        course(enrolled, agent="etanercept", product="Humira")


@pytest.mark.parametrize("product", ["Enbrel", "Humira"])
def test_two_products_of_one_course_are_refused(enrolled: Registry, product: str) -> None:
    told = rf"^product: {product} is not Benepali, which stands as agent; give one of the two$"
    with refused(enrolled, RefusalError, told):
        course(enrolled, agent="Benepali", product=product)


def test_a_slip_of_a_product_is_refused_with_the_one_that_was_meant(enrolled: Registry) -> None:
    with refused(
        enrolled, UnknownCodeError, r"^product: 'Benapali' is not a known product; did you mean 'Benepali'\?$"
    ):
        course(enrolled, agent="etanercept", product="Benapali")


def test_of_two_products_that_are_as_near_none_is_suggested(enrolled: Registry) -> None:
    with refused(
        enrolled, UnknownCodeError, r"^product: 'Ambevita' is not a known product; leave it empty, or declare"
    ):
        course(enrolled, agent="adalimumab", product="Ambevita")  # Amgevita or Amjevita


def test_a_substance_is_no_product(enrolled: Registry) -> None:
    told = r"^product: 'adalimumab' is not a known product; it is the substance adalimumab, which stands under agent$"
    with refused(enrolled, UnknownCodeError, told):
        course(enrolled, agent="adalimumab", product="adalimumab")


def test_a_product_is_no_other_course(enrolled: Registry) -> None:
    first = course(enrolled, agent="Benepali")

    with nothing_recorded(enrolled):
        assert course(enrolled, agent="etanercept", product="Benepali") == first


def test_an_amended_agent_brings_its_product_along(enrolled: Registry) -> None:
    treatment = course(enrolled, agent="Benepali")

    enrolled.amend(treatment, {"agent": "Humira"}, reason="read again")

    assert box(enrolled, treatment) == ("adalimumab", "Humira")


def test_an_amended_product_is_of_the_agent_that_stands(enrolled: Registry) -> None:
    treatment = course(enrolled, agent="etanercept")

    with refused(enrolled, RefusalError, r"^product: Humira is adalimumab, not etanercept"):
        enrolled.amend(treatment, {"product": "Humira"}, reason="the box was found")
    enrolled.amend(treatment, {"product": "Erelzi"}, reason="the box was found")

    assert box(enrolled, treatment) == ("etanercept", "Erelzi")


def test_another_substance_is_not_amended_under_a_product_that_stays(enrolled: Registry) -> None:
    treatment = course(enrolled, agent="Benepali")

    with refused(enrolled, RefusalError, r"^product: Benepali is etanercept, not adalimumab"):
        enrolled.amend(treatment, {"agent": "adalimumab"}, reason="read again")
    enrolled.amend(treatment, {"agent": "adalimumab", "product": None}, reason="read again")

    assert box(enrolled, treatment) == ("adalimumab", None)


def test_a_stop_says_nothing_of_the_product(enrolled: Registry) -> None:
    treatment = course(enrolled, agent="Benepali")

    enrolled.stop_treatment(treatment, stopped_on="2005-01-31", stop_reason="non-medical-switch")

    assert box(enrolled, treatment) == ("etanercept", "Benepali")


def test_a_protocol_s_product_is_a_word_for_its_agent(enrolled: Registry) -> None:
    own = ProductRecord(name="Adalia", agent="adalimumab", kind="biosimilar")
    enrolled.adopt_protocol(Protocol(protocol="north", title="North", products=(own,)))

    assert box(enrolled, course(enrolled, agent="ADALIA")) == ("adalimumab", "Adalia")
    assert enrolled.catalogue.products["Adalia"].kind == "biosimilar"


@pytest.mark.parametrize(
    ("product", "kind"),
    [
        ("Enbrel", "originator"),
        ("Benepali", "biosimilar"),
        ("Humira", "originator"),
        ("Amgevita", "biosimilar"),
        ("adalimumab-adaz", "biosimilar"),
        ("bimekizumab-bkzx", "originator"),
        ("Zymfentra", None),
        ("Voltaren", None),
    ],
)
def test_the_kind_of_a_product_is_told_where_it_is_known(product: str, kind: str | None) -> None:
    assert BUILT_IN.products[product].kind == kind


def test_every_product_of_a_targeted_therapy_has_a_kind_but_those_that_are_between() -> None:
    targeted = (each for each in BUILT_IN.products.values() if each.agent in BUILT_IN.targeted)

    assert {each.name for each in targeted if each.kind is None} == OF_NO_KIND


def test_the_kinds_are_of_products_that_there_are_and_of_one_kind_each() -> None:
    assert BUILT_IN.products.keys() >= ORIGINATORS | BIOSIMILARS
    assert set() == ORIGINATORS & BIOSIMILARS
    assert len(BUILT_IN.products) == sum(map(len, (*PRODUCTS.values(), *SUFFIXES.values())))
