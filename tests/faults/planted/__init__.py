"""Bugs to be planted: what each harness of `tests/faults/` must find, a file of them a chapter.

`python -m tests.faults.planted` plants each in turn in a copy of the sources, runs the harness that is to find it, and
demands that this fails.
"""
