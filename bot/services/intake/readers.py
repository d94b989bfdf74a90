"""Find names, numbers, addresses and codes in what a customer writes."""

from __future__ import annotations

import re
import unicodedata

from bot.services.intake.name_shapes import KANJI

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
    rf"(?:〒\s*)?(?:\d{{3}}-?\d{{4}}\s*)?"
    rf"(?:(?:{_PREFECTURE})\S|(?:(?!{_PREFECTURE})[一-龥ぁ-んァ-ヶ]){{1,6}}[市区町村郡][一-龥ぁ-んァ-ヶ\d])"
)
_CERTAIN_START = re.compile(rf"〒|\d|{_PREFECTURE}")
_AFTER_ADDRESS = re.compile(r"[。!?]|(?<=\d)(?:へ|宛|あて|が正)")
_PLATE = re.compile(r"[一-龥ぁ-んァ-ヶ]{1,5}\s*\d{1,2}[\dA-Z]{0,2}\s*[ぁ-んA-Z]\s*[・.\d]{1,4}(?:-\d{2})?")
_DIGITS_APART = re.compile(r"(?<!\d)(?<!\d[\s\-])\d(?:[\s\-]?\d){7}(?![\s\-]?\d)")
_TALK_BEFORE = re.compile(
    r"^(?:(?:えっと|えーと|あの|すみません|はい)[、,\s]*)*"
    r"(?:(?:私|わたし|わたくし|僕|俺|うち|自宅)は\s*|(?:(?:私|わたし|わたくし|僕|俺|うち|自宅)の)?"
    r"(?:お?名前|氏名|本名|フルネーム|名義|ご?住所)(?:は|が|:|：|、|\s)+)?"
)
_TALK_AFTER = re.compile(
    r"(?:という?もの|という者)?(?:です|でした|だった|でございます|と申します|ともうします|といいます|と言います|になります|だよ|だけど|っす|やけど|である)?"
    r"(?:[。、！!.\s]|よろしくお願いします|よろしくおねがいします|お願いします|けど|が)*$"
)
_NAME = re.compile(rf"[{KANJI}ぁ-んァ-ヺー・A-Za-z\u3099\u309a.'\-\s]{{2,40}}")
# Kana stand in names too (こんどう, ないとう, たいち), so only endings of speech count there, and whole words.
_NO_NAME = re.compile(
    "下さい|欲しい|分から|教え|情報|登録|全部|全て|電話|住所|匿名|名無|内緒|秘密|違|待って|不明|間違|結構|名前|嫌|何[でかのを]|誰|無理|"
    "データ|(?<![アサハジ])メール|テスト|コード|確認|点検|車検|案内|ハガキ|はがき|葉書|続け|やめて|手続|切り替|申し込|"
    "開示|消去|訂正|停止|相続|代理|取り?下げ|状況|受付番号|担当者|請求|"
    "^(?:うん|はい|いいえ|いや|ええ|ok|yes|no|test|うーん|えっと|えーと|ちょっと.*|なんで.*|なぜ.*|どうして.*|だめ|むり|いやだ|あとで.*|"
    "これ|それ|なに|だれ.*|すべて|ぜんぶ|みんな|(?:お前|おまえ|てめえ?|あんた)(?:は|が|こそ|誰|だれ)?.*|やっぱり?.*|紙(?:で.*)?)$",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    "(?:ください|ほしい|[きちにみりえけせてねめれ]たい|する|します|(?<!やま)(?<!まつ)(?<!きの)(?<!みや)した|ません|ますか?|ない|したい|"
    "です[かよね]|のか|して|ちがう|まちがえた|やっぱり?|ありがとう|こんにちは)$"
)
_IN_HIRAGANA = re.compile("[ぁ-ん]{2,7}(?: [ぁ-ん]{1,7})?")
_LONGEST_NAME = 60

_INTRODUCED = re.compile(
    r"(?:^|[。、!\s])(?:はじめまして[、。\s]*|お世話になります[、。\s]*|お世話になっております[、。\s]*)?(?:(?:私|わたし|わたくし|僕|俺)は\s*)?"
    r"(?P<name>[一-龥々〆ヶぁ-んァ-ヺー]{1,8}(?:[ ・][一-龥々〆ヶぁ-んァ-ヺー]{1,8})?)"
    r"(?:と申します|ともうします|といいます|と言います|という者です|(?P<weak>です)(?=[。、!\s]|けど|が))"
)
_NAMED = re.compile(r"(?:名前|氏名)(?:は|:|が)\s*(?P<name>[^。、,!?\s]{2,12}(?: [^。、,!?\s]{1,8})?)")
_OTHER_WORD = re.compile(
    "請求|開示|削除|消去|訂正|変更|停止|希望|退会|解約|確認|質問|相談|依頼|会社|情報|個人|電話|住所|迷惑|案内|大変|無理|嫌|本人|"
    "顧客|会員|利用|契約|購入|今回|先日|以前|最近|昨日|今日|明日|[車客者件人]$|保険|[をにがはでの]|ない|たい|こと|はじめ|すみ|もう|うち|登録|まちがい|"
    "久しぶり|ところ|手続|お願い|世話|違う|間違|名前|データ|メール|ハガキ"
)

