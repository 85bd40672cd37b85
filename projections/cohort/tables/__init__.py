"""The tables of a cohort, each in a module of its name: `figures(cohort, wanted)` yields its figures in paper order."""
