"""The readings of the methods that were asked for, by two readers, as the registry learns of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.imaging.method import Method
from registry.simulation.drawing import Draw
from registry.simulation.imaging import METHODS, READERS, Studies, readings
from registry.simulation.people import People
from registry.simulation.readers import bone, declared, sacroiliac, spine, structural
from registry.simulation.readers.examined import Examined, films, of_sacroiliac_joints, of_the_spine
from registry.simulation.readers.published import PUBLISHED, Published
from registry.simulation.reporting_delay import Columns, Plan, Reported, reported

UNASSESSED: Final = 0.04  # share of readings in which one location could not be assessed
ON_FILMS: Final = ("msasss", "msasss-ap", "rasss")
BY_CT: Final = ("ctss",)
OF_JOINTS: Final = ("sparcc-sij", "berlin-sij", "asas-mri-sij")
STRUCTURAL: Final = ("sparcc-sss",)
OF_LEVELS: Final = ("sparcc-spine-23", "sparcc-spine-6")
MODELLED: Final = (*METHODS, *ON_FILMS, *BY_CT, *OF_JOINTS, *STRUCTURAL, *OF_LEVELS)
REGIONS: Final = frozenset(("spine", "sij"))  # that studies show
DECLARED: Final = tuple(
    code for code, each in BUILT_IN.methods.items() if code not in MODELLED and REGIONS.intersection(each.regions)
)
READ: Final = (*MODELLED, *DECLARED)  # by the number in columns
FILMS: Final = {"XR": 1, "CT": 2}  # streams of what comes with the readings
STREAMS: Final = 100  # of random numbers; those before are the cohort's own


class Asked(NamedTuple):
    """Which methods are read beside what every cohort has, in which session, and with which agreement of readers."""

    methods: tuple[str, ...] = ()
    session: str = ""
    published: Published = PUBLISHED


class Imaged(NamedTuple):
    """What readings are made of: the patients, their MRI, the seed and the last day."""

    seed: int
    people: People
    studies: Studies
    last_day: int

    def draw(self, stream: int) -> Draw:
        """Return the numbers of one stream of the readings."""
        return Draw(self.seed, STREAMS + stream)

    @property
    def patients(self) -> int:
        """The number of patients."""
        return len(self.people.first_on)


Grades = Callable[[int, Method], np.ndarray]  # of one reader, by a method


def readings_by(imaged: Imaged, asked: Asked) -> Iterator[Reported]:
    """Yield the studies and the readings that come with the methods that were asked for."""
    if asked.session:
        again = tuple(code for code in METHODS if code in asked.methods)
        yield from readings(
            imaged.draw(0), imaged.studies, last_day=imaged.last_day, methods=again, session=asked.session
        )
    yield from _of_films(imaged, asked, "XR", ON_FILMS)
    yield from _of_films(imaged, asked, "CT", BY_CT)
    of_joints, of_spine = (shown(imaged.studies, imaged.people) for shown in (of_sacroiliac_joints, of_the_spine))
    if chosen := _chosen(OF_JOINTS, asked):
        yield from _read(imaged, of_joints, chosen, asked, _of_joints(imaged, of_joints, asked))
    if chosen := _chosen(STRUCTURAL, asked):
        yield from _read(imaged, of_joints, chosen, asked, _structural(imaged, of_joints, asked))
    if chosen := _chosen(OF_LEVELS, asked):
        yield from _read(imaged, of_spine, chosen, asked, _of_levels(imaged, of_spine, asked))
    for method in _declared(asked, "MRI"):
        examined = of_spine if "spine" in method.regions else of_joints
        yield from _read(imaged, examined, [method], asked, _as_declared(imaged, examined))


def _of_films(imaged: Imaged, asked: Asked, modality: str, codes: tuple[str, ...]) -> Iterator[Reported]:
    """Yield the studies of a modality and their readings, where a method asks for them."""
    chosen, others = _chosen(codes, asked), _declared(asked, modality)
    if not chosen and not others:
        return
    stream = FILMS[modality]
    known, examined = films(imaged.draw(stream), imaged.people, modality, last_day=imaged.last_day)
    yield known
    if chosen:
        yield from _read(imaged, examined, chosen, asked, _of_bone(imaged, examined, stream, codes, asked))
    yield from _read(imaged, examined, others, asked, _as_declared(imaged, examined))


def _chosen(codes: tuple[str, ...], asked: Asked) -> list[Method]:
    return [BUILT_IN.methods[code] for code in codes if code in asked.methods]


def _declared(asked: Asked, modality: str) -> list[Method]:
    """Return the methods without figures of their own that are read on studies of a modality."""
    return [method for method in _chosen(DECLARED, asked) if method.modalities[0] == modality]


def _of_bone(imaged: Imaged, examined: Examined, stream: int, codes: tuple[str, ...], asked: Asked) -> Grades:
    form, discs = asked.published.bone, bone.discs_read_by([BUILT_IN.methods[code] for code in codes])
    spines = bone.spines(imaged.draw(3), imaged.people, form)
    hidden = bone.hidden_corners(imaged.draw(4), examined, asked.published.thoracic_hidden)
    seen = [bone.seen_grades(imaged.draw(10 * stream + r), spines, examined, discs, form) for r in range(len(READERS))]
    return lambda reader, method: bone.grades_by(method, seen[reader], discs, hidden)


def _of_joints(imaged: Imaged, examined: Examined, asked: Asked) -> Grades:
    there = sacroiliac.joints(imaged.draw(5), examined, asked.published, patients=imaged.patients)
    seen = [sacroiliac.seen(imaged.draw(30 + r), there, asked.published) for r in range(len(READERS))]
    by_method: dict[str, Callable[[sacroiliac.Seen], np.ndarray]] = {
        "sparcc-sij": lambda seen: sacroiliac.sparcc_grades(seen, there),
        "berlin-sij": lambda seen: sacroiliac.berlin_grades(seen, there),
        "asas-mri-sij": sacroiliac.verdict_grades,
    }
    return lambda reader, method: by_method[method.code](seen[reader])


def _structural(imaged: Imaged, examined: Examined, asked: Asked) -> Grades:
    kinds = structural.structural_lesions(imaged.draw(6), asked.published, patients=imaged.patients)

    def grades(reader: int, method: Method) -> np.ndarray:
        draw = imaged.draw(40 + reader)
        return structural.grades(method, [kind.seen(draw, examined) for kind in kinds])

    return grades


def _of_levels(imaged: Imaged, examined: Examined, asked: Asked) -> Grades:
    there = spine.levels(imaged.draw(7), imaged.studies)
    seen = [spine.seen_grades(imaged.draw(50 + r), there, examined, asked.published) for r in range(len(READERS))]

    def grades(reader: int, method: Method) -> np.ndarray:
        given = seen[reader] if method.selects is None else spine.of_selected(seen[reader], examined)
        return given.reshape(len(given), -1)

    return grades


def _as_declared(imaged: Imaged, examined: Examined) -> Grades:
    def grades(reader: int, method: Method) -> np.ndarray:
        there = declared.affected(imaged.draw(_stream_of(method) + 5), method, imaged.patients)
        return declared.seen_grades(imaged.draw(_stream_of(method) + 6 + reader), there, examined, method)

    return grades


def _read(imaged: Imaged, examined: Examined, chosen: list[Method], asked: Asked, grades: Grades) -> Iterator[Reported]:
    """Yield the readings of studies by each method and reader."""
    number = len(examined.study)
    for method in chosen:
        for reader in range(len(READERS)):
            draw = imaged.draw(_stream_of(method) + reader)
            columns: Columns = {
                "study": examined.study,
                "method": np.full(number, READ.index(method.code)),
                "reader": np.full(number, reader),
                "session": np.full(number, asked.session),
                "read_on": examined.performed_on + draw.whole(3, 40, number),
                "seconds": draw.whole(120, 900, number),
                "grades": _assessed(draw, grades(reader, method), method),
            }
            known_from = np.maximum(columns["read_on"], examined.reported_on)
            plan = Plan(known_from, imaged.last_day, _timed_anew, rests_on_late=examined.is_late)
            yield reported(
                draw, "reading", columns, patient=examined.patient, clinical_on=examined.performed_on, plan=plan
            )


def _assessed(draw: Draw, grades: np.ndarray, method: Method) -> np.ndarray:
    """Return grades with one location of a few readings not assessed."""
    number, places = len(grades), len(method.locations)
    fails, place = draw.yes(UNASSESSED, number), draw.whole(0, places - 1, number)
    lost = fails[:, None] & (np.arange(grades.shape[1]) % places == place[:, None])
    return np.where(lost, np.int8(-1), grades)


def _stream_of(method: Method) -> int:
    """Return the first of ten streams of a method, whatever others there are."""
    return 10 * (1000 + crc32(method.code.encode()))


def _timed_anew(columns: Columns) -> Columns:
    """Return readings that took another minute; their grades stand, for a rule may bind some of them to others."""
    return {**columns, "seconds": columns["seconds"] + 60}
