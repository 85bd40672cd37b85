"""The data behind a cohort: what an analyst takes to R, Stata or Python, with the words that explain it."""
