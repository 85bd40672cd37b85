"""How far two readers agree: published tables of ratings, read as if they were totals."""

from __future__ import annotations

from statistics import stdev

import pytest

from projections.cohort.figures.figures import Figure
from projections.cohort.members.reader_selection import CohortError
from projections.statistics.intraclass import FORMS
from registry import Registry
from registry.catalogue.methods import methods
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import by_address, small

PAIRS = ((10, 12), (4, 5), (22, 20), (0, 1), (15, 15), (7, 10), (30, 27), (3, 3))  # ICC(2,1) 0.9811, ICC(3,1) 0.9788
CHANGES = ((-4, -3), (0, 0), (-6, -8), (-1, 0), (-10, -9), (2, 1), (-3, -4), (0, -1), (-7, -5), (-2, -2))
CHANGE = "baseline → 2 years"
KEYS = '[tables.agreement]\nmethods = ["asspimri"]\n'


def read(registry: Registry, study: str, reader: str, total: int, **cells: object) -> None:
    """A complete reading with a total of at most 6 a unit."""
    names = [location.name for location in methods()["asspimri"].locations]
    grades = {name: min(max(total - 6 * place, 0), 6) for place, name in enumerate(names)}
    registry.record_reading(study, reader=reader, method="asspimri", grades=grades, **cells)  # type: ignore[arg-type]


def studied(registry: Registry, patient: str, *days: str) -> list[str]:
    """A patient with a study on each day."""
    registry.enrol_patient(patient, enrolled_on="2002-01-14")
    codes = []
    for place, day in enumerate(days):
        codes.append(f"{patient}-{place}")
        registry.record_study(codes[-1], patient=patient, performed_on=day, modality="MRI", regions="spine")
    return codes


def agreement(registry: Registry, keys: str = KEYS) -> dict[str, Figure]:
    """The figures of the agreement, without the table's name."""
    found = by_address(small(registry, keys))
    return {address.removeprefix("agreement / "): figure for address, figure in found.items()}


def test_totals_at_one_time_point_agree_as_in_the_worked_example(registry: Registry) -> None:
    for place, totals in enumerate(PAIRS):
        (study,) = studied(registry, f"A-{place}", "2002-02-01")
        for reader, total in zip(("R1", "R2"), totals):
            read(registry, study, reader, total)

    found = agreement(registry)

    row = "asspimri total: R1 v R2 / baseline"
    assert found[f"{row} / ICC(2,1)"].value == pytest.approx(0.9811, abs=5e-5)
    assert found[f"{row} / ICC(3,1)"].value == pytest.approx(0.9788, abs=5e-5)
    assert found[f"{row} / bias"].value == pytest.approx(-0.25)
    assert found[f"{row} / bias"].denominator_note == "8 of 8 patients of whom both read a study"
    assert found[f"{row} / bias"].ci_method == "t, 95%"
    sd = (sum((one - other + 0.25) ** 2 for one, other in PAIRS) / 7) ** 0.5
    assert found[f"{row} / SD of differences"].value == pytest.approx(sd)
    assert found[f"{row} / lower limit"].value == pytest.approx(-0.25 - 1.959964 * sd)
    assert found[f"{row} / SDC from status, one reader"].value == pytest.approx(1.959964 * sd)
    assert found[f"{row} / SDC from status, mean of 2"].value == pytest.approx(1.959964 * sd / 2**0.5)


def test_changes_have_the_smallest_detectable_change_of_the_worked_example(registry: Registry) -> None:
    for place, changes in enumerate(CHANGES):
        studies = studied(registry, f"A-{place}", "2002-02-01", "2004-06-01")
        for reader, change in zip(("R1", "R2"), changes):
            for study, total in zip(studies, (20, 20 + change)):
                read(registry, study, reader, total)

    found = agreement(registry)

    row = "asspimri total: R1 v R2 / baseline → 2 years"
    one, mean = (found[f"{row} / SDC from change, {readers}"].value for readers in ("one reader", "mean of 2"))
    assert (one, mean) == (pytest.approx(1.7285, abs=1e-4), pytest.approx(1.2223, abs=1e-4))
    differences = [first - second for first, second in CHANGES]
    assert found[f"{row} / bias"].value == pytest.approx(sum(differences) / 10)
    assert found[f"{row} / SD of differences"].value == pytest.approx(stdev(differences))


