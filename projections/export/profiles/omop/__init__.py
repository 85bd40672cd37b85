"""The profile `omop`: the tables of OMOP's Common Data Model 5.4, for studies that run where many data look alike."""
