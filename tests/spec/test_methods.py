"""Imaging methods: locations, grades, states, and what a location adds to each score."""

from __future__ import annotations

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.imaging.checks import RESERVED
from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Grades, Item, numbered
from registry.catalogue.imaging.policies import Assessed, Selected
from registry.catalogue.imaging.scores import Score, count, summed, total
from registry.catalogue.methods import methods
from registry.catalogue.spine import VERTEBRAL_UNITS
from registry.errors import DeclarationError
from registry.schema.tables import tables_of

CERVICAL = ("C2/3", "C3/4", "C4/5", "C5/6", "C6/7", "C7/T1")
THORACIC = ("T1/2", "T2/3", "T3/4", "T4/5", "T5/6", "T6/7", "T7/8", "T8/9", "T9/10", "T10/11", "T11/12")
LUMBAR = ("T12/L1", "L1/2", "L2/3", "L3/4", "L4/5", "L5/S1")
CODES = (
    "asas-mri-sij",
    "asspimri",
    "berlin",
    "berlin-sij",
    "ctss",
    "mny-sij",
    "msasss",
    "msasss-ap",
    "rasss",
    "sparcc-sij",
    "sparcc-spine-23",
    "sparcc-spine-6",
    "sparcc-sss",
    "vu-lesions",
)
UNITS = (*CERVICAL, *THORACIC, *LUMBAR)


def highest_total(method: Method) -> int:
    [total] = method.scores
    return sum(
        max(added for added in method.contributions(total).values() if added is not None) for _ in method.locations
    )


def score(method: Method, name: str) -> dict[Grades, int | None]:
    [found] = [score for score in method.scores if score.name == name]
    return {cell.grades: added for cell, added in method.contributions(found).items()}


def states_of(method: Method) -> dict[Grades, State]:
    return {cell.grades: state for cell, state in method.states.items()}


def test_the_methods_are_known_by_their_codes() -> None:
    assert tuple(methods()) == CODES
    assert {method.version for method in methods().values()} == {1}


def test_the_spine_has_23_vertebral_units_from_c2_3_to_l5_s1() -> None:
    assert [unit for unit, _ in VERTEBRAL_UNITS] == list(UNITS)


@pytest.mark.parametrize(("code", "locations"), [("vu-lesions", 46), ("asspimri", 23), ("berlin", 23)])
def test_a_method_has_its_locations_numbered_from_1(code: str, locations: int) -> None:
    method = methods()[code]

    assert [location.number for location in method.locations] == list(range(1, locations + 1))
    assert list(method.location_numbers.values()) == list(range(1, locations + 1))


def test_each_vertebral_unit_has_an_anterior_and_then_a_posterior_part() -> None:
    names = [location.name for location in methods()["vu-lesions"].locations]

    assert names == [f"{unit} {part}" for unit in UNITS for part in ("anterior", "posterior")]


@pytest.mark.parametrize(("code", "parts"), [("vu-lesions", 2), ("asspimri", 1), ("berlin", 1)])
def test_the_segments_have_6_11_and_6_units(code: str, parts: int) -> None:
    method = methods()[code]
    units = [sum(location.segment == segment for location in method.locations) / parts for segment in method.segments]

    assert method.segments == ("cervical", "thoracic", "lumbar")
    assert units == [6, 11, 6]


@pytest.mark.parametrize("code", ["vu-lesions", "asspimri", "berlin"])
@pytest.mark.parametrize(
    ("unit", "segment"),
    [
        ("C2/3", "cervical"),
        ("C7/T1", "cervical"),
        ("T1/2", "thoracic"),
        ("T11/12", "thoracic"),
        ("T12/L1", "lumbar"),
        ("L5/S1", "lumbar"),
    ],
)
def test_t12_l1_is_the_first_lumbar_unit(code: str, unit: str, segment: str) -> None:
    segments = {location.segment for location in methods()[code].locations if location.name.split()[0] == unit}

    assert segments == {segment}


@pytest.mark.parametrize(("code", "grades", "total"), [("asspimri", 7, 138), ("berlin", 4, 69)])
def test_a_total_goes_from_0_to_the_highest_grade_at_every_unit(code: str, grades: int, total: int) -> None:
    method = methods()[code]

    assert [item.grades for item in method.items] == [tuple(range(grades))]
    assert highest_total(method) == total


@pytest.mark.parametrize("code", ["asspimri", "berlin"])
def test_a_unit_adds_its_grade_to_the_total_and_nothing_can_be_said_of_one_without(code: str) -> None:
    method = methods()[code]
    [item] = method.items

    assert score(method, "total") == {(grade,): grade for grade in (*item.grades, None)}
    [total] = method.scores
    assert total.by_segment is not None
    assert (total.name, total.policy.name, total.by_segment("lumbar")) == ("total", "complete-only", "lumbar")


