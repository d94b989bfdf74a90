"""Changing an answer at any point, by the field's name or by a button."""

from __future__ import annotations

import re

from bot.privacy.request_types import Field
from bot.services.intake.choices import read_item, spoken
from bot.services.intake.form import CHANGE, OpenForm
from bot.services.intake.submission import change_buttons, shown_fields

_WORDS = {
    Field.NAME: "名前|なまえ|氏名|苗字|名字",
    Field.CONTACT: "電話|でんわ|携帯|番号|めーる|めあど|連絡先",
    Field.STOP_PHONE: "電話|でんわ|携帯|番号|連絡先|止める先",
    Field.STOP_EMAIL: "めーる|めあど|連絡先|止める先",
    Field.STOP_POST: "住所|じゅうしょ|宛先|あて先|連絡先|止める先",
    Field.STOP_LINE: "らいん|line|連絡先|止める先",
    Field.STOP_ANY: "電話|でんわ|番号|めーる|住所|じゅうしょ|連絡先|止める先",
    Field.MEANS: "方法|手段|止めるもの|種類",
    Field.KEEP_INSPECTION: "点検|車検",
    Field.SCOPE: "範囲|対象|内容|でーた",
    Field.FORM: "受け取り|受取|形式|方法|紙|電子",
    Field.ITEM: "項目|どの登録",
    Field.OLD_VALUE: "今の|いまの登録|(?<!名)(?<!まえ)前の|古い",
    Field.NEW_VALUE: "新しい|正しい|変更後",
    Field.REASON: "理由|りゆう",
    Field.RECIPIENT: "提供先|会社|渡す先|相手",
    Field.RECEIPT: "受付番号|番号",
    Field.KIND: "種類|手続|請求",
    Field.RELATION: "関係|続柄|立場",
    Field.PRINCIPAL: "本人",
}
_BACK = re.compile("戻|もど|一つ前|ひとつ前|さっきの|前の(?:質問|答え)")


def changeable(form: OpenForm) -> list[Field]:
    """List what was answered; a proven name and contact stay, since another person needs another proof."""
    proven = () if "code_sent" in form.state or form.state.get("identity") else (Field.NAME, Field.CONTACT)
    taken = [asked for asked in shown_fields(form) if asked is not Field.CODE]
    if form.asking in (Field.NAME.value, Field.CONTACT.value):
        proven = ()
    return [asked for asked in taken if asked not in proven or not _settled(form)]


def _settled(form: OpenForm) -> bool:
    thread = form.conversation
    return bool(thread and thread.verified_customer and thread.verified_until and thread.verified_until > form.now)


def field_meant(form: OpenForm, text: str) -> Field | None:
    """Find the field that a wish for a change names, or the last one for a step back; None if that isn't plain."""
    said, fields = spoken(text), changeable(form)
    labels = {asked: spoken(form.phrases.text(f"label_{asked.value}")) for asked in fields}
    exact = [asked for asked in fields if labels[asked] in said]
    if exact:
        return max(exact, key=lambda asked: len(labels[asked]))
    told = [asked for asked in (Field.OLD_VALUE, Field.NEW_VALUE) if asked in fields]
    if told := [asked for asked in told if re.search(_WORDS[asked], said)]:
        return told[0]
    if Field.NEW_VALUE in fields and read_item(text) == form.value(Field.ITEM):
        return Field.NEW_VALUE
    named = [asked for asked in reversed(fields) if re.search(_WORDS.get(asked, "(?!)"), said)]
    if named:
        return named[0]
    return fields[-1] if fields and _BACK.search(said) else None


def names_field(text: str) -> bool:
    """Tell a message that names a field of any form, whether it can be changed or not."""
    return any(re.search(words, spoken(text)) for words in _WORDS.values())


def ask_which(form: OpenForm) -> None:
    """Offer every field that can be changed."""
    form.asking = CHANGE
    _offer(form, "change_which")


def refuse_change(form: OpenForm) -> None:
    """Say that no field was read, and offer those that can be changed once more."""
    form.refuse("refuse_change")
    _offer(form, "change_which")


def _offer(form: OpenForm, phrase: str) -> None:
    form.replies.append(form.phrases.say(phrase).with_buttons(change_buttons(form, changeable(form))))


def forget(form: OpenForm, asked: Field) -> None:
    """Drop an answer, and what followed from it; contacts stay, as other means may need them too."""
    form.values.pop(asked.value, None)
    if asked is Field.ITEM:
        form.values.pop(Field.OLD_VALUE.value, None)
        form.values.pop(Field.NEW_VALUE.value, None)
    if asked in (Field.NAME, Field.CONTACT, Field.RECEIPT):
        for known in ("code_sent", "known_here"):
            form.state.pop(known, None)
