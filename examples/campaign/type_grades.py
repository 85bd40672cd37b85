"""What a reader does with a sheet in CSV, done by a program: types for each code and letter what is seen there.

    python type_grades.py R1 LIST SHEET

LIST is the custodian's list of cases (spondyl campaign cases NAME --csv), which shows the images; SHEET is the reader's
table (spondyl campaign worklist NAME R1 OUT --as-csv), which is filled. What each reader sees stands in seen.csv.
"""

import csv
import sys
from pathlib import Path

reader, custodian, sheet = sys.argv[1:]


def rows_of(file):
    with open(file, encoding="utf-8", newline="") as content:
        return list(csv.DictReader(content))


seen = {row["study"]: row for row in rows_of(Path(__file__).with_name("seen.csv")) if row["reader"] == reader}
shown = {(row["case"], row["letter"]): row["study"] for row in rows_of(custodian)}
rows = rows_of(sheet)
for row in rows:
    for letter in ("A", "B"):
        row[f"{letter} grade"] = seen[shown[row["case"], letter]][row["location"]]
with open(sheet, "w", encoding="utf-8", newline="") as content:
    table = csv.DictWriter(content, rows[0].keys())
    table.writeheader()
    table.writerows(rows)
