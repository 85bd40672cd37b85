"""REDCap: a project as its XML or as raw CSV beside its dictionary; both give the same rows."""
