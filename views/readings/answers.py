"""What readers are answered: their cases, a case, and what became of what they typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from registry.campaigns.blinding import read_code
from views.pages.environment import environment
from views.readings.asked import Asked, Form, NotAFormError
from views.readings.case_page import as_json, given
from views.readings.desk import AlreadyReadError, OvertakenError
from views.readings.judged import Judged, judged, typed_of
from views.readings.own_cases import next_case, own_cases, progress

if TYPE_CHECKING:
    from registry.campaigns.drafts import Draft
    from registry.campaigns.worklists import Case
    from views.readings.desk import Desk
    from views.readings.sessions import ReaderSessions
    from views.readings.sittings import Sittings

TEMPLATES: Final = Path(__file__).parent / "templates"
SAVE, SUBMIT, DISCARD = "save", "submit", "discard"  # what a form asks for


class Answering:
    """Answers the readers of a campaign; who asks was found out before."""

    def __init__(self, desk: Desk, sessions: ReaderSessions, sittings: Sittings) -> None:
        self._desk, self._sessions, self._sittings = desk, sessions, sittings

    def cases(self, asked: Asked, code: str) -> Response:
        """Answer with the reader's own cases."""
        cases = self._desk.cases(asked.reader)
        return self._page(
            asked,
            "cases.html",
            cases=own_cases(cases, self._desk.drafts.cases()),
            following=next_case(cases),
            recorded=_own_code(asked, cases),
        )

    def case(self, asked: Asked, code: str) -> Response:
        """Answer with a case as it is typed so far; of one that is recorded, that it is."""
        case = self._desk.open_case(asked.reader, code)
        draft = self._desk.drafts.of(case.code)
        if case.assigned.is_read:
            return self._read(asked, case, draft)
        self._sittings.begin(case.code)
        return self._case(asked, case, draft)

    def done(self, asked: Asked, code: str) -> Response:
        """Do what a form asks for: save, submit or discard a case."""
        form = _form_of(asked)
        case = self._desk.open_case(asked.reader, code)
        if form.do == DISCARD:
            self._desk.drafts.drop(case.code)
            return RedirectResponse("/", 303)
        if form.do == SUBMIT:
            return self._submitted(asked, case, form)
        if form.do != SAVE:
            raise NotAFormError
        try:
            self._keep(case, form, after=form.revision)
        except OvertakenError:
            return self._stale(asked, case, form)
        return RedirectResponse(f"/cases/{case.code}?saved=yes", 303)

    def saved(self, asked: Asked, code: str) -> Response:
        """Keep a draft in the background, and answer what is to be said of it so far."""
        form = _form_of(asked)
        if form.do not in ("", SAVE):
            raise NotAFormError
        case = self._desk.open_case(asked.reader, code)
        if case.assigned.is_read:
            told = {"title": "Recorded already", "says": "this case was submitted in another window", "do": ""}
            return JSONResponse(told, 409)
        try:
            draft = self._keep(case, form, after=form.revision)
        except OvertakenError:
            told = {"title": "Open in another window", "says": "another window has saved this case since", "do": ""}
            return JSONResponse({**told, "revision": self._desk.drafts.of(case.code).revision}, 409)
        if self._desk.case(asked.reader, code).assigned.is_read:  # submitted in between
            self._desk.drafts.drop(case.code)
        return JSONResponse({"revision": draft.revision, **as_json(self._judged(case, draft))})

    def _submitted(self, asked: Asked, case: Case, form: Form) -> Response:
        """Record a case that is whole, and open the next one; else keep it, and say what is wrong."""
        draft = self._keep(case, form)
        whole = self._judged(case, draft)
        if not whole.is_whole:
            if case.assigned.is_read:
                return self._read(asked, case, draft, status=409)
            return self._case(asked, case, draft, problems=whole.problems, status=422)
        try:
            self._desk.record(case, whole, milliseconds=draft.milliseconds)
        except AlreadyReadError:
            return self._read(asked, case, draft, status=409)
        self._desk.drafts.drop(case.code)
        self._sittings.end(case.code)
        following = next_case(self._desk.cases(asked.reader), case.number)
        there = "/" if following is None else f"/cases/{following.code}"
        return RedirectResponse(f"{there}?recorded={case.code}", 303)

    def _keep(self, case: Case, form: Form, *, after: int | None = None) -> Draft:
        """Keep what a form brings as the draft of its case; where the case is gone meanwhile, the draft goes too.

        Raises `OvertakenError` where another revision than the one `after` which it was typed is kept.
        """
        layout = self._desk.sheet(case).layout
        typed = typed_of(layout, form.within(layout))
        spent = self._sittings.milliseconds(case.code)
        draft = self._desk.drafts.keep(case.code, typed, milliseconds=spent, after=after)
        if draft is None:
            raise OvertakenError
        self._desk.look()
        self._desk.open_case(case.reader, case.code)
        return draft

    def _judged(self, case: Case, draft: Draft) -> Judged:
        return judged(case.code, self._desk.sheet(case).layout, draft.typed)

    def _case(self, asked: Asked, case: Case, draft: Draft, *, status: int = 200, **more: Any) -> Response:
        sheet, said = self._desk.sheet(case), self._judged(case, draft)
        about = {"problems": (), "stale": False, "saved": "saved" in asked.query, **given(sheet, case, said), **more}
        return self._page(
            asked,
            "case.html",
            status=status,
            case=case,
            revision=draft.revision,
            recorded=_own_code(asked, self._desk.cases(asked.reader)),
            **about,
        )

    def _stale(self, asked: Asked, case: Case, form: Form) -> Response:
        """Answer with what a window holds, where another one has saved otherwise; saving once more puts it there."""
        layout = self._desk.sheet(case).layout
        kept = self._desk.drafts.of(case.code)
        held = type(kept)(case=case.code, revision=kept.revision, typed=typed_of(layout, form.cells))
        return self._case(asked, case, held, status=409, stale=True)

    def _read(self, asked: Asked, case: Case, draft: Draft, *, status: int = 200) -> Response:
        following = next_case(self._desk.cases(asked.reader), case.number)
        rows = [(row, column, text) for row, cells in draft.typed.items() for column, text in cells.items()]
        return self._page(
            asked, "read.html", status=status, case=case, held=rows, is_late=status == 409, following=following
        )

    def _page(self, asked: Asked, template: str, *, status: int = 200, **about: Any) -> Response:
        state = self._desk.state.begun.campaign
        html = (
            environment(TEMPLATES)
            .get_template(template)
            .render(
                campaign=state.campaign,
                reader=asked.reader,
                progress=progress(self._desk.cases(asked.reader)),
                form=self._sessions.form_token(asked.reader),
                **about,
            )
        )
        return HTMLResponse(html, status)


def _form_of(asked: Asked) -> Form:
    if asked.form is None:
        raise NotAFormError
    return asked.form


def _own_code(asked: Asked, cases: list[Case]) -> str:
    """Return the code of the case that was recorded just now, where the address names one of the reader's."""
    code = read_code(asked.query.get("recorded", ""))
    return next((case.code for case in cases if case.code == code and case.assigned.is_read), "")