@pytest.mark.parametrize("code", ["asspimri", "berlin"])
def test_the_state_of_a_graded_unit_is_its_grade(code: str) -> None:
    states = states_of(methods()[code])

    assert states[(0,)] == ("0", 0)
    assert states[(3,)] == ("3", 3)
    assert states[(None,)] == (None, None)


@pytest.mark.parametrize(
    ("inflammation", "erosion", "state", "activity"),
    [
        (0, 0, "none", 0),
        (1, 0, "inflammation", 1),
        (1, 1, "active-erosion", 2),
        (0, 1, "inactive-erosion", 0),
        (0, None, None, 0),
        (1, None, None, None),
        (None, 0, None, None),
        (None, 1, None, None),
        (None, None, None, None),
    ],
)
def test_inflammation_and_erosion_together_say_the_state(
    inflammation: int | None, erosion: int | None, state: str | None, activity: int | None
) -> None:
    assert states_of(methods()["vu-lesions"])[inflammation, erosion] == (state, activity)


def test_the_states_cover_every_combination_of_grades() -> None:
    assert len(methods()["vu-lesions"].states) == 9
    assert len(methods()["asspimri"].states) == 8
    assert len(methods()["berlin"].states) == 5


COMBINATIONS = ((0, 0), (0, 1), (0, None), (1, 0), (1, 1), (1, None), (None, 0), (None, 1), (None, None))


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("erosions", (0, 1, None, 0, 1, None, 0, 1, None)),
        ("inflammation", (0, 0, 0, 1, 1, 1, None, None, None)),
        ("inflammation-only", (0, 0, 0, 1, 0, None, None, 0, None)),
        ("active-erosions", (0, 0, 0, 0, 1, None, 0, None, None)),
        ("inactive-erosions", (0, 1, None, 0, 0, 0, 0, None, None)),
    ],
)
def test_a_location_counts_where_every_completion_of_its_grades_counts_the_same(
    name: str, added: tuple[int | None, ...]
) -> None:
    assert score(methods()["vu-lesions"], name) == dict(zip(COMBINATIONS, added, strict=True))


def test_counts_leave_out_what_could_not_be_assessed_and_name_their_segments() -> None:
    scores = methods()["vu-lesions"].scores

    assert {score.policy.name for score in scores} == {"assessed"}
    assert [score.by_segment and score.by_segment("cervical") for score in scores] == [
        "erosions:cervical",
        "inflammation:cervical",
        "inflammation-only:cervical",
        "active-erosions:cervical",
        "inactive-erosions:cervical",
    ]


@pytest.mark.parametrize("code", ["vu-lesions", "asspimri", "berlin"])
def test_the_methods_read_the_spine_on_mri(code: str) -> None:
    method = methods()[code]

    assert method.modalities == ("MRI",)
    assert method.regions == ("spine", "cervical-spine", "thoracic-spine", "lumbar-spine")


def declared(*items: Item, scores: tuple[Score, ...] = ()) -> Method:
    """Return a method of two places that grades some items, with a count of lesions or other scores."""
    return Method(
        code="sij-structure",
        version=1,
        title="Structural lesions of the sacroiliac joints",
        source="an example",
        modalities=("MRI",),
        regions=("sij",),
        locations=numbered((("right", "right"), ("left", "left"))),
        items=items,
        state_of=lambda grades: State(None, None),
        scores=scores or (counting("lesions"),),
    )


def counting(name: str) -> Score:
    """A count of the places with a lesion."""
    return count(name, lambda *grades: any(grades))


@pytest.mark.parametrize(
    ("scores", "named"),
    [
        ((counting("lesions"), counting("lesions")), "two scores are called 'lesions'"),
        ((counting("lesions"), counting("lesions:left")), "two scores are called 'lesions:left'"),
        ((total(), counting("right")), "two scores are called 'right'"),
        ((counting("left / right"),), "the score 'left / right' holds ' / '"),
        ((counting("left → right"),), "the score 'left → right' holds '→'"),
        ((counting("lesions: left"),), "the score 'lesions: left' holds ': '"),
    ],
)
def test_a_score_called_like_another_or_like_that_of_a_segment_is_refused_when_the_method_is_declared(
    scores: tuple[Score, ...], named: str
) -> None:
    with pytest.raises(DeclarationError, match=f"^method 'sij-structure': {named}"):
        declared(Item(None, (0, 1)), scores=scores)


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (
            counting("lesions"),
            r"is of the whole or of a group, where readers select; write \.of_the_whole\(\)$",
        ),
        (counting("lesions").of_the_whole().over_parts(""), "is of all parts, where readers select; leave"),
    ],
)
def test_a_score_of_selected_groups_is_of_the_whole_and_what_to_write_is_said(score: Score, told: str) -> None:
    with pytest.raises(DeclarationError, match=rf"the score 'lesions': selected\(1\) {told}"):
        declared(Item(None, (0, 1)), scores=(score.with_policy(Selected(1)),))


