"""What a customer has said already when a form begins, so that it isn't asked again."""

from __future__ import annotations

import re

from bot.privacy.japanese_dates import read_date, show_date
from bot.privacy.request_types import AGENT, STATUS, STOP_FIELDS, WITHDRAWAL, Field
from bot.services.contacts import normalise_phone
from bot.services.intake import choices
from bot.services.intake.fields import contact_of, email_of, old_and_new, phone_of
from bot.services.intake.form import OpenForm
from bot.services.intake.given import is_only_contact, plain_name
from bot.services.intake.name_shapes import has_name_shape, is_plainly_name
from bot.services.intake.plan import fields_of
from bot.services.intake.readers import find_address, find_phones, fold, introduced_name, is_family_name, read_name
from bot.services.intake.recipients import recipients_meant
from bot.services.receipts import read_receipt

_CHANGED_TO = re.compile(r"(?:から|を)?(?P<new>[^。、]*?)(?:に|へ)(?:変|かわ|かえ|な(?:り|っ)|直|訂正|修正|して)")
_CHANGES = re.compile("変|かわ|かえ|直|訂正|修正|古|違|間違|誤")
_OWN = re.compile("(?:私|わたし|わたくし|僕|俺|自分|当方)の")
_AGENT_ALONE = re.compile("代理人?|代わり|かわり")
_PRINCIPAL = re.compile(
    "(?:^|[。、,!\\s])(?P<name>[一-龥々ヶ]{1,4} ?[一-龥々ぁ-んァ-ヶー]{1,4}?)"
    "(?:(?:さん|様|さま|氏)の|の(?:息子|娘|子|妻|夫|母|父|孫|代理人|後見人|保佐人|相続人|親権者))"
)
_HONORIFIC = re.compile("(?:さん|様|さま|氏)$")
_INSPECTION = re.compile("[^。、!\\n]*(?:点検|車検)[^。!\\n]*")
_INSPECTION_ALONE = re.compile(
    "(?:点検|車検)[^。、!]{0,12}(?:だけ|のみ)(?:を|は)?[^。、!]{0,6}(?:止|とめ|停|や[めん]|い[らり]|要[らり]|不要|断)"
)
_BIRTH = re.compile("生まれ|うまれ|生年月日|誕生日|\\d日?生(?:$|の)")
_PIECE = re.compile("[。!\\n]")
_DATUM = (
    "記録|履歴|連絡先|住所|電話番号|携帯番号|メールアドレス|生年月日|ナンバー|"
    "写真|画像|アンケート|免許証|車検証|位置情報"
)
_THING = re.compile(f"{_DATUM}|[書録歴容報額先所号証像的料金表票類物等]$")
_SOME_DATA = f"(?:[一-龥ァ-ヶーA-Z]{{1,8}}の)?[一-龥ァ-ヶー]{{0,6}}(?:{_DATUM})"
_SOME_DATA_WANTED = re.compile(
    f"(?P<what>{_SOME_DATA}(?:(?:と|や|、){_SOME_DATA})*)"
    "(?:(?:だけ|のみ)を?|を|について|に関する|の(?=開示|消去|削除|利用停止|利用目的))"
)
_FORM_ALONE = re.compile(
    "(?:(?:紙|書面|電子でーた|pdf)(?:で|が|に)?|(?:でーた|めーる|郵送)で)(?:お願いします|いいです|希望(?:します)?)?[。!]*"
)
_BY_FORM = re.compile(
    "(?:めーる|pdf|電子(?:でーた|めーる)?|でーた|紙|書面|郵送)で|(?:紙|書面)の(?:写し|こぴー)|郵送(?:して|を希望)"
)


def take_said(form: OpenForm, text: str) -> dict[Field, str]:
    """Read from an opening message what the form's fields would ask."""
    if form.procedure in (STATUS, WITHDRAWAL):
        receipt = read_receipt(text)
        return {Field.RECEIPT: receipt} if receipt else {}
    name = introduced_name(text)
    # Nobody is found in the register by a family name alone, so the whole name is asked for then.
    taken = {Field.NAME: name} if name and not is_family_name(name) else {}
    taking = _BY_PROCEDURE.get(form.procedure)
    if taking is not None:
        return {**taken, **taking(form, text)}
    contact = contact_of(text)
    return {**taken, **({Field.CONTACT: contact} if contact else {}), **_wish(form, text)}


def said_ahead(form: OpenForm, text: str) -> dict[Field, str]:
    """Read the answer to a question still to come, where a message is nothing else: 「紙で」, 「山田太郎です」."""
    by = choices.read_form(text) if _FORM_ALONE.fullmatch(choices.spoken(text)) else None
    read = {
        Field.FORM: by,
        Field.NAME: _name_ahead(form, text),
        Field.CONTACT: contact_of(text) if is_only_contact(text) else None,
    }
    wanted = fields_of(form)
    return {asked: value for asked, value in read.items() if value and asked in wanted and form.value(asked) is None}


def _name_ahead(form: OpenForm, text: str) -> str | None:
    """Read a name that is hardly what was asked for; a recipient in one word may sound like one, and so may data."""
    name = read_name(text)
    if name is None or not plain_name(text) or _THING.search(name):
        return None
    return name if form.asking != Field.RECIPIENT.value or is_plainly_name(name) else None


