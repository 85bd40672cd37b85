"""A cohort as it is defined, and the figures of its tables."""
