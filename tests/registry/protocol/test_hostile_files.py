"""Files that nobody writes but on purpose: each is read as it means, or told, and never ends the program."""

from __future__ import annotations

import pytest

from registry.protocol.file import protocol_of
from registry.toml_keys import DefinitionError
from tests.registry.protocol.given import BASELINE, BMI, HEAD, ITEMS, MEAN, SMOKING

WHOLE = HEAD + BMI + SMOKING


def told(text: bytes | str) -> list[str]:
    """What is told of a file that is refused."""
    with pytest.raises(DefinitionError) as refusal:
        protocol_of(text.encode() if isinstance(text, str) else text, "p.toml")
    return list(refusal.value.problems)


@pytest.mark.parametrize(
    "text", [b"\xef\xbb\xbf" + WHOLE.encode(), WHOLE.replace("\n", "\r\n").encode()], ids=["byte order mark", "CRLF"]
)
def test_a_byte_order_mark_and_the_ends_of_lines_say_nothing(text: bytes) -> None:
    assert protocol_of(text, "p.toml") == protocol_of(WHOLE.encode(), "p.toml")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (WHOLE.encode("utf-16"), "is not TOML in UTF-8"),
        (WHOLE.encode() + "# Sjögren".encode("latin-1"), "is not TOML in UTF-8"),
        (WHOLE.encode() + b"#" * 10_000_000, "has 10,000,"),
        (WHOLE.encode() + b"x = " + b"[" * 100_000, "line 16: is nested more than 16 deep"),
        (WHOLE.encode() + b"x" + b".x" * 100_000 + b" = 1", "line 16: is nested more than 16 deep"),
        (WHOLE.encode() + b"x = " + b"9" * 100_000, "line 16: a number of 100,000 digits; 100 at most"),
        (WHOLE.encode() + b"[[measures]]\n" * 70_000, "measures: has 70,002 entries; 1,000 at most"),
        (
            WHOLE.encode() + "".join(f"x.y{n} = 1\n" for n in range(20_000)).encode(),
            "measures[2].x: has 20,000 entries",
        ),
    ],
    ids=["UTF-16", "Latin-1", "10 MB", "deep lists", "deep keys", "digits", "tables", "keys"],
)
def test_what_no_parser_should_be_given_is_told_as_one_line(text: bytes, why: str) -> None:
    [line] = told(text)

    assert line.startswith(why)


@pytest.mark.parametrize("limit", ["nan", "-inf", "1e400", "1e-400", "1e99999999999", "true", '"sNaN"', '"1,5"', "[1]"])
def test_a_limit_is_a_finite_number_that_can_be_kept(limit: str) -> None:
    for key in ("range", "plausible"):
        assert all(
            line.startswith(f"measures[1].{key}: ") and "is not a finite number of at most 30 digits" in line
            for line in told(HEAD + BMI.replace("range = [10, 80]", f"{key} = [10, {limit}]"))
        )


@pytest.mark.parametrize(
    "day", ["2030-01-01T00:00:00", "2030-01-01T00:00:00Z", "10:00:00", "true", "20300101", '"2030-1-1"', '"2030"', "[]"]
)
def test_a_day_is_a_whole_day(day: str) -> None:
    tables = {
        "measures[1].until": BMI,
        "centres[1].until": '[[centres]]\ncode = "C1"\ntitle = "x"\n',
        "schedule[1].until": BASELINE,
    }
    for key, table in tables.items():
        [line] = told(f"{HEAD}{table}until = {day}\n")
        assert line.startswith(f"{key}: ")
        assert line.endswith("is not a day of the calendar from 1900-01-01 on; write YYYY-MM-DD")
    [line] = told(f"{HEAD}{SMOKING}ended_codes = {{ never = {day} }}\n")
    assert line.startswith("measures[1].ended_codes.never: ")


@pytest.mark.parametrize(
    ("key", "table"),
    [
        ("scores[1].edition", ITEMS + MEAN.replace("edition = 1", "edition = true")),
        ("scores[1].missing.at_most", ITEMS + MEAN + "missing = { at_most = true }\n"),
        ("scores[1].weights.item_1", ITEMS + MEAN.replace('"mean"', '"weighted"\nweights = { item_1 = true }')),
        ("scores[1].constant", ITEMS + MEAN + "constant = false\n"),
        ("units[1].to.mg/l", '[[units]]\nname = "x"\nto = { "mg/l" = true }\n'),
        ("schedule[1].day", BASELINE.replace("day = 0", "day = false")),
        ("schedule[1].window", BASELINE.replace("[-30, 14]", "[false, true]")),
    ],
)
def test_a_boolean_is_no_number(key: str, table: str) -> None:
    assert told(HEAD + table)[0].startswith(
        (f"{key}: 'True' is not", f"{key}: 'False' is not", f"{key}: '[False, True]' ")
    )


@pytest.mark.parametrize("sign", ["\\u001b[31m", "\\n", "\\u202e", "\\u200b", "\\u2028", "\\ufeff"])
@pytest.mark.parametrize("key", ["title", "measures[1].label", "measures[2].codes.never", "missing.NASK"])
def test_a_text_does_nothing_to_whoever_reads_it(key: str, sign: str) -> None:
    text = f'{WHOLE}[missing]\nNASK = "not asked"\n'
    for plain in ("Northern", "body mass", '"never"', '"not asked"'):
        text = text.replace(plain, f'"{sign}{plain[1:]}' if plain[0] == '"' else f"{sign}{plain}")

    lines = told(text)

    assert all(line.isprintable() for line in lines)
    assert [line for line in lines if line.startswith(f"{key}: ")]


def test_markup_is_text_as_any_other() -> None:
    markup = "<b>[link](x)</b> =1+1 {{x}} %s"

    assert protocol_of((HEAD + BMI.replace("body mass index", markup)).encode(), "p").measures[0].label == markup
