"""Measured claims: each module lays spondyl beside its alternative in one run and prints the ratio."""
