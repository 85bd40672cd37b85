"""Columns as everything here holds them: coded words, look-ups, days, declared tables and frames."""
