"""Whether a message surely is what the open form asked for, so that it isn't taken for a new wish."""

from __future__ import annotations

import re

from bot.privacy.japanese_dates import read_date
from bot.privacy.request_types import Field
from bot.services.intake import choices
from bot.services.intake.fields import SHORT, contact_of
from bot.services.intake.form import LEAVE, SWITCH
from bot.services.intake.name_shapes import has_name_shape, is_plainly_name
from bot.services.intake.readers import (
    find_address,
    find_code,
    find_plate,
    fold,
    introduced_name,
    read_name,
    strip_talk,
    without_contacts,
)
from bot.services.receipts import read_receipt

_ASKS = re.compile(r"[?？]|(?:です|ます|の)か[。!]?$|(?:なんで|なぜ|どうして|何で)")


def surely_given(asked: Field, text: str) -> bool:
    """Tell a message that holds the value asked for, and no question."""
    if _ASKS.search(text):
        return False
    if len(fold(text)) <= SHORT and (choices.means_unknown(text) or _short_choice(asked, text)):
        return True
    return any(find(text) for find in _FINDERS.get(asked, ()))


def answers_interruption(asking: str, text: str) -> bool:
    """Tell a message that goes on with the open form or leaves it, where it is asked which."""
    return asking in (SWITCH, LEAVE) and not _ASKS.search(text) and choices.means_stay(text)


def gives_contact(text: str) -> bool:
    """Tell a message that holds a contact: an e-mail address, a telephone number, or a postal address with a number."""
    return bool(contact_of(text) or ((address := find_address(text)) and re.search(r"\d", address)))


def is_only_contact(text: str) -> bool:
    """Tell a message that says nothing but a contact: 「電話番号は090-1234-5678です」."""
    return bool(contact_of(text)) and not _ASKS.search(text) and bool(_JUST_SO.fullmatch(without_contacts(fold(text))))


def _short_choice(asked: Field, text: str) -> bool:
    reads = _CHOICES.get(asked)
    return bool(reads and reads(strip_talk(text)))


_SAID_OF_ONESELF = re.compile("(?:です|申します|もうします|いいます|言います)[。!]?$")


def plain_name(text: str) -> bool:
    """Tell a message that is a name, by its two parts or because it is said of oneself."""
    name = read_name(text)
    return bool(name and (is_plainly_name(name) or (has_name_shape(name) and _SAID_OF_ONESELF.search(text))))


_WORRY = re.compile(
    "(?:心配|不安|怖い|こわい|恐い|嫌|いや|気になる|気がかり)(?:です|だ|なん(?:です|だ)|な?ので|だから|から|で|ね|よ|の|なの)*[。!]*$"
)
_HAPPENED = re.compile(
    "(?:漏れ|洩れ|もれ|(?:流出|漏洩|漏えい|ろうえい)し)(?:た(?!ら|り|とき|場合)|まし|てい?[るまた])|(?:来|届い|かかっ)て|(?:来|届い|かかっ)た"
)


def _worry(text: str) -> bool:
    """Tell a reason that is a worry: 「情報の漏れが心配」; that something did leak is a report for staff."""
    said = fold(text)
    return bool(_WORRY.search(said)) and not _HAPPENED.search(said)


_JUST_SO = re.compile(
    "(?:(?:私|わたし|自分|うち|自宅|登録)の)?(?:ご?登録の)?(?:携帯)?(?:電話番号|電話|携帯|番号|連絡先|メールアドレス|メアド|メール|アドレス)?"
    "(?:は|が|:|、| )*(?:です|になります|でございます|だよ|ね)*[。!]*"
)
_FINDERS = {
    Field.STOP_PHONE: (contact_of,),
    Field.STOP_EMAIL: (contact_of,),
    Field.STOP_POST: (find_address,),
    Field.STOP_ANY: (contact_of, find_address),
    Field.RECEIPT: (read_receipt,),
    Field.PRINCIPAL: (introduced_name, plain_name),
    Field.NAME: (introduced_name, contact_of, plain_name),
    Field.CONTACT: (contact_of,),
    Field.CODE: (find_code,),
    Field.FACT: (read_date, find_plate),
    Field.OLD_VALUE: (contact_of, find_address, read_date, find_plate, plain_name),
    Field.NEW_VALUE: (contact_of, find_address, read_date, find_plate, plain_name),
    Field.STOP_LINE: (plain_name,),
    Field.REASON: (_worry,),
}
_CHOICES = {
    Field.MEANS: choices.read_means,
    Field.KEEP_INSPECTION: choices.read_keep,
    Field.SCOPE: choices.means_all,
    Field.RECIPIENT: choices.means_all,
    Field.FORM: choices.read_form,
    Field.ITEM: choices.read_item,
    Field.KIND: choices.read_kind,
    Field.RELATION: choices.read_relation,
    Field.REASON: choices.means_nothing,
}
