from bot.privacy.handoff import PRIORITY, HandoffReason


def test_every_reason_has_a_priority_and_a_leak_comes_first() -> None:
    assert set(PRIORITY) == set(HandoffReason)
    assert min(PRIORITY, key=PRIORITY.__getitem__) is HandoffReason.LEAK
    others = [priority for reason, priority in PRIORITY.items() if reason is not HandoffReason.LEAK]
    assert PRIORITY[HandoffReason.LEAK] < min(others)
