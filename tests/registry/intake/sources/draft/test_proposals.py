"""Where a draft would have a field go, and how sure it is."""

from __future__ import annotations

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.sources.draft.code_words import MEANINGS, word_for
from registry.intake.sources.draft.proposals import named_persons, proposed
from registry.intake.sources.draft.samples import samples_of
from registry.intake.sources.draft.words import COLUMNS, names_of
from registry.intake.sources.foreign_source import SourceField
from registry.schema.tables import tables_of
from tests.registry.intake.sources.given_rows import a_sheet


def where(field: SourceField, *values: str) -> tuple[str, str] | None:
    """Return the column that is proposed for a field with some values, and how sure that is."""
    source = a_sheet(field.name, *values, **{field.name: field})
    found = [*proposed(samples_of(source).values(), BUILT_IN)]
    return (f"{found[0].table}.{found[0].column.name}", found[0].why) if found else None


def named(name: str, *values: str) -> tuple[str, str] | None:
    return where(SourceField(name), *values)


def labelled(label: str) -> tuple[str, str] | None:
    return where(SourceField("v17", label))


@pytest.mark.parametrize(
    "name",
    ["basdai_3", "BASDAI3", "bd3", "bd_3", "BASDAI Q3", "basdai_q03", "BASDAI-03", "Basdai Frage 3", "basdai_item_3",
     "basdai3_gelenke", "BASDAI vraag 3", "bas_dai_3", "BASDAI no. 3", "basdai_f3"],
)  # fmt: skip
def test_an_item_of_the_basdai_is_known_in_many_spellings(name: str) -> None:
    assert named(name) == ("visits.basdai_3", "by name")


@pytest.mark.parametrize("name", ["basdai_7", "basdai_0", "bd12", "basfi_11", "abd3"])
def test_an_item_that_the_instrument_does_not_have_is_no_item(name: str) -> None:
    found = named(name)

    assert found is None or found[1] != "by name"


def test_an_item_behind_something_else_is_to_be_looked_at() -> None:
    assert named("v1_basdai_3") == ("visits.basdai_3", "by part of the name, look at it")


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Geschlecht", "patients.sex"),
        ("Sexe", "patients.sex"),
        ("geslacht", "patients.sex"),
        ("Geburtsjahr", "patients.birth_year"),
        ("Année de naissance", "patients.birth_year"),
        ("BSG (mm/h)", "visits.esr"),
        ("Blutsenkung", "visits.esr"),
        ("vitesse de sédimentation", "visits.esr"),
        ("Bezinking", "visits.esr"),
        ("protéine C réactive", "visits.crp"),
        ("HLA-B27", "patients.hla_b27"),
        ("Atembreite", "visits.chest_expansion"),
        ("ampliation thoracique", "visits.chest_expansion"),
        ("Nachtschmerz", "visits.night_back_pain"),
        ("Visitendatum", "visits.visited_on"),
        ("date de visite", "visits.visited_on"),
        ("datum bezoek", "visits.visited_on"),
        ("Medikament 2", "treatments.agent"),
        ("Therapiebeginn_2", "treatments.started_on"),
        ("Absetzgrund", "treatments.stop_reason"),
        ("asas_hi", "visits.asas_hi"),
        ("sjc44", "visits.swollen_joints_44"),
    ],
)
def test_headers_are_understood_in_four_languages(name: str, column: str) -> None:
    assert named(name) == (column, "by name")


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("C-reactive protein in serum", "visits.crp"),
        ("Dauer der Morgensteifigkeit (min)", "visits.morning_stiffness"),
        ("Évaluation globale du patient (EVA)", "visits.patient_global"),
        ("Nachtelijke pijn afgelopen week", "visits.night_back_pain"),
        ("BASDAI: neck, back or hip pain", "visits.basdai_2"),
        ("Reason for discontinuation", "treatments.stop_reason"),
    ],
)
def test_a_label_is_understood_and_is_to_be_looked_at(label: str, column: str) -> None:
    assert labelled(label) == (column, "by label, look at it")


def test_a_name_goes_before_a_label() -> None:
    assert where(SourceField("esr", "CRP of the day")) == ("visits.esr", "by name")


def test_a_unit_that_one_measure_alone_has_is_understood() -> None:
    assert where(SourceField("lab_7", unit="mm/h")) == ("visits.esr", "by unit, look at it")


def test_drugs_are_understood_by_what_stands_there() -> None:
    assert named("x9", "Humira", "Enbrel", "?") == ("treatments.agent", "by content, look at it")
    assert named("x9", "Humira", "yes", "no", "none") is None


def test_a_number_that_is_none_is_doubted() -> None:
    assert named("crp", "high", "low", "5") == ("visits.crp", "by name; but most of its values are no numbers")


@pytest.mark.parametrize("name", ["foo", "q17", "bemerkung", "3", "date of something else"])
def test_what_is_not_understood_is_not_proposed(name: str) -> None:
    assert named(name) is None


def test_persons_are_named_by_their_fields_whatever_the_language() -> None:
    names = ["vorname", "E-Mail", "AHV-Nummer", "Geburtsdatum", "nom", "huisadres", "next_of_kin_contact_name"]
    source = a_sheet("|".join([*names, "code", "crp"]), code=SourceField("code", identifier=True))

    assert [each.name for each in named_persons(samples_of(source).values())] == [*names, "code"]


@pytest.mark.parametrize(
    ("label", "words", "word"),
    [
        ("Weiblich", ("female", "male"), "female"),
        ("h", ("female", "male"), "male"),
        ("Oui", ("yes", "no"), "yes"),
        ("nee", ("yes", "no"), "no"),
        ("Ja", ("positive", "negative", "unknown"), "positive"),
        ("1 - Lack of efficacy", ("lack-of-efficacy", "loss-of-efficacy"), "lack-of-efficacy"),
        ("Nebenwirkung (Haut)", ("adverse-event", "other"), "adverse-event"),
        ("Perdu de vue", ("lost", "moved"), "lost"),
        ("not recovered", ("resolved", "ongoing"), "ongoing"),
        ("kein Infekt, keine Infektion", ("infection", "other"), None),
        ("Nebenwirkung und Infektion", ("adverse-event", "infection"), None),
        ("effect lost", ("lost", "loss-of-efficacy"), "loss-of-efficacy"),
        ("Wirkung verloren", ("lost", "other"), None),
        ("moved to another drug", ("moved", "other"), None),
        ("blue", ("female", "male"), None),
        ("", ("female", "male"), None),
    ],
)
def test_a_choice_means_one_of_our_words_or_none(label: str, words: tuple[str, ...], word: str | None) -> None:
    assert word_for(label, words) == word


def test_every_column_that_has_words_is_one_of_the_intake() -> None:
    columns = {f"{table.name}.{column}" for table in tables_of(BUILT_IN).values() for column in table.columns}

    assert {words.column for words in COLUMNS} <= columns
    assert len({words.column for words in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("measure", BUILT_IN.measures)
def test_every_measure_is_known_by_its_own_name_and_label(measure: str) -> None:
    assert named(measure) == (f"visits.{measure}", "by name")
    assert labelled(BUILT_IN.measures[measure].label) == (f"visits.{measure}", "by label, look at it")


def test_no_name_stands_for_two_columns() -> None:
    names = [name for words in COLUMNS for name in names_of(words)]
    twice = {name for name in names if names.count(name) > 1}

    assert twice == set()


def test_every_meaning_is_that_of_a_word_of_ours() -> None:
    words = {
        word for table in tables_of(BUILT_IN).values() for column in table.columns.values() for word in column.words
    }

    assert {*MEANINGS} <= words
