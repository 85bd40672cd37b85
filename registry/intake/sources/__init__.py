"""Foreign sources: what REDCap, workbooks, SPSS, Stata, SAS and SQL have, made rows of the intake by a mapping."""
