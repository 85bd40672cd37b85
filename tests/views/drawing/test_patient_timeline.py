"""A patient's course, drawn: nothing lost, nothing where it was not."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from projections.course.timeline import Timeline, TimelineEntry, TimelineValue
from registry.domain.days import first_day, last_day
from views.drawing.figure import Figure
from views.drawing.patient_timeline import patient_timeline
from views.drawing.svg import Element

AS_OF = date(2012, 12, 31)


def entry(what: str, which: str, on: str | None, until: str | None = None, **given: Any) -> TimelineEntry:
    days = [None if each is None else (first_day(each), last_day(each)) for each in (on, until)]
    begin, end = (each or (None, None) for each in days)
    said = {"lane": "", "goes_on": False, "details": "", "reference": f"{what}/{which}/{on}", **given}
    return TimelineEntry(
        what, which, said["lane"], on, until, *begin, *end, said["goes_on"], said["details"], said["reference"]
    )


def course(*entries: TimelineEntry, values: list[TimelineValue] | None = None, as_of: date | None = AS_OF) -> Timeline:
    return Timeline("P-1", as_of, as_of or date(2012, 6, 30), list(entries), values or [])


ENROLLED = entry("enrolment", "P-1", "2010-01-01")


def extent(of: Element) -> tuple[float, float]:
    """From where to where an element reaches from left to right."""
    xs: list[float] = []
    for each in of.walk():
        said = each.attributes
        if each.tag == "rect":
            xs += [float(str(said["x"])), float(str(said["x"])) + float(str(said["width"]))]
        elif each.tag == "polygon":
            xs += [float(pair.partition(",")[0]) for pair in str(said["points"]).split()]
        elif each.tag == "circle":
            xs += [float(str(said["cx"]))]
    return min(xs), max(xs)


def at(figure: Figure, day: date) -> float:
    """Where a day is, found from two visits that the figure has, by the rule of three."""
    visits = {str(each.attributes["data-on"]): extent(each)[0] for each in figure.of_class("visit")}
    (one, x1), (other, x2) = ((date.fromisoformat(name), x) for name, x in sorted(visits.items()))
    return x1 + (day - one).days * (x2 - x1) / (other - one).days


TWO_VISITS = (entry("visit", "one", "2010-02-01"), entry("visit", "two", "2012-02-01"))


def test_a_course_that_goes_on_ends_in_an_arrow_at_the_day_of_the_point_in_time() -> None:
    figure = patient_timeline(
        course(ENROLLED, *TWO_VISITS, entry("treatment", "etanercept", "2010-03-01", lane="TNFi", goes_on=True))
    )

    (bar,) = figure.of_class("treatment")
    (arrow,) = figure.of_class("arrow")
    (line,) = figure.of_class("as-of")
    assert extent(arrow)[1] == extent(bar)[1] == float(str(line.attributes["x1"]))
    assert extent(bar)[0] == pytest.approx(at(figure, date(2010, 3, 1)), abs=1)
    assert extent(bar)[1] < figure.size[0]


def test_a_course_that_ended_has_no_arrow_and_ends_on_its_day() -> None:
    figure = patient_timeline(
        course(ENROLLED, *TWO_VISITS, entry("treatment", "etanercept", "2010-03-01", "2011-03-01", lane="TNFi"))
    )

    assert figure.of_class("arrow") == []
    assert extent(figure.of_class("treatment")[0])[1] == pytest.approx(at(figure, date(2011, 3, 2)), abs=1)


def test_a_day_that_is_known_to_the_year_is_drawn_over_all_its_days() -> None:
    figure = patient_timeline(course(ENROLLED, *TWO_VISITS, entry("flare", "severe", "2011")))

    (flare,) = figure.of_class("flare")
    assert extent(flare) == pytest.approx((at(figure, date(2011, 1, 1)), at(figure, date(2012, 1, 1))), abs=1)
    assert len([each for each in flare.walk() if "uncertain" in each.classes]) == 1


def test_of_a_course_with_partial_days_what_is_sure_is_told_from_what_may_be() -> None:
    figure = patient_timeline(
        course(ENROLLED, *TWO_VISITS, entry("treatment", "etanercept", "2010-06", "2011", lane="TNFi"))
    )

    (course_,) = figure.of_class("treatment")
    (sure,) = [each for each in course_.walk() if "bar" in each.classes]
    assert extent(sure) == pytest.approx((at(figure, date(2010, 6, 30)), at(figure, date(2011, 1, 2))), abs=1.5)
    assert extent(course_) == pytest.approx((at(figure, date(2010, 6, 1)), at(figure, date(2012, 1, 1))), abs=1)


def test_marks_of_one_day_are_all_seen_none_over_another() -> None:
    visits = [entry("visit", f"visit {n}", "2011-05-01", reference=f"v{n}") for n in range(7)]
    figure = patient_timeline(course(ENROLLED, *visits))

    circles = [each for visit in figure.of_class("visit") for each in visit.walk() if each.tag == "circle"]
    places = {(each.attributes["cx"], each.attributes["cy"]) for each in circles}
    heights = sorted(float(str(y)) for _, y in places)
    assert len(figure.of_class("visit")) == len(places) == 7
    assert min(b - a for a, b in pairwise(heights)) >= 2 * 3.8


def test_every_entry_of_a_known_day_is_a_mark_and_every_entry_a_row_of_numbers() -> None:
    undated = entry("condition", "uveitis", None)
    early = entry("condition", "psoriasis", "1990", "1991")
    figure = patient_timeline(course(ENROLLED, *TWO_VISITS, early, undated))

    assert len(figure.of_class("entry")) == 4
    assert len(figure.of_class("earlier")) == 1
    assert len(figure.numbers.rows) == 5
    assert "1 of unknown beginning stand in the numbers alone" in figure.sentence


def test_scores_are_points_and_those_of_the_asdas_stand_among_its_states() -> None:
    values = [
        TimelineValue("asdas_crp", date(2010, 2, 1), 3.6, "", "very high", "v1"),
        TimelineValue("asdas_crp", date(2012, 2, 1), 1.0, "", "inactive", "v2"),
        TimelineValue("crp", date(2010, 2, 1), 5.0, "<", "", "v1"),
    ]
    figure = patient_timeline(course(ENROLLED, *TWO_VISITS, values=values))

    assert [(each.attributes["data-score"], each.attributes["data-on"]) for each in figure.of_class("value")] == [
        ("asdas_crp", "2010-02-01"), ("asdas_crp", "2012-02-01"), ("crp", "2010-02-01"),
    ]  # fmt: skip
    assert [said for said in figure.texts if said in ("inactive", "low", "high", "very high")] == [
        "inactive", "low", "high", "very high",
    ]  # fmt: skip
    assert {"1.3", "2.1", "3.5"} <= set(figure.texts)
    assert len(figure.of_class("ring")) == 1 + 1  # a value below a limit, and the enrolment
    assert ("CRP, mg/l", "<5") in [tuple(row[:2]) for row in figure.numbers.rows]


def test_what_people_typed_stays_text_and_long_names_are_cut() -> None:
    name = "<script>alert(1)</script> 日本語の薬の名前がとても長い"
    figure = patient_timeline(course(ENROLLED, entry("treatment", name, "2010-03-01", lane="<b>", goes_on=True)))

    assert "<script" not in figure.html
    assert "<script" not in figure.document()
    assert any(said.endswith("…") for said in figure.texts)


def test_the_end_of_follow_up_has_another_shape_than_its_beginning() -> None:
    figure = patient_timeline(course(ENROLLED, entry("end of follow-up", "P-1", "2012-05-01")))

    begun, ended = figure.of_class("enrolment")[0], figure.of_class("end-of-follow-up")[0]
    assert [next(each.tag for each in of.walk() if each.tag not in ("g", "title")) for of in (begun, ended)] == [
        "circle", "path",
    ]  # fmt: skip


def test_without_a_last_day_the_drawing_ends_with_what_is_known() -> None:
    figure = patient_timeline(course(ENROLLED, *TWO_VISITS, as_of=None))

    assert figure.of_class("as-of") == []
    assert "until 2012-06-30, the last day known" in figure.sentence


def test_a_patient_of_whom_nothing_is_known_has_a_sentence() -> None:
    assert patient_timeline(Timeline("P-9", AS_OF, AS_OF, [], [])).texts == [
        "nothing is known of this patient at this point in time"
    ]


def test_the_same_course_is_the_same_bytes() -> None:
    one, other = (patient_timeline(course(ENROLLED, *TWO_VISITS)).document() for _ in range(2))

    assert one == other
