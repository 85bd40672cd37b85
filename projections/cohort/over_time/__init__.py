"""The figures of a cohort at several points in time, and which events moved them."""
