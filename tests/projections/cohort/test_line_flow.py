"""How patients went from line to line, and that no small number follows from what is shown."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at
from projections.cohort.line_flow import NO_FURTHER, OTHER, flow_of, line_flow
from registry import Registry

CLASSES = ("TNFi", "IL-17i", "JAKi")
SEQUENCES = st.lists(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=5), max_size=60)


def test_each_patient_goes_from_the_class_of_one_line_to_that_of_the_next(registry: Registry) -> None:
    for agent, start, stop in (("etanercept", "2003-01-01", "2004-01-01"), ("secukinumab", "2005-01-01", None)):
        registry.start_treatment("P-1", agent=agent, started_on=start, **({"stopped_on": stop} if stop else {}))
    registry.start_treatment("P-1", agent="methotrexate", started_on="2003-01-01")
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.start_treatment("P-2", agent="etanercept", started_on="2003-01-01")

    flow = line_flow(facts_at(registry), minimum=1)

    assert [tuple(node) for node in flow.nodes] == [(1, "TNFi", 2), (2, "IL-17i", 1)]
    assert [tuple(link) for link in flow.links] == [(1, "TNFi", "IL-17i", 1), (1, "TNFi", NO_FURTHER, 1)]
    assert line_flow(facts_at(registry), {"P-2"}, minimum=1).n_patients == 1


def test_rare_classes_are_put_together_and_a_line_of_too_few_is_left_out() -> None:
    flow = flow_of([["TNFi"]] * 9 + [["JAKi"]] * 3 + [["IL-17i", "TNFi"]] * 3)

    assert [tuple(node) for node in flow.nodes] == [(1, "TNFi", 9), (1, OTHER, 6)]
    assert flow.n_lines == 2


def test_a_rare_class_alone_takes_the_next_smallest_with_it() -> None:
    flow = flow_of([["TNFi"]] * 9 + [["JAKi"]] * 6 + [["IL-17i"]])

    assert [tuple(node) for node in flow.nodes] == [(1, "TNFi", 9), (1, OTHER, 7)]


@given(SEQUENCES)
def test_nothing_that_is_shown_is_below_the_minimum(sequences: list[list[str]]) -> None:
    flow = flow_of(sequences, minimum=5)

    assert all(node.n >= 5 for node in flow.nodes)
    assert all(link.n >= 5 for link in flow.links if link.n is not None)


@given(SEQUENCES)
def test_what_is_hidden_at_one_end_is_two_links_and_the_minimum_together_or_all_there_are(
    sequences: list[list[str]],
) -> None:
    flow = flow_of(sequences, minimum=5)

    for end in ("source", "target"):
        hidden, shown = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
        for link in flow.links:
            (hidden if link.n is None else shown)[link.line, getattr(link, end)] += 1
        assert all(n >= 2 or not shown[at] for at, n in hidden.items())


@given(SEQUENCES)
def test_with_a_minimum_of_one_every_patient_is_in_one_class_of_each_of_his_lines(sequences: list[list[str]]) -> None:
    flow = flow_of(sequences, minimum=1)

    for line in range(1, 5):
        assert sum(node.n for node in flow.nodes if node.line == line) == sum(len(each) >= line for each in sequences)
        out = Counter[str]()
        for link in flow.links:
            if link.line == line:
                out[link.source] += link.n or 0
        later = any(node.line == line + 1 for node in flow.nodes)
        assert not later or out == {node.name: node.n for node in flow.nodes if node.line == line}