@pytest.mark.parametrize("name", [None, "grade", "erosion", "fat-lesion", "fat lesion", "Erosion", "t1", "érosion"])
def test_an_item_is_named_by_words_or_not_at_all(name: str | None) -> None:
    assert declared(Item(name, (0, 1))).items == (Item(name, (0, 1)),)


@pytest.mark.parametrize(
    "name",
    ["", "erosion ", "-erosion", "fat  lesion", 'ero"sion', "fat_lesion", "fat=lesion", "erosion\n", "a\\b"],
)
def test_an_item_whose_name_could_not_be_read_back_is_refused_when_the_method_is_declared(name: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declared(Item("oedema", (0, 1)), Item(name, (0, 1)))

    assert str(refused.value) == (
        f"method 'sij-structure': item {name!r}: the name is not words of letters, digits and hyphens "
        "with one blank between them"
    )
    assert (refused.value.method, refused.value.item) == ("sij-structure", name)


def test_the_grades_of_an_item_go_from_0_to_99() -> None:
    assert declared(Item("erosion", (0, 99))).items[0].grades == (0, 99)


@pytest.mark.parametrize("grade", [100, -1, True, 1.0])
def test_a_grade_that_is_no_whole_number_of_the_range_is_refused_when_the_method_is_declared(grade: int) -> None:
    message = rf"^method 'sij-structure': item 'erosion': grade {grade} is outside the whole numbers 0 to 99$"

    with pytest.raises(DeclarationError, match=message) as refused:
        declared(Item("erosion", (0, grade)))
    assert (refused.value.item, refused.value.grade) == ("erosion", grade)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ((), "^method 'sij-structure': it has no items; declare what is graded$"),
        ((Item(None, ()),), "^method 'sij-structure': there are no grades; give whole numbers from 0 to 99$"),
        (
            (Item("erosion", (0, 1)), Item("erosion", (0, 1))),
            "^method 'sij-structure': item 'erosion': stands twice; give each item a name of its own$",
        ),
        (
            (Item("erosion", (0, 1)), Item(None, (0, 1))),
            "^method 'sij-structure': one of 2 items has no name; name each of them$",
        ),
    ],
)
def test_what_is_graded_is_named_apart_and_has_grades(items: tuple[Item, ...], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        declared(*items)


TWO = (Item("oedema", (0, 1, 2, 3)), Item("erosion", (0, 1)))


def test_a_total_of_two_items_is_refused_when_the_method_is_declared_and_what_to_write_is_said() -> None:
    with pytest.raises(DeclarationError) as refused:
        declared(*TWO, scores=(total(),))

    assert str(refused.value) == (
        "method 'sij-structure': total() sums the grades of one item, and there are 2; "
        "write summed(name, added), or count(name, counted)"
    )


def test_a_sum_of_two_items_takes_what_each_location_adds_and_is_no_count() -> None:
    weighted = summed("weighted", lambda oedema, erosion: oedema + 4 * erosion)
    eroded = count("erosions", lambda oedema, erosion: erosion == 1)
    method = declared(*TWO, scores=(weighted, eroded))

    added = score(method, "weighted")

    assert {grades: added[grades] for grades in ((0, 0), (3, 0), (0, 1), (3, 1))} == {
        (0, 0): 0,
        (3, 0): 3,
        (0, 1): 4,
        (3, 1): 7,
    }
    assert {added[grades] for grades in ((3, None), (None, 1), (None, None))} == {None}
    assert weighted.by_segment is not None
    assert (weighted.policy.name, weighted.by_segment("left")) == ("complete-only", "weighted:left")
    assert method.counts == (eroded,)


def test_a_sum_over_what_was_assessed_is_no_count_either() -> None:
    available = Score("available", lambda grades: grades[0] or 0, Assessed())

    assert declared(Item(None, (0, 1, 2, 3)), scores=(available,)).counts == ()


def test_no_place_may_be_called_as_what_a_reading_is_given_beside_its_grades() -> None:
    assert {*tables_of(BUILT_IN)["readings"].columns, "reason"} == RESERVED
