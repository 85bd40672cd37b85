"""Readings and verdicts: grades, the state of each location, courses between studies, what readers of pairs say."""
