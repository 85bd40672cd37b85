"""Profiles: what an export is made into for somebody who must not have, or cannot read, the export itself."""
