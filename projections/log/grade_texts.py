"""Grades in payloads: a digit or `null` a location, which are turned into bytes without reading them as JSON.

The grades are cut out of the payloads, and what is left is read as JSON. What stands between the digits is the same in
all readings by a method, and is compared as a whole. A quotation mark within a text of JSON is escaped; so `"grades":`
stands nowhere but where the grades begin.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.grading.grades import NOT_ASSESSED, PACKED, Matrix, known_method
from projections.log.json_lines import Apart, UnusualPayloadError, lines_of, of_parts, without_origins
from registry.catalogue.imaging.method import ONLY_ITEM, Method

BEGINNING: Final = '"grades":'
END: Final = "}}\n"  # after the grades: of the statement, the payload
NULL: Final = b"\x00"  # stands in for null: one byte, which no JSON has
DIGITS: Final = b"0123456789" + NULL
OTHERS: Final = bytes(set(range(256)) - set(DIGITS))
OF_NUMBERS: Final = frozenset(b"-0123456789")
BETWEEN: Final = bytes(code if code in OF_NUMBERS else ord(" ") for code in range(256))


def without_grades(payloads: bytes) -> Apart:
    """Return the payloads of readings without their grades, and the texts of the grades, null where there are none."""
    pieces = pc.split_pattern(lines_of(payloads), BEGINNING, max_splits=1)
    texts, counts = pieces.flatten(), pc.list_value_length(pieces).to_numpy()
    heads, graded = np.cumsum(counts) - counts, counts > 1
    rest = pc.if_else(pa.array(graded), f"{BEGINNING}null{END}", "")
    tails = without_origins(texts.take(pa.array(heads + 1, mask=~graded)))
    return Apart(of_parts(texts.take(pa.array(heads)), rest), tails)


def packed(method_codes: ArrowArray, texts: ArrowArray, *, methods: Mapping[str, Method]) -> ArrowArray:
    """Return the grades of readings as bytes, one text of them a reading: item after item, location after location.

    `texts` are as `without_grades` gives them; null where there is no reading. Raises `NewerLogError` for a method that
    is none of `methods`, `UnusualPayloadError` where grades stand in another form than this method's.
    """
    if pc.any(pc.and_(pc.is_valid(texts), pc.is_null(method_codes))).as_py():
        raise UnusualPayloadError("grades before their method")
    widths = np.zeros(len(method_codes), dtype=np.int32)
    by_method = []
    for code in method_codes.unique().drop_null().to_pylist():
        method = known_method(code, methods)
        rows = np.flatnonzero(truth(pc.equal(method_codes, code)))
        widths[rows] = len(method.items) * len(method.locations)
        by_method.append((rows, _cells(method, texts.take(pa.array(rows)))))
    offsets = np.concatenate([[0], np.cumsum(widths, dtype=np.int32)]).astype(np.int32)
    bytes_ = np.empty(offsets[-1], dtype=np.int8)
    for rows, matrix in by_method:
        bytes_[offsets[rows][:, None] + np.arange(matrix.shape[1])] = matrix
    buffers = [pa.array(widths > 0).buffers()[1], pa.py_buffer(offsets), pa.py_buffer(bytes_)]
    return pa.Array.from_buffers(PACKED, len(widths), buffers)


def _cells(method: Method, texts: ArrowArray) -> Matrix:
    """Return the grades of readings by one method; shape readings × (items × locations)."""
    written = _nameless(method, of_parts(texts.fill_null("")).replace(b"null", NULL))
    width = len(method.items) * len(method.locations)
    if written.translate(None, DIGITS) != _form(method) * len(texts):
        raise UnusualPayloadError(f"grades by the method {method.code!r} in another form")
    grades = _of_one_digit(written) if _is_of_one_digit(method) else _of_several_digits(written)
    if len(grades) != width * len(texts):
        raise UnusualPayloadError(f"grades by the method {method.code!r} in another form")
    return grades.reshape(-1, width)


def _of_one_digit(written: bytes) -> Matrix:
    grades = np.frombuffer(written.translate(None, OTHERS), dtype=np.int8)
    return np.where(grades == NULL[0], NOT_ASSESSED, grades - ord("0")).astype(np.int8)


def _of_several_digits(written: bytes) -> Matrix:
    """Return the numbers of a text, whatever stands between them; where one is no grade, the text is unusual."""
    numbers = written.replace(NULL, str(NOT_ASSESSED).encode()).translate(BETWEEN).split()
    try:
        grades: Matrix = pa.array(numbers, pa.binary()).cast(pa.string()).cast(pa.int8()).to_numpy()
    except pa.ArrowInvalid:
        raise UnusualPayloadError("grades of too many digits") from None
    return grades


def _nameless(method: Method, written: bytes) -> bytes:
    """Return texts of grades with each name that has digits or hyphens as one without: all numbers are grades then."""
    for number, name in enumerate(_names(method)):
        if set(name.encode()) & OF_NUMBERS:
            written = written.replace(_key(name), b"<" * (number + 1) + b":")
    return written


@cache
def _is_of_one_digit(method: Method) -> bool:
    return all(grade < 10 for item in method.items for grade in item.grades)


@cache
def _form(method: Method) -> bytes:
    """Return what stands between the digits of a reading's grades."""
    blank = {name: [None] * len(method.locations) for name in _names(method)}
    return _nameless(method, msgspec.json.encode(blank).replace(b"null", b"")) + END.encode()


def _names(method: Method) -> list[str]:
    return [item.name or ONLY_ITEM for item in method.items]


def _key(name: str) -> bytes:
    return msgspec.json.encode(name) + b":"
