"""The widget's script as every website loads it."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

SCRIPT = Path(__file__).parent / "static" / "widget.js"

_MAX_AGE_S = 600


class Script:
    """One file, read and compressed once."""

    def __init__(self, path: Path = SCRIPT) -> None:
        self._plain = path.read_bytes()
        self._small = gzip.compress(self._plain, 9, mtime=0)
        # Weak, since the same tag stands for both encodings.
        self._etag = f'W/"{hashlib.sha256(self._plain).hexdigest()[:32]}"'

    async def serve(self, request: Request) -> Response:
        """Give the script, or tell that the browser's copy is still good."""
        headers = {
            "ETag": self._etag,
            "Vary": "Accept-Encoding",
            "Cache-Control": f"public, max-age={_MAX_AGE_S}, stale-while-revalidate=86400",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }
        known = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
        if self._etag in known:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self._plain, media_type="text/javascript", headers=headers)
        return Response(self._small, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
