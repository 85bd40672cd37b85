"""Write what the commands of the pages print now into the pages, after tables for people have changed.

    make studies && python -m tests.studies.refresh studies-demo/studies.db

What a page shows begins with the same line and has as many lines as before; look at the difference before it is kept.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.studies.conftest import STUDIES, spondyl
from tests.studies.test_pages import COMMAND, PAGES, SHOWN


def refreshed(text: str, database: Path) -> str:
    """The text of a page with the lines that its command prints now."""
    ((file, table),) = COMMAND.findall(text)
    (shown,) = SHOWN.findall(text)
    answer = spondyl("--db", database, "cohort", STUDIES / file, "--table", table)
    printed = [line.rstrip() for line in answer.splitlines()]
    begins = printed.index(shown.splitlines()[0])
    now = "\n".join(printed[begins : begins + len(shown.splitlines())])
    return re.sub(SHOWN, lambda _: f"```text\n{now}\n```", text)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8"), Path(sys.argv[1])), encoding="utf-8")
