"""The oracle on values, time points, answers and members, against numbers worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.answers import criteria
from tests.answers.choosing import TimePoint, before_start, chosen_value, chosen_visit
from tests.answers.facts import Course, Enrolment, Facts, FollowUp, Study, Taken, Visit
from tests.answers.formulas import FORMULAS, PRORATED
from tests.answers.members import Who, consents, data_cut, has_withdrawn, members, present
from tests.answers.observation import Observation, observed_spans
from tests.answers.responders import Answer, Member, ResponderChoice, answered, response_rate
from tests.answers.responses import responses
from tests.answers.values import ValueChoice, disagreements, value_at

DAY0 = date(2020, 1, 6)


def visit(number: int, label: str = "", /, **values: str) -> Visit:
    """Return a row so many days after day 0; a value as `<5` or `7 nrs`."""
    taken = {}
    for name, cell in values.items():
        text, _, unit = cell.partition(" ")
        mark = text[0] if text[0] in "<>" else None
        taken[name] = Taken(text.lstrip("<>"), unit or None, mark)
    return Visit("P", DAY0 + timedelta(days=number), label, taken)


def numbers(names: str, values: str) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in zip(names.split(), values.split(), strict=True) if value != "-"}


ITEMS = "basdai_1 basdai_2 basdai_3 basdai_4 basdai_5 basdai_6"
MOVES = "lateral_lumbar_flexion tragus_to_wall lumbar_flexion intermalleolar_distance cervical_rotation"
ASDAS = "basdai_2 basdai_6 patient_global basdai_3 crp esr"


@pytest.mark.parametrize(
    ("index", "names", "values", "expected"),
    [
        ("basdai", ITEMS, "7 8 3 5 7 6", "5.9000"),
        ("basdai", ITEMS, "6.5 7.2 1.1 4.0 8.3 5.9", "5.1800"),
        ("basdai_inflammation", ITEMS, "6.5 7.2 1.1 4.0 8.3 5.9", "7.1000"),
        ("basmi_2step", MOVES, "12.5 14 3.2 95 55", "3.0000"),
        ("basmi_10step", MOVES, "12.5 14 3.2 95 55", "3.8000"),
        ("basmi_linear", MOVES, "12.5 14 3.2 95 55", "3.8161"),
        ("basmi_10step", MOVES, "7.14 18.5 2.06 82 30", "5.8000"),
        ("basmi_linear", MOVES, "1 40 0.3 25 5", "9.8878"),
        ("basmi_2step", MOVES, "22 9 7.5 130 90", "0.0000"),
        ("asdas_crp", ASDAS, "7 6 70 3 24.7 33", "4.0637"),
        ("asdas_crp", ASDAS, "3 2 30 1 0.3 15", "1.5181"),
        ("asdas_esr", ASDAS, "7 6 70 3 24.7 33", "3.6992"),
    ],
)
def test_indices_are_what_another_program_computes_from_the_published_formulas(
    index: str, names: str, values: str, expected: str
) -> None:
    assert f"{float(FORMULAS[index](numbers(names, values))):.4f}" == expected


def test_prorating_stands_in_for_one_of_five_components() -> None:
    assert PRORATED["basdai"](numbers(ITEMS, "7 8 3 5 7 -")) == 6
    assert PRORATED["basdai"](numbers(ITEMS, "7 8 - 5 7 6")) == Fraction("6.625")
    assert PRORATED["basdai"](numbers(ITEMS, "7 8 - 5 - -")) is None


def test_one_item_never_hides_a_reported_total_and_all_of_them_precede_it() -> None:
    one_item = visit(0, "bl", basdai="7.2", basdai_3="9")
    answered_all = visit(9, basdai="7.2", **dict(zip(ITEMS.split(), "783576", strict=True)))
    nothing = visit(20, basdai_3="9")
    rows = [one_item, answered_all, nothing]

    assert value_at(one_item, rows, "basdai")[:2] == (Fraction("7.2"), "reported")
    assert value_at(answered_all, rows, "basdai")[:2] == (Fraction("5.9"), "computed")
    assert disagreements(rows) == [(answered_all.reference, "basdai", Fraction("7.2"), Fraction("5.9"))]
    none = value_at(nothing, rows, "basdai", ValueChoice(prorate=True))
    assert none.value is None
    assert none.reason is not None
    assert value_at(visit(1, basdai_6="3"), [], "basdai_inflammation", ValueChoice(prorate=True)).how == "prorated"


def test_a_total_of_a_basmi_is_that_of_its_version_and_of_no_other() -> None:
    row = Visit("P", DAY0, values={"basmi": Taken("3.2", version="linear")})
    silent = Visit("P", DAY0, values={"basmi": Taken("4")})

    found = {name: value_at(row, [row], name).value for name in ("basmi", "basmi_2step", "basmi_linear")}
    assert found == {"basmi": None, "basmi_2step": None, "basmi_linear": Fraction("3.2")}
    assert value_at(silent, [silent], "basmi").value == 4
    assert value_at(silent, [silent], "basmi_linear").value is None


APP = {"basdai_2": "4", "basdai_3": "3", "basdai_6": "5", "patient_global": "6 nrs"}
# 0.121 x 4 + 0.058 x 5 + 0.110 x 6 + 0.073 x 3 = 1.653; 0.579 x ln 12 = 1.438761; 0.579 x ln 3 = 0.636097.


def test_questionnaire_and_laboratory_of_one_day_make_one_index_that_stands_at_one_row() -> None:
    app, laboratory = visit(0, "app", **APP), visit(0, "laboratory", crp="1.1 mg/dl")
    rows = [laboratory, app]

    found = value_at(app, rows, "asdas_crp")
    assert found.value is not None
    assert round(float(found.value), 5) == 3.09176
    assert found.rows == (app.reference, laboratory.reference)
    assert value_at(laboratory, rows, "asdas_crp").value is None


def test_values_of_several_days_make_an_index_where_it_is_asked_for_on_the_day_of_the_latest() -> None:
    app, laboratory = visit(0, "app", **APP), visit(7, "laboratory", crp="11")
    rows = [app, laboratory]
    week = ValueChoice(combine_days=7)

    assert value_at(laboratory, rows, "asdas_crp").value is None
    assert value_at(laboratory, rows, "asdas_crp", ValueChoice(combine_days=6)).value is None
    found = value_at(laboratory, rows, "asdas_crp", week)
    assert found.value is not None
    assert round(float(found.value), 5) == 3.09176
    assert value_at(app, rows, "asdas_crp", week).value is None
    whole = visit(2, **APP, crp="4")
    assert value_at(laboratory, [*rows, whole], "asdas_crp", week).value is None  # it displaces nothing


@pytest.mark.parametrize("crp", ["<5", "<10", "<0.3"])
def test_a_mark_goes_with_what_is_computed_from_it(crp: str) -> None:
    row = visit(0, **APP, crp=crp)

    found = value_at(row, [row], "asdas_crp")

    assert found.value is not None
    assert (round(float(found.value), 5), found.marks) == (2.2891, frozenset("<"))


def test_a_baseline_prefers_what_lies_on_or_before_day_0() -> None:
    rows = [visit(-20, crp="30"), visit(1, crp="10"), visit(-50, crp="50"), visit(14, esr="9")]
    baseline = TimePoint(0, (-60, 14))

    def crp_and_esr(at: TimePoint) -> list[Fraction | None]:
        found = [chosen_value(rows, name, DAY0, at) for name in ("crp", "esr")]
        return [None if each is None else each.value.value for each in found]

    assert crp_and_esr(baseline) == [30, 9]
    assert crp_and_esr(TimePoint(0, (-60, 14), prefer="first")) == [50, 9]
    assert crp_and_esr(TimePoint(0, (-60, 14), prefer="last")) == [30, 9]
    assert crp_and_esr(before_start(90)) == [30, None]


def test_a_phone_call_displaces_no_visit_and_of_two_days_as_near_the_earlier_counts() -> None:
    rows = [
        visit(100, "c", basdai="2"),
        visit(80, "b", basdai="3"),
        visit(80, "a", basdai="4"),
        visit(90, basdai_1="9"),
    ]
    at = TimePoint(90, (60, 120))

    judged = chosen_visit(rows, "basdai50", DAY0, at)
    labelled = chosen_visit(rows, "basdai50", DAY0, TimePoint(90, (60, 120), label="c"))
    phoned = chosen_value(rows, "basdai_1", DAY0, at)
    assert [each.row.label for each in (judged, labelled, phoned) if each is not None] == ["a", "c", ""]


FOUR = ("patient_global", "total_back_pain", "basfi", "basdai_inflammation")


def domains(values: str) -> dict[str, Fraction | None]:
    """Return the four domains from values on 0 to 100, `-` for none."""
    given = dict(zip(FOUR, values.split(), strict=True))
    scale = {"basfi": 10, "basdai_inflammation": 10}
    return {name: None if text == "-" else Fraction(text) / scale.get(name, 1) for name, text in given.items()}


@pytest.mark.parametrize(
    ("before", "now", "expected"),  # ASAS20, ASAS40, ASAS50, ASAS70; `?` is open
    [
        ("67 65 58.8 60", "41 41 36.3 35", "TFFF"),
        ("60 60 60 50", "40 40 40 60", "FFFF"),
        ("60 60 60 50", "40 40 40 59.9", "TFFF"),
        ("60 60 60 80", "40 40 40 92", "TFFF"),
        ("40 40 40 40", "31 31 31 31", "FFFF"),
        ("10 10 10 8", "5 5 5 8", "FFTF"),
        ("60 60 60 -", "30 30 30 30", "???F"),
        ("60 60 60 50", "30 30 58 -", "???F"),
        ("60 60 60 50", "30 58 58 -", "FFFF"),
        ("60 60 60 0", "30 30 30 10", "FFFF"),
        ("60 60 60 0", "30 30 30 9", "TFTF"),
        ("70 70 70 20", "35 35 35 21", "TFTF"),
    ],
)
def test_responses_are_met_at_their_limits_and_open_where_a_domain_could_turn_them(
    before: str, now: str, expected: str
) -> None:
    found = [criteria.answer(name, domains(before), domains(now)) for name in ("asas20", "asas40", "asas50", "asas70")]

    assert "".join({True: "T", False: "F", None: "?"}[each] for each in found) == expected


def test_partial_remission_and_the_halved_basdai_at_their_limits() -> None:
    assert criteria.answer("asas-partial-remission", {}, domains("20 20 20 20")) is True
    assert criteria.answer("asas-partial-remission", {}, domains("20 20 20.1 -")) is False
    assert criteria.answer("asas-partial-remission", {}, domains("20 20 20 -")) is None
    halved = [
        criteria.answer("basdai50", {"basdai": Fraction(b)}, {"basdai": Fraction(f)}) for b, f in ((6, 3), (0, 0))
    ]
    assert halved == [True, False]
    twice = {"asdas_crp": Fraction("4.1")}, {"asdas_crp": Fraction("2.1")}
    assert (criteria.answer("asdas-crp-mi", *twice), criteria.answer("asdas-crp-lda", *twice)) == (True, False)


def test_no_steroid_and_no_dose_changes_the_baseline_of_a_targeted_therapy() -> None:
    # 8 -> 3 -> 4: 62.5% and 50% of the baseline two days before the start, whatever else is given.
    start = (DAY0 + timedelta(days=2)).isoformat()
    beside = [
        Course("B", "prednisolone", "2020-01-15", "2020-01-29"),
        Course("B", "methotrexate", "2020-01-15"),
    ]
    facts = Facts(
        [Enrolment(patient, DAY0) for patient in "ABC"],
        visits=[
            Visit(patient, DAY0 + timedelta(days=number), label, {"basdai": Taken(basdai)})
            for patient in "ABC"
            for number, label, basdai in ((0, "bl", "8"), (91, "w12", "3"), (180, "w24", "4"))
        ],
        courses=[
            Course("A", "etanercept", start),
            Course("B", "etanercept", start),
            *beside,
            Course("C", "etanercept", start, "2020-05-03", "other", "25"),
            Course("C", "etanercept", "2020-05-04", None, None, "50"),
        ],
    )

    found = [each for each in responses(facts, Observation()) if each.criterion == "basdai50"]

    assert [
        (each.patient, each.visit.rpartition("/")[2], each.baseline.rpartition("/")[2], each.met) for each in found
    ] == [(patient, label, "bl", True) for patient in "ABC" for label in ("w12", "w24")]
    assert {each.treatment for each in found} == {f"treatment/{patient}/etanercept/{start}" for patient in "ABC"}


def test_the_next_line_ends_what_follows_a_line_and_its_own_baseline_is_new() -> None:
    facts = Facts(
        [Enrolment("P", DAY0)],
        visits=[visit(0, basdai="8"), visit(90, basdai="6"), visit(180, basdai="3")],
        courses=[
            Course("P", "etanercept", DAY0.isoformat(), "2020-03-20", "lack-of-efficacy"),
            Course("P", "secukinumab", (DAY0 + timedelta(days=90)).isoformat()),
        ],
    )

    found = [each for each in responses(facts, Observation()) if each.criterion == "basdai50"]

    assert [(each.treatment.split("/")[2], (each.visited_on - DAY0).days, each.met) for each in found] == [
        ("etanercept", 90, False),
        ("secukinumab", 180, True),
    ]


def reply(patient: str, met: bool | None, *, complete: bool = True, due: bool = True, on_drug: bool = True) -> Answer:
    return Answer(patient, due, met, complete, DAY0, on_drug)


def test_each_denominator_has_its_rate_and_the_bounds_are_of_all_who_are_due() -> None:
    # Two yes, one of them off the drug; a no of all domains and one of some; one open; one not due yet.
    answers = [
        reply("a", True),
        reply("b", True, on_drug=False),
        reply("c", False),
        reply("d", False, complete=False),
        reply("e", None, complete=False),
        reply("f", True, due=False),
    ]

    def rate(denominator: str, on_drug: str) -> tuple[object, ...]:
        found = response_rate(answers, ResponderChoice(denominator, on_drug))
        return (found.responders, found.of, found.lowest, found.highest)

    assert rate("complete", "any") == (2, 3, Fraction(2, 5), Fraction(3, 5))
    assert rate("known", "any") == (2, 4, Fraction(2, 5), Fraction(3, 5))
    assert rate("all", "any") == (2, 5, Fraction(2, 5), Fraction(3, 5))
    assert rate("complete", "only") == (1, 2, Fraction(1, 4), Fraction(1, 2))
    assert rate("complete", "stopped-is-no") == (1, 3, Fraction(1, 5), Fraction(2, 5))
    assert response_rate(answers, ResponderChoice()).off_drug == 1


WEEK_12 = TimePoint(84, (56, 112))
BASELINE = TimePoint(0, (-30, 0))


@pytest.mark.parametrize(
    ("stopped_after", "enrolled_after", "precision", "cut", "due", "on_drug"),
    [
        (None, 0, "day", 112, True, True),
        (None, 0, "day", 111, True, True),  # the window closes on day 112, and nothing more is awaited
        (70, 0, "day", 112, True, True),  # judged on day 84, 14 days after the stop
        (69, 0, "day", 112, True, False),
        (None, 1, "day", 112, False, True),  # entered after day 0
        (None, 0, "month", 112, True, True),
        (None, 0, "year", 112, False, True),
    ],
)
def test_who_is_due_and_who_is_on_the_drug_at_a_time_point(
    stopped_after: int | None, enrolled_after: int, precision: str, cut: int, due: bool, on_drug: bool
) -> None:
    facts = Facts(
        [Enrolment("P", DAY0 + timedelta(days=enrolled_after))],
        visits=[visit(0, basdai="8"), visit(84, basdai="4"), visit(120, basdai="1")],
    )
    member = Member(
        "P",
        DAY0,
        None if stopped_after is None else DAY0 + timedelta(days=stopped_after),
        facts.visits,
        observed_spans(facts, "P", Observation()),
        precision,
    )

    found = answered(
        member, "basdai50", BASELINE, WEEK_12, data_cut=DAY0 + timedelta(days=cut), chosen=ResponderChoice()
    )

    assert (found.due, found.met, found.complete, found.on_drug) == (due, True, True, on_drug)


def test_who_withdrew_is_kept_or_excluded_and_consents_no_more() -> None:
    facts = Facts(
        [
            Enrolment("P1", date(2019, 2, 1), date(2019, 2, 1), date(2020, 5, 1), "withdrawn"),
            Enrolment("P2", date(2019, 2, 1), date(2019, 3, 1)),
            Enrolment("P3", date(2019, 2, 1)),
        ]
    )
    before, after = date(2020, 4, 30), date(2020, 5, 1)

    assert present(facts, after) == ["P1", "P2", "P3"]
    assert present(facts, after, withdrawn="exclude") == present(facts, None, withdrawn="exclude") == ["P2", "P3"]
    assert present(facts, before, withdrawn="exclude") == ["P1", "P2", "P3"]
    assert list(members(facts, Who(consent=True), Observation(as_of=before))) == ["P1", "P2"]
    assert list(members(facts, Who(consent=True), Observation(as_of=after))) == ["P2"]
    assert not consents(facts, "P2", date(2019, 2, 28))


def test_a_new_consent_lifts_a_withdrawal_and_only_a_resumption_is_observed() -> None:
    withdrew, anew, back = date(2020, 5, 1), date(2020, 12, 1), date(2021, 1, 1)
    enrolment = Enrolment("P1", date(2019, 2, 1), anew, withdrew, "withdrawn")
    willing, resumed = Facts([enrolment]), Facts([enrolment], [FollowUp("P1", back)])

    for facts in (willing, resumed):
        asked = (withdrew, date(2020, 11, 30), anew, None)
        assert [has_withdrawn(facts, "P1", day) for day in asked] == [True, True, False, False]
        assert [consents(facts, "P1", day) for day in asked] == [False, False, True, True]
    assert [span.start for span in observed_spans(willing, "P1", Observation())] == [date(2019, 2, 1)]
    assert [span.start for span in observed_spans(resumed, "P1", Observation())] == [date(2019, 2, 1), back]


def test_of_a_patient_who_is_not_enrolled_yet_nothing_is_there() -> None:
    # Treated and scanned in 2013, enrolled in 2016: at the end of 2014 there is neither patient nor fact.
    facts = Facts(
        [Enrolment("P", date(2016, 3, 1)), Enrolment("Q", date(2013, 1, 1))],
        visits=[Visit("Q", date(2013, 6, 1)), Visit("P", date(2016, 3, 5))],
        courses=[Course("P", "adalimumab", "2013-04-07")],
        studies=[Study("P", "S1", date(2013, 4, 6)), Study("P", "S2", date(2016, 3, 5))],
    )
    early = Observation(as_of=date(2014, 12, 31))

    assert present(facts, early.as_of) == ["Q"]
    assert members(facts, Who("course"), early) == {}
    assert responses(facts, early) == []
    assert members(facts, Who("course"), Observation())["P"].day == date(2013, 4, 7)
    assert members(facts, Who("first-study"), Observation())["P"].day == date(2016, 3, 5)  # inside the span
    assert data_cut(facts, None) == date(2016, 3, 5)
