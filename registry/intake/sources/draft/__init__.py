"""Drafts of mappings: where each field of a foreign source may go, for a person to decide."""
