import pytest

from bot.privacy.handoff import PRIORITY, HandoffReason, turns_to_authority, wants_bot


def test_every_reason_has_a_priority_and_a_leak_comes_first() -> None:
    assert set(PRIORITY) == set(HandoffReason)
    assert min(PRIORITY, key=PRIORITY.__getitem__) is HandoffReason.LEAK
    others = [priority for reason, priority in PRIORITY.items() if reason is not HandoffReason.LEAK]
    assert PRIORITY[HandoffReason.LEAK] < min(others)


@pytest.mark.parametrize(
    "said",
    [
        "自動でのお答えに戻る",
        "ボットに戻して",
        "ボットに戻してください。",
        "やっぱりボットに戻ります",
        "AIでいいです",
        "自動応答に戻りたいです",
        "担当者はもういいです",
        "担当の方は結構です",
        "もう待ちません",
        "待つのをやめます",
        "チャットボットに切り替えてください",
        "ＢＯＴに 戻る",
        "すみません、担当者はいりません",
        "担当者と話すのはやめます",
    ],
)
def test_who_has_enough_of_waiting_says_so_in_many_ways(said: str) -> None:
    assert wants_bot(said)


@pytest.mark.parametrize(
    "said",
    [
        "ボットに戻さないで",
        "もういいです",
        "担当者は大丈夫ですか",
        "担当者はいい人でした",
        "自動車に戻る",
        "AIに私のデータを渡していますか",
        "ボットに戻る前に教えて",
        "担当者はまだですか",
        "待ちます",
        "自動でのお答えに戻ると記録は消えますか",
        "キャンセル",
        "担当者と話したい",
        "ボットに戻しますか、それとも待ちますか",
    ],
)
def test_whatever_else_a_waiting_customer_writes_is_for_the_person(said: str) -> None:
    assert not wants_bot(said)


@pytest.mark.parametrize(
    "said",
    [
        "消費生活センターに相談します",
        "もう警察に言うからな！",
        "国の保護委員会へ通報するぞ",
        "弁護士に相談したうえで連絡します。",
        "訴えますよ",
    ],
)
def test_who_turns_to_an_authority_complains(said: str) -> None:
    assert turns_to_authority(said)


@pytest.mark.parametrize(
    "said",
    [
        "警察に情報を渡すことはありますか",
        "個人情報保護委員会に届け出ているのですか？",
        "消費者センターの電話番号は",
        "弁護士です。代理人として開示を求めます",
        "苦情はどこに言えばいいですか",
        "",
    ],
)
def test_who_asks_about_one_does_not(said: str) -> None:
    assert not turns_to_authority(said)
