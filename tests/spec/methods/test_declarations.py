"""What a declaration of a method with parts, rules, levels and policies is refused for, before anything is read."""

from __future__ import annotations

import pytest

from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Grades, Item, numbered
from registry.catalogue.imaging.policies import Assessed, Impute, Prorate, Selected
from registry.catalogue.imaging.rules import NotWith, OnlyWith, Rule
from registry.catalogue.imaging.scores import Score, count, summed, total
from registry.errors import DeclarationError

LEVELS = tuple((f"{level} slice {n}", "spine", level) for level in ("T1/2", "T2/3", "T3/4") for n in (1, 2))
ITEM = Item(None, (0, 1, 2))
TWO = (Item("oedema", (0, 1)), Item("depth", (0, 1)))
OEDEMA = summed("oedema", lambda oedema, depth: oedema or 0)


def declared(
    *items: Item,
    places: tuple[tuple[str, ...], ...] = LEVELS,
    rules: tuple[Rule, ...] = (),
    scores: tuple[Score, ...] = (),
    activity: object = 0,
) -> Method:
    """A method of three levels with two slices each, or of other places."""

    def state_of(grades: Grades) -> State:
        return State("seen", activity)  # type: ignore[arg-type]

    return Method(
        code="levels",
        version=1,
        title="Levels of the spine",
        source="an example",
        modalities=("MRI",),
        regions=("spine",),
        locations=numbered(places),
        items=items or (ITEM,),
        rules=rules,
        state_of=state_of,
        scores=scores or (count("lesions", lambda *grades: any(grades)),),
    )


def test_levels_are_selected_of_more_and_their_bounds_are_those_of_as_many() -> None:
    selected = total().of_the_whole().with_policy(Selected(2))

    method = declared(scores=(selected, total().named("seen").with_policy(Assessed())))

    assert method.selects == 2
    assert method.bounds(selected) == (0, 8)


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((total().with_policy(Selected(2)),), "the score 'total': selected(2) is of the whole or of a group"),
        ((total().of_the_whole().with_policy(Selected(3)),), "selected(3) needs more groups, all alike"),
        (
            (total().of_the_whole().with_policy(Selected(2)), total().named("t").with_policy(Impute(1))),
            "the score 't': impute(segment-mean, at most 1 missing a segment) has no segments to impute by",
        ),
        (
            (total().of_the_whole().with_policy(Selected(2)), total().named("t").with_policy(Selected(1))),
            "the score 't': selected(1) is of another number of groups than 2",
        ),
        ((total().with_policy(Prorate(7)),), "prorate(at least 7 assessed) is of the whole, 1 location up"),
        ((total().by_groups().with_policy(Impute(1)),), "has no scores of groups; it imputes by segment"),
        ((total().with_policy(Impute(0)),), "imputes nothing"),
        ((total().within(0, 13),), "the score 'total' is 0 to 12, and declared as (0, 13)"),
        ((total().over_parts("half"),), "the score 'total' is over no location"),
        (
            (summed("heavy", lambda grade: 8_001 * grade),),
            "a location adds 8001 to 'heavy'; declare whole numbers from 0 to 8,000",
        ),
    ],
)
def test_a_policy_that_cannot_be_is_refused(scores: tuple[Score, ...], told: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declared(scores=scores)

    assert told in str(refused.value)


def test_means_of_so_many_locations_that_they_cannot_be_added_up_exactly_are_refused() -> None:
    places = tuple((f"place {n}", "spine") for n in range(1, 60))

    with pytest.raises(DeclarationError, match="the means cannot be added up exactly"):
        declared(places=places, scores=(total().with_policy(Impute(40)),))


def test_a_rule_about_what_is_no_item_is_refused() -> None:
    with pytest.raises(DeclarationError, match="item 'fat': a rule speaks of it, and it is no item"):
        declared(*TWO, rules=(OnlyWith(("depth",), of=("fat",)),), scores=(OEDEMA,))


def test_rules_that_leave_nothing_to_be_graded_without_a_gap_are_refused() -> None:
    always = Item("depth", (1,))

    with pytest.raises(DeclarationError, match=r"by its rules nothing can be graded at T1/2 slice 1 without a gap$"):
        declared(TWO[0], always, rules=(NotWith(("depth",), other="depth"),), scores=(OEDEMA,))


@pytest.mark.parametrize("activity", [-1, 10_001, 1.5, True])
def test_an_activity_that_is_no_whole_number_of_the_range_is_refused(activity: object) -> None:
    with pytest.raises(DeclarationError, match=r"is no whole number from 0 to 10,000$"):
        declared(activity=activity)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (Item("fat", (0, 1), {"half": ()}), "item 'fat': no location is of the part 'half'"),
        (Item("fat", (0, 1), {"": (0, 2)}), "item 'fat': grade 2 of  is none of its grades"),
    ],
)
def test_grades_of_a_part_that_is_not_there_and_grades_that_the_item_has_not_are_refused(item: Item, told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        declared(item)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ((("a", "s"), ("A", "s")), "the location 'a' stands twice"),
        ((("study", "s"), ("a", "s")), "the location 'study' is a column of readings"),
        ((("a  b", "s"),), "the location 'a  b' is not words with one blank between them"),
        ((), "it has 0 locations; declare 1 to 2000"),
    ],
)
def test_places_that_could_not_be_told_apart_or_typed_are_refused(
    places: tuple[tuple[str, ...], ...], told: str
) -> None:
    with pytest.raises(DeclarationError, match=told):
        declared(places=places)


def test_an_item_and_a_location_that_make_the_name_of_another_place_are_refused() -> None:
    places = (("a", "s"), ("a b", "s"))

    with pytest.raises(DeclarationError, match="the place 'a b c' stands twice"):
        declared(Item("b c", (0, 1)), Item("c", (0, 1)), places=places, scores=(OEDEMA,))
