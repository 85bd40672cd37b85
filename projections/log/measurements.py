"""Measurements in payloads: their texts repeat from visit to visit, so that each distinct one is read only once.

The measurements are cut out of the payloads, and what is left is read as JSON. A quotation mark within a text of JSON
is escaped; so `{"measure":` stands nowhere but where a measurement begins.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray
from projections.log.json_lines import Apart, UnusualPayloadError, lines_of, of_parts, without_origins
from registry.domain.statements import Measurement

BEGINNING: Final = '{"measure":'
BETWEEN: Final = ","  # after a measurement that is not the last
END: Final = "]}}\n"  # after the last: of the list, the statement, the payload
STATEMENT: Final = '"statement":'
MEASUREMENTS: Final = pa.list_(pa.dictionary(pa.int32(), pa.string()))  # each the JSON text of a measurement
DECODER: Final = msgspec.json.Decoder(Measurement)
LEFT: Final = pa.list_(pa.struct([("measure", pa.string())]))  # in a payload without its measurements: nothing


def without_measurements(payloads: bytes) -> Apart:
    """Return the payloads of visits without their measurements, and the measurements of each.

    They are found where they stand as the registry's encoder writes them; `measurement_lists` complains of others.
    """
    pieces = pc.split_pattern(lines_of(payloads), BEGINNING)
    counts = pc.list_value_length(pieces).to_numpy() - 1
    texts, ends, measured = pieces.flatten(), np.cumsum(counts + 1) - 1, counts > 0
    last = without_origins(texts.take(pa.array(ends)))
    _check_cut(texts.take(pa.array(ends[~measured])), last.filter(pa.array(~measured)))
    heads = pc.if_else(pa.array(measured), texts.take(pa.array(ends - counts)), last)
    is_between, is_tail = np.ones((2, len(texts)), dtype=np.bool_)
    is_tail[ends - counts] = is_between[ends - counts] = is_between[ends] = False
    known: dict[str, int] = {}
    numbers = np.zeros(len(texts), dtype=np.int32)
    numbers[is_between] = _numbers(texts.filter(pa.array(is_between)), known)
    numbers[ends[measured]] = _numbers(last.filter(pa.array(measured)), known)
    values = pa.DictionaryArray.from_arrays(pa.array(numbers[is_tail]), pa.array(known, pa.string()))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    rest = pc.if_else(pa.array(measured), END, "")
    return Apart(of_parts(heads, rest), pa.ListArray.from_arrays(pa.array(offsets), values))


def measurement_lists(taken: ArrowArray, left: ArrowArray) -> ArrowArray:
    """Return the measurements of visits, a list each, null for a retraction, given what was left of them.

    Raises `UnusualPayloadError` where not all of them were taken out.
    """
    if len(left.flatten()):
        raise UnusualPayloadError("measurements written in another way")
    return pa.ListArray.from_arrays(taken.offsets, taken.values, mask=pc.is_null(left))


def measurements(texts: ArrowArray) -> list[Measurement]:
    """Return the measurements of JSON texts."""
    return [DECODER.decode(text) for text in texts.to_pylist()]


def _check_cut(before: ArrowArray, after: ArrowArray) -> None:
    """Raise `UnusualPayloadError` where payloads lost their statement with their origin, which stood first."""
    if not pc.match_substring(before, STATEMENT).equals(pc.match_substring(after, STATEMENT)):
        raise UnusualPayloadError("an origin that stands first")


def _numbers(tails: ArrowArray, known: dict[str, int]) -> npt.NDArray[np.int32]:
    """Return a number for each measurement, the same for the same; those not met before are added to what is known."""
    coded = tails.dictionary_encode()
    numbers = np.array(
        [known.setdefault(_measurement(tail), len(known)) for tail in coded.dictionary.to_pylist()], dtype=np.int32
    )
    of_tails: npt.NDArray[np.int32] = numbers[coded.indices.to_numpy()]
    return of_tails


def _measurement(tail: str) -> str:
    """Return the text of a measurement, given how a payload goes on after its beginning."""
    text = BEGINNING + tail.removesuffix(END if tail.endswith(END) else BETWEEN)
    try:
        DECODER.decode(text)
    except msgspec.MsgspecError:
        raise UnusualPayloadError("measurements written in another way") from None
    return text
