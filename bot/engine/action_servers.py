"""Several action servers as one: the least busy is asked, and another one if it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig


class ActionServers(EndpointConfig):
    """Rasa's way to an action server, for as many as there are."""

    def __init__(self, urls: Sequence[str], first: int, **options: Any) -> None:
        """Take the servers' webhooks; of several that have nothing to do, that of number `first` is asked."""
        super().__init__(urls[first % len(urls)], **options)
        turned = [urls[(first + number) % len(urls)] for number in range(len(urls))]
        self._servers = [EndpointConfig(url, **options) for url in turned]
        self._busy = dict.fromkeys(turned, 0)

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """Ask a server; one that is lost over the action leaves it to the next, for actions repeat nothing."""
        failure: Exception = aiohttp.ClientConnectionError("there is no action server")
        for server in sorted(self._servers, key=lambda server: self._busy[server.url]):
            self._busy[server.url] += 1
            try:
                return await server.request(*arguments, **options)
            except aiohttp.ClientConnectionError as error:
                failure = error
            finally:
                self._busy[server.url] -= 1
        raise failure
