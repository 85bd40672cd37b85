"""The figures of a cohort as a paper prints them: panels, lines and columns, footnotes, labels."""
