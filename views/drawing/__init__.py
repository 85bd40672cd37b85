"""Charts: a module a chart, each a small function from the rows of a projection to a `Figure`."""
