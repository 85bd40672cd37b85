"""Who is in a cohort, from which day on, and which visit, study or reading stands for them when."""
