"""A cohort laid out as a paper lays it out, on the terminal, in Markdown and in HTML."""
