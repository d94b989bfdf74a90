"""Why a conversation goes to staff, which is answered first, and when its customer wants the bot back."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum


class HandoffReason(str, Enum):
    """Why a person must take over."""

    LEAK = "leak"
    COMPLAINT = "complaint"
    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    ENGINE_DOWN = "engine_down"
    PICTURE = "picture"
    STAFF = "staff"


PRIORITY: dict[HandoffReason, int] = {
    HandoffReason.LEAK: 0,  # A leak starts the 3-5 days of APPI 26 for the preliminary report.
    HandoffReason.COMPLAINT: 1,
    HandoffReason.ASKED: 2,
    HandoffReason.ENGINE_DOWN: 2,
    HandoffReason.NOT_UNDERSTOOD: 3,
    HandoffReason.PICTURE: 3,  # It came for a request, which has its own due date.
    HandoffReason.STAFF: 3,  # Staff took it by themselves: nobody waits.
}
"""Smaller is sooner; equal ones are answered in the order of waiting."""

_NO_WORDS = re.compile(r"[\s、。，．,.!?…・~〜「」『』]+")
_LEAD = r"(?:やっぱり?|やはり|じゃあ?|では|すみません(?:が)?|すいません(?:が)?|もう|一旦|いったん|とりあえず|このまま)*"
_BOT = (
    r"(?:自動(?:で(?:の)?)?(?:お?答え|回答|応答|返信|対応)?|(?:チャット)?(?:ボット|bot)|ai|ロボット|機械)(?:さん)?"
    r"(?:の(?:お?答え|回答|応答|ほう|方))?"
)
_PLEASE = r"(?:て?(?:ください|下さい|ほしい|欲しい|くれますか|もらえますか|もらえませんか|いただけますか))"
_TURN = rf"(?:戻|もど)(?:る|ります|りたい|そう|れますか|っ{_PLEASE}|し{_PLEASE}?|して|します|したい|せますか)"
_BACK = rf"(?:に|へ)(?:{_TURN}|切り?替え(?:る|ます|たい|{_PLEASE}?))"
_SUFFICES = r"で(?:いい|良い|お願い(?:します|いたします)?|大丈夫|結構|構いません|かまいません)"
_STAFF = r"(?:ご?担当(?:者|の人|の方)?|スタッフ|オペレーター)(?:さん|さま|様)?"
_NOT_NEEDED = (
    r"(?:と(?:の)?(?:話す?のは|話は|お話は)|を待つの(?:は|を)|へのおつなぎは|は|を呼ぶのは)?(?:もう)?"
    r"(?:いい|いらない|いりません|要りません|要らない|不要|結構|大丈夫|やめます|やめる|やめたい|キャンセル(?:します|で)?|"
    r"待ちません|待たなくていい|待たなくて大丈夫)"
)
_NO_WAITING = r"待つの(?:は|を)?(?:やめます|やめる|やめたい|やめにします)|待ちません"
_WANTS_BOT = re.compile(
    rf"{_LEAD}(?:{_BOT}(?:{_BACK}|{_SUFFICES})|{_STAFF}{_NOT_NEEDED}|{_NO_WAITING})(?:です|んですが|ので(?:お願いします)?|ね|よ)*"
)

_AUTHORITY = (
    r"(?:(?:個人情報)?保護委員会|消費者庁|消費者センター|消費生活センター|国民生活センター|適格消費者団体|総務省|経済産業省|経産省|"
    r"国土交通省|国交省|労基署?|警察|弁護士|裁判所|役所|マスコミ|新聞社?|テレビ局?)"
)
_TURNS_TO = (
    rf"{_AUTHORITY}(?:さん)?(?:に|へ|を)[^。]{{0,8}}"
    r"(?:訴え|通報|通告|告発|告訴|苦情|申し立て|申立|届け出|届け|言い|言う|言って|言っと|相談|連絡|電話|垂れ込|たれこ|呼)"
)
_THREATENS = re.compile(
    rf"{_TURNS_TO}(?!.*(?:か|かな|の|ですかね)$)|^(?!.*か$)(?:訴え|訴訟を起こし|裁判に(?:し|持ち込)|出るところに出)"
)


def turns_to_authority(said: str) -> bool:
    """Tell a complaint by where its customer will take it; whoever asks about an authority doesn't complain."""
    return bool(_THREATENS.search(_NO_WORDS.sub("", unicodedata.normalize("NFKC", said)).lower()))


def wants_bot(said: str) -> bool:
    """Tell whether a customer who waits for a person asks, with all that they say, for the bot instead.

    Anything besides is for the person: to answer it by machine would be worse than to let it wait.
    """
    return bool(_WANTS_BOT.fullmatch(_NO_WORDS.sub("", unicodedata.normalize("NFKC", said)).lower()))
