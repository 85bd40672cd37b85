"""Readings by every imaging method, with errors of readers by which published figures of agreement come out.

| module | what it does |
|---|---|
| `published` | the figures, each with its source, and what follows from them for one reader |
| `examined` | what is read: the MRI of every cohort, and radiographs and CT beside it |
| `bone` | bone formed at the corners of the spine: mSASSS, mSASSS with the a.p. film, RASSS, CTSS |
| `sacroiliac` | inflamed sacroiliac joints: SPARCC, Berlin, the ASAS verdict |
| `structural` | fat, erosion, backfill and ankylosis of the sacroiliac joints |
| `spine` | inflamed levels of the spine: SPARCC, of 23 levels and of six |
| `declared` | any other method, as its declaration allows |
| `by_method` | the readings of the methods that were asked for |

What there is to be seen has a course of its own; of each lesion a reader sees it, or takes for it what another
examination shows in the same place. So each reader finds as much as there is, and how far two agree is known in closed
form.
"""
