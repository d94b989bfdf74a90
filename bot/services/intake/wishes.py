"""The requests that one message makes among other things: which comes first, and which words belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.privacy.request_types import procedure_of
from bot.services.intake.choices import read_item, spoken
from bot.services.intake.given import gives_contact
from bot.services.intake.readers import fold
from bot.services.turns import Turn
from bot.understanding.result import Wish

_AT_ONCE = "stop_marketing"
"""It needs no proof of who asks and takes effect as soon as the address is named (特定電子メール法 3(3))."""

_AGAIN = re.compile(
    "停止(?:を|の)?(?:解除|取り?消|取り?やめ|もど|戻)|"
    "(?:案内|お知らせ|めーる|めるまが|dm|はがき|葉書|電話|かたろぐ|line)[^。、]{0,6}(?:再開|復活)|"
    "また[^。、]{0,12}(?:(?:送|おく)って(?![こきく])|届けて|もらいたい|受け取りたい)"
)
_STILL_NOT = re.compile("止め|とめ|やめて|いら[なん]|不要|結構|しないで|ませんよう")


def in_order(wishes: Sequence[Wish], procedure: str) -> tuple[str, list[str]]:
    """Give the procedure to begin with, which is `procedure` unless another is done at once, and those for later."""
    kinds = {procedure_of(wish.intent): wish.text for wish in wishes}
    # 「新しい住所に直して。古い住所は消して」: one item is taken out by a correction, too.
    if "correction" in kinds and read_item(kinds.get("erasure", "")):
        del kinds["erasure"]
        procedure = "correction" if procedure == "erasure" else procedure
    wanted = list(kinds)
    if procedure not in wanted:
        return procedure, []
    first = _AT_ONCE if _AT_ONCE in wanted else procedure
    return first, [one for one in wanted if one != first]


def words_for(turn: Turn, procedure: str) -> str:
    """Give a message without its questions about the policy and its other requests, as far as no contact is lost.

    The telephone number in 「電話番号を直して。あとハガキも止めて」 isn't to be called no more.
    """
    understood = turn.understanding
    others = [wish.text for wish in understood.wishes if procedure_of(wish.intent) != procedure]
    others += [question.text for question in understood.questions if not gives_contact(question.text)]
    if not understood.wishes or not others:
        return turn.text
    # The understanding reads in lower case, and folds 1111 to 11, which a number must not be.
    return re.sub("|".join(map(re.escape, others)), "。", fold(turn.text), flags=re.IGNORECASE)


def wants_marketing_again(text: str) -> bool:
    """Tell the wish to get again what was stopped: the very opposite of a stop, in nearly the same words."""
    said = spoken(text)
    return bool(_AGAIN.search(said)) and not _STILL_NOT.search(said)
