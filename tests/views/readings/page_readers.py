"""Readers who read in a browser without a script: they open a link, type into the cells of a page, send the form."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, NamedTuple

from starlette.testclient import TestClient


class Field(NamedTuple):
    """A cell of a page: the name of its field, what it is called, what it can hold, and what stands there."""

    name: str
    label: str
    words: tuple[str, ...]
    text: str


Answer = Callable[[Field], str]


class Page(HTMLParser):
    """A page as a reader without a script sees it: its cells, its hidden fields, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[Field] = []
        self.hidden: dict[str, str] = {}
        self.links: list[str] = []
        self._options: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "input" and said.get("type") == "hidden":
            self.hidden[said["name"]] = said["value"]
        elif tag == "input":
            words = tuple(said.get("data-words", "").split())
            self.fields.append(Field(said["name"], said["aria-label"], words, said["value"]))
        elif tag == "select":
            self.fields.append(Field(said["name"], said["aria-label"], (), ""))
        elif tag == "a":
            self.links.append(said["href"])

    def handle_data(self, data: str) -> None:
        if self.lasttag == "option" and data.strip() and self.fields:
            last = self.fields[-1]
            self.fields[-1] = last._replace(words=(*last.words, data.strip()))


class Reader:
    """A reader with a browser of one's own."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def open(self, token: str) -> Any:
        """Open the link with a token."""
        return self.client.get(f"/open?token={token}")

    def codes(self) -> list[str]:
        """The codes of the cases that can be opened, in the reader's order."""
        links = Page(self.client.get("/").text).links
        return list(dict.fromkeys(link.removeprefix("/cases/") for link in links if link.startswith("/cases/")))

    def page(self, code: str) -> Page:
        """The page of a case."""
        return Page(self.client.get(f"/cases/{code}").text)

    def form(self, code: str, answer: Answer) -> dict[str, str]:
        """The form of a case with each cell filled in."""
        page = self.page(code)
        return {**page.hidden, **{field.name: answer(field) for field in page.fields}}

    def send(self, code: str, form: dict[str, str], do: str = "submit", *, to: str = "") -> Any:
        """Send a form."""
        return self.client.post(f"/cases/{code}{to}", data={**form, "do": do}, follow_redirects=False)

    def submit(self, code: str, answer: Answer) -> Any:
        """Fill in a case, and submit it."""
        return self.send(code, self.form(code, answer))


def zeros(field: Field) -> str:
    """Nothing is seen anywhere."""
    return "0"


def highest(field: Field) -> str:
    """Everything is as bad as can be."""
    return field.words[-2]
