"""One company's account at LINE's Messaging API, through line-bot-sdk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    Configuration,
    MarkMessagesAsReadByTokenRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TestWebhookEndpointRequest,
)
from linebot.v3.messaging import Message as LineMessage

from bot.delivery.sender import DeliveryError

TIMEOUT_S = 5
"""For one call from its start to the last byte of the answer."""

_LINES_OWN = "https://api.line.me"
_LINES_OWN_CONTENT = "https://api-data.line.me"
"""What customers sent has a host of its own, which the SDK forgets once any host is set."""

_MENDABLE = frozenset({401, 403, 408, 409, 425, 429})
"""Of the 4xx: a setting or some time helps."""


class LineError(DeliveryError):
    """LINE did not take a call; `status` is its answer, 0 if none was heard and the call may have been taken."""

    def __init__(self, status: int, said: str = "") -> None:
        self.status = status
        self.quota_used_up = status == 429 and "monthly limit" in said
        self.token_refused = status == 400 and "reply token" in said.lower()
        if self.quota_used_up:
            text = "this month's LINE messages are used up (429)"
        else:
            text = f"LINE answered {status}" if status else f"LINE does not answer: {said}"
        super().__init__(text, permanent=self.quota_used_up or (400 <= status < 500 and status not in _MENDABLE))

    @property
    def may_pass(self) -> bool:
        """Whether the very same call may be taken later."""
        return not self.permanent


@dataclass(frozen=True)
class Quota:
    """Messages of this month; `limit` None is no limit. Replies don't count, pushes do."""

    limit: int | None
    used: int

    @property
    def remaining(self) -> int | None:
        """How many pushes are left; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)


@dataclass(frozen=True)
class BotAccount:
    """The account as LINE knows it; `chat` tells whether LINE's own chat is on beside ours."""

    user_id: str
    name: str
    chat: bool


@dataclass(frozen=True)
class Endpoint:
    """Where LINE sends webhooks, and whether it does."""

    url: str
    active: bool


@dataclass(frozen=True)
class EndpointTest:
    """What came of a webhook that LINE sent to try the address; `status` is ours, 0 or less if LINE heard none."""

    success: bool
    status: int
    reason: str


class LineClient:
    """The calls that the desk makes, each raising LineError; to be used within one event loop and closed."""

    def __init__(self, host: str, access_token: str) -> None:
        host = host.rstrip("/")
        self._configuration = Configuration(host=host, access_token=access_token)
        content_host = _LINES_OWN_CONTENT if host == _LINES_OWN else host
        self._content_configuration = Configuration(host=content_host, access_token=access_token)
        self._opened: AsyncApiClient | None = None

    async def __aenter__(self) -> LineClient:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def reply(self, token: str, messages: Sequence[LineMessage]) -> None:
        """Answer a webhook with 1 to 5 messages, free of charge: a token works once, for about a minute."""
        request = ReplyMessageRequest(replyToken=token, messages=list(messages))
        await _heard(self._api.reply_message(request, _request_timeout=TIMEOUT_S))

    async def push(self, recipient: str, messages: Sequence[LineMessage], retry_key: str) -> None:
        """Send 1 to 5 messages unasked; LINE takes a retry key (a UUID) once within 24 hours."""
        request = PushMessageRequest(to=recipient, messages=list(messages))
        try:
            await _heard(self._api.push_message(request, x_line_retry_key=retry_key, _request_timeout=TIMEOUT_S))
        except LineError as error:
            if error.status != 409:  # 409: taken already by an earlier try.
                raise

    async def show_loading(self, user: str, seconds: int) -> None:
        """Show that an answer is on its way, until it comes or for so many seconds: 5 to 60 in steps of 5."""
        request = ShowLoadingAnimationRequest(chatId=user, loadingSeconds=seconds)
        await _heard(self._api.show_loading_animation(request, _request_timeout=TIMEOUT_S))

    async def mark_read(self, token: str) -> None:
        """Mark a message and all before it as read."""
        request = MarkMessagesAsReadByTokenRequest(markAsReadToken=token)
        await _heard(self._api.mark_messages_as_read_by_token(request, _request_timeout=TIMEOUT_S))

    async def quota(self) -> Quota:
        """Ask how many messages of this month are used."""
        limit = await _heard(self._api.get_message_quota(_request_timeout=TIMEOUT_S))
        used = await _heard(self._api.get_message_quota_consumption(_request_timeout=TIMEOUT_S))
        return Quota(limit.value if limit.type == "limited" else None, used.total_usage)

    async def account(self) -> BotAccount:
        """Ask who we are."""
        bot = await _heard(self._api.get_bot_info(_request_timeout=TIMEOUT_S))
        return BotAccount(bot.user_id, bot.display_name, bot.chat_mode == "chat")

    async def endpoint(self) -> Endpoint | None:
        """Ask where webhooks go; None if nobody has set an address."""
        try:
            found = await _heard(self._api.get_webhook_endpoint(_request_timeout=TIMEOUT_S))
        except LineError as error:
            if error.status == 404:
                return None
            raise
        return Endpoint(found.endpoint, found.active)

    async def test_endpoint(self) -> EndpointTest:
        """Let LINE send a webhook without events to the address that is set."""
        request = TestWebhookEndpointRequest()
        tried = await _heard(self._api.test_webhook_endpoint(request, _request_timeout=4 * TIMEOUT_S))
        return EndpointTest(bool(tried.success), tried.status_code, tried.reason)

    async def content(self, message: str) -> bytes:
        """Fetch a picture that a customer sent."""
        async with AsyncApiClient(self._content_configuration) as opened:
            api = AsyncMessagingApiBlob(opened)
            return bytes(await _heard(api.get_message_content(message, _request_timeout=4 * TIMEOUT_S)))

    @property
    def _api(self) -> AsyncMessagingApi:
        if self._opened is None:
            self._opened = AsyncApiClient(self._configuration)
        return AsyncMessagingApi(self._opened)


async def _heard(call: Awaitable[Any]) -> Any:
    """Turn what the SDK and its HTTP client raise into LineError."""
    try:
        return await call
    except ApiException as error:
        raise LineError(error.status or 0, _said(error.body)) from None
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
        raise LineError(0, type(error).__name__) from None


def _said(body: str | None) -> str:
    try:
        return str(json.loads(body or "")["message"])
    except (ValueError, KeyError, TypeError):
        return ""
