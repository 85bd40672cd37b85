"""What the tables of a cohort are made of: figures, how values are counted, described and compared."""
