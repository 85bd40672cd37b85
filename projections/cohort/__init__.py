"""Cohorts: who is in a study, from which day on, at which time points; and the tables of a paper, a figure a row.

    definition = read_definition(path)
    cohort = Cohort.of(definition, facts_at(registry, known_at="paper-2013"))
    figures(cohort)           # every figure with its denominator, test, variant and interval

A definition is data (`definition`) that a file says (`definition_file`), what it leaves open has a default that is
printed, and every table is a module of its own in `projections.cohort.tables`.
"""