def said_birth_date(text: str) -> str | None:
    """Find what a message says of its writer's birth: 「昭和60年3月1日生まれ」, 「生年月日は1985/3/1」."""
    said = next((piece for piece in _PIECE.split(fold(text)) if _BIRTH.search(piece) and read_date(piece)), None)
    day = read_date(said) if said else None
    return show_date(day) if day else None


def _stop_marketing(form: OpenForm, text: str) -> dict[Field, str]:
    """A number or address in a wish to stop is the one to stop, and tells the means if no word does."""
    phone, email, address = phone_of(text), email_of(text), find_address(text)
    named = {"phone": phone, "email": email, "post": address}
    means = choices.read_means(text) or tuple(one for one, contact in named.items() if contact)
    if not means:
        return keep_inspection(text)
    taken = {Field.MEANS: ",".join(means), **keep_inspection(text)}
    if "all" in means:
        contacts = [contact for contact in named.values() if contact]
        return {**taken, **({Field.STOP_ANY: "\n".join(contacts)} if contacts else {})}
    if phone and {"phone", "sms"} & set(means):
        taken[Field.STOP_PHONE] = phone
    if email and "email" in means:
        taken[Field.STOP_EMAIL] = email
    if address and "post" in means:
        taken[Field.STOP_POST] = address
    return taken


def keep_inspection(text: str) -> dict[Field, str]:
    """「点検の案内もいりません」 tells that those go too, 「点検だけ止めて」 alone, 「点検は続けて」 that they stay."""
    said = _INSPECTION.search(fold(text))
    if said and _INSPECTION_ALONE.search(said.group()):
        return {Field.KEEP_INSPECTION: "only"}
    keep = choices.read_keep(said.group()) if said else None
    return {Field.KEEP_INSPECTION: keep} if keep else {}


def contacts_to_stop(form: OpenForm, text: str) -> dict[Field, str]:
    """Read contacts to stop from an answer that named others than were asked for; their means join those wanted."""
    named = _stop_marketing(form, text)
    if not any(asked in named for asked in STOP_FIELDS):
        return {}
    means = [*(form.value(Field.MEANS) or "").split(","), *named[Field.MEANS].split(",")]
    return {**named, Field.MEANS: ",".join(dict.fromkeys(one for one in means if one))}


def _correction(form: OpenForm, text: str) -> dict[Field, str]:
    """「電話番号が…に変わった」 tells the item and the new value; a contact of another kind finds the person."""
    item = _item_to_correct(text)
    if item is None:
        return {}
    contact = (item != "email" and email_of(text)) or (item != "phone" and phone_of(text))
    taken = {Field.ITEM: item, **({Field.CONTACT: contact} if contact else {})}
    numbers = find_phones(text)
    if item == "phone" and len(numbers) == 2 and "から" in text:
        old, new = (normalise_phone(number) for number in numbers)
        if old and new:
            return {**taken, Field.OLD_VALUE: old, Field.NEW_VALUE: new}
    changed, checked = _CHANGED_TO.search(fold(text)), _CHECKED.get(item)
    return {**taken, **old_and_new(changed["new"], checked)} if changed and checked else taken


def _item_to_correct(text: str) -> str | None:
    """Name the item that is wrong: the one in a piece that speaks of a change, else the first one named."""
    pieces = [piece for piece in re.split("[。、,!\\n]", fold(text)) if _CHANGES.search(piece)]
    return next((item for piece in pieces if (item := choices.read_item(piece))), choices.read_item(text))


def _wish(form: OpenForm, text: str) -> dict[Field, str]:
    """Scope, form and recipient, where the type asks for them and the words are plain."""
    taken: dict[Field, str] = {}
    if form.procedure in _WITH_SCOPE and (scope := some_data(text)):
        taken[Field.SCOPE] = scope
    form_said = _BY_FORM.search(choices.spoken(text))
    if form_said and (by := choices.read_form(form_said.group())):
        taken[Field.FORM] = by
    named = recipients_meant(form.turn.company, text)
    if named and form.procedure == "stop_provision":
        taken[Field.RECIPIENT] = "\n".join(named)
    return taken


def some_data(text: str) -> str | None:
    """「整備の記録だけ消して」 names what it is about, and 「全部」 that it is everything."""
    if choices.means_all(text):
        return "all"
    some = _SOME_DATA_WANTED.search(_OWN.sub("", fold(text)))
    return some["what"] if some else None


def _agent(form: OpenForm, text: str) -> dict[Field, str]:
    """Which request, for whom, and as what kind of agent; an agent's way alone (「代理人として」) tells neither."""
    kind, relation = choices.read_kind(text), choices.read_relation(_AGENT_ALONE.sub("", text))
    # Marketing is stopped by anybody who names the address, so it isn't offered to agents.
    read = {Field.KIND: kind if kind != "stop_marketing" else None, Field.RELATION: relation}
    read[Field.CONTACT] = contact_of(text)
    read[Field.PRINCIPAL] = _principal(text)
    return {asked: value for asked, value in read.items() if value}


def _principal(text: str) -> str | None:
    """Read whom an agent names: 「山田ハルの息子です」; a family name alone is asked again."""
    found = _PRINCIPAL.search(fold(text))
    name = _HONORIFIC.sub("", found["name"]) if found else ""
    return name if has_name_shape(name) and not is_family_name(name) else None


_CHECKED = {"phone": phone_of, "email": email_of, "address": find_address}
_WITH_SCOPE = ("disclosure", "erasure", "stop_use")
_BY_PROCEDURE = {"stop_marketing": _stop_marketing, "correction": _correction, AGENT: _agent}
