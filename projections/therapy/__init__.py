"""Treatments and flares: courses of drugs, episodes, lines, time at risk, rates."""
