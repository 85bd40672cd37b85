"""A positive MRI of the sacroiliac joints: the reader's verdict, and beside it rules of quantity.

Lambert RGW et al., Ann Rheum Dis 2016;75:1958-63: whether the MRI is positive is the reader's verdict, for which
bone-marrow oedema is required and structural lesions are not; verified. The rules of quantity never replace it.

Rudwaleit M et al., Ann Rheum Dis 2009;68:1520-7: a lesion on two consecutive slices or more, or more than one on one
slice. From memory. As SPARCC grades quadrants, a lesion is an inflamed quadrant here: the same quadrant of the same
joint on two slices, or two quadrants of both joints together on the slice of one number.

Maksymowych WP et al., Rheumatology 2021;60:4778-89: cut-offs that go with the readers' verdict of a definite lesion.
From memory: oedema in four quadrants, erosion in three, fat in five, counted over all slices; or in the same quadrant
on three, two and three consecutive slices. A deep fat lesion, which is another alternative there, is not graded by SSS.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import AnyOf, ByGrades, Found, InARow, Place, Places
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values
from registry.catalogue.methods import asas_mri_sij, sparcc_sij, sparcc_sss

SIDES: Final = ("right", "left")
LAMBERT: Final = "Lambert et al., Ann Rheum Dis 2016;75:1958-63"
RUDWALEIT: Final = "Rudwaleit et al., Ann Rheum Dis 2009;68:1520-7"
MAKSYMOWYCH: Final = "Maksymowych et al., Rheumatology 2021;60:4778-89"

OEDEMA: Final[tuple[Places, ...]] = tuple(  # a quadrant of a joint, from slice to slice
    tuple(Place(f"{side} slice {number}", quadrant) for number in range(1, 7))
    for side in SIDES
    for quadrant in sparcc_sij.QUADRANTS
)
BY_SLICE: Final[tuple[Places, ...]] = tuple(zip(*OEDEMA))


def positive(verdict: Values) -> Truths:
    """Return whether the verdict is positive; between no and yes, as of readers who differ, it cannot be said."""
    return Truths((verdict >= 1).certain, (verdict > 0).possible)


def _sites(lesion: str) -> tuple[Places, ...]:
    """Return the quadrants in which a lesion is graded by the structural score, each from slice to slice."""
    return tuple(
        tuple(Place(f"{side} slice {number} {quadrant}", lesion) for number in range(1, 6))
        for side in SIDES
        for quadrant in sparcc_sss.QUADRANTS
    )


def _cut_off(name: str, method: str, sites: tuple[Places, ...], at_least: int, slices: int) -> ImagingCriterion:
    everywhere = tuple(place for site in sites for place in site)
    return ImagingCriterion(
        name=f"asas-mri-2021-{name}",
        version=1,
        title=f"Definite {name} of the sacroiliac joints by its amount (2021)",
        source=MAKSYMOWYCH,
        methods=(method,),
        requires=AnyOf(
            (
                Found((everywhere,), at_least, f"quadrants with {name} over all slices"),
                InARow(sites, slices, f"{name} in the same quadrant"),
            )
        ),
        unverified=("both cut-offs", "that the slices are consecutive", "that quadrants count slice by slice"),
    )


CRITERIA: Final = (
    ImagingCriterion(
        name="asas-mri-positive",
        version=1,
        title="MRI of the sacroiliac joints positive (ASAS), the reader's verdict",
        source=LAMBERT,
        methods=(asas_mri_sij.METHOD.code,),
        requires=ByGrades((Place("both joints", "positive"),), positive, "the reader's verdict is positive"),
    ),
    ImagingCriterion(
        name="asas-mri-2009-quantity",
        version=1,
        title="Oedema of the sacroiliac joints on two slices, or twice on one (2009)",
        source=RUDWALEIT,
        methods=(sparcc_sij.METHOD.code,),
        requires=AnyOf(
            (
                InARow(OEDEMA, 2, "oedema in the same quadrant"),
                Found(BY_SLICE, 2, "quadrants with oedema on one slice of both joints"),
            )
        ),
        unverified=(
            "both limits",
            "that a lesion is an inflamed quadrant",
            "that both joints of a slice count together",
        ),
    ),
    _cut_off("oedema", sparcc_sij.METHOD.code, OEDEMA, 4, 3),
    _cut_off("erosion", sparcc_sss.METHOD.code, _sites("erosion"), 3, 2),
    _cut_off("fat", sparcc_sss.METHOD.code, _sites("fat"), 5, 3),
)
