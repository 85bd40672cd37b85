"""What the profession has agreed on: measures and units, drugs, code lists and imaging methods.

Declared tables with their sources and pure functions over them. Nothing here knows of patients,
events, files or databases, so that both the writing and the reading side can rest on it.
"""
