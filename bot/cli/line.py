"""`madoguchi line`: whether a company's LINE account is set up right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.bootstrap import build_companies
from bot.cli.options import known_company, read_settings
from bot.settings import LineCredentials, Settings, line_variables, load_line_credentials

if TYPE_CHECKING:
    from bot.delivery.line_client import Endpoint, EndpointTest, LineClient, Quota

app = typer.Typer(help="The companies' LINE accounts.")

GUIDE = "docs/line.ja.md"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and if it isn't right, how to mend it."""

    right: bool
    text: str


@app.callback()
def line() -> None:
    """The companies' LINE accounts."""


@app.command("check")
def check(company: Annotated[str, typer.Argument(help="A company's id.")]) -> int:
    """Try the credentials, the webhook address and the quota, and say what is wrong and how to mend it."""
    settings = read_settings()
    known_company(settings, company)
    return asyncio.run(_report(settings, company))


async def _report(settings: Settings, company: str) -> int:
    right = True
    async for finding in _findings(settings, company):
        typer.echo(f"{'ok  ' if finding.right else 'FAIL'}  {finding.text}")
        right = right and finding.right
    return 0 if right else 1


async def _findings(settings: Settings, company: str) -> AsyncIterator[Finding]:
    if "line" not in build_companies(settings).get(company).channels:
        yield Finding(False, f"company.yml of {company} doesn't name line: add it to `channels`.")
    credentials = load_line_credentials(company)
    if credentials is None:
        names = " and ".join(line_variables(company))
        yield Finding(False, f"{names} are not set: {GUIDE} says where LINE shows them.")
        return
    async for finding in _at_line(settings, company, credentials):
        yield finding


async def _at_line(settings: Settings, company: str, credentials: LineCredentials) -> AsyncIterator[Finding]:
    # Imported here: two seconds for a library that no other command uses.
    from bot.delivery.line_client import LineClient, LineError

    async with LineClient(settings.line_api_base, credentials.channel_access_token) as client:
        try:
            account = await client.account()
            yield Finding(True, f"The channel access token is that of the account “{account.name}”.")
            async for finding in _webhook(client, f"{settings.base_url}/line/{company}/webhook"):
                yield finding
            yield _about_quota(await client.quota())
        except LineError as error:
            yield Finding(False, _about_error(error.status, settings.line_api_base, company))


async def _webhook(client: LineClient, expected: str) -> AsyncIterator[Finding]:
    endpoint = await client.endpoint()
    for finding in _about_endpoint(endpoint, expected):
        yield finding
    if endpoint is not None:
        yield _about_test(await client.test_endpoint())


def _about_endpoint(endpoint: Endpoint | None, expected: str) -> Iterator[Finding]:
    if not expected.startswith("https://"):
        yield Finding(False, f"LINE calls https addresses only, and this desk is at {expected}: set PUBLIC_URL.")
    if endpoint is None:
        yield Finding(False, f"LINE has no webhook address: set it to {expected} in LINE Developers.")
        return
    if endpoint.url == expected:
        yield Finding(True, f"LINE sends webhooks to {expected}.")
    else:
        yield Finding(
            False,
            f"LINE sends webhooks to {endpoint.url}, and this desk is at {expected}: "
            "change it in LINE Developers, or PUBLIC_URL here.",
        )
    if not endpoint.active:
        yield Finding(False, "LINE sends no webhooks: turn “Use webhook” on in LINE Developers.")


def _about_test(tried: EndpointTest) -> Finding:
    if tried.success:
        return Finding(True, "A webhook that LINE sent to try the address was answered.")
    if tried.status == 401:
        return Finding(False, "The desk refused LINE's signature: the channel secret is another channel's.")
    if tried.status == 404:
        return Finding(
            False, "The address answered 404: start the desk anew, so that it reads the credentials, or mend the proxy."
        )
    if tried.status <= 0:
        return Finding(
            False, f"LINE could not reach the address ({tried.reason}): check its name, certificate and firewall."
        )
    return Finding(False, f"The address answered {tried.status}: see the desk's log for line.* and web.*.")


def _about_quota(quota: Quota) -> Finding:
    if quota.remaining is None:
        return Finding(True, f"Pushes this month: {quota.used}, without a limit.")
    text = f"Pushes this month: {quota.used} of {quota.limit}"
    if quota.remaining:
        return Finding(True, f"{text}, {quota.remaining} are left.")
    return Finding(False, f"{text}: staff's messages wait for a larger plan or the next month; replies go on.")


def _about_error(status: int, host: str, company: str) -> str:
    if status == 0:
        return f"LINE does not answer at {host}: check the network, and LINE_API_BASE if it is set."
    if status in (401, 403):
        _, token = line_variables(company)
        return f"LINE refuses the channel access token ({status}): issue a new one and set {token}."
    if status == 429:
        return "LINE says that we ask too often (429): try again in a minute."
    return f"LINE answered {status}: try again later; if it stays, ask LINE's status page."
