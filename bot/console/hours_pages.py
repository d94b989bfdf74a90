"""受付時間と休業日, and 二人での承認: what a company's staff set about when and how they work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

import jpholiday
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.knowledge.company import Company
from bot.privacy.due_dates import jst_date
from bot.services.company_settings import LONGEST_NOTE, CompanySettings, SettingRefused
from bot.services.effective_companies import EffectiveCompanies
from bot.services.ports import Clock
from bot.services.ports.company_settings import ClosedDay
from bot.services.staff.roles import ADMINS, MANAGERS

HOURS = "/admin/hours"
APPROVAL = "/admin/approval"
_POST = ("POST",)
_AHEAD = timedelta(days=365)
Week = Mapping[int, tuple[time, time]]


class HoursPages:
    """Forms, each of which is sent by itself."""

    def __init__(self, settings: CompanySettings, companies: EffectiveCompanies, clock: Clock, frame: Frame) -> None:
        self._settings = settings
        self._companies = companies
        self._clock = clock
        self._frame = frame

    def pages(self) -> list[Page]:
        """Hours for managers; four eyes for administrators alone, as they guard against every other role."""
        return [
            Page(HOURS, self.show, MANAGERS, nav="hours", whole=True),
            Page(HOURS, self.set_hours, MANAGERS, _POST, whole=True),
            Page(f"{HOURS}/note", self.set_note, MANAGERS, _POST, whole=True),
            Page(f"{HOURS}/close", self.close, MANAGERS, _POST, whole=True),
            Page(f"{HOURS}/open", self.open, MANAGERS, _POST, whole=True),
            Page(APPROVAL, self.approval, ADMINS, nav="approval"),
            Page(APPROVAL, self.switch, ADMINS, _POST),
        ]

    async def show(self, request: Request) -> Response:
        """Show the week, the note, and the closed days of the next year with the holidays among them."""
        return await self._show(request)

    async def set_hours(self, request: Request) -> Response:
        """Set the week."""
        form = await request.form()
        typed = {name: str(value) for name, value in form.items()}
        try:
            week, on_holidays = _week(typed), "closed_on_holidays" in typed
            company = request.state.membership.company
            await run_in_threadpool(self._settings.set_hours, company, week, on_holidays, request.state.staff.id)
        except SettingRefused as error:
            return await self._show(request, error, "hours", typed)
        return self._back(request, HOURS)

    async def set_note(self, request: Request) -> Response:
        """Set the word for those who wait."""
        note = str((await request.form()).get("note", ""))
        try:
            company = request.state.membership.company
            await run_in_threadpool(self._settings.set_waiting_note, company, note, request.state.staff.id)
        except SettingRefused as error:
            return await self._show(request, error, "note", {"note": note})
        return self._back(request, HOURS)

    async def close(self, request: Request) -> Response:
        """Close on a day."""
        form = await request.form()
        typed = {name: str(form.get(name, "")) for name in ("day", "reason")}
        try:
            day, company = _day(typed["day"]), request.state.membership.company
            await run_in_threadpool(self._settings.close_day, company, day, typed["reason"], request.state.staff.id)
        except SettingRefused as error:
            return await self._show(request, error, "close", typed)
        return self._back(request, HOURS)

    async def open(self, request: Request) -> Response:
        """Take a closed day back."""
        day, company = _day(str((await request.form()).get("day", ""))), request.state.membership.company
        await run_in_threadpool(self._settings.open_day, company, day, request.state.staff.id)
        return self._back(request, HOURS)

    async def approval(self, request: Request) -> Response:
        """Show whether a second person is asked."""
        return await self._approval(request)

    async def switch(self, request: Request) -> Response:
        """Switch it, with a reason for switching it off."""
        form = await request.form()
        on, reason = form.get("four_eyes") == "on", str(form.get("reason", ""))
        try:
            company = request.state.membership.company
            await run_in_threadpool(self._settings.switch_four_eyes, company, on, reason, request.state.staff.id)
        except SettingRefused as error:
            return await self._approval(request, error, reason)
        return self._back(request, APPROVAL)

    async def _show(
        self,
        request: Request,
        error: SettingRefused | None = None,
        part: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        company = await run_in_threadpool(self._companies.get, request.state.membership.company)
        chosen = await run_in_threadpool(self._settings.closed_days, company.id)
        today = jst_date(self._clock.now())
        return self._frame.show(
            request,
            "hours.html",
            409 if error else 200,
            week=_shown(company.opening_hours) if part != "hours" else _retyped(typed or {}),
            closed_on_holidays=company.closed_on_holidays if part != "hours" else "closed_on_holidays" in (typed or {}),
            waiting_note=company.waiting_note,
            days=_days(chosen, company, today),
            problem={
                **dict.fromkeys(("hours", "close", "note"), ""),
                **({part: self._frame.words(error)} if error else {}),
            },
            typed=dict(typed or {}),
            longest=LONGEST_NOTE,
        )

    async def _approval(self, request: Request, error: SettingRefused | None = None, typed: str = "") -> Response:
        company = await run_in_threadpool(self._companies.get, request.state.membership.company)
        chosen = await run_in_threadpool(self._settings.get, company.id)
        return self._frame.show(
            request,
            "approval.html",
            409 if error else 200,
            on=company.four_eyes,
            reason=chosen.four_eyes_reason,
            typed=typed,
            problem=self._frame.words(error) if error else "",
            longest=LONGEST_NOTE,
        )

    def _back(self, request: Request, page: str) -> Response:
        return self._frame.back(self._frame.path(request, page), told="saved")


def _week(typed: Mapping[str, str]) -> Week:
    """Read the days that are ticked; raise SettingRefused for a time that is none."""
    try:
        return {
            day: (time.fromisoformat(typed.get(f"opens_{day}", "")), time.fromisoformat(typed.get(f"closes_{day}", "")))
            for day in range(7)
            if f"open_{day}" in typed
        }
    except ValueError:
        raise SettingRefused("setting_time_wrong") from None


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise SettingRefused("setting_day_wrong") from None


def _shown(week: Week) -> list[tuple[bool, str, str]]:
    """Each day of the week as its form has it: whether open, from when, until when."""
    edges = [week.get(day, (time(9), time(17))) for day in range(7)]
    return [
        (day in week, opens.isoformat("minutes"), closes.isoformat("minutes"))
        for day, (opens, closes) in enumerate(edges)
    ]


def _retyped(typed: Mapping[str, str]) -> list[tuple[bool, str, str]]:
    return [(f"open_{day}" in typed, typed.get(f"opens_{day}", ""), typed.get(f"closes_{day}", "")) for day in range(7)]


def _days(chosen: list[ClosedDay], company: Company, today: date) -> list[tuple[date, str, bool]]:
    """The days to come on which nobody works: each with its name, and whether staff can take it back here."""
    coming = (today + timedelta(days=ahead) for ahead in range(_AHEAD.days + 1))
    found = {day: ("", False) for day in (*coming, *company.closed_days) if day >= today and company.is_closed_on(day)}
    if company.closed_on_holidays:
        found |= {day: (name, False) for day, name in jpholiday.between(today, today + _AHEAD)}
    found |= {one.day: (one.note, True) for one in chosen}
    return [(day, name, mine) for day, (name, mine) in sorted(found.items())]
