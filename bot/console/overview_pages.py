"""統計: how the desk stands and what was asked, on one page."""

from __future__ import annotations

import time
from datetime import date
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.console.charts import answer_chart
from bot.console.frame import Frame
from bot.console.overview_charts import CHARTS, requests_by_type, spreadsheet, topic_label
from bot.console.page import Page
from bot.console.stores import stores_wanted
from bot.knowledge.library import PolicyLibrary
from bot.privacy.request_types import REQUEST_TYPES
from bot.privacy.statuses import Status
from bot.services.overview import Overview, Period, Sight
from bot.services.phrases import Phrasebook
from bot.services.staff.roles import EVERYONE

_SAME_S = 10.0
"""So long the charts of a page show what it was made of, instead of counting again four times."""
_MOST_KEPT = 50
_Wanted = tuple[str, Period, tuple[str, ...] | None]


class OverviewPages:
    """The page, its charts and its spreadsheet; all take the same filter from the address."""

    def __init__(self, overview: Overview, companies: PolicyLibrary, phrases: Phrasebook, frame: Frame) -> None:
        self._overview = overview
        self._companies = companies
        self._phrases = phrases
        self._frame = frame
        self._looked: dict[_Wanted, tuple[float, Sight]] = {}

    def pages(self) -> list[Page]:
        """Open to everybody: the figures name nobody."""
        return [
            Page("/overview", self.show, EVERYONE, nav="overview"),
            Page("/overview.csv", self.download, EVERYONE),
            Page("/overview/{chart}.svg", self.chart, EVERYONE),
        ]

    async def show(self, request: Request) -> Response:
        """Show figures, charts and tables."""
        sight = await self._look(request, anew=True)
        return self._frame.show(
            request,
            "overview.html",
            sight=sight,
            store=request.query_params.get("store", ""),
            query=_query(request, sight),
            topic_label=topic_label,
            requests=requests_by_type(sight),
            types={kind.id: kind.label for kind in REQUEST_TYPES},
            outcomes=self._outcomes(sight),
        )

    async def download(self, request: Request) -> Response:
        """Send the figures for a spreadsheet."""
        sight = await self._look(request)
        name = f"overview-{request.state.membership.company}-{sight.period.last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(spreadsheet(sight, self._phrases), media_type="text/csv; charset=utf-8", headers=headers)

    async def chart(self, request: Request) -> Response:
        """Send one chart; `narrow` in the address makes it one for a phone."""
        draw = CHARTS.get(request.path_params["chart"])
        if draw is None:
            raise HTTPException(404)
        sight = await self._look(request)
        return answer_chart(await run_in_threadpool(draw, sight, "narrow" in request.query_params, self._phrases))

    async def _look(self, request: Request, anew: bool = False) -> Sight:
        """Count, unless the page that shows this chart has just counted the same."""
        period = self._overview.period(_day(request, "from"), _day(request, "to"))
        membership = request.state.membership
        company = self._companies.get(membership.company)
        stores = stores_wanted(membership, company, request.query_params.get("store", ""))
        wanted = (company.id, period, stores)
        counted_at, sight = self._looked.get(wanted, (-_SAME_S, None))
        if anew or sight is None or time.monotonic() - counted_at >= _SAME_S:
            sight = await run_in_threadpool(self._overview.look, *wanted)
            self._keep(wanted, sight)
        return sight

    def _keep(self, wanted: _Wanted, sight: Sight) -> None:
        if len(self._looked) >= _MOST_KEPT:
            self._looked.clear()
        self._looked[wanted] = (time.monotonic(), sight)

    def _outcomes(self, sight: Sight) -> dict[str, str]:
        """The words of each status that any request has."""
        there = {status for _, status in sight.outcomes}
        return {one.value: self._phrases.text(f"standing_{one.value}") for one in Status if one.value in there}


def _day(request: Request, name: str) -> date | None:
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        return None


def _query(request: Request, sight: Sight) -> str:
    """The filter as the charts and the spreadsheet are asked with."""
    days = {"from": sight.period.first.isoformat(), "to": sight.period.last.isoformat()}
    return urlencode({**days, "store": request.query_params.get("store", "")})
