"""Find names, numbers, addresses and codes in what a customer writes."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff]")
_DASHES = re.compile(r"(?<=[\d)])\s*[‐‑‒–—―ー−ｰ～~]\s*(?=\d)")
_SPACES = re.compile(r"\s+")
_PHONE = re.compile(r"(?<![\d.@])(?:\+81[\s\-]?(?:\(0\))?|\(?0)\d(?:[\s\-.()]{0,2}\d){7,9}(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]*\s*@\s*[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_PREFECTURE = (
    "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|"
    "石川県|福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|"
    "岡山県|広島県|山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県"
)
_ADDRESS = re.compile(
    rf"(?:〒\s*)?(?:\d{{3}}-?\d{{4}}\s*)?(?:(?:{_PREFECTURE})\S|[一-龥ぁ-んァ-ヶ]{{1,6}}[市区町村郡][一-龥ぁ-んァ-ヶ\d])"
)
_PLATE = re.compile(r"[一-龥ぁ-んァ-ヶ]{1,5}\s*\d{1,2}[\dA-Z]{0,2}\s*[ぁ-んA-Z]\s*[・.\d]{1,4}(?:-\d{2})?")
_DIGITS_APART = re.compile(r"(?<!\d)(?<!\d[\s\-])\d(?:[\s\-]?\d){7}(?![\s\-]?\d)")
_RECEIPT = re.compile(r"(?<![A-Z0-9-])[A-Z]{2}-(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}(?![A-Z0-9-])")
_TALK_BEFORE = re.compile(
    r"^(?:(?:えっと|えーと|あの|すみません|はい)[、,\s]*)*"
    r"(?:(?:私|わたし|わたくし|僕|俺|うち|自宅)は\s*|(?:(?:私|わたし|わたくし|僕|俺|うち|自宅)の)?"
    r"(?:お?名前|氏名|本名|フルネーム|名義|ご?住所)(?:は|が|:|：|、|\s)+)?"
)
_TALK_AFTER = re.compile(
    r"(?:という?もの|という者)?(?:です|でございます|と申します|ともうします|といいます|と言います|になります|だよ|だけど|っす|やけど|である)?"
    r"(?:[。、！!.\s]|よろしくお願いします|よろしくおねがいします|お願いします|けど|が)*$"
)
_NAME = re.compile(
    r"[一-龥々〆ヶ㐀-䶿豈-﫿\U00020000-\U0003ffffぁ-んァ-ヺー・A-Za-z\u3099\u309a.'\-\s\U000e0100-\U000e01ef]{2,40}"
)
_NO_NAME = re.compile(
    "ください|下さい|ほしい|欲しい|たい|して|わから|分から|なんで|なぜ|どう|いいえ|はい|ない|ません|ますか|教え|データ|情報|登録|全部|電話|メール|住所|"
    "匿名|名無し|内緒|秘密|^(?:うん|ok|yes|no|test|テスト|うーん)$",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Fold widths, invisible characters, dashes within numbers and runs of spaces."""
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _SPACES.sub(" ", _DASHES.sub("-", folded)).strip()


def find_phones(text: str) -> list[str]:
    """Find Japanese telephone numbers, as written."""
    return [match.group().strip() for match in _PHONE.finditer(fold(text))]


def find_emails(text: str) -> list[str]:
    """Find e-mail addresses, in lower case."""
    return [re.sub(r"\s", "", match.group()).lower() for match in _EMAIL.finditer(fold(text))]


def find_address(text: str) -> str | None:
    """Find a postal address: from the postcode, the prefecture or the municipality on."""
    folded = strip_talk(fold(text))
    match = _ADDRESS.search(folded)
    if match is None:
        return None
    address = folded[match.start() :].strip(" 。、")
    return address if len(address) >= 5 else None


def find_plate(text: str) -> str | None:
    """Find a number plate with its place, class, kana and number."""
    match = _PLATE.search(fold(text).upper())
    return match.group() if match else None


def find_code(text: str) -> str | None:
    """Find 8 digits, full-width, spaced or with invisible characters in between."""
    match = _DIGITS_APART.search(fold(text))
    return re.sub(r"\D", "", match.group()) if match else None


def find_receipt(text: str) -> str | None:
    """Find a receipt number in any width or case."""
    match = _RECEIPT.search(re.sub(r"\s*-\s*", "-", re.sub("[‐‑‒–—―ー−]", "-", fold(text))).upper())
    return match.group() if match else None


def strip_talk(text: str) -> str:
    """Take off what surrounds a value in speech: 「名前は…です」."""
    return _TALK_AFTER.sub("", _TALK_BEFORE.sub("", text.strip())).strip()


def read_name(text: str) -> str | None:
    """Read a person's name out of an answer; None for what can't be one."""
    folded = strip_talk(_without_contacts(fold(text))).strip("「」\"'（）()、, ")
    folded = re.sub(r"(?<=\S)(?:様|さま|さん)$", "", folded)
    if not _NAME.fullmatch(folded) or _NO_NAME.search(folded):
        return None
    return folded


def _without_contacts(folded: str) -> str:
    return _SPACES.sub(" ", _EMAIL.sub(" ", _PHONE.sub(" ", folded))).strip(" 、,/")
