"""A registry of invented patients in which the effects of ten published studies are built in, by numbers that are told."""