def test_grades_agree_by_hand(registry: Registry) -> None:
    (study,) = studied(registry, "A-1", "2002-02-01")
    for reader, grades in (("R1", (0, 0, 1, 2)), ("R2", (0, 1, 1, None))):
        places = zip(("C2/3", "C3/4", "C4/5", "C5/6"), grades)
        registry.record_reading(study, reader=reader, method="berlin", grades=dict(places))

    found = agreement(registry, '[tables.agreement]\nmethods = ["berlin"]\n')

    row = "berlin grade: R1 v R2 / baseline"
    assert found[f"{row} / agreement"].text == "2 of 3 (66.7%)"
    assert (
        found[f"{row} / agreement"].denominator_note
        == "locations that both assessed, of 1 patient; 20 locations left out"
    )
    assert found[f"{row} / kappa, unweighted"].value == pytest.approx(
        1 - (1 / 3) / (1 - (2 / 3 * 1 / 3 + 1 / 3 * 2 / 3))
    )
    assert (
        found["berlin total: R1 v R2 / baseline / ICC(2,1)"].denominator_note
        == "0 of 1 patient of whom both read a study; 1 not complete by both"
    )


def test_one_reader_alone_is_told_so(scanned: Registry) -> None:
    read(scanned, "A", "R1", 5)

    found = agreement(scanned)

    assert {address: figure.reason for address, figure in found.items()} == {
        "asspimri: readers /  / n": "one-reader-only"
    }


def test_readers_of_different_studies_have_nothing_in_common(scanned: Registry) -> None:
    scanned.record_study("A2", patient="P-1", performed_on="2002-06-04", modality="MRI", regions="spine")
    read(scanned, "A", "R1", 5)
    read(scanned, "A2", "R2", 5)

    found = agreement(scanned)["asspimri total: R1 v R2 / baseline / ICC(2,1)"]

    assert found.reason == "nothing-given"
    assert found.denominator_note == "0 of 0 patients of whom both read a study; 1 read by one of the two alone"


def test_of_several_studies_the_one_counts_that_both_read(scanned: Registry) -> None:
    scanned.record_study("A2", patient="P-1", performed_on="2002-02-04", modality="MRI", regions="spine")
    read(scanned, "A2", "R1", 20)  # nearer to day 0, and read by one alone
    for reader, total in (("R1", 5), ("R2", 3)):
        read(scanned, "A", reader, total)

    found = agreement(scanned)["asspimri total: R1 v R2 / baseline / bias"]

    assert (found.value, found.denominator) == (2, 1)
    assert found.denominator_note == "1 of 1 patient of whom both read a study"


def test_every_two_of_three_readers_have_a_row(scanned: Registry) -> None:
    for reader in ("R1", "R2", "R3"):
        read(scanned, "A", reader, 5)

    rows = {address.split(" / ")[0] for address in agreement(scanned)}

    assert {row for row in rows if "total" in row} == {
        f"asspimri total: {pair}" for pair in ("R1 v R2", "R1 v R3", "R2 v R3")
    }


def test_the_session_that_the_definition_names_counts(scanned: Registry) -> None:
    for session, totals in (("first", (5, 3)), ("second", (9, 9))):
        for reader, total in zip(("R1", "R2"), totals):
            read(scanned, "A", reader, total, session=session)

    with pytest.raises(CohortError, match=r"several sessions; name one of 'first', 'second'"):
        agreement(scanned)
    found = agreement(scanned, KEYS + '[imaging]\nsession = "first"\n')
    assert found["asspimri total: R1 v R2 / baseline / bias"].value == 2