_FAMILY_NAME = re.compile(
    "[一-龥々ヶ]{1,2}|[一-龥]々[一-龥]|"
    "長谷川|五十嵐|小野寺|大久保|佐久間|久保田|小笠原|宇佐美|日下部|東海林|長谷部|曽我部"
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
    # What follows is another matter: 「…1-2-3です。点検の案内は続けて」, 「…1-2-3へのハガキ」.
    rests = (_AFTER_ADDRESS.split(folded[match.start() :])[0] for match in _ADDRESS.finditer(folded))
    found = [address for rest in rests if len(address := strip_talk(rest).strip(" 、")) >= 5]
    # 中村です and 木村で resemble a municipality, but neither begin with a prefecture nor have a number behind them.
    return max(found, key=_certainty, default=None)


def _certainty(address: str) -> int:
    """Weigh what speaks for an address: a postcode or prefecture at its beginning, else a number."""
    return 2 if _CERTAIN_START.match(address) else 1 if re.search(r"\d", address) else 0


def find_plate(text: str) -> str | None:
    """Find a number plate with its place, class, kana and number."""
    match = _PLATE.search(fold(text).upper())
    return match.group() if match else None


def find_code(text: str) -> str | None:
    """Find 8 digits, full-width, spaced or with invisible characters in between."""
    match = _DIGITS_APART.search(fold(text))
    return re.sub(r"\D", "", match.group()) if match else None


def strip_talk(text: str) -> str:
    """Take off what surrounds a value in speech: 「名前は…です」."""
    return _TALK_AFTER.sub("", _TALK_BEFORE.sub("", text.strip())).strip()


def read_name(text: str) -> str | None:
    """Read a person's name out of an answer; None for what can't be one."""
    introduced = introduced_name(text)
    if introduced:
        return introduced
    name = typed_name(text)
    return name if _NAME.fullmatch(name) and not (_NO_NAME.search(name) or _SPEECH.search(name)) else None


def typed_name(text: str) -> str:
    """Give an answer to the question for a name as it was typed, without the talk around it."""
    folded = fold(text).replace("(株)", "株式会社").replace("(有)", "有限会社")
    folded = strip_talk(without_contacts(folded)).strip("「」\"'（）()、, ")
    return re.sub(r"(?<=\S)(?:様|さま|さん)$", "", folded)


def could_be_name(typed: str) -> bool:
    """Tell what somebody may be called who gives it again and again: no question, no wish, nothing with a number."""
    if len(typed) > _LONGEST_NAME or not re.search(r"[^\W\d_]", typed) or re.search(r"[?!。、\d]", typed):
        return False
    return not _NO_NAME.search(typed) and bool(_IN_HIRAGANA.fullmatch(typed) or not _SPEECH.search(typed))


def introduced_name(text: str) -> str | None:
    """Read the name of somebody who gives it: 「山田太郎です、…」; None where it may be another word."""
    folded = fold(text)
    for match in (*_INTRODUCED.finditer(folded), *_NAMED.finditer(folded)):
        name = re.sub("(?:です|と申します|といいます)$", "", match["name"])
        weak = "weak" in match.re.groupindex and match["weak"]
        if _OTHER_WORD.search(name) or len(name) < 2 or (weak and not _surely_name(name)):
            continue
        return name
    return None


def is_family_name(name: str) -> bool:
    """Tell a family name without a given one, as far as its length tells: 「山田」, 「佐々木」."""
    return bool(_FAMILY_NAME.fullmatch(name))


def _surely_name(name: str) -> bool:
    """「…です」 follows many words, so only kanji of a full name's length, or two parts, count."""
    return " " in name or "・" in name or bool(re.fullmatch("[一-龥々ヶ]{3,6}|[一-龥々ヶ]{1,4}[ぁ-ん]{2,4}", name))


def without_contacts(folded: str) -> str:
    """Take telephone numbers and e-mail addresses out of a folded text."""
    return _SPACES.sub(" ", _EMAIL.sub(" ", _PHONE.sub(" ", folded))).strip(" 、,/")
