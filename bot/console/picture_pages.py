"""A customer's picture: shown as nothing but a picture, and destroyed at a press."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.case_words import worker_of
from bot.console.frame import Frame
from bot.console.page import Page
from bot.services.casework.pictures import StaffPictures
from bot.services.staff.roles import EVERYONE, WORKERS

SHUT_IN = "default-src 'none'; sandbox"
"""Whatever is in the file: it runs nothing, loads nothing and belongs to no page of ours."""


class PicturePages:
    """Everybody in the company sees; who works there destroys."""

    def __init__(self, pictures: StaffPictures, frame: Frame) -> None:
        self._pictures = pictures
        self._frame = frame

    def pages(self) -> list[Page]:
        """The picture is a part of its conversation's page."""
        one = "/conversations/{conversation}/pictures/{picture}"
        return [
            Page(one, self.show, EVERYONE, quiet=True),
            Page(f"{one}/destroy", self.destroy, WORKERS, ("POST",)),
        ]

    async def show(self, request: Request) -> Response:
        """Give the picture under the type that its own bytes name."""
        picture, content = await run_in_threadpool(self._pictures.look, worker_of(request), *_named(request))
        name = f"picture.{picture.media_type.removeprefix('image/')}"
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": SHUT_IN,
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, headers=headers, media_type=picture.media_type)

    async def destroy(self, request: Request) -> Response:
        """Destroy the picture at once."""
        conversation, picture = _named(request)
        await run_in_threadpool(self._pictures.destroy, worker_of(request), conversation, picture)
        return self._frame.back(self._frame.path(request, f"/conversations/{conversation}"), "picture_destroyed")


def _named(request: Request) -> tuple[str, str]:
    return str(request.path_params["conversation"]), str(request.path_params["picture"])
