"""Scores, states and courses from a long table of findings, as one would write them for DuckDB, Polars and pandas.

Activities are ranks as `docs/exports.md` has them; a score counts what its locations add for certain. The findings are
in order of their key, which Polars and pandas make use of.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import duckdb
import pandas as pd
import polars as pl

from projections.columns.arrow import ArrowTable

Made = dict[str, Callable[[], Any]]  # by table

BINARY: Final = "vu-lesions"
SEQUENCE: Final = ["patient", "method", "reader", "session", "location_number"]
CARRIED: Final = ["patient", "performed_on", "study", "method", "reader", "session", "segment"]
COUNTED: Final = {  # scores of vu-lesions in SQL; each also by segment
    "erosions": "erosion = 1",
    "inflammation": "inflammation = 1",
    "inflammation-only": "inflammation = 1 AND erosion = 0",
    "active-erosions": "inflammation = 1 AND erosion = 1",
    "inactive-erosions": "inflammation = 0 AND erosion = 1",
}

LOCATED: Final = f"""
    SELECT * EXCLUDE (item), NULL AS inflammation, NULL AS erosion FROM findings WHERE method <> '{BINARY}'
    UNION ALL
    SELECT one.* EXCLUDE (item), one.grade AS inflammation, other.grade AS erosion
    FROM findings AS one JOIN findings AS other USING (reading, location_number)
    WHERE one.item = 'inflammation' AND other.item = 'erosion'
"""
STATES: Final = f"""
    SELECT * EXCLUDE (grade, inflammation, erosion),
        CASE WHEN method <> '{BINARY}' THEN CAST(grade AS VARCHAR)
            WHEN inflammation = 1 AND erosion = 1 THEN 'active-erosion'
            WHEN inflammation = 1 AND erosion = 0 THEN 'inflammation'
            WHEN inflammation = 0 AND erosion = 1 THEN 'inactive-erosion'
            WHEN inflammation = 0 AND erosion = 0 THEN 'none' END AS state,
        CASE WHEN method <> '{BINARY}' THEN grade
            WHEN inflammation = 0 THEN 0
            WHEN inflammation = 1 THEN erosion + 1 END AS activity
    FROM ({LOCATED})
"""
COURSES: Final = f"""
    SELECT *, CASE WHEN from_activity IS NULL OR to_activity IS NULL THEN 'not-assessable'
        WHEN from_activity = 0 AND to_activity = 0 THEN 'absent' WHEN from_activity = 0 THEN 'new'
        WHEN to_activity = 0 THEN 'resolved' WHEN to_activity < from_activity THEN 'improved'
        WHEN to_activity > from_activity THEN 'worse' ELSE 'unchanged' END AS course
    FROM (
        SELECT {", ".join(SEQUENCE)}, reading, activity AS to_activity,
            lag(activity) OVER following AS from_activity, lag(reading) OVER following AS from_reading
        FROM ({STATES})
        WINDOW following AS (PARTITION BY {", ".join(SEQUENCE)} ORDER BY performed_on, study)
    ) WHERE from_reading IS NOT NULL
"""
SUMS: Final = ", ".join(
    f"sum(CAST({x} AS INT)) AS value_{n}, count({x}) AS n_{n}" for n, x in enumerate(COUNTED.values())
)
ONE_SCORE: Final = " UNION ALL ".join(
    f"SELECT reading, method, '{name}' || coalesce(':' || segment, '') AS score, value_{n} AS value, "
    f"n_{n} AS n_assessed FROM counted"
    for n, name in enumerate(COUNTED)
)
BY_SEGMENT: Final = "GROUP BY GROUPING SETS ((reading, method), (reading, method, segment))"
SCORES: Final = f"""
    WITH counted AS MATERIALIZED (
        SELECT reading, method, segment, {SUMS} FROM ({LOCATED}) WHERE method = '{BINARY}' {BY_SEGMENT}
    )
    SELECT reading, method, coalesce(segment, 'total') AS score,
        CASE WHEN count(grade) = count(*) THEN sum(grade) END AS value, count(grade) AS n_assessed
    FROM findings WHERE method <> '{BINARY}' {BY_SEGMENT} UNION ALL {ONE_SCORE}