def test_changes_of_grades_agree_by_hand(scanned: Registry) -> None:
    said: dict[str, dict[str, tuple[int | None, ...]]] = {
        "A": {"R1": (0, 1, 3, 2, None), "R2": (0, 2, 3, 1, 1)},
        "B": {"R1": (0, 0, 3, 1, 1), "R2": (1, 0, 2, 0, 1)},
    }
    for study, readers in said.items():
        for reader, grades in readers.items():
            places = zip(("C2/3", "C3/4", "C4/5", "C5/6", "C6/7"), grades)
            scanned.record_reading(study, reader=reader, method="berlin", grades=dict(places))

    found = agreement(scanned, '[tables.agreement]\nmethods = ["berlin"]\n')

    row = f"berlin grade: R1 v R2 / {CHANGE}"
    changes = ((0, 1), (-1, -2), (0, -1), (-1, -1))  # of the first four units, R1's and R2's
    assert found[f"{row} / agreement"].text == "1 of 4 (25.0%)"
    for weighting, power in (("linear", 1), ("quadratic", 2)):
        observed = sum(abs(one - other) ** power for one, other in changes) / 4
        expected = sum(abs(one - other) ** power for one, _ in changes for _, other in changes) / 16
        assert found[f"{row} / kappa, {weighting}"].value == pytest.approx(1 - observed / expected)


def test_the_counts_and_grades_of_lesions_agree(scanned: Registry) -> None:
    names = [location.name for location in methods()["vu-lesions"].locations]
    for reader, eroded in (("R1", 3), ("R2", 4)):
        grades: dict[str | tuple[str, str], int | str | None] = {(name, "inflammation"): 0 for name in names}
        grades |= {(name, "erosion"): int(place < eroded) for place, name in enumerate(names)}
        scanned.record_reading("A", reader=reader, method="vu-lesions", grades=grades)

    found = agreement(scanned, '[tables.agreement]\nmethods = ["vu-lesions"]\n')

    assert found["vu-lesions erosions: R1 v R2 / baseline / bias"].value == -1
    assert found["vu-lesions erosion: R1 v R2 / baseline / agreement"].numerator == len(names) - 1
    assert found["vu-lesions erosion: R1 v R2 / baseline / kappa, unweighted"].value is not None
    assert "vu-lesions erosion: R1 v R2 / baseline / kappa, linear" not in found
    assert found["vu-lesions inflammation: R1 v R2 / baseline / kappa, unweighted"].reason == "one-category-only"


def test_ratings_that_are_all_equal_have_no_correlation_and_no_detectable_change_above_0(registry: Registry) -> None:
    for place in range(3):
        (study,) = studied(registry, f"A-{place}", "2002-02-01")
        for reader in ("R1", "R2"):
            read(registry, study, reader, 7)

    found = agreement(registry)

    row = "asspimri total: R1 v R2 / baseline"
    assert found[f"{row} / ICC(2,1)"].reason == found[f"{row} / bias"].reason == "zero-variance"
    assert (found[f"{row} / bias"].value, found[f"{row} / SD of differences"].value) == (0, 0)
    assert found[f"{row} / SDC from status, one reader"].value == 0


def test_which_name_a_reader_has_does_not_change_how_far_they_agree(registry: Registry) -> None:
    """Another order of the readers turns the sign of the differences and nothing else."""
    for place, totals in enumerate(PAIRS):
        (study,) = studied(registry, f"A-{place}", "2002-02-01")
        for reader, total in zip(("R1", "R2", "S2", "S1"), (*totals, *totals)):
            read(registry, study, reader, total)

    found = agreement(registry)

    one, other = ("asspimri total: R1 v R2 / baseline", "asspimri total: S1 v S2 / baseline")
    for form in FORMS:
        assert found[f"{one} / ICC({form})"].value == pytest.approx(found[f"{other} / ICC({form})"].value)
    assert found[f"{one} / bias"].value == -found[f"{other} / bias"].value  # type: ignore[operator]


def test_nobody_read_anything_is_told_for_every_method_that_is_named(registry: Registry) -> None:
    named = ", ".join(f'"{method}"' for method in methods())
    found = agreement(registry, f"[tables.agreement]\nmethods = [{named}]\n")

    assert {address: figure.reason for address, figure in found.items()} == {
        f"{method}: readers /  / n": "nothing-given" for method in methods()
    }


def test_where_no_method_is_named_only_the_first_three_are_told_of_unread(registry: Registry) -> None:
    found = agreement(registry, "[tables.agreement]\n")

    assert {address: figure.reason for address, figure in found.items()} == {
        f"{method}: readers /  / n": "nothing-given" for method in ("asspimri", "berlin", "vu-lesions")
    }


