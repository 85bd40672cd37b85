"""`python -m tests.faults.hostile [KIND FOLDER]`: list the kinds of hostile files, or write one into a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.faults.hostile import KINDS

if len(sys.argv) == 1:
    print("\n".join(KINDS))
else:
    place = Path(sys.argv[2])
    place.mkdir(parents=True, exist_ok=True)
    KINDS[sys.argv[1]].write(place)
