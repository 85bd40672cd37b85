"""What an imaging method is made of: places, items with their grades, rules, states, scores and what may be missing.

Everything is a table, so that the same few functions serve every method and whole columns at once. A finding is a grade
of one item at one location; the grades of a location's items together are its cell, and a cell has a `State` and adds
to scores. `None` stands for "could not be assessed" throughout, and is never 0.
"""
