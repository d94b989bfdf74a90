"""Questions of a word or two that only what was spoken of gives a meaning (じゃあ項目は？, 誰が？, いつまで？)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BEFORE = (
    r"(?:(?:じゃあ?|では|で|それじゃあ?|それで|んじゃ|ほな|なら|ちなみに|あと)[、 ]?)?"
    r"(?:その|それの|それは|それって|そこの|これの)?"
)
_AFTER = (
    r"(?:は|って|わ)?(?:(?:何|なに|なん|どれ|どう|どんな|どの?くらい)(?:の|もの|こと)?)?"
    r"(?:です|でしょう|になります|なん|なの|なん?や|な|だ|け|と)?(?:か|かね|かの|の)?"
)
_SOMEBODY, _A_COMPANY = r"(?:誰|だれ|どなた)", r"どの会社|どこの会社"
_USING = (
    r"(?:使|利用|見|管理)(?:う|する|る|い?ます|します|って(?:い?る|い?ます)|て(?:い?る|い?ます)|して(?:い?る|い?ます))"
)
_ASPECTS = {
    "items": (
        r"(?:個人情報の|情報の|データの)?(?:項目|こうもく|内訳|中身)"
        r"|(?:何の|なんの|どの|どんな|どういう)(?:情報|データ|項目)(?:を|が)?"
    ),
    "who": rf"(?:{_SOMEBODY}|{_A_COMPANY})(?:が|なの)|{_SOMEBODY}が{_USING}",
    "whom": rf"(?:{_SOMEBODY}|{_A_COMPANY})(?:に|と|へ)",
    "until": r"いつまで|何年間?|何か月|(?:保存|保管)?期間|ど(?:の|れ)くらい(?:の期間)?",
}
_PATTERNS = {aspect: re.compile(rf"{_BEFORE}(?:{words}){_AFTER}[?。! ]*") for aspect, words in _ASPECTS.items()}


def followed_topic(normalised: str, aspects: Mapping[str, str]) -> str | None:
    """Give the topic that such a question means; `aspects` says what each would mean now, and is empty before talk."""
    matching = (topic for aspect, topic in aspects.items() if _PATTERNS[aspect].fullmatch(normalised))
    return next(matching, None)