def test_the_consensus_is_no_reader(scanned: Registry) -> None:
    for reader in ("R1", "R2", "consensus"):
        read(scanned, "A", reader, 5)

    assert {address.split(" / ")[0] for address in agreement(scanned)} == {
        "asspimri total: R1 v R2",
        "asspimri grade: R1 v R2",
    }


def test_one_patient_has_a_bias_and_reasons(scanned: Registry) -> None:
    for reader in ("R1", "R2"):
        read(scanned, "A", reader, 5)

    found = agreement(scanned)

    assert found["asspimri total: R1 v R2 / baseline / ICC(2,1)"].reason == "one-value-only"
    assert found["asspimri grade: R1 v R2 / baseline / kappa, quadratic"].value == 1


def read_twice(registry: Registry) -> None:
    """One reader's totals of the worked example, in the sessions `a` and `b`; another one read in `a` alone."""
    for place, totals in enumerate(PAIRS):
        (study,) = studied(registry, f"A-{place}", "2002-02-01")
        for session, total in zip(("a", "b"), totals):
            read(registry, study, "R1", total, session=session)
        read(registry, study, "R2", totals[0], session="a")


def test_a_reader_is_compared_with_himself_between_two_sessions(registry: Registry) -> None:
    read_twice(registry)

    found = agreement(registry, KEYS + 'sessions = ["a", "b"]\n')

    row = "asspimri total: R1 (a) v R1 (b) / baseline"
    assert found[f"{row} / ICC(2,1)"].value == pytest.approx(0.9811, abs=5e-5)
    assert found[f"{row} / ICC(3,1)"].value == pytest.approx(0.9788, abs=5e-5)
    assert found[f"{row} / bias"].value == pytest.approx(-0.25)
    assert found["asspimri grade: R1 (a) v R1 (b) / baseline / kappa, quadratic"].denominator == 8 * 23
    assert {figure.row for figure in found.values()} == {
        "asspimri total: R1 (a) v R1 (b)",
        "asspimri grade: R1 (a) v R1 (b)",
    }


def test_between_three_sessions_every_two_are_compared(registry: Registry) -> None:
    read_twice(registry)
    read(registry, "A-0-0", "R1", 11, session="c")

    found = agreement(registry, KEYS + 'sessions = ["a", "b", "c"]\n')

    n = {address: figure.denominator for address, figure in found.items() if address.endswith(" / baseline / bias")}
    assert {address.split(": ")[1].removesuffix(" / baseline / bias"): size for address, size in n.items()} == {
        "R1 (a) v R1 (b)": 8,
        "R1 (a) v R1 (c)": 1,
        "R1 (b) v R1 (c)": 1,
    }


def test_changes_are_compared_between_sessions_too(registry: Registry) -> None:
    for place, changes in enumerate(CHANGES):
        first, second = studied(registry, f"A-{place}", "2002-02-01", "2004-07-01")
        for session, change in zip(("a", "b"), changes):
            read(registry, first, "R1", 30, session=session)
            read(registry, second, "R1", 30 + change, session=session)

    found = agreement(registry, KEYS + 'sessions = ["a", "b"]\n')

    assert found[f"asspimri total: R1 (a) v R1 (b) / {CHANGE} / SDC from change, one reader"].value == pytest.approx(
        1.7286, abs=1e-4
    )


def test_where_nobody_read_in_two_sessions_the_table_says_so(registry: Registry) -> None:
    (study,) = studied(registry, "A-1", "2002-02-01")
    read(registry, study, "R1", 4, session="a")

    (figure,) = agreement(registry, KEYS + 'sessions = ["a", "b"]\n').values()

    assert (figure.row, figure.value, figure.reason) == ("asspimri: readers", 0, "nothing-given")
    assert figure.denominator_note == "single readers by asspimri in the windows who read in two of a, b: none"


def test_one_session_alone_is_refused(registry: Registry) -> None:
    with pytest.raises(DefinitionError, match=r"tables\.agreement\.sessions: names one session"):
        agreement(registry, KEYS + 'sessions = ["a"]\n')
