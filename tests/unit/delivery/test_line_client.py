import pytest

from bot.delivery.line_client import LineClient, LineError, Quota
from tests.line_server import Fault, LineServer


@pytest.mark.parametrize("status", [0, 401, 403, 408, 409, 425, 429, 500, 503])
def test_what_time_or_a_setting_mends_is_tried_again(status: int) -> None:
    assert LineError(status).may_pass


@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_what_line_will_never_take_is_given_up(status: int) -> None:
    assert LineError(status).permanent


def test_a_month_that_is_used_up_is_no_passing_fault() -> None:
    error = LineError(429, "You have reached your monthly limit.")
    assert error.permanent
    assert str(error) == "this month's LINE messages are used up (429)"


@pytest.mark.parametrize(
    ("status", "said", "refused"),
    [(400, "Invalid reply token", True), (400, "The request body has 1 error(s)", False), (500, "reply token", False)],
)
def test_a_refused_reply_token_is_told_from_other_faults(status: int, said: str, refused: bool) -> None:
    assert LineError(status, said).token_refused is refused


@pytest.mark.parametrize(("quota", "remaining"), [(Quota(None, 9), None), (Quota(200, 9), 191), (Quota(5, 9), 0)])
def test_what_is_left_of_a_month(quota: Quota, remaining: int | None) -> None:
    assert quota.remaining == remaining


async def test_a_line_that_nobody_answers_at_is_an_error_that_may_pass() -> None:
    async with LineClient("http://127.0.0.1:9", "token") as client:
        with pytest.raises(LineError, match="LINE does not answer") as caught:
            await client.quota()
    assert caught.value.status == 0


async def test_what_line_says_is_never_repeated_to_operators() -> None:
    async with LineServer() as line:
        bot = line.add("okura")
        line.faults.append(Fault("quota", 500, said="U123 has been naughty"))
        async with LineClient(line.url, bot.token) as client:
            with pytest.raises(LineError, match=r"^LINE answered 500$"):
                await client.quota()


async def test_nonsense_instead_of_an_answer_is_an_error_of_lines() -> None:
    async with LineServer() as line:
        bot = line.add("okura")
        line.endpoints["okura"] = {"surprise": True}
        async with LineClient(line.url, bot.token) as client:
            with pytest.raises(LineError):
                await client.endpoint()
