"""Folding: two ways to write the same name, address or number plate become the same text."""

from __future__ import annotations

import re
import unicodedata

# Each group is one character to those who bear it; the first stands for all. What Unicode itself holds for the same
# (NFKC: half width, ﾀｶ, 神) is folded before, so only what it keeps apart is here: old and new forms of kanji in names
# and the variants of family registers. The table is generous, since a name alone decides nothing: a contact on file
# must match too.
_VARIANTS = """
高髙 崎﨑碕嵜 斎斉齋齊亝 辺邊邉 浜濱濵 沢澤 桜櫻 広廣 国國圀 島嶋嶌 吉𠮷 富冨 峰峯 恵惠 徳德 曽曾 関關 栄榮 塩鹽
竜龍 滝瀧 円圓 万萬 与與 亀龜 仏佛 会會 伝傳 児兒 処處 剣劍劔 区區 参參 双雙 号號 団團 園薗 囲圍 図圖 壱壹 売賣
変變 奥奧 学學斈 宝寶寳 実實 寿壽 専專 将將 尭堯 巌巖 巣巢 帯帶 庁廳 弐貳 弥彌 彦彥 応應 恒恆 悦悅 戸戶 払拂 拡擴
挙擧 数數 旧舊 昼晝 晋晉 暁曉 条條 来來 桑桒 梅楳 楽樂 槙槇 横橫 桧檜 欧歐 歩步 歯齒 気氣 浅淺 浄淨 涼凉 清淸 渋澁
温溫 湾灣 満滿 炉爐 点點 為爲 焼燒 独獨 画畫 畳疊 発發 真眞 研硏 礼禮 禅禪 秋穐秌 稲稻 穂穗 穣穰 糸絲 経經 絵繪
総總 緑綠 縄繩 続續 聡聰 声聲 胆膽 館舘 船舩 芦蘆 芸藝 荘莊庄 蒋蔣 蔵藏 薫薰 薬藥 虎乕 蛍螢 衛衞 裏裡 覚覺 観觀
誉譽 読讀 豊豐 賛贊 転轉 遥遙 郎郞 郷鄕 釈釋 野埜 鉄鐵鉃 銭錢 録錄 鎮鎭 随隨 隠隱 隣鄰 雑雜 霊靈 静靜 頼賴 顔顏
顕顯 駅驛 駆驅 騨驒 鴎鷗 鶏鷄 鶴靏靍鸖 麦麥 麹麴 黄黃 黒黑 黙默 歳歲 齢齡 竈竃 祢禰 弁辨瓣辯 鯵鰺 侠俠 桝枡 杯盃
柏栢 柳栁 橋槗 淵渕渊 祷禱 蝋蠟 迩邇 壷壺 岳嶽 松枩 灯燈 薮藪 兎兔菟 励勵 圧壓 県縣 検檢 残殘 殻殼 猫貓 痩瘦
繊纖 翠翆 聴聽 臓臟 蛮蠻 訳譯 証證 謡謠 逓遞 遅遲 酔醉 醸釀 鋭銳 険險 青靑 頬頰 顛顚 飲飮 髄髓 鰐鱷 鳳鳯 麺麵 寛寬
瀬瀨 徴徵 増增 砺礪 籠篭 粛肅 縁緣 莱萊 虚虛 錬鍊 仙僊 仮假 価價 倹儉 偽僞 凛凜 勲勳 呉吳 垂埀 姉姊 娯娛 嬢孃 峡峽
嶺岺 恋戀 慎愼 懐懷 戦戰 択擇 担擔 拝拜 捜搜 揺搖 摂攝 撃擊 断斷 晃晄 昂昻 桟棧 様樣 権權 歓歡 毎每 涙淚 渉涉 渓溪
湿濕 潜潛濳 焔焰 煕熙 犠犧 状狀 狭狹 瑶瑤 瓶甁 畝畆 盗盜 禄祿 称稱 穏穩 窓窗 竪豎 粋粹 継繼 繋繫 翻飜 肇肈 脳腦
舎舍 茎莖 萌萠 蕊蘂 虫蟲 触觸 装裝 説說 譲讓 践踐 軽輕 迪廸 鎌鐮 閲閱 陥陷 雁鴈 髪髮 鬱欝 村邨 尽盡
"""
_SMALL_KANA = ("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ")
"""Old registers, as banks still do, write キヨウコ for キョウコ; and 関ヶ原 is 関ケ原."""
_HIRAGANA = range(0x3041, 0x3097)
_TO_KATAKANA = 0x60

