"""Tests of the data sets of cohorts."""
