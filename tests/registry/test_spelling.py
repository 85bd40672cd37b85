"""When a word is the slip of another, and when it only looks like one; and which labels are one label."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.catalogue import codes
from registry.catalogue.agent_words import AGENT_WORDS
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.measures import MEASURES
from registry.catalogue.methods import methods
from registry.schema.tables import tables_of
from registry.spelling import label_key, nearest, word_key

TABLES = tables_of(BUILT_IN)

LOCATIONS = tuple(location.name for location in methods()["berlin"].locations)
LISTS = {
    "columns of visits": tuple(TABLES["visits"].columns),
    "measures": tuple(MEASURES),
    "reasons to stop": codes.STOP_REASONS,
    "lesions": tuple(kind for kinds in codes.LESION_KINDS.values() for kind in kinds),
    "regions": codes.REGIONS,
    "verdicts": codes.VERDICTS,
    "locations": LOCATIONS,
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("basline", ("baseline", "week 12"), "baseline"),
        ("deteriroation", codes.VERDICTS, "deterioration"),
        ("loss of eficacy", codes.STOP_REASONS, "loss-of-efficacy"),
        ("Visited On", TABLES["visits"].columns, "visited_on"),
        ("m r i", codes.MODALITIES, "MRI"),
        ("C2-3", LOCATIONS, "C2/3"),
        ("tender_joint_68", MEASURES, "tender_joints_68"),
    ],
)
def test_a_slip_of_a_long_word_is_told_what_was_meant(word: str, known: tuple[str, ...], meant: str) -> None:
    assert nearest(word, known) == meant


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("bmi", MEASURES),
        ("bmi", ("basmi",)),
        ("basmi", ("basfi",)),
        ("basdai_7", MEASURES),
        ("L5/L6", LOCATIONS),
        ("L5/S2", LOCATIONS),
        ("T1/2", ("T12",)),
        ("week 13", ("week 12",)),
        ("changed", codes.VERDICTS),
        ("active erosion", ("inactive erosion",)),
        ("rofecoxb", ("rofecoxib", "rofecoxab")),
        ("", ("baseline",)),
        ("baseline" * 20, ("baseline" * 20 + "s",)),
    ],
)
def test_what_may_mean_something_else_is_told_nothing(word: str, known: tuple[str, ...]) -> None:
    assert nearest(word, known) is None


@pytest.mark.parametrize("of", LISTS)
def test_no_word_of_a_list_is_taken_for_another_one_that_stands_alone_in_it(of: str) -> None:
    pairs = combinations(LISTS[of], 2)
    taken = [(one, other) for one, other in pairs if nearest(one, [other]) or nearest(other, [one])]

    assert taken == []


@pytest.mark.parametrize("word", ["Arcoxia", "cetuximab", "cycloserine", "isoxicam", "Panasol", "Tradol", "alclofenac"])
def test_no_drug_is_taken_for_another(word: str) -> None:
    meant = nearest(word, AGENT_WORDS.meanings, meaning=AGENT_WORDS.meanings.__getitem__)

    assert meant is None or AGENT_WORDS.agent_named(meant) == AGENT_WORDS.agent_named(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("adalumimab", "adalimumab"),
        ("infliximap", "infliximab"),
        ("Humirra", "Humira"),
        ("sulfasalazina", "sulfasalazine"),
        ("indometacine", "indometacin"),
        ("metotrexate", "methotrexate"),
    ],
)
def test_a_slip_in_the_name_of_a_drug_is_told_which_drug_was_meant(word: str, meant: str) -> None:
    suggested = nearest(word, AGENT_WORDS.meanings, meaning=AGENT_WORDS.meanings.__getitem__)

    assert suggested is not None
    assert AGENT_WORDS.agent_named(suggested) == AGENT_WORDS.agent_named(meant) is not None


@st.composite
def slips(draw: st.DrawFn, word: str) -> str:
    """Return a word with one letter or two dropped, doubled, exchanged or replaced."""
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, max(len(word) - 2, 0)))
        kind = draw(st.sampled_from(["drop", "double", "exchange", "replace"]))
        before, here, after = word[:place], word[place : place + 1], word[place + 1 :]
        word = {
            "drop": before + after,
            "double": before + here + here + after,
            "exchange": before + after[:1] + here + after[1:],
            "replace": before + draw(st.sampled_from(LETTERS)) + after,
        }[kind]
    return word


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_suggestion_has_another_known_meaning_than_the_word_for_which_it_stands(data: st.DataObject) -> None:
    meant = data.draw(st.sampled_from(sorted(AGENT_WORDS.meanings)))
    word = data.draw(slips(meant))

    suggested = nearest(word, AGENT_WORDS.meanings, meaning=AGENT_WORDS.meanings.__getitem__)

    if suggested is not None:
        assert AGENT_WORDS.agent_named(suggested) is not None
        assert AGENT_WORDS.agent_named(word) in (None, AGENT_WORDS.agent_named(suggested))
        assert re.findall(r"\d+", suggested) == re.findall(r"\d+", word)


@pytest.mark.parametrize(
    "label", ["week 12", "Week 12", "WEEK\u00a012", " week  12 ", "week12", "ｗｅｅｋ １２", "we\u2009ek 12"]
)
def test_a_label_is_the_same_in_any_case_with_any_blanks(label: str) -> None:
    assert label_key(label) == label_key("week 12")


@pytest.mark.parametrize(
    ("composed", "decomposed"), [("Sp\u00e4te Visite", "Spa\u0308te visite"), ("Straße", "STRASSE"), ("ﬁnal", "Final")]
)
def test_a_label_is_the_same_in_any_form_of_unicode(composed: str, decomposed: str) -> None:
    assert label_key(composed) == label_key(decomposed)


def test_other_labels_stay_apart() -> None:
    labels = ("week 12", "week 1 + 2", "month 12", "week-12", "Woche 12", "")

    assert len(set(map(label_key, labels))) == len(labels)


@given(st.text(max_size=30))
def test_the_key_of_a_key_is_that_key_and_case_never_matters(label: str) -> None:
    key = label_key(label)

    assert label_key(key) == key
    assert label_key(label.casefold()) == key
    assert word_key(word_key(label)) == word_key(label)
