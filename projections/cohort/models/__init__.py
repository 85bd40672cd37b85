"""Regression models of a cohort: what a definition asks of one, its rows, how it is fitted, its figures."""
