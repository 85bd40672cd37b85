"""A cohort's figures laid out as a paper lays them out: for the terminal, for Markdown and for HTML."""
