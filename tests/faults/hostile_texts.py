"""A registry whose every text is hostile, as a log of whatever age may be, and what may be seen of it nowhere."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final
from unicodedata import category

from registry import Registry
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.references import reference
from registry.domain.statements import (
    AdverseEvent,
    Assignment,
    Condition,
    Enrolment,
    Flare,
    LesionVerdict,
    Measurement,
    Reading,
    Study,
    Treatment,
    Visit,
)
from registry.streams import encoded

PRINTED: Final = (  # what free text may be today
    "rash [grade 2]",
    "pain [/b]",
    "[b]bold[/b] [link=https://evil.example]here[/link] :smile: [/]",
    "a | `code` <script>alert(1)</script> ![i](http://evil.example) **b** www.evil.example x@evil.example <!-- $x$",
    "</td></table></title><img src=x onerror=alert(1)> &lt;b&gt; \" ' &amp;",
    "=1+1",
    "+cmd",
    "-2+3|' /C calc'!A0",
    "@SUM(1+1)",
    "'=quoted",
    "1. first",
    "- item",
    "back\\n \\x1b \\\\",
)
OBEYED: Final = (  # what is refused today, and what an earlier log may have
    "esc \x1b[31mred\x1b[2J \x1b]52;c;cm0=\x07 \x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\ \x9b31m\x90q\x9c",
    "bidi \u202eabc\u202c \u2066x\u2069 \u200e\u200f\u061c wide\u200b\u2060\ufeff\u00adless \U000e0041\U000e007f",
    "lines one\ntwo\rthree\x0bfour\x0cfive\x85six\u2028| seven | \u2029eight\tnine",
    "controls \x00\x01\x08\x1f\x7f\x80\x9f end",
    "\t=1+1",
    "\r=1+1",
)
HOSTILE: Final = (*PRINTED, *OBEYED, " ".join((*PRINTED, *OBEYED)))
COLOURS: Final = re.compile("\x1b\\[[0-3]?m")  # of Rich and click themselves: bold, dim, slanted, and off
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # categories of Unicode


def done_to_a_terminal(printed: str) -> set[str]:
    """Return the signs that would do something to a terminal, beside line breaks and colours of ours."""
    return {sign for sign in COLOURS.sub("", printed) if sign != "\n" and category(sign) in UNSEEN}


def hostile_registry(path: Path) -> None:
    """Make a registry in which each patient has one text wherever a text may stand, recorded past all rules."""
    with Registry.create(str(path), actor="tester") as registry:
        for number, text in enumerate(HOSTILE):
            _record(registry, f"P-{number}", text)
        _record(registry, "Z[b]\x1b[31m\n=1", "rash [grade 2]")
        position, digest = registry.head.position, registry.head.digest
    with closing(sqlite3.connect(path)) as database, database:
        [guard] = database.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'freezes_follow_their_events'"
        ).fetchone()
        database.execute("DROP TRIGGER freezes_follow_their_events")
        for number, text in enumerate(HOSTILE):
            row = (f"paper{number}", position, digest, 1_900_000_000_000_000 + number, text, text)
            database.execute("INSERT INTO freezes VALUES (?, ?, ?, ?, ?, ?)", row)
        database.execute("INSERT INTO freezes VALUES (?, ?, ?, 1, 'a', NULL)", ("f[b]\x1b[31m", position, digest))
        database.execute(guard)


def _record(registry: Registry, pseudonym: str, text: str) -> None:
    patient = Patient(pseudonym)
    note = Note(text, text)
    for fact, statement in _facts(pseudonym, text).items():
        patient.record(fact, statement, note)
    visit = reference("visit", pseudonym, "2020-01-02", text)
    patient.amend(visit, patient.standing(visit), Note(text, text, text))
    visited = patient.standing(visit)
    assert isinstance(visited, Visit)
    crp = Measurement(measure="crp", value="900", unit="mg/l")
    patient.amend(visit, Visit(visited_on=visited.visited_on, visit=text, measures=(crp,)), Note(text, text, text))
    registry.patient_batch.save([*map(encoded, patient.collect_events())])


def _facts(pseudonym: str, text: str) -> dict[str, object]:
    """Return a fact of each kind that has texts, with the text in all of them."""
    studies = (f"{text}{pseudonym}1", f"{text}{pseudonym}2")
    return {
        reference("patient", pseudonym): enrolment(text),
        reference("visit", pseudonym, "2020-01-02", text): Visit(
            visited_on=date(2020, 1, 2),
            visit=text,
            measures=(Measurement(measure="crp", value="12", unit="mg/l"),),
        ),
        reference("treatment", pseudonym, "infliximab", "2020-02-01"): Treatment(
            agent="infliximab",
            started_on="2020-02-01",
            stopped_on=None,
            stop_reason=None,
            dose="5",
            dose_unit=text,
            frequency=text,
            route=None,
        ),
        reference("flare", pseudonym, "2020-06-01"): Flare(
            started_on=date(2020, 6, 1), ended_on=None, basis=None, severity=None, trigger=None, note=text
        ),
        reference("adverse-event", pseudonym, "2020-06-02", text): AdverseEvent(
            term=text,
            started_on=date(2020, 6, 2),
            ended_on=None,
            severity=None,
            serious=None,
            agent=None,
            outcome=None,
        ),
        reference("condition", pseudonym, "uveitis"): Condition(
            condition="uveitis", started_on=None, ended_on=None, basis=None, side=None, note=text
        ),
        **{
            reference("imaging", study): Study(
                study=study,
                performed_on=date(2020 + 2 * place, 1, 3),
                modality="MRI",
                regions=("spine",),
                sequences=(text,),
                note=text,
            )
            for place, study in enumerate(studies)
        },
        reference("assignment", studies[0], text, text): Assignment(
            campaign=text, reader=text, study=studies[0], unit=text, repeat=False, role="reader"
        ),
        **{
            reference("reading", study, text, "berlin"): Reading(
                study=study,
                reader=text,
                method="berlin",
                method_version=1,
                session="",
                read_on=None,
                seconds=None,
                grades={"grade": (1 + place, *[0] * 22)},
            )
            for place, study in enumerate(studies)
        },
        reference("lesion", *studies, text, text): LesionVerdict(
            baseline_study=studies[0],
            followup_study=studies[1],
            reader=text,
            session="",
            lesion=text,
            region="spine",
            kind="romanus",
            location=None,
            verdict="improvement",
            read_on=None,
        ),
    }


def enrolment(text: str | None) -> Enrolment:
    """Return an enrolment with a text wherever it may have one."""
    return Enrolment(
        enrolled_on=date(2020, 1, 1),
        centre=text,
        sex="female",
        birth_year=1980,
        symptom_onset="2010",
        diagnosed_on=None,
        criteria=() if text is None else (text,),
        hla_b27=None,
        consented_on=None,
        follow_up_ended_on=None,
        follow_up_end_reason=None,
    )
