"""The console's style sheet and scripts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STATIC = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """Files read at the start; their address has a hash of their content, so that browsers may keep them."""

    def __init__(self, folder: Path = STATIC) -> None:
        paths = [path for path in sorted(folder.iterdir()) if path.suffix in _KINDS]
        self._files = {path.name: (path.read_bytes(), _KINDS[path.suffix]) for path in paths}

    def address(self, name: str) -> str:
        """Where a file is; KeyError if there is none."""
        return f"/staff/static/{name}?v={hashlib.sha256(self._files[name][0]).hexdigest()[:12]}"

    def route(self) -> Route:
        """The route that serves them."""
        return Route("/static/{name}", self.serve)

    async def serve(self, request: Request) -> Response:
        """Give a file."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found[0], media_type=found[1], headers={"Cache-Control": _FOREVER})
