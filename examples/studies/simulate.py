"""Write the simulated registry of the ten studies: a folder of intake files, invented, the same for one seed.

    python examples/studies/simulate.py FOLDER [--seed N]

What is built into it stands in simulated/effects.py; README.md says how it is loaded and asked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from simulated import registry


def main() -> None:
    """Write the files of one seed into the folder that was asked for, and say what they hold."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--seed", type=int, default=registry.SEED)
    options = asked.parse_args()
    tables = registry.simulated(options.seed)
    tables.write(options.folder)
    print(", ".join(f"{len(rows)} {name}" for name, rows in tables.rows.items()))


main()