"""


GRADE, INFLAMMATION, EROSION = pl.col("grade"), pl.col("inflammation"), pl.col("erosion")
GRADED: Final = pl.col("method").cast(pl.String) != BINARY


def in_duckdb(findings: ArrowTable) -> Made:
    """Return what makes each table in DuckDB."""
    database = duckdb.connect()
    database.register("arrow", findings)
    database.execute("CREATE TABLE findings AS SELECT * FROM arrow")
    queries = {"scores": SCORES, "lesion_states": STATES, "lesion_courses": COURSES}
    return {table: lambda query=query: database.sql(query).to_arrow_table() for table, query in queries.items()}


def in_polars(findings: ArrowTable) -> Made:
    """Return what makes each table in Polars."""
    frame = pl.DataFrame(findings)
    made = {"scores": _scores_in_polars, "lesion_states": _states_in_polars, "lesion_courses": _courses_in_polars}
    return {table: lambda plan=plan: plan(frame).collect() for table, plan in made.items()}


def _of_items_in_polars(frame: pl.DataFrame) -> pl.LazyFrame:
    item = pl.col("item").cast(pl.String)
    one, other = (frame.lazy().filter(item == name) for name in ("inflammation", "erosion"))
    other = other.select("reading", "location_number", erosion="grade")
    joined = one.join(other, on=["reading", "location_number"], maintain_order="left")
    return joined.rename({"grade": "inflammation"}).drop("item")


def _states_in_polars(frame: pl.DataFrame) -> pl.LazyFrame:
    state = (
        pl.when((INFLAMMATION == 1) & (EROSION == 1)).then(pl.lit("active-erosion"))
        .when((INFLAMMATION == 1) & (EROSION == 0)).then(pl.lit("inflammation"))
        .when((INFLAMMATION == 0) & (EROSION == 1)).then(pl.lit("inactive-erosion"))
        .when((INFLAMMATION == 0) & (EROSION == 0)).then(pl.lit("none"))
    )  # fmt: skip
    activity = pl.when(INFLAMMATION == 0).then(0).when(INFLAMMATION == 1).then(EROSION + 1).cast(pl.Int16)
    binary = _of_items_in_polars(frame).with_columns(state=state, activity=activity)
    others = frame.lazy().filter(GRADED).with_columns(state=GRADE.cast(pl.String), activity=GRADE)
    kept = ["reading", *CARRIED, "location_number", "state", "activity"]
    return pl.concat([others.select(kept), binary.select(kept)])


def _courses_in_polars(frame: pl.DataFrame) -> pl.LazyFrame:
    before, after = pl.col("from_activity"), pl.col("to_activity")
    course = (
        pl.when(before.is_null() | after.is_null()).then(pl.lit("not-assessable"))
        .when((before == 0) & (after == 0)).then(pl.lit("absent")).when(before == 0).then(pl.lit("new"))
        .when(after == 0).then(pl.lit("resolved")).when(after < before).then(pl.lit("improved"))
        .when(after > before).then(pl.lit("worse")).otherwise(pl.lit("unchanged"))
    )  # fmt: skip
    follows = pl.int_range(pl.len()).over(SEQUENCE) > 0
    moved = _states_in_polars(frame).rename({"activity": "to_activity"})
    moved = moved.with_columns(from_activity=after.shift().over(SEQUENCE), follows=follows)
    return moved.filter("follows").with_columns(course=course)


def _scores_in_polars(frame: pl.DataFrame) -> pl.LazyFrame:
    whole = pl.when(GRADE.count() == pl.len()).then(GRADE.cast(pl.Int64).sum()).alias("value")
    counted = _counted(INFLAMMATION, EROSION)
    scores = []
    for over, total, suffix in (
        ([], pl.lit("total"), pl.lit("")),
        (["segment"], pl.col("segment").cast(pl.String), ":" + pl.col("segment").cast(pl.String)),
    ):
        sums = frame.lazy().filter(GRADED).group_by("reading", "method", *over)
        scores.append(sums.agg(whole, n_assessed=GRADE.count()).with_columns(score=total))
        both = {f"value {name}": one.sum() for name, one in counted.items()}
        both |= {f"n {name}": one.count() for name, one in counted.items()}
        sums = _of_items_in_polars(frame).group_by("reading", "method", *over).agg(**both)
        for name in counted:
            known = pl.col(f"n {name}")
            value = pl.when(known > 0).then(pl.col(f"value {name}")).cast(pl.Int64)
            scores.append(sums.with_columns(value=value, n_assessed=known, score=pl.lit(name) + suffix))
    kept = ["reading", "method", "score", "value", "n_assessed"]
    return pl.concat([each.select(kept) for each in scores])


def in_pandas(findings: ArrowTable) -> Made:
    """Return what makes each table in pandas."""
    frame = findings.to_pandas().astype({"grade": "Int16"})
    made = {"scores": _scores_in_pandas, "lesion_states": _states_in_pandas, "lesion_courses": _courses_in_pandas}
    return {table: partial(plan, frame) for table, plan in made.items()}


def _of_items_in_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    of_method = frame[frame.method == BINARY]
    inflammation, erosion = (of_method[of_method["item"] == item] for item in ("inflammation", "erosion"))
    erosion = erosion[["reading", "location_number", "grade"]]
    return inflammation.merge(
        erosion, on=["reading", "location_number"], suffixes=("_inflammation", "_erosion")
    ).rename(columns={"grade_inflammation": "inflammation", "grade_erosion": "erosion"})


def _states_in_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    graded, binary = frame[frame.method != BINARY], _of_items_in_pandas(frame)
    inflammation, erosion = binary.inflammation, binary.erosion
    state = pd.Series(pd.NA, index=binary.index, dtype="str")
    for name, one, other in (
        ("active-erosion", 1, 1),
        ("inflammation", 1, 0),
        ("inactive-erosion", 0, 1),
        ("none", 0, 0),
    ):
        state[((inflammation == one) & (erosion == other)).fillna(value=False)] = name
    activity = (erosion + 1).where((inflammation == 1).fillna(value=False), pd.NA)
    activity = activity.mask((inflammation == 0).fillna(value=False), 0)
    binary = binary.assign(state=state, activity=activity)
    graded = graded.assign(state=graded.grade.astype("str"), activity=graded.grade)
    kept = ["reading", *CARRIED, "location_number", "state", "activity"]
    return pd.concat([graded[kept], binary[kept]])


def _courses_in_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    moved = _states_in_pandas(frame).rename(columns={"activity": "to_activity"})
    sequences = moved.groupby(SEQUENCE, observed=True, sort=False)
    moved = moved.assign(from_activity=sequences.to_activity.shift())[sequences.cumcount() > 0]
    before, after = moved.from_activity, moved.to_activity
    course = pd.Series("unchanged", index=moved.index, dtype="str")
    for name, marked in (
        ("worse", after > before),
        ("improved", after < before),
        ("resolved", after == 0),
        ("new", before == 0),
        ("absent", (before == 0) & (after == 0)),
        ("not-assessable", before.isna() | after.isna()),
    ):
        course = course.mask(marked.fillna(value=False), name)
    return moved.assign(course=course)


def _scores_in_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    graded, binary = frame[frame.method != BINARY], _of_items_in_pandas(frame)
    counted = _counted(binary.inflammation, binary.erosion)
    binary = binary.assign(**{name: one.astype("Int16") for name, one in counted.items()})
    scores = []
    for over in ([], ["segment"]):
        keys = ["reading", "method", *over]
        sums = graded.groupby(keys, observed=True, sort=False).grade.agg(["sum", "count", "size"]).reset_index()
        sums["value"] = sums["sum"].where(sums["count"] == sums["size"])
        sums["score"] = sums.segment.astype("str") if over else "total"
        scores.append(sums.rename(columns={"count": "n_assessed"}))
        grouped = binary.groupby(keys, observed=True, sort=False)
        for name in counted:
            sums = grouped[name].agg(["sum", "count"]).reset_index()
            sums["value"] = sums["sum"].where(sums["count"] > 0)
            sums["score"] = name + ":" + sums.segment.astype("str") if over else name
            scores.append(sums.rename(columns={"count": "n_assessed"}))
    return pd.concat([each[["reading", "method", "score", "value", "n_assessed"]] for each in scores])


def _counted(inflammation: Any, erosion: Any) -> dict[str, Any]:
    """Return which locations each score of vu-lesions counts, from columns of Polars or of pandas."""
    return {
        "erosions": erosion == 1,
        "inflammation": inflammation == 1,
        "inflammation-only": (inflammation == 1) & (erosion == 0),
        "active-erosions": (inflammation == 1) & (erosion == 1),
        "inactive-erosions": (inflammation == 0) & (erosion == 1),
    }