_POSTCODE = re.compile(r"^〒?\d{3}-?\d{4}(?=\D)")
_PREFECTURE = re.compile("^(?:北海道|東京都|京都府|大阪府|[一-龥]{2,3}県)(?=.)")
_KANJI_NUMBER = re.compile("[一二三四五六七八九十]{1,3}(?=丁目|番|号)")
_KANJI_DIGITS = "一二三四五六七八九"
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?:丁目|番地の?|番|号|の)(?=\d)")
_AFTER_NUMBER = re.compile(r"(?<=\d)(?:丁目|番地|番|号)")

_DASHES = "‐‑‒–—―−-"
_NOT_OF_A_NAME = re.compile(r"[\s・･.,、。'\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Spaces, ・, what is invisible, and variation selectors (葛󠄀 with its selector is 葛)."""
_NOT_OF_A_PLATE = re.compile(rf"[\s・･.ー{_DASHES}]")


def _name_table() -> dict[int, str]:
    table = {ord(other): group[0] for group in _VARIANTS.split() for other in group[1:]}
    table |= {code: chr(code + _TO_KATAKANA) for code in _HIRAGANA}
    table |= {ord(dash): "ー" for dash in _DASHES}
    small = dict(zip(*_SMALL_KANA, strict=True))
    table |= {ord(one): big for one, big in small.items()}
    table |= {ord(one) - _TO_KATAKANA: big for one, big in small.items()}
    return table


_NAME = _name_table()


def fold_name(name: str) -> str:
    """Fold a name or its kana: width, spaces, ・, variant characters, hiragana, small kana, letter case."""
    return _nfkc(_NOT_OF_A_NAME.sub("", _nfkc(name)).translate(_NAME).casefold())


def fold_email(address: str) -> str:
    """Fold an e-mail address: width, letter case and the spaces around it."""
    return _nfkc(_nfkc(address).strip().casefold())


def fold_plate(plate: str) -> str:
    """Fold a number plate: 「山形 500 あ 12-34」 is 「山形500あ1234」, and 「・・・1」 is 「1」."""
    return _nfkc(_NOT_OF_A_PLATE.sub("", _nfkc(plate)).upper())


def fold_address(address: str) -> str:
    """Fold a postal address: width, spaces, dashes, 1丁目2番3号 for 1-2-3; without postcode, prefecture and 大字.

    Towns of one name in two prefectures are told apart by what follows, for whoever stands in one company's register.
    """
    text = address
    while (folded := _fold_address_once(text)) != text:
        text = folded
    return text


def _fold_address_once(address: str) -> str:
    text = re.sub(r"\s", "", _nfkc(address))
    text = re.sub(rf"(?<=\d)[ー{_DASHES}](?=\d)", "-", text)
    text = _PREFECTURE.sub("", _POSTCODE.sub("", text)).replace("大字", "").replace("ヶ", "ケ")
    text = _KANJI_NUMBER.sub(lambda found: str(_kanji_number(found.group())), text)
    text = _AFTER_NUMBER.sub("", _BETWEEN_NUMBERS.sub("-", text))
    return _nfkc(text.casefold())


def _kanji_number(text: str) -> int:
    """Read 一 to 九十九."""
    tens, ten, ones = text.rpartition("十")
    by_digit = {digit: value for value, digit in enumerate(_KANJI_DIGITS, 1)}
    return (by_digit.get(tens[-1:], 1) * 10 if ten else 0) + by_digit.get(ones[-1:], 0)


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
