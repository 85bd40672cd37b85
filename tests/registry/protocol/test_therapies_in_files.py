"""Agents, products, arms, conditions and centres in a protocol's file: each word means one thing."""

from __future__ import annotations

import pytest

from tests.registry.protocol.given import problems, protocol


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[[agents]]\nname = "Humira"\nclass = "TNFi"', "agents[1].name: 'Humira' means 'adalimumab' already"),
        ('[[agents]]\nname = "etanercept"\nclass = "TNFi"', "agents[1].name: 'etanercept' means 'etanercept' already"),
        ('[[agents]]\nname = "x-7"\nclass = "IL-18i"', "agents[1].class: 'IL-18i' is no class of drugs"),
        ('[[agents]]\nname = "x-7"\nclass = "TNFi"\natc = "L04AB01"', "agents[1].atc: 'L04AB01' means 'etanercept'"),
        ('[[agents]]\nname = "x-7"\nclass = "TNFi"\natc = "L04"', "agents[1].atc: 'L04' is no ATC code of a substance"),
        ('[[products]]\nname = "Humira"\nagent = "etanercept"\nkind = "generic"', "products[1].name: 'Humira' means"),
        ('[[products]]\nname = "Anakinra"\nagent = "anakinra"\nkind = "generic"', "products[1].name: 'Anakinra' is an"),
        (
            '[[products]]\nname = "N"\nagent = "etanercpt"\nkind = "generic"',
            "products[1].agent: 'etanercpt' is no",
        ),
        ('[[products]]\nname = "N"\nagent = "anakinra"\nkind = "copy"', "products[1].kind: 'copy' is not 'originator'"),
        (
            '[[agents]]\nname = "x-7"\nclass = "tnfi"',
            "agents[1].class: 'tnfi' is no class of drugs; did you mean 'TNFi'?",
        ),
        ('[[agents]]\nname = "HUMIRA®"\nclass = "TNFi"', "agents[1].name: 'HUMIRA®' means 'adalimumab' already"),
        ('[[agents]]\nname = "Étanercept"\nclass = "TNFi"', "agents[1].name: 'Étanercept' means 'etanercept' already"),
        (
            '[[agents]]\nname = "TNF-i"\nclass = "TNFi"',
            "agents[1].name: 'TNF-i' is a class of drugs; write the name of one",
        ),
        ('[[agents]]\nname = "placebo"\nclass = "TNFi"', "agents[1].name: 'placebo' is a class of drugs"),
        ('[[agents]]\nname = "L04AB99"\nclass = "TNFi"', "agents[1].name: 'L04AB99' is written as an ATC code"),
        ('[[agents]]\nname = "®"\nclass = "TNFi"', "agents[1].name: '®' is not 1 to 64 printable signs"),
        (
            '[[products]]\nname = "Humira®"\nagent = "adalimumab"\nkind = "originator"',
            "products[1].name: 'Humira®' is built in as 'Humira'; write it so, or leave it out",
        ),
        (
            '[[products]]\nname = "Humira"\nagent = "adalimumab"\nkind = "biosimilar"',
            "products[1].kind: 'biosimilar' is not 'originator', as which Humira is built in",
        ),
        (
            (
                '[[agents]]\nname = "study-drugs"\nclass = "TNFi"\n'
                '[[products]]\nname = "N"\nagent = "study-drug"\nkind = "generic"'
            ),
            "products[1].agent: 'study-drug' is no agent; did you mean 'study-drugs'?",
        ),
        ('[[conditions]]\nname = "X"\nlabel = "x"\ngroup = "event"', "conditions[1].name: 'X' is not 1 to 64"),
        ('[[conditions]]\nname = "x"\nlabel = "x"\ngroup = "event"\nicd10 = ["35"]', "conditions[1].icd10: '35' is no"),
        (
            '[[conditions]]\nname = "anterior-uveitis"\nlabel = "x"\ngroup = "event"',
            "conditions[1].name: 'anterior-uveitis' is built in as 'uveitis'",
        ),
        (
            '[[conditions]]\nname = "x"\nlabel = "Anterior uveitis"\ngroup = "event"',
            "conditions[1].label: 'Anterior uveitis' means 'uveitis' already; write another label",
        ),
        (
            (
                '[[conditions]]\nname = "x"\nlabel = "z"\ngroup = "event"\n'
                '[[conditions]]\nname = "y"\nlabel = "X"\ngroup = "event"'
            ),
            "conditions[2].label: 'X' means 'x' already",
        ),
        ('[[centres]]\ncode = " C1"\ntitle = "x"', "centres[1].code: ' C1' is not 1 to 64 printable signs"),
        ('[[arms]]\ncode = "A"\ntitle = "x"\n[[arms]]\ncode = "a"\ntitle = "y"', "arms[2].code: 'a' stands in arms[1]"),
    ],
)
def test_words_of_therapies_conditions_and_places_mean_one_thing(table: str, told: str) -> None:
    assert problems(f"{table}\n")[0].startswith(told)


def test_what_a_trial_gives_as_placebo_may_be_called_so_and_a_product_that_is_built_in_be_listed() -> None:
    agent = '[[agents]]\nname = "placebo"\nclass = "placebo"\n'
    product = '[[products]]\nname = "Benepali"\nagent = "etanercept"\nkind = "biosimilar"\n'

    assert [each.name for each in (*protocol(agent, product).agents, *protocol(agent, product).products)] == [
        "placebo",
        "Benepali",
    ]


@pytest.mark.parametrize("product", ["X7", "x-7®", "X 7™", "ẍ7"])
def test_two_own_words_of_drugs_are_not_one_but_for_what_makes_no_other_drug(product: str) -> None:
    agent = '[[agents]]\nname = "x-7"\nclass = "placebo"\n'
    table = f'{agent}[[products]]\nname = "{product}"\nagent = "x-7"\nkind = "generic"\n'

    assert problems(table) == ["products[1].name: 'x7' stands in agents[1] already; remove one"]
