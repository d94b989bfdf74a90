"""Pictures that customers sent in LINE: LINE keeps them for a while, and gives them to whoever has the token."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import Unavailable
from bot.settings import LineCredentials, load_line_credentials


class LinePictures:
    """Fetch each company's pictures with its own account."""

    def __init__(self, host: str, credentials: Callable[[str], LineCredentials | None] = load_line_credentials) -> None:
        self._host = host
        self._credentials = credentials

    async def fetch(self, company: str, name: str) -> bytes | None:
        """Fetch the content of the message that LINE knows by that id; None if LINE doesn't have it any more."""
        credentials = self._credentials(company)
        if credentials is None:
            return None
        # Imported here: two seconds and 60 MB for a library that desks without LINE don't use.
        from bot.delivery.line_client import LineClient, LineError

        try:
            async with LineClient(self._host, credentials.channel_access_token) as client:
                return await client.content(name)
        except LineError as error:
            if error.may_pass:
                raise Unavailable("LINE doesn't give the picture") from error
            return None
