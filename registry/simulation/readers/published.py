"""Published figures of agreement and progression, and what follows from them for a single reader.

* Verdicts: kappa 0.73, and 12.7% differ. Two central readers of MRI of the sacroiliac joints in DESIR: van den Berg R
  et al., Ann Rheum Dis 2015;74:2016-21.
* Radiographs: mSASSS 0.9 ± 2.5 and RASSS 1.6 ± 2.8 in two years. 80 patients, two readers: Baraliakos X et al.,
  Arthritis Rheum 2009;61:764-71.
* Films: a RASSS of 78%, with thoracic corners imputed in 58% of these, two or three of the four. 809 films: Ramiro S et
  al., Arthritis Res Ther 2013;15:R14.
* Inflammation of the spine: ICC of one reader 0.91, of changes 0.88. CANDEN, 21 pairs of readers: Krabbe S et al., RMD
  Open 2019;5:e001057, Table 3.
* Structural lesions: ICC of fat 0.78, erosion 0.62, backfill 0.66, ankylosis 0.98. SPARCC SSS, 45 patients: Maksymowych
  WP et al., J Rheumatol 2015;42:79-86, Table 2.

Of the SPARCC score of the sacroiliac joints and of the mSASSS no ICC was verified: 0.90, 0.95 and for changes of the
mSASSS 0.82 stand here as chosen. The CTSS follows from the same spines as the radiographs, without figures of its own.

**A yes or no.** Readers differ about borderline images alone, and there each says what he would say by a coin. Then a
share d of verdicts differs where 2d of the images are borderline, and kappa = 1 - d / 2p(1 - p) gives p, the share of
positive verdicts.

**A score.** A lesion is seen as it is with probability s by each reader; else he takes for it what another examination
shows there, so that lesions found are as frequent as lesions. Grades of one lesion by two readers are then correlated
by s², and any kappa of them is s². A sum over lesions that are correlated among themselves agrees better: with k, the
variance of the true sum over the sum of the lesions' variances, ICC = k s² / (1 + (k - 1) s²), as Spearman and Brown
have it for tests. Where k has no closed form, or grades have none, constants were fitted to simulated patients.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

from registry.simulation.drawing import Floats

SHARE, SPREAD = 1 / 4, 1 / 7 - 1 / 16  # mean and variance of the cube of an even number from 0 to 1


class Verdicts(NamedTuple):
    """How two readers' verdicts of yes or no agree: Cohen's kappa, and the share of images about which they differ."""

    kappa: float
    differ: float

    @property
    def borderline(self) -> float:
        """The share of images about which the readers may differ."""
        return 2 * self.differ

    @property
    def positive(self) -> float:
        """The share of positive verdicts; of the two solutions the one below a half.

        >>> round(Verdicts(kappa=0.73, differ=0.127).positive, 3)
        0.378
        """
        return 0.5 - sqrt(0.25 - self.differ / (2 * (1 - self.kappa)))

    @property
    def clear(self) -> float:
        """The share of images that both call positive for certain."""
        return self.positive - self.differ


class Lesions(NamedTuple):
    """Lesions of one kind in the sacroiliac joints: how well their number agrees, and how frequent they are.

    `icc` is of the sum by one reader. A patient's burden, the probability of each of his `places`, is `worst` times
    the cube of an even number.
    """

    icc: float
    worst: float
    places: int


class Bone(NamedTuple):
    """Bone formed at the corners of the spine: how fast, and how it is seen on a film or by CT.

    A patient's burden is the probability that a corner is damaged: at first `worst` times the cube of an even number.
    In two years it grows, in a share `progressing` of the patients, by up to `fastest` times such a cube; in the
    thoracic spine on its own account, in `thoracic_progressing` of them by up to `thoracic_fastest`, each speed below
    it as likely. `sees` is the share of discs that a reader sees as they are, in all studies of a patient;
    `slips` that of those which he sees otherwise once.
    """

    worst: float
    progressing: float
    fastest: float
    thoracic_progressing: float
    thoracic_fastest: float
    sees: float
    slips: float


class Published(NamedTuple):
    """All figures that a simulation of readers rests on."""

    verdicts: Verdicts
    sacroiliac_sees: float  # of the lesions of a study that is positive for certain; ICC 0.9 of the sum
    spine_icc: float
    spine_clustering: float  # k of the simulated levels
    structural: dict[str, Lesions]
    bone: Bone
    thoracic_hidden: tuple[float, float]  # shares of films: all four corners, and two or three of them


PUBLISHED: Final = Published(
    verdicts=Verdicts(kappa=0.73, differ=0.127),
    sacroiliac_sees=0.8,
    spine_icc=0.91,
    spine_clustering=2.6,
    structural={
        "fat": Lesions(icc=0.78, worst=0.8, places=8),
        "erosion": Lesions(icc=0.62, worst=0.6, places=8),
        "backfill": Lesions(icc=0.66, worst=0.4, places=4),
        "ankylosis": Lesions(icc=0.98, worst=0.6, places=4),
    },
    bone=Bone(
        worst=0.7,
        progressing=0.318,
        fastest=0.244,
        thoracic_progressing=0.52,
        thoracic_fastest=0.367,
        sees=0.9,
        slips=0.01,
    ),
    thoracic_hidden=(1 - 0.78, 0.78 * 0.58),
)


def cubed(even: Floats) -> Floats:
    """Return third powers by multiplication alone, which is the same on every machine."""
    return even * even * even


def agreement_of_lesions(icc: float, clustering: float) -> float:
    """Return the correlation of two readers' grades of one lesion, by the ICC of the sum and its clustering k.

    >>> round(agreement_of_lesions(0.91, 1.0), 2), round(agreement_of_lesions(0.91, 3.0), 2)
    (0.91, 0.77)
    """
    return icc / (clustering - icc * (clustering - 1))


def clustering(lesions: Lesions, *, mean: float, square: float) -> float:
    """Return k of a patient's lesions, by the mean of the points of one lesion and the mean of their squares."""
    share, spread = lesions.worst * SHARE, lesions.worst * lesions.worst * SPREAD
    variance = square * share - (mean * share) ** 2
    return 1 + (lesions.places - 1) * mean**2 * spread / variance
